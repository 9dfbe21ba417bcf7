"""Giving freed memory back to the system.

Reading a large vocabulary leaves twice its size in the C library's free lists; on a small computer
that is memory which the weights need. MLX's own freed buffers are `mx.clear_cache`'s.
"""

from __future__ import annotations

import ctypes
import sys


def give_back() -> None:
    """Return what the C library holds but does not use. Costs milliseconds; never fails.

    Python's own collector is left alone: it must not run beside the window's thread.
    """
    try:
        library = ctypes.CDLL(None)
        if sys.platform == "darwin":
            library.malloc_zone_pressure_relief(None, ctypes.c_size_t(0))
        else:
            library.malloc_trim(0)
    except (OSError, AttributeError):  # another C library, without such a call
        return
