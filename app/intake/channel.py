"""Messages between Facet and its file reader: JSON through a socket, large arrays through memory
that both sides see and that has no name, so that nothing is left behind by a process that dies.
"""

from __future__ import annotations

import json
import mmap
import os
import socket
import tempfile
from contextlib import suppress

import numpy as np

from app.intake.parcel import Json, Packing, ParcelError, unpack

LENGTH_BYTES = 4
LONGEST_MESSAGE = 256 * 1024 * 1024
ONE_PIECE = 1 << 20


class Channel:
    """One end of the socket. `fileno` makes it usable with select."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end

    def fileno(self) -> int:
        """The descriptor, for select."""
        return self._end.fileno()

    def send(self, kind: str, value: object = None, number: int = 0) -> None:
        """Send a message. Raises OSError when the other side is gone, ParcelError."""
        packing = Packing()
        body: Json = {"kind": kind, "number": number, "value": packing.pack(value)}
        data = json.dumps(body).encode()
        if len(data) > LONGEST_MESSAGE:
            raise ParcelError("the message is too long")
        block = _filled(packing) if packing.size else None
        try:
            head = len(data).to_bytes(LENGTH_BYTES, "big")
            socket.send_fds(self._end, [head], [] if block is None else [block])
        finally:
            if block is not None:
                os.close(block)
        self._end.sendall(data)

    def receive(self) -> tuple[str, int, object]:
        """The next message: kind, number, value. Raises EOFError, OSError, ParcelError."""
        block = -1
        head = b""
        try:
            while len(head) < LENGTH_BYTES:
                piece, got, _, _ = socket.recv_fds(self._end, LENGTH_BYTES - len(head), 1)
                for each in got:
                    with suppress(OSError):
                        os.close(block)
                    block = each
                if not piece:
                    raise EOFError
                head += piece
            data = self._exactly(int.from_bytes(head, "big"))
            return _message(data, block)
        finally:
            if block >= 0:
                os.close(block)

    def close(self) -> None:
        """Close this end."""
        self._end.close()

    def _exactly(self, size: int) -> bytes:
        if size > LONGEST_MESSAGE:
            raise ParcelError("the message is too long")
        pieces = bytearray()
        while len(pieces) < size:
            piece = self._end.recv(min(ONE_PIECE, size - len(pieces)))
            if not piece:
                raise EOFError
            pieces += piece
        return bytes(pieces)


def _message(data: bytes, block: int) -> tuple[str, int, object]:
    try:
        body = json.loads(data)
        kind, number, value = body["kind"], int(body["number"]), body["value"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ParcelError("a message that is none") from error
    return str(kind), number, unpack(value, _seen(block))


def _filled(packing: Packing) -> int:
    """A descriptor of memory that holds the arrays."""
    block = _memory()
    os.ftruncate(block, packing.size)
    with mmap.mmap(block, packing.size) as memory:
        for at, array in packing.arrays:
            if not array.size:
                continue
            place = np.frombuffer(memory, array.dtype, array.size, at)
            place.reshape(array.shape)[...] = array
            del place  # or the memory could not be closed
    return block


def _seen(block: int) -> memoryview:
    """The memory behind a descriptor; writing to it changes nobody else's."""
    if block < 0:
        return memoryview(b"")
    size = os.fstat(block).st_size
    return memoryview(mmap.mmap(block, size, access=mmap.ACCESS_COPY))


def _memory() -> int:
    if hasattr(os, "memfd_create"):  # Linux
        return os.memfd_create("facet", os.MFD_CLOEXEC)
    with tempfile.TemporaryFile() as file:  # without a name from the start
        return os.dup(file.fileno())
