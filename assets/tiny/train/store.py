"""Checkpoints that survive being killed, and the curve of a run.

A run is started again with the same command: it finds its last state and goes on.
"""

from __future__ import annotations

import json
import time
from pathlib import Path

import torch


def save(path: Path, content: dict[str, object]) -> None:
    """Writes beside the target and renames, so a reader never sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(path.suffix + ".partial")
    torch.save(content, partial)
    partial.replace(path)


def load(path: Path) -> dict[str, object] | None:
    """Reads what `save` wrote; none if there is nothing yet."""
    if not path.exists():
        return None
    return torch.load(path, map_location="cpu", weights_only=True)


class Run:
    """Says when to save, and writes `<name>.curve.jsonl`: one JSON object per line.

    Every line carries the wall clock, the process's CPU seconds (those of earlier runs of the same
    training added) and what the caller measured.
    """

    def __init__(self, work: Path, name: str, every_s: float = 60.0) -> None:
        work.mkdir(parents=True, exist_ok=True)
        self.curve = work / f"{name}.curve.jsonl"
        self.every_s = every_s
        self.saved_at = time.monotonic()
        self.before_s = _last_cpu_seconds(self.curve)

    @property
    def cpu_s(self) -> float:
        return self.before_s + time.process_time()

    def log(self, **figures: float | int | str) -> None:
        clock = time.strftime("%H:%M:%S")
        line = {"time": clock, "cpu_s": round(self.cpu_s, 1)}
        line |= {k: round(v, 4) if isinstance(v, float) else v for k, v in figures.items()}
        with self.curve.open("a") as file:
            file.write(json.dumps(line) + "\n")
        print(*(f"{key} {value}" for key, value in line.items()), flush=True)

    def due(self) -> bool:
        """True once a minute: time to save."""
        if time.monotonic() - self.saved_at < self.every_s:
            return False
        self.saved_at = time.monotonic()
        return True


def _last_cpu_seconds(curve: Path) -> float:
    if not curve.exists():
        return 0.0
    lines = curve.read_text().splitlines()
    return float(json.loads(lines[-1])["cpu_s"]) if lines else 0.0
