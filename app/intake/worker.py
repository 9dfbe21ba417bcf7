"""One process that reads foreign files, ended when it takes too long, too much, or is called off.

It is ready before the first file comes, and back after it died. A file that brought it down is
named in one sentence; the next one is read as if nothing had happened.
"""

from __future__ import annotations

import logging
import os
import select
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Any, NoReturn

from app.intake import CHILD_WORD
from app.intake.channel import Channel
from app.intake.parcel import ParcelError
from app.intake.runner import GIGABYTE, CalledOffError, Job, never
from app.intake.vitals import resident_bytes
from app.intake.wording import length, quoted
from inference import MediaError

_log = logging.getLogger(__name__)

POLL_S = 0.02
START_S = 60.0  # imports on a busy machine with a cold disk
STOP_S = 1.0  # how long a job that was called off may take to end by itself
MEMORY_BYTES = 4 * GIGABYTE  # the largest clip takes 1.5 GB


class Worker:
    """A Runner with a process of its own, started by `warm` or by the first job."""

    def __init__(self, *, memory_bytes: int = MEMORY_BYTES, poll_s: float = POLL_S) -> None:
        self._memory_bytes = memory_bytes
        self._poll_s = poll_s
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: Channel | None = None
        self._is_ready = False
        self._number = 0
        self._is_aborted = threading.Event()
        self._lock = threading.Lock()  # of the process, which `abort` ends from any thread

    @property
    def pid(self) -> int | None:
        """The process, None while there is none."""
        return None if self._process is None else self._process.pid

    def warm(self) -> None:
        """Start the process without waiting for it."""
        with self._lock:
            if self._process is None and not self._is_aborted.is_set():
                self._start()

    def call(self, job: Job, is_called_off: Callable[[], bool] = never) -> Any:
        """What the job gives. Raises FacetError, CalledOffError."""
        made: Any = None
        for is_last, value in self._values(job, is_called_off):
            made = value if is_last else made
        return made

    def stream(self, job: Job, is_called_off: Callable[[], bool] = never) -> Iterator[Any]:
        """The values the job gives one by one. Raises FacetError, CalledOffError."""
        for is_last, value in self._values(job, is_called_off):
            if not is_last:
                yield value

    def abort(self) -> None:
        """End the process; later jobs fail. From any thread."""
        self._is_aborted.set()
        with self._lock:
            if self._process is not None:
                self._process.kill()

    def close(self) -> None:
        """End the process and give everything back. When no thread uses it any more."""
        self.abort()
        self._end()

    # --- one job -----------------------------------------------------------------------------

    def _values(self, job: Job, is_called_off: Callable[[], bool]) -> Iterator[tuple[bool, Any]]:
        channel = self._ready_channel(job, is_called_off)
        self._number += 1
        number, is_over = self._number, False
        try:
            try:
                channel.send("job", (job.kind, job.path, *job.rest), number)
            except OSError:
                is_over = True
                self._fallen(job)
            while not is_over:
                kind, value = self._next(job, channel, number, job.limit_s, is_called_off)
                is_over = kind != "item"
                if kind not in ("item", "done"):
                    raise _refusal(job, kind, value)
                yield is_over, value
        except CalledOffError:
            is_over = True  # the process was asked to stop, and ended if it did not
            raise
        finally:
            if not is_over and self._channel is channel:
                self._stop(job, channel, number)  # whoever asked has stopped listening

    def _ready_channel(self, job: Job, is_called_off: Callable[[], bool]) -> Channel:
        if self._process is not None and self._process.poll() is not None:
            self._end()  # it fell while it had nothing to do: no fault of this file
        self.warm()
        if self._process is not None and not self._is_ready and self._channel is not None:
            self._next(job, self._channel, 0, START_S, is_called_off)
            self._is_ready = True
        if self._channel is None or self._is_aborted.is_set():
            raise CalledOffError
        return self._channel

    def _next(
        self,
        job: Job,
        channel: Channel,
        number: int,
        limit_s: float,
        is_called_off: Callable[[], bool],
    ) -> tuple[str, Any]:
        """The next message about job `number`, while time and memory are watched."""
        until = monotonic() + limit_s
        while True:
            if select.select([channel], [], [], self._poll_s)[0]:
                try:
                    kind, about, value = channel.receive()
                except (EOFError, OSError, ParcelError):
                    self._fallen(job)
                if about == number:
                    return kind, value
            elif self._is_aborted.is_set():
                raise CalledOffError
            elif is_called_off():
                self._stop(job, channel, number)
                raise CalledOffError
            elif monotonic() > until:
                self._again()
                raise _too_slow(job, limit_s)
            elif self._process and resident_bytes(self._process.pid) > self._memory_bytes:
                self._again()
                raise _too_large(job, self._memory_bytes)

    def _stop(self, job: Job, channel: Channel, number: int) -> None:
        """Let the job end by itself if it does so soon, else end the process."""
        if number == 0:  # still starting, which is of use for the next job
            return
        try:
            channel.send("stop")
            kind = "item"
            while kind == "item":
                kind, _ = self._next(job, channel, number, STOP_S, never)
        except CalledOffError:
            return  # the program is being closed, and the process is ended with it
        except (MediaError, OSError):
            if self._channel is channel:
                self._again()

    # --- the process -------------------------------------------------------------------------

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                self._process = subprocess.Popen(
                    [*_command(), str(theirs.fileno())],
                    pass_fds=[theirs.fileno()],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=None if os.environ.get("FACET_DEBUG") else subprocess.DEVNULL,
                    env=_environment(),
                )
            except OSError:
                ours.close()
                raise
        self._channel = Channel(ours)
        self._is_ready = False

    def _again(self) -> None:
        """End the process and start its successor, which loads while nobody waits."""
        self._end()
        self.warm()

    def _end(self) -> int:
        with self._lock:
            process, channel = self._process, self._channel
            self._process = self._channel = None
        if channel is not None:
            channel.close()
        if process is None:
            return 0
        process.kill()
        return process.wait()

    def _fallen(self, job: Job) -> NoReturn:
        """The process is gone: killed by `abort`, or brought down by the file."""
        was_ready = self._is_ready
        with suppress(subprocess.TimeoutExpired):
            if self._process is not None:
                self._process.wait(STOP_S)  # the socket closes a moment before
        code = self._end()
        if self._is_aborted.is_set():
            raise CalledOffError
        _log.warning("the file reader ended with %d", code)
        if not was_ready:
            raise MediaError(
                f"{_called(job)} was not read: Facet's file reader does not start.",
                "Start Facet again; if that does not help, install it anew.",
            )
        self.warm()
        raise MediaError(
            f"{_called(job)} brought the file reader down, so it was not read. Nothing else is "
            "affected.",
            "Save it anew in another format.",
        )


def _command() -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, CHILD_WORD]
    # -P: what lies in the current folder is none of our modules.
    return [sys.executable, "-P", "-m", "app.intake.child"]


def _environment() -> dict[str, str]:
    """As ours, with our packages found wherever they lie, and no threads for sums of a moment."""
    root = str(Path(__file__).parents[2])
    known = os.environ.get("PYTHONPATH")
    path = root if not known else os.pathsep.join([root, known])
    return {**os.environ, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1"}


def _refusal(job: Job, kind: str, value: Any) -> MediaError:
    if kind == "refused" and isinstance(value, tuple) and len(value) == 2:
        message, action = (_renamed(str(text), job) for text in value)
        return MediaError(message, action)
    if kind == "memory":
        return MediaError(f"There is not enough memory to read {_called(job)}.", "Make it smaller.")
    return MediaError(
        f"{_called(job)} cannot be read: it is damaged or of a rare kind ({value}).",
        "Save it anew in another format.",
    )


def _too_slow(job: Job, limit_s: float) -> MediaError:
    return MediaError(
        f"{_called(job)} was not read within {length(limit_s)}, so reading it was stopped.",
        "Save it anew, or make it smaller.",
    )


def _too_large(job: Job, limit: int) -> MediaError:
    return MediaError(
        f"{_called(job)} takes more than {limit / GIGABYTE:g} GB of memory, so reading it was "
        "stopped.",
        "Save it anew, or make it smaller.",
    )


def _called(job: Job) -> str:
    return quoted(Path(job.name))


def _renamed(text: str, job: Job) -> str:
    """The sentence with the file's name as the person knows it, not as the store keeps it."""
    return text.replace(quoted(job.path), _called(job))
