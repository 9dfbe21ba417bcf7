"""Facts of a Mac: `sysctl` by its C interface, the GPU's working set from MLX."""

from __future__ import annotations

import ctypes
import ctypes.util
from pathlib import Path

from inference.hub.machine import free_disk_bytes


class MacFacts:
    """Facts of the Mac that this runs on."""

    def name(self) -> str:
        return _text("hw.model") or "Mac"

    def chip(self) -> str:
        return _text("machdep.cpu.brand_string") or "Apple silicon"

    def memory_bytes(self) -> int:
        return int.from_bytes(_sysctl("hw.memsize"), "little")

    def gpu_bytes(self) -> int:
        import mlx.core as mx

        if not mx.metal.is_available():
            return 0
        return int(mx.device_info().get("max_recommended_working_set_size", 0))

    def free_disk_bytes(self, folder: Path) -> int:
        return free_disk_bytes(folder)


def _text(name: str) -> str:
    return _sysctl(name).rstrip(b"\0").decode(errors="replace")


def pressure_level() -> int:
    """How short memory is: 1 normal, 2 warning, 4 critical; 0 when macOS does not say."""
    return int.from_bytes(_sysctl("kern.memorystatus_vm_pressure_level"), "little")


def _sysctl(name: str) -> bytes:
    """The raw value of one entry; b"" when there is none."""
    library = ctypes.CDLL(ctypes.util.find_library("c"), use_errno=True)
    size = ctypes.c_size_t(0)
    if library.sysctlbyname(name.encode(), None, ctypes.byref(size), None, 0) != 0:
        return b""
    value = ctypes.create_string_buffer(size.value)
    if library.sysctlbyname(name.encode(), value, ctypes.byref(size), None, 0) != 0:
        return b""
    return value.raw[: size.value]
