"""Ending transfers at once: whoever waits wakes up, whoever reads finds the connection shut."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import Any

from inference.hub.faults import Stopped


class Stop:
    """Set once, from any thread."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._children: list[Stop] = []

    def child(self) -> Stop:
        """Another one, which this one sets, but which does not set this one."""
        child = Stop()
        with self._lock:
            if not self._event.is_set():
                self._children.append(child)
                return child
        child.set()
        return child

    @property
    def is_set(self) -> bool:
        """Whether everything is to end."""
        return self._event.is_set()

    def set(self) -> None:
        """Ends all waiting and reading; returns at once."""
        with self._lock:
            self._event.set()
            waiting, self._sockets = self._sockets, []
            children, self._children = self._children, []
        for connection in waiting:
            _shut(connection)
        for child in children:
            child.set()

    def check(self) -> None:
        """Raises Stopped once it is set."""
        if self._event.is_set():
            raise Stopped

    def wait(self, seconds: float) -> None:
        """Waits so long; raises Stopped as soon as it is set."""
        if self._event.wait(seconds):
            raise Stopped

    def watch(self, event: str, info: dict[str, Any]) -> None:
        """A `trace` of httpx2: takes note of every connection that is made."""
        if not event.endswith(("connect_tcp.complete", "start_tls.complete")):
            return
        connection = info["return_value"].get_extra_info("socket")
        if connection is None:
            return
        with self._lock:
            if not self._event.is_set():
                self._sockets.append(connection)
                return
        _shut(connection)


def _shut(connection: socket.socket) -> None:
    # The plain socket's method: that of a TLS socket would drop state which the reader still uses.
    with contextlib.suppress(OSError, ValueError):
        socket.socket.shutdown(connection, socket.SHUT_RDWR)
