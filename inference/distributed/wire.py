"""One connection between two ranks for everything but tensors: short heads with bytes behind.

A message is two lengths, a JSON object, and bytes. Both ends send a sign of life every few
seconds, so that a computer which is gone, frozen or unplugged is noticed.
"""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

_LENGTHS = struct.Struct(">IQ")
_MAX_HEAD = 1 << 20
_MAX_BODY = 1 << 30
ALIVE_S = 2.0
SILENCE_S = 30.0

Head = Mapping[str, Any]  # JSON values under the keys that a command has


class Wire:
    """Owns the socket. `send` may be called from any thread, `receive` from one.

    `silence_s` is how long the other end may say nothing.
    """

    def __init__(self, connection: socket.socket, silence_s: float = SILENCE_S) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.settimeout(silence_s)
        self._socket = connection
        self._pause_s = min(ALIVE_S, silence_s / 4)
        self._sending = threading.Lock()
        self._closed = threading.Event()
        self._pulse = threading.Thread(target=self._beat, name="facet-pulse", daemon=True)

    def start_pulse(self) -> None:
        """Send signs of life from now on."""
        self._pulse.start()

    def send(self, head: Head, body: bytes = b"") -> None:
        """Raises OSError when the other end is gone."""
        text = json.dumps(head).encode()
        with self._sending:
            self._socket.sendall(_LENGTHS.pack(len(text), len(body)) + text)
            if body:
                self._socket.sendall(body)

    def receive(self) -> tuple[dict[str, Any], bytes]:
        """The next message that is no sign of life.

        Raises TimeoutError after `silence_s` without any, ConnectionError or OSError when the
        other end is gone, ValueError for what is no message.
        """
        while True:
            head_size, body_size = _LENGTHS.unpack(self._exactly(_LENGTHS.size))
            if head_size > _MAX_HEAD or body_size > _MAX_BODY:
                raise ValueError("a message of impossible length")
            head = json.loads(self._exactly(head_size))
            body = self._exactly(body_size)
            if not isinstance(head, dict):
                raise ValueError("a message without a head")
            if head:
                return head, body

    def close(self) -> None:
        self._closed.set()
        with suppress(OSError):  # the other end was faster
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        if self._pulse.is_alive() and self._pulse is not threading.current_thread():
            self._pulse.join()

    def _exactly(self, count: int) -> bytes:
        data = bytearray()
        while len(data) < count:
            piece = self._socket.recv(min(count - len(data), 1 << 20))
            if not piece:
                raise ConnectionError("the other computer closed the connection")
            data += piece
        return bytes(data)

    def _beat(self) -> None:
        while not self._closed.wait(self._pause_s):
            try:
                self.send({})
            except OSError:
                return
