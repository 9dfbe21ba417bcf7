"""Meeting the other ranks: who we are stands in the environment that `mlx.launch` sets.

The ranks first find each other over one TCP connection to rank 0, with time limits, and only then
through MLX, whose own meeting has none and holds the interpreter while it waits.
"""

from __future__ import annotations

import faulthandler
import hmac
import json
import os
import secrets
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import mlx.core as mx

from inference.distributed.split import Share
from inference.distributed.wire import SILENCE_S, Wire
from inference.errors import RanksError

RING, RDMA = "MLX_HOSTFILE", "MLX_IBV_DEVICES"
COORDINATOR = "MLX_JACCL_COORDINATOR"
_RANK = "MLX_RANK"
_PORT_STEP = 1000  # our connection is that far from the first port of MLX's own
_MOST_PORT = 65535
_SECRET_BYTES = 16
_MAX_FILE = 1 << 20
_MOST_RANKS = 64
MEETING_S = 60.0
_RETRY_S = 0.1
_INTRODUCTION_S = 2.0
_ACTION = "Start Facet on all of them within a minute, and check hostfile, cable and firewall."


@dataclass(frozen=True, slots=True)
class Place:
    """This process among the others: its share, and where rank 0 listens for the others."""

    share: Share
    host: str
    port: int


@dataclass(frozen=True, slots=True, eq=False)
class Ranks:
    """All ranks, met. `wires` leads to every other rank on rank 0 and to rank 0 on the others."""

    share: Share
    group: mx.distributed.Group
    wires: tuple[Wire, ...]

    @property
    def leads(self) -> bool:
        """Whether this is rank 0, which has the conversation."""
        return self.share.rank == 0

    def close(self) -> None:
        for wire in self.wires:
            wire.close()


def place_from(environment: Mapping[str, str]) -> Place | None:
    """What the environment says; None for a process on its own.

    Raises RanksError when it contradicts itself.
    """
    if _RANK not in environment:
        return None
    if RDMA in environment:
        size, address = len(_table(environment[RDMA])), environment.get(COORDINATOR, "")
    elif RING in environment:
        table = _table(environment[RING])
        size, address = len(table), table[0][0] if table and table[0] else ""
    else:
        return None
    if size <= 1:
        return None
    host, _, port = str(address).rpartition(":")
    rank = environment[_RANK]
    if not (rank.isdecimal() and int(rank) < size <= _MOST_RANKS and host and port.isdecimal()):
        raise RanksError(
            "The list of computers and this computer's place in it do not fit.",
            "Start Facet through mlx.launch with a hostfile.",
        )
    number = int(port)
    number += _PORT_STEP if number + _PORT_STEP <= _MOST_PORT else -_PORT_STEP
    return Place(Share(int(rank), size), host.strip("[]"), number)


def join(place: Place, *, meeting_s: float = MEETING_S, silence_s: float = SILENCE_S) -> Ranks:
    """Meet the other ranks. Raises RanksError when they do not all come within `meeting_s`."""
    share = place.share
    deadline = time.monotonic() + meeting_s
    meet = _find_first if share.rank else _wait_for_all
    sockets = meet(place, deadline)
    # MLX waits for its peers without limit and holds the interpreter: whatever goes wrong from
    # here on can only be ended from outside of it.
    with Path(os.devnull).open("wb") as nowhere:
        faulthandler.dump_traceback_later(meeting_s, exit=True, file=nowhere)
        try:
            group = mx.distributed.init(strict=True)
            agreed = _agreed_secret(group)
        except RuntimeError as error:
            raise RanksError(f"The {share.size} computers did not connect.", _ACTION) from error
        finally:
            faulthandler.cancel_dump_traceback_later()
    wires = _recognised(sockets, agreed, share, silence_s)
    for wire in wires:
        wire.start_pulse()
    return Ranks(share, group, wires)


def _table(name: str) -> list[list[str]]:
    try:
        text = Path(name).read_bytes()[:_MAX_FILE]
        table = json.loads(text) if text.strip() else []
    except (OSError, ValueError) as error:
        raise RanksError(
            "The list of computers cannot be read.", "Start Facet through mlx.launch."
        ) from error
    if not isinstance(table, list) or not all(isinstance(row, list) for row in table):
        raise RanksError(
            "The list of computers is no list of addresses.", "Start Facet through mlx.launch."
        )
    return table


def _wait_for_all(place: Place, deadline: float) -> list[socket.socket]:
    """Rank 0: one connection from each other rank, in order of rank."""
    found: dict[int, socket.socket] = {}
    family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
    try:
        with socket.create_server((place.host, place.port), family=family) as server:
            while len(found) < place.share.size - 1:
                server.settimeout(_left(deadline))
                connection, _ = server.accept()
                rank = _introduced(connection)
                if 0 < rank < place.share.size and rank not in found:
                    found[rank] = connection
                else:
                    connection.close()
    except OSError as error:
        for connection in found.values():
            connection.close()
        missing = [str(r + 1) for r in range(1, place.share.size) if r not in found]
        raise RanksError(
            f"Computer {', '.join(missing) or '1'} of {place.share.size} did not come.", _ACTION
        ) from error
    return [found[rank] for rank in sorted(found)]


def _introduced(connection: socket.socket) -> int:
    """The rank that whoever connects gives; 0, which is ours, for one that gives none."""
    connection.settimeout(_INTRODUCTION_S)
    try:
        return int.from_bytes(_exactly(connection, 1))
    except OSError:
        return 0


def _find_first(place: Place, deadline: float) -> list[socket.socket]:
    """The other ranks: one connection to rank 0, tried until it listens."""
    while True:
        try:
            connection = socket.create_connection((place.host, place.port), _left(deadline))
            connection.sendall(place.share.rank.to_bytes(1))
            return [connection]
        except OSError as error:
            if time.monotonic() + _RETRY_S >= deadline:
                raise RanksError(
                    f"Computer {place.share.rank + 1} cannot reach computer 1.", _ACTION
                ) from error
            time.sleep(_RETRY_S)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("nobody came in time")
    return left


def _exactly(connection: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        piece = connection.recv(count - len(data))
        if not piece:
            raise ConnectionError("the connection was closed")
        data += piece
    return data


def _agreed_secret(group: mx.distributed.Group) -> bytes:
    """Random bytes of rank 0 that every rank has, and nobody else."""
    own = secrets.token_bytes(_SECRET_BYTES) if group.rank() == 0 else bytes(_SECRET_BYTES)
    summed = mx.distributed.all_sum(mx.array(list(own), mx.int32), group=group, stream=mx.cpu)
    numbers: list[int] = summed.tolist()  # type: ignore[assignment]
    return bytes(numbers)


def _recognised(
    sockets: list[socket.socket], secret: bytes, share: Share, silence_s: float
) -> tuple[Wire, ...]:
    """The connections as wires, once the other end has shown that it is one of MLX's ranks."""
    try:
        for connection in sockets:
            connection.settimeout(silence_s)
            if share.rank:
                connection.sendall(secret)
            elif not hmac.compare_digest(_exactly(connection, _SECRET_BYTES), secret):
                raise ConnectionError("a stranger")
    except OSError as error:
        for connection in sockets:
            connection.close()
        raise RanksError("A computer that connected is none of the group.", _ACTION) from error
    return tuple(Wire(connection, silence_s) for connection in sockets)
