"""Whether the system asks programs to keep still. Qt 6.11 does not tell; macOS is asked itself."""

from __future__ import annotations

import ctypes
import ctypes.util
import sys


def is_motion_unwanted() -> bool:
    """The system's setting on a Mac; elsewhere no, since there is no common one to ask."""
    return _asks_the_mac() if sys.platform == "darwin" else False


def _asks_the_mac() -> bool:
    """`NSWorkspace.sharedWorkspace.accessibilityDisplayShouldReduceMotion`, without pyobjc."""
    objc_path, appkit_path = ctypes.util.find_library("objc"), ctypes.util.find_library("AppKit")
    if objc_path is None or appkit_path is None:
        return False
    objc = ctypes.CDLL(objc_path)
    ctypes.CDLL(appkit_path)  # loads the class
    objc.objc_getClass.restype = objc.sel_registerName.restype = ctypes.c_void_p
    objc.objc_getClass.argtypes = objc.sel_registerName.argtypes = [ctypes.c_char_p]
    pointer = ctypes.c_void_p
    # One prototype for each result type: objc_msgSend is called as the method itself would be.
    send = ctypes.CFUNCTYPE(pointer, pointer, pointer)(("objc_msgSend", objc))
    ask = ctypes.CFUNCTYPE(ctypes.c_bool, pointer, pointer)(("objc_msgSend", objc))
    workspace = send(objc.objc_getClass(b"NSWorkspace"), objc.sel_registerName(b"sharedWorkspace"))
    if not workspace:
        return False
    return bool(ask(workspace, objc.sel_registerName(b"accessibilityDisplayShouldReduceMotion")))
