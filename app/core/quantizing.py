"""Quantising a model in a process of its own, watched from the window.

The process works on the CPU: the engine's thread and the GPU stay free for answers. It ends when
Facet does, however that ends, and takes what it had written with it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from time import monotonic
from typing import Any, Literal

from app.core.quantizing_child import WORD
from inference import FacetError, Recipe, discard_unfinished

QuantizingState = Literal[
    "waiting", "checking", "writing", "verifying", "done", "cancelled", "failed"
]
_OVER = frozenset({"done", "cancelled", "failed"})
_STAGES: Mapping[str, QuantizingState] = {
    "checking": "checking",
    "writing": "writing",
    "verifying": "verifying",
}
STOP_S = 2.0  # how long a conversion that was called off may take to end by itself


@dataclass(frozen=True, slots=True)
class QuantizingProgress:
    """How far it is. `message` and `action` are sentences, of a failure alone.

    `folder` is the new model once it is done. `seconds_left` is None until it can be told.
    """

    state: QuantizingState = "waiting"
    done_bytes: int = 0
    total_bytes: int = 0
    seconds_left: float | None = None
    message: str = ""
    action: str = ""
    folder: Path | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self.state in _OVER

    @property
    def fraction(self) -> float:
        """0 to 1."""
        return self.done_bytes / self.total_bytes if self.total_bytes else 0.0


class Quantizing:
    """One conversion. Methods belong to one thread and return at once, but for `close`."""

    def __init__(
        self,
        source: Path,
        target: Path,
        recipe: Recipe,
        *,
        now_s: Callable[[], float] = monotonic,
    ) -> None:
        self.source, self.target, self.recipe = source, target, recipe
        self._now_s = now_s
        self._process: subprocess.Popen[bytes] | None = None
        self._progress = QuantizingProgress()
        self._outcome: QuantizingProgress | None = None  # told, once the process is gone
        self._rest = b""
        self._began: tuple[float, int] | None = None  # time and bytes of the first stretch
        self._stopped_s: float | None = None

    @property
    def pid(self) -> int | None:
        """The process, None while there is none."""
        return None if self._process is None else self._process.pid

    def start(self) -> None:
        """Start the process; its target's parent folder is made if need be."""
        asked = {
            "source": str(self.source),
            "target": str(self.target),
            "recipe": asdict(self.recipe),
        }
        try:
            self.target.parent.mkdir(parents=True, exist_ok=True)
            self._process = subprocess.Popen(
                [*_command(), json.dumps(asked)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=None if os.environ.get("FACET_DEBUG") else subprocess.DEVNULL,
                env=_environment(),
            )
        except OSError as error:
            reason = (error.strerror or type(error).__name__).lower()
            self._progress = self._failed(
                f"Quantising could not begin: {reason}.", "Choose another place."
            )
            return
        assert self._process.stdout is not None
        os.set_blocking(self._process.stdout.fileno(), False)

    def poll(self) -> QuantizingProgress:
        """How far it is now; call it a few times a second until `is_over`."""
        process = self._process
        if process is None or self._progress.is_over:
            return self._progress
        self._read(process)
        if process.poll() is not None:
            self._read(process)  # what it said last
            self._end(process)
        elif self._stopped_s is not None and self._now_s() - self._stopped_s > STOP_S:
            process.kill()
        return self._progress

    def cancel(self) -> None:
        """Stop it. `poll` says "cancelled" once the process is gone and nothing is left."""
        if self._process is None:
            if not self._progress.is_over:
                self._progress = replace(self._progress, state="cancelled")
        elif self._stopped_s is None and self._process.stdin is not None:
            self._stopped_s = self._now_s()
            with suppress(OSError):
                self._process.stdin.close()
            if self._progress.state in ("waiting", "checking"):
                self._process.kill()  # it may take seconds to look up, and has written nothing

    def close(self) -> None:
        """Stop it if it is still at work, and wait until it is gone: three seconds at most."""
        self.cancel()
        if self._process is not None and not self._progress.is_over:
            try:
                self._process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self.poll()

    def _read(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        with suppress(BlockingIOError):
            while data := os.read(process.stdout.fileno(), 65536):
                *lines, self._rest = (self._rest + data).split(b"\n")
                for line in lines:
                    self._take(json.loads(line))

    def _take(self, told: Mapping[str, Any]) -> None:
        event = told["event"]
        if event in _STAGES:
            left = self._seconds_left(told["done"], told["total"])
            self._progress = QuantizingProgress(
                _STAGES[event], told["done"], told["total"], seconds_left=left
            )
        elif event == "done":
            self._outcome = replace(self._progress, state="done", folder=self.target)
        elif event == "cancelled":
            self._outcome = replace(self._progress, state="cancelled")
        else:
            self._outcome = self._failed(told["message"], told["action"])

    def _seconds_left(self, done: int, total: int) -> float | None:
        now = self._now_s()
        if self._began is None:
            self._began = (now, done) if done else None
            return None
        begin_s, begin_bytes = self._began
        if done == begin_bytes or now <= begin_s:
            return None
        return (total - done) * (now - begin_s) / (done - begin_bytes)

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        """The process is gone."""
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        self._process = None
        self._progress = self._outcome or self._cut_off()

    def _cut_off(self) -> QuantizingProgress:
        """What became of a process that ended without a last word; its partial folder goes too."""
        partial = self.target.with_name(f"{self.target.name}.partial")
        if os.path.lexists(partial):
            with suppress(FacetError):
                discard_unfinished(partial)
        elif os.path.lexists(self.target):  # it got its name in the last moment
            return replace(self._progress, state="done", folder=self.target)
        if self._stopped_s is not None:
            return replace(self._progress, state="cancelled")
        return self._failed(
            "The conversion ended before it was done, perhaps for want of memory. What it had "
            "written is deleted, and the model it began from is as it was.",
            "Close other programs and quantise again.",
        )

    def _failed(self, message: str, action: str) -> QuantizingProgress:
        return replace(
            self._progress, state="failed", message=message, action=action, seconds_left=None
        )


MakeQuantizing = Callable[[Path, Path, Recipe], Quantizing]


def _command() -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, WORD]
    # -P: what lies in the current folder is none of our modules.
    return [sys.executable, "-P", "-m", "app.core.quantizing_child"]


def _environment() -> dict[str, str]:
    root = str(Path(__file__).parents[2])
    known = os.environ.get("PYTHONPATH")
    path = root if not known else os.pathsep.join([root, known])
    return {**os.environ, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1"}
