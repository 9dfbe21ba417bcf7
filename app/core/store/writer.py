"""One plain thread that runs store calls in order, so that nobody else waits for the disk."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from app.core.store.errors import StoreFullError

RETRY_S = 1.0  # while the disk is full
IDLE_S = 30.0  # how often upkeep looks for work when nothing happens


class Kept(Protocol):
    """What the writer needs of a store."""

    def idle(self) -> bool:
        """Does one small piece of upkeep; True if there is more."""

    def stream(self, turn_id: str, text: str, thought: str, thought_tokens: int) -> None:
        """Saves the text so far."""


@dataclass(frozen=True, slots=True)
class _Call:
    function: Callable[..., Any]
    arguments: tuple[Any, ...]


class Writer:
    """Runs calls one after the other on its own thread; does the store's upkeep in between.

    A call that fails is reported and left out, except on a full disk: then it is reported once,
    and it and all later ones wait until there is room. Of several waiting `stream` calls of one
    turn only the last is run. `on_error` is called on the writer's thread.
    """

    def __init__(self, store: Kept, on_error: Callable[[Exception], None]) -> None:
        self._store = store
        self._on_error = on_error
        self._waiting: deque[_Call] = deque()
        self._changed = threading.Condition()
        self._is_busy = False
        self._is_closing = False
        self._is_full = False
        self._thread = threading.Thread(target=self._run, name="store writer")
        self._thread.start()

    def call(self, function: Callable[..., Any], *arguments: Any) -> None:
        """Queues `function(*arguments)`; returns at once. Ignored after `close`."""
        with self._changed:
            if self._is_closing:
                return
            if self._replaces_last(function, arguments):
                self._waiting.pop()
            self._waiting.append(_Call(function, arguments))
            self._changed.notify_all()

    def flush(self, timeout_s: float) -> bool:
        """Waits until everything queued is done; False when the time ran out."""
        with self._changed:
            return self._changed.wait_for(self._is_done, timeout_s)

    def unwritten(self, timeout_s: float) -> int:
        """How many calls are not done after a wait; more than 0 means that the disk is full."""
        with self._changed:
            self._changed.wait_for(self._is_done, timeout_s)
            return len(self._waiting) + self._is_busy

    def close(self) -> int:
        """Runs what is queued and ends the thread. Returns how many calls the disk did not take."""
        with self._changed:
            self._is_closing = True
            self._changed.notify_all()
        self._thread.join()
        return len(self._waiting)

    def _is_done(self) -> bool:
        return not self._waiting and not self._is_busy

    def _replaces_last(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> bool:
        if not self._waiting or function != self._store.stream:
            return False
        last = self._waiting[-1]
        return last.function == function and last.arguments[:1] == arguments[:1]

    def _run(self) -> None:
        has_upkeep = True
        while True:
            call = self._next(0.0 if has_upkeep else IDLE_S)
            if call is not None:
                if not self._try(call):
                    return
                has_upkeep = True
            elif self._is_closing:
                return
            else:
                has_upkeep = self._tidy()

    def _next(self, timeout_s: float) -> _Call | None:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._is_closing, timeout_s)
            if not self._waiting:
                return None
            self._is_busy = True
            return self._waiting.popleft()

    def _try(self, call: _Call) -> bool:
        """Runs a call, again and again on a full disk. False: it was given up at closing."""
        while True:
            try:
                call.function(*call.arguments)
                self._is_full = False
            except StoreFullError as error:
                if not self._is_full:
                    self._report(error)
                self._is_full = True
                if self._wait_for_room():
                    continue
                with self._changed:
                    self._waiting.appendleft(call)
            except Exception as error:
                self._report(error)
            with self._changed:
                self._is_busy = False
                self._changed.notify_all()
            return not (self._is_full and self._is_closing)

    def _wait_for_room(self) -> bool:
        """True after a while, False when the program wants to end."""
        until = time.monotonic() + RETRY_S
        with self._changed:
            while not self._is_closing and (left := until - time.monotonic()) > 0:
                self._changed.wait(left)
            return not self._is_closing

    def _tidy(self) -> bool:
        try:
            return self._store.idle()
        except Exception as error:
            self._report(error)
            return False

    def _report(self, error: Exception) -> None:
        try:
            self._on_error(error)
        except Exception:
            return  # whoever listens has no say in what is saved
