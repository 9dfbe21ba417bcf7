"""One plain thread that runs pieces of work in order, for what the window must not wait for."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from contextlib import suppress

_log = logging.getLogger(__name__)
Work = Callable[[], None]


class Background:
    """Runs work one after the other. What fails is logged; work says its own failures."""

    def __init__(self, name: str) -> None:
        self._work: queue.Queue[Work | None] = queue.Queue()
        self._is_closed = threading.Event()
        # Not waited for at exit: a decoder may be deep in a damaged file.
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def call(self, work: Work) -> None:
        """Run `work` after everything asked for before; ignored after `close`."""
        if not self._is_closed.is_set():
            self._work.put(work)

    def close(self, timeout_s: float) -> bool:
        """Drop what waits and join the thread; False when it did not end in time."""
        self._is_closed.set()
        with suppress(queue.Empty):
            while True:
                self._work.get_nowait()
        self._work.put(None)
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while (work := self._work.get()) is not None:
            try:
                work()
            except Exception:
                _log.exception("a piece of background work failed")
