"""The connection between ranks: what is sent arrives, what is wrong or silent ends it."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inference.distributed.wire import Wire

HEADS = st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=9), min_size=1)


def connected() -> tuple[socket.socket, socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        one = socket.create_connection(server.getsockname())
        return one, server.accept()[0]


@pytest.fixture
def ends() -> Iterator[tuple[Wire, Wire]]:
    one, other = (Wire(each, silence_s=2) for each in connected())
    yield one, other
    one.close()
    other.close()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(head=HEADS, body=st.binary(max_size=3000))
def test_what_is_sent_arrives(
    ends: tuple[Wire, Wire], head: dict[str, object], body: bytes
) -> None:
    ends[0].send({})  # a sign of life, to be passed over
    ends[0].send(head, body)
    assert ends[1].receive() == (head, body)


def test_a_closed_connection_is_told(ends: tuple[Wire, Wire]) -> None:
    ends[0].close()
    with pytest.raises(ConnectionError):
        ends[1].receive()


def test_silence_is_told() -> None:
    one, other = connected()
    wire = Wire(one, silence_s=0.05)
    with pytest.raises(TimeoutError):
        wire.receive()
    wire.close()
    other.close()


def test_signs_of_life_keep_it_open() -> None:
    one, other = (Wire(each, silence_s=0.4) for each in connected())
    one.start_pulse()
    with pytest.raises(ConnectionError):  # not TimeoutError: it ends with the other end
        _receive_until_closed(other, one)
    other.close()


def _receive_until_closed(wire: Wire, other: Wire) -> None:
    closing = threading.Timer(1.2, other.close)
    closing.start()
    try:
        wire.receive()
    finally:
        closing.join()


@pytest.mark.parametrize(
    "data",
    [
        struct.pack(">IQ", 1 << 30, 0),
        struct.pack(">IQ", 2, 1 << 60) + b"{}",
        struct.pack(">IQ", 2, 0) + b"[]",
        struct.pack(">IQ", 2, 0) + b"{x",
        struct.pack(">IQ", 1, 0) + b"\xff",
    ],
)
def test_what_is_no_message_is_an_error(data: bytes) -> None:
    one, other = connected()
    wire = Wire(one, silence_s=2)
    other.sendall(data)
    with pytest.raises(ValueError, match=r"."):
        wire.receive()
    wire.close()
    other.close()
