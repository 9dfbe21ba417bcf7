"""Who is who among several computers, and what happens when somebody does not come."""

from __future__ import annotations

import json
import socket
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from inference import Place, RanksError, join, place_from
from inference.distributed.join import COORDINATOR, RDMA, RING
from inference.distributed.split import Share
from tests.fakes.ranks import HOST, free_ports


def hosts(folder: Path, value: object) -> str:
    file = folder / "hosts.json"
    file.write_text(json.dumps(value))
    return str(file)


def test_a_process_on_its_own() -> None:
    assert place_from({}) is None
    assert place_from({"MLX_RANK": "0"}) is None


def test_a_group_of_one_is_a_process_on_its_own(tmp_path: Path) -> None:
    assert place_from({"MLX_RANK": "0", RING: hosts(tmp_path, [["10.0.0.1:5000"]])}) is None
    (tmp_path / "empty").write_text("")  # mlx.launch writes this for one host
    assert place_from({"MLX_RANK": "0", RING: str(tmp_path / "empty")}) is None


def test_a_ring(tmp_path: Path) -> None:
    table = hosts(tmp_path, [["10.0.0.1:5000", "10.0.0.1:5001"], ["10.0.0.2:5002"]])
    place = place_from({"MLX_RANK": "1", RING: table})
    assert place == Place(Share(1, 2), "10.0.0.1", 6000)


def test_remote_memory_over_thunderbolt(tmp_path: Path) -> None:
    table = hosts(tmp_path, [[None, "rdma_en2"], ["rdma_en2", None]])
    found = place_from({"MLX_RANK": "0", RDMA: table, COORDINATOR: "192.168.1.5:65000"})
    assert found == Place(Share(0, 2), "192.168.1.5", 64000)


@pytest.mark.parametrize(
    ("rank", "table"),
    [
        ("2", [["10.0.0.1:5000"], ["10.0.0.2:5000"]]),
        ("-1", [["10.0.0.1:5000"], ["10.0.0.2:5000"]]),
        ("x", [["10.0.0.1:5000"], ["10.0.0.2:5000"]]),
        ("0", [["10.0.0.1"], ["10.0.0.2:5000"]]),
        ("0", [[], ["10.0.0.2:5000"]]),
        ("0", {"hosts": 2}),
        ("0", [1, 2]),
    ],
)
def test_contradictions_are_sentences(tmp_path: Path, rank: str, table: object) -> None:
    with pytest.raises(RanksError, match=r"computers"):
        place_from({"MLX_RANK": rank, RING: hosts(tmp_path, table)})


def test_a_missing_hostfile_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(RanksError, match="cannot be read"):
        place_from({"MLX_RANK": "0", RING: str(tmp_path / "none")})


def test_nobody_comes() -> None:
    place = Place(Share(0, 3), HOST, free_ports(1)[0])
    with pytest.raises(RanksError, match="Computer 2, 3 of 3 did not come"):
        join(place, meeting_s=0.1)


def test_the_first_is_not_there() -> None:
    place = Place(Share(1, 2), HOST, free_ports(1)[0])
    with pytest.raises(RanksError, match="cannot reach computer 1"):
        join(place, meeting_s=0.2)


def test_a_stranger_is_not_taken_for_a_computer() -> None:
    port = free_ports(1)[0]

    def knock() -> None:
        while True:  # until rank 0 listens
            with suppress(ConnectionRefusedError), socket.create_connection((HOST, port)) as other:
                other.sendall(b"\x09")  # no rank of this group
                return

    stranger = threading.Thread(target=knock)
    stranger.start()
    with pytest.raises(RanksError, match="Computer 2 of 2 did not come"):
        join(Place(Share(0, 2), HOST, port), meeting_s=1)
    stranger.join()
