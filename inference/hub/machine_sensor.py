"""How memory is while a model works: what MLX holds, and the system's own word for pressure."""

from __future__ import annotations

import sys
from pathlib import Path

import mlx.core as mx

from inference.generate.guard import MemoryReading, MemorySensor, Pressure

# Of a Linux computer's memory, what is left to programs when it becomes short.
_WARNING, _CRITICAL = 0.06, 0.03
_MAC_LEVELS: dict[int, Pressure] = {1: "normal", 2: "warning", 4: "critical"}


def system_sensor(limit_bytes: int) -> MemorySensor:
    """The sensor of this system. `limit_bytes` is what the GPU may use, 0 where there is none."""
    if sys.platform == "darwin":
        return MacSensor(limit_bytes)
    return LinuxSensor()


class LinuxSensor:
    """Pressure by what the kernel says is available; there is no GPU and so no limit."""

    interval_s = 1.0

    def __init__(self, meminfo: Path = Path("/proc/meminfo")) -> None:
        self._meminfo = meminfo

    def read(self) -> MemoryReading:
        return MemoryReading(_held_by_mlx(), 0, self._pressure())

    def _pressure(self) -> Pressure:
        """Normal too where the kernel says nothing."""
        try:
            text = self._meminfo.read_text(encoding="ascii")
        except (OSError, ValueError):
            return "normal"
        fields = {line.partition(":")[0]: line.split()[1:2] for line in text.splitlines()}
        total, left = (_number(fields.get(name)) for name in ("MemTotal", "MemAvailable"))
        if total is None or left is None or not total:
            return "normal"
        share = left / total
        return "critical" if share < _CRITICAL else "warning" if share < _WARNING else "normal"


class MacSensor:
    """Pressure as macOS gives it to programs (`kern.memorystatus_vm_pressure_level`)."""

    interval_s = 1.0

    def __init__(self, limit_bytes: int) -> None:
        self._limit = limit_bytes

    def read(self) -> MemoryReading:
        from inference.hub.machine_macos import pressure_level

        pressure = _MAC_LEVELS.get(pressure_level(), "normal")
        return MemoryReading(_held_by_mlx(), self._limit, pressure)


def _held_by_mlx() -> int:
    return int(mx.get_active_memory() + mx.get_cache_memory())


def _number(words: list[str] | None) -> int | None:
    return int(words[0]) if words and words[0].isdigit() else None
