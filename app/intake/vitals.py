"""How much memory another process holds: asked often, so without starting a program."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

_TASK_INFO = 4  # PROC_PIDTASKINFO of libproc
_TASK_INFO_BYTES = 96
_RESIDENT_AT = 8  # after the virtual size


def resident_bytes(pid: int) -> int:
    """Resident memory of a process, 0 where it is gone or cannot be asked."""
    try:
        if sys.platform == "darwin":
            return _of_darwin(pid)
        pages = int(Path(f"/proc/{pid}/statm").read_bytes().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError, ValueError, AttributeError):
        return 0


def _of_darwin(pid: int) -> int:
    info = ctypes.create_string_buffer(_TASK_INFO_BYTES)
    library = ctypes.CDLL("/usr/lib/libproc.dylib")
    got = library.proc_pidinfo(
        pid, _TASK_INFO, ctypes.c_uint64(0), ctypes.byref(info), _TASK_INFO_BYTES
    )
    if got < _RESIDENT_AT + 8:
        return 0
    return int.from_bytes(info.raw[_RESIDENT_AT : _RESIDENT_AT + 8], sys.byteorder)
