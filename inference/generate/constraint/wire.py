"""Messages between the engine and the process that follows grammars: JSON, and masks as bytes.

Each is a kind (one byte), a length (four) and the payload. Both ends are ours, yet the lengths
are checked: a broken process must not make the engine wait for gigabytes.
"""

from __future__ import annotations

import json
import select
import socket
import struct
from time import monotonic
from typing import Any

from inference.generate.constraint.matcher import Step

_HEADER = struct.Struct(">BI")
_JSON, _STEP = 0, 1
_COMPLETE, _OVER = 1, 2
_MOST_BYTES = 64 * 1024 * 1024

Message = dict[str, Any] | list[Any] | Step


class WireError(Exception):
    """The other end is gone or speaks nonsense."""


class WireTimeoutError(Exception):
    """Nothing came in time."""


class Wire:
    """One end of the connection."""

    def __init__(self, end: socket.socket) -> None:
        self._socket = end

    def send(self, message: Message) -> None:
        """Raises WireError when the other end is gone."""
        if isinstance(message, Step):
            flags = message.is_complete * _COMPLETE + message.is_over * _OVER
            kind, payload = _STEP, bytes((flags,)) + message.bits
        else:
            kind, payload = _JSON, json.dumps(message).encode()
        try:
            self._socket.sendall(_HEADER.pack(kind, len(payload)) + payload)
        except OSError as error:
            raise WireError(str(error)) from error

    def receive(self, timeout_s: float | None = None) -> Message:
        """The next message. Raises WireTimeoutError when it has not begun after `timeout_s`."""
        if timeout_s is not None and not select.select([self._socket], [], [], timeout_s)[0]:
            raise WireTimeoutError
        kind, length = _HEADER.unpack(self._exactly(_HEADER.size))
        if length > _MOST_BYTES:
            raise WireError("a message is too long")
        payload = self._exactly(length)
        if kind == _STEP and payload:
            flags = payload[0]
            return Step(payload[1:], bool(flags & _COMPLETE), bool(flags & _OVER))
        try:
            message: Message = json.loads(payload)
        except ValueError as error:
            raise WireError(str(error)) from error
        return message

    def close(self) -> None:
        self._socket.close()

    def _exactly(self, count: int) -> bytes:
        pieces: list[bytes] = []
        until = monotonic() + 60.0
        while count:
            try:
                piece = self._socket.recv(min(count, 1 << 20))
            except OSError as error:
                raise WireError(str(error)) from error
            if not piece or monotonic() > until:
                raise WireError("the connection ended")
            pieces.append(piece)
            count -= len(piece)
        return b"".join(pieces)
