"""What this computer is: chip, memory, what the GPU may use, free disk, memory bandwidth.

Facts come through a port, so that verdicts can be tried for any Mac. MLX is asked only for the
GPU's working set; nothing here computes.
"""

from __future__ import annotations

import platform
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

GB = 1_000_000_000
_LEAST_WORKING, _MOST_WORKING = 64 * 1024 * 1024, 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Machine:
    """A computer, as far as models care.

    `gpu_bytes` is the working set that the system recommends for the GPU, 0 where there is none;
    `bandwidth_bytes_per_s` is that of the memory, 0 when unknown.
    """

    name: str
    chip: str
    memory_bytes: int
    gpu_bytes: int
    free_disk_bytes: int
    bandwidth_bytes_per_s: int = 0

    @property
    def has_gpu(self) -> bool:
        return self.gpu_bytes > 0

    @property
    def device(self) -> Literal["gpu", "cpu"]:
        """Where a model would work."""
        return "gpu" if self.has_gpu else "cpu"

    @property
    def working_bytes(self) -> int:
        """What one chunk of a prompt may take, and freed buffers may keep: less on a small Mac."""
        if not self.has_gpu:
            return _MOST_WORKING
        return min(max(self.memory_bytes // 128, _LEAST_WORKING), _MOST_WORKING)

    @property
    def available_bytes(self) -> int:
        """What a model may use: the working set, and never the system's own share of memory."""
        share = min(max(4 * GB, self.memory_bytes // 5), self.memory_bytes // 2)
        left = self.memory_bytes - share
        return min(self.gpu_bytes, left) if self.has_gpu else left


class SystemFacts(Protocol):
    """Where the facts come from: the system, or a fake."""

    def name(self) -> str: ...
    def chip(self) -> str: ...
    def memory_bytes(self) -> int: ...
    def gpu_bytes(self) -> int: ...
    def free_disk_bytes(self, folder: Path) -> int: ...


def this_machine(folder: Path | None = None, facts: SystemFacts | None = None) -> Machine:
    """The computer that this runs on. `folder` is where models are kept: its disk's free space."""
    source = facts or system_facts()
    chip = source.chip()
    return Machine(
        name=source.name(),
        chip=chip,
        memory_bytes=source.memory_bytes(),
        gpu_bytes=source.gpu_bytes(),
        free_disk_bytes=source.free_disk_bytes(folder or Path.home()),
        bandwidth_bytes_per_s=chip_bandwidth(chip),
    )


def system_facts() -> SystemFacts:
    """The facts of the system that this runs on."""
    if sys.platform == "darwin":
        from inference.hub.machine_macos import MacFacts

        return MacFacts()
    return LinuxFacts()


class LinuxFacts:
    """Facts of a Linux computer; MLX has no GPU there, the processor does the work."""

    def __init__(self, proc: Path = Path("/proc")) -> None:
        self._proc = proc

    def name(self) -> str:
        return platform.node() or "this computer"

    def chip(self) -> str:
        return _field(self._proc / "cpuinfo", "model name") or platform.machine()

    def memory_bytes(self) -> int:
        total = _field(self._proc / "meminfo", "MemTotal").removesuffix(" kB")
        return int(total) * 1024 if total.isdigit() else 0

    def gpu_bytes(self) -> int:
        return 0

    def free_disk_bytes(self, folder: Path) -> int:
        return free_disk_bytes(folder)


def free_disk_bytes(folder: Path) -> int:
    """Free space of the disk that `folder`, or its nearest existing parent, is on."""
    place = folder.absolute()
    while not place.exists() and place != place.parent:
        place = place.parent
    try:
        return shutil.disk_usage(place).free
    except OSError:
        return 0


def _field(file: Path, name: str) -> str:
    """The value of the first line "name : value" of a file under /proc, "" without one."""
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    for line in lines:
        key, _, value = line.partition(":")
        if key.strip() == name:
            return value.strip()
    return ""


# Nominal GB/s of Apple's chips, as their technical specifications give them; where a chip was
# sold in two widths, the narrower one.
_BANDWIDTH = {
    "M1": 68, "M1 Pro": 200, "M1 Max": 400, "M1 Ultra": 800,
    "M2": 100, "M2 Pro": 200, "M2 Max": 400, "M2 Ultra": 800,
    "M3": 100, "M3 Pro": 150, "M3 Max": 300, "M3 Ultra": 819,
    "M4": 120, "M4 Pro": 273, "M4 Max": 410,
    "M5": 153, "M5 Pro": 307, "M5 Max": 460,
}  # fmt: skip


def chip_bandwidth(chip: str) -> int:
    """Memory bandwidth in bytes per second of a chip by its name ("Apple M3 Pro"), 0 unknown."""
    return _BANDWIDTH.get(chip.removeprefix("Apple").strip(), 0) * GB
