"""Pictures, pages, frames and waves for the eye: read on a thread of their own, cancellable."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from app.core.background import Background
from app.core.conversation import Attachment
from app.intake.runner import CalledOffError, Job, Runner
from inference import FacetError

_log = logging.getLogger(__name__)

Pixels = NDArray[np.uint8]
Samples = NDArray[np.float32]
OnPixels = Callable[[Pixels | None, str], None]
OnFrame = Callable[[int, float, Pixels], None]
LOOK_S = 30.0  # for a picture, a page, or the next frame
SOUND_S = 120.0
T = TypeVar("T")
E = TypeVar("E")


class Files(Protocol):
    """The part of the store that finds files."""

    def blob(self, sha256: str) -> Path: ...


class Look:
    """Something asked for, which may be called off."""

    def __init__(self) -> None:
        self._is_cancelled = threading.Event()

    @property
    def is_cancelled(self) -> bool:
        """Whether nobody wants it any more."""
        return self._is_cancelled.is_set()

    def cancel(self) -> None:
        """Nothing is given back from now on; what is being read stops at the next frame."""
        self._is_cancelled.set()


class Looks:
    """Reads for the eye, one after the other. What is given back is called on its thread.

    Every `done` gets a sentence when something cannot be read. A request for frames ends the
    one before for the same file at the same size.
    """

    def __init__(self, files: Files, runner: Runner) -> None:
        self._files = files
        self._runner = runner
        self._thread = Background("viewer")
        self._frames: dict[tuple[str, int], Look] = {}

    def warm(self) -> None:
        """Make ready for the first request."""
        self._thread.call(self._runner.warm)

    def picture(self, attachment: Attachment, max_px: int, done: OnPixels) -> Look:
        """The whole picture upright, uint8 RGB [H, W, 3], its longer side at most `max_px`."""
        return self._read(attachment, "picture", (max_px,), LOOK_S, done, None)

    def page(self, attachment: Attachment, number: int, max_px: int, done: OnPixels) -> Look:
        """A page of a document, counted from 1, its longer side `max_px`."""
        rest = attachment.name, number, max_px
        return self._read(attachment, "page", rest, LOOK_S, done, None)

    def page_text(
        self, attachment: Attachment, number: int, done: Callable[[str, str], None]
    ) -> Look:
        """The words of a page, counted from 1."""
        rest = attachment.name, number
        return self._read(attachment, "page_words", rest, LOOK_S, done, "")

    def frames(
        self,
        attachment: Attachment,
        start_s: float,
        end_s: float,
        max_px: int,
        on_frame: OnFrame,
        done: Callable[[str], None],
    ) -> Look:
        """A frame for each second of [start_s, end_s): its whole seconds after `start_s`, its
        time in the file, and uint8 RGB [H, W, 3] with the longer side at most `max_px`."""
        key = attachment.sha256, max_px
        if key in self._frames:
            self._frames[key].cancel()
        look = self._frames[key] = Look()

        def work() -> None:
            problem = ""
            if look.is_cancelled:
                return
            try:
                self._film(attachment, (start_s, end_s), max_px, on_frame, look)
            except CalledOffError:
                return
            except Exception as error:
                problem = _sentence(attachment.name, error)
            if not look.is_cancelled:
                done(problem)

        self._thread.call(work)
        return look

    def wave(
        self,
        attachment: Attachment,
        done: Callable[[Samples | None, float, str], None],
    ) -> Look:
        """Lowest and highest sample of each 20 ms, float32 [n, 2], and the length in seconds."""

        def give(made: tuple[Samples | None, float], problem: str) -> None:
            done(*made, problem)

        return self._read(attachment, "wave", (), SOUND_S, give, (None, 0.0))

    def samples(
        self,
        attachment: Attachment,
        start_s: float,
        end_s: float,
        done: Callable[[Samples | None, str], None],
    ) -> Look:
        """The sound from `start_s` to `end_s`, float32 mono at 16 kHz."""
        return self._read(attachment, "samples", (start_s, end_s), SOUND_S, done, None)

    def close(self, timeout_s: float) -> bool:
        """Call everything off and join the thread; False when it did not end in time."""
        for look in self._frames.values():
            look.cancel()
        self._runner.abort()
        is_over = self._thread.close(timeout_s)
        if is_over:
            self._runner.close()
        return is_over

    def _film(
        self,
        attachment: Attachment,
        span: tuple[float, float],
        max_px: int,
        on_frame: OnFrame,
        look: Look,
    ) -> None:
        rest = (*span, max_px)
        path = self._files.blob(attachment.sha256)
        job = Job("frames", path, attachment.name, rest, LOOK_S)
        for frame in self._runner.stream(job, lambda: look.is_cancelled):
            if look.is_cancelled:
                return
            on_frame(frame.index, frame.time_s, frame.pixels)

    def _read(
        self,
        attachment: Attachment,
        kind: str,
        rest: tuple[object, ...],
        limit_s: float,
        done: Callable[[T | E, str], None],
        empty: E,
    ) -> Look:
        look = Look()

        def work() -> None:
            made: T | E = empty
            problem = ""
            if look.is_cancelled:
                return
            try:
                path = self._files.blob(attachment.sha256)
                job = Job(kind, path, attachment.name, rest, limit_s)
                made = self._runner.call(job, lambda: look.is_cancelled)
            except CalledOffError:
                return
            except Exception as error:
                problem = _sentence(attachment.name, error)
            if not look.is_cancelled:
                done(made, problem)

        self._thread.call(work)
        return look


def _sentence(name: str, error: Exception) -> str:
    if isinstance(error, FacetError):
        return str(error)
    if isinstance(error, MemoryError):
        return f"There is not enough memory to show “{name}”."
    if isinstance(error, KeyError | OSError):
        return f"“{name}” is missing from Facet's own folder. Attach it again."
    _log.error("looking failed: %s", type(error).__name__)
    return f"“{name}” cannot be shown ({type(error).__name__})."
