"""Memory that runs short when a test says so, and machines of any size."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from inference.generate.guard import MemoryReading, Pressure
from inference.hub.machine import Machine

GIB = 1024**3


class ScriptedSensor:
    """Gives one level after the other, then stays at the last."""

    def __init__(self, levels: Iterable[Pressure], interval_s: float = 0.0) -> None:
        self._levels = list(levels)
        self.interval_s = interval_s
        self.reads = 0

    def read(self) -> MemoryReading:
        level = self._levels[min(self.reads, len(self._levels) - 1)]
        self.reads += 1
        return MemoryReading(0, 0, level)


def mac(gigabytes: int, chip: str = "Apple M3", gpu_share: float | None = None) -> Machine:
    """A Mac with so much memory. Up to 36 GB, macOS recommends two thirds of it for the GPU,
    above three quarters."""
    share = gpu_share or (2 / 3 if gigabytes <= 36 else 3 / 4)
    memory = gigabytes * GIB
    return Machine("Mac", chip, memory, int(memory * share), 500 * GIB)


class FakeFacts:
    """What a system would say about itself."""

    def __init__(self, chip: str = "Apple M4 Max", memory: int = 64 * GIB) -> None:
        self._chip, self._memory = chip, memory

    def name(self) -> str:
        return "Mac16,5"

    def chip(self) -> str:
        return self._chip

    def memory_bytes(self) -> int:
        return self._memory

    def gpu_bytes(self) -> int:
        return self._memory * 3 // 4

    def free_disk_bytes(self, folder: Path) -> int:
        return len(str(folder))
