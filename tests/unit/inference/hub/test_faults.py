"""Every way in which a hub can fail ends with the right bytes or with a reason, nothing between."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from inference.hub.cache_record import records
from tests.fakes.hub.faults import Fault
from tests.fakes.hub.fetching import WAIT_S, downloads, fetched, is_published, wrong_files
from tests.fakes.hub.hub import FakeHub
from tests.fakes.hub.repository import Repository, digest, sharded

SHARD = "model-00002"
BLOB = "the blob of that shard"
TWICE, ALWAYS = 2, 1000


def shard_blob(repository: Repository) -> str:
    return digest(next(body for path, body in repository.files.items() if SHARD in path))


@dataclass(frozen=True)
class Case:
    """`faults`, and what the download ends in."""

    name: str
    faults: list[Fault]
    reason: str = ""  # "" means done
    words: str = ""  # in the message


def api(body: object, **changed: object) -> list[Fault]:
    answer = {**sharded().answer(), **changed} if body is None else body
    return [Fault("text", "api", ALWAYS, body=json.dumps(answer).encode())]


def sibling(**changed: object) -> list[dict[str, object]]:
    known = sharded().answer()["siblings"]
    assert isinstance(known, list)
    return [*known, {"rfilename": "added.json", "size": 2, "blobId": "1" * 40, **changed}]


CASES = [
    Case("nothing is wrong", []),
    # the connection
    Case("dropped twice", [Fault("drop", times=TWICE, only=BLOB, after=70_000)]),
    Case("one byte, then gone", [Fault("trickle", times=TWICE, only=BLOB)]),
    Case(
        "one byte each time",
        [Fault("trickle", times=ALWAYS, only=BLOB)],
        "no_connection",
        "connection",
    ),
    Case("stalls once", [Fault("stall", only=BLOB, after=50_000)]),
    Case("no answer once", [Fault("mute", only=BLOB)]),
    Case(
        "never an answer",
        [Fault("mute", times=ALWAYS, only=BLOB)],
        "no_connection",
        "did not answer in time",
    ),
    Case("not HTTP once", [Fault("garbage", only=BLOB)]),
    # the status
    Case("503 twice", [Fault("status", times=TWICE, only=BLOB, status=503)]),
    Case(
        "429 with a time to wait",
        [Fault("status", only=BLOB, status=429, headers={"Retry-After": "0"})],
    ),
    Case(
        "500 for ever",
        [Fault("status", times=ALWAYS, only=BLOB, status=500)],
        "no_connection",
        "status 500",
    ),
    Case("a signed address that ran out", [Fault("status", only=BLOB, status=403)]),
    Case(
        "the file is gone",
        [Fault("status", "resolve", ALWAYS, SHARD, status=404)],
        "not_found",
    ),
    Case(
        "the file is forbidden",
        [Fault("status", "resolve", ALWAYS, SHARD, status=403)],
        "gated",
    ),
    Case(
        "blocked by law",
        [Fault("status", "resolve", ALWAYS, SHARD, status=451)],
        "refused",
    ),
    Case("416 once", [Fault("status", only=BLOB, status=416)]),
    # the content
    Case("one wrong bit", [Fault("flip", only=BLOB)]),
    Case(
        "one wrong bit each time",
        [Fault("flip", times=ALWAYS, only=BLOB)],
        "damaged",
        SHARD,
    ),
    Case("shorter than promised", [Fault("short", only=BLOB)]),
    Case("longer than promised", [Fault("long", only=BLOB)]),
    Case(
        "longer each time",
        [Fault("long", times=ALWAYS, only=BLOB)],
        "no_connection",
        "more arrived",
    ),
    Case("a sign-in page once", [Fault("portal", only=BLOB)]),
    Case(
        "a sign-in page for ever",
        [Fault("portal", times=ALWAYS, only=BLOB)],
        "no_connection",
        "sign-in page",
    ),
    Case("packed once", [Fault("packed", only=BLOB)]),
    # ranges
    Case(
        "ignores the range",
        [Fault("drop", only=BLOB, after=70_000), Fault("whole", only=BLOB)],
    ),
    Case(
        "another range",
        [Fault("drop", only=BLOB, after=70_000), Fault("shifted", only=BLOB)],
    ),
    Case(
        "the range of another file",
        [Fault("drop", only=BLOB, after=70_000), Fault("other_total", only=BLOB)],
    ),
    # redirects
    Case("redirects in circles", [Fault("loop", "resolve", only=SHARD)]),
    Case(
        "redirects to a file",
        [Fault("elsewhere", "resolve", ALWAYS, SHARD, target="file:///etc/passwd")],
        "no_connection",
    ),
    # the hub's answer about the repository
    Case("503 of the hub", [Fault("status", "api", TWICE, status=503)]),
    Case(
        "503 of the hub for ever",
        [Fault("status", "api", ALWAYS, status=503)],
        "no_connection",
    ),
    Case(
        "a sign-in page in place of the hub",
        [Fault("portal", "api", ALWAYS)],
        "refused",
        "not a hub's",
    ),
    Case("no commit", api(None, sha="../../x"), "refused", "commit"),
    Case(
        "a name that leads out",
        api(None, siblings=sibling(rfilename="../../../../tmp/evil.json")),
        "refused",
        "leads out",
    ),
    Case(
        "a hash that is a path",
        api(None, siblings=sibling(blobId="../../evil")),
        "refused",
        "hash",
    ),
    Case("no size", api(None, siblings=sibling(size=None)), "refused", "size"),
    Case("a negative size", api(None, siblings=sibling(size=-1)), "refused", "size"),
    Case(
        "a huge small file",
        api(None, siblings=sibling(size=1 << 32)),
        "refused",
        "larger",
    ),
    Case("no weights", api(None, siblings=sibling()[:6]), "refused"),
    Case("nothing at all", api(None, siblings=[]), "refused", "no model"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_fault_ends_in_the_right_bytes_or_a_reason(case: Case, tmp_path: Path) -> None:
    repository = sharded()
    with FakeHub(repository) as hub:
        blob = shard_blob(repository)
        hub.fail(*(replace(one, only=one.only.replace(BLOB, blob)) for one in case.faults))
        progress = fetched(hub, tmp_path, repository).progress()
        assert all(fault.has_happened for fault in hub.faults)
    if not case.reason:
        assert progress.state == "done", progress
        assert not wrong_files(tmp_path, repository)
        assert not list(tmp_path.rglob("*.facet-part"))
        assert not list(records(tmp_path))
        return
    assert (progress.state, progress.reason) == ("failed", case.reason), progress
    assert case.words in progress.message
    assert progress.message.endswith(".")
    assert progress.action
    assert not is_published(tmp_path, repository)


def test_there_are_enough_faults() -> None:
    assert len(CASES) - 1 >= 20


def test_a_failed_download_goes_on_where_it_stood(tmp_path: Path) -> None:
    repository = sharded()
    with FakeHub(repository) as hub:
        hub.fail(Fault("stall", times=4, only=shard_blob(repository), after=0))
        hub.fail(Fault("mute", times=1, only=shard_blob(repository)))
        download = fetched(hub, tmp_path, repository)
        assert download.progress().reason == "no_connection"
        hub.faults.clear()
        download.resume()
        assert download.progress().message == ""
        assert download.wait(WAIT_S).state == "done"
        assert hub.bytes_sent() == hub.bytes_sent_once()
    assert not wrong_files(tmp_path, repository)


def test_a_damaged_file_alone_is_fetched_again(tmp_path: Path) -> None:
    repository = sharded()
    with FakeHub(repository) as hub:
        hub.fail(Fault("flip", only=shard_blob(repository)))
        fetched(hub, tmp_path, repository)
        twice = {
            blob
            for blob, spans in hub.sent.items()
            if sum(end - start for start, end in spans) > len(hub.content(blob) or b"")
        }
    assert twice == {shard_blob(repository)}


def test_a_file_that_stays_damaged_does_not_cost_the_others(tmp_path: Path) -> None:
    repository = sharded()
    with FakeHub(repository) as hub:
        hub.fail(Fault("flip", times=1000, only=shard_blob(repository)))
        download = fetched(hub, tmp_path, repository)
        assert download.progress().files_done == len(repository.files) - 1
        hub.faults.clear()
        before = hub.bytes_sent()
        download.resume()
        assert download.wait(WAIT_S).state == "done"
        shard = next(body for path, body in repository.files.items() if SHARD in path)
        assert hub.bytes_sent() - before == len(shard)
    assert not wrong_files(tmp_path, repository)


def test_a_hub_that_is_not_there(tmp_path: Path) -> None:
    repository = sharded()
    with FakeHub(repository) as hub:
        pass
    progress = fetched(hub, tmp_path, repository).progress()
    assert (progress.state, progress.reason) == ("failed", "no_connection")
    assert "127.0.0.1 cannot be reached" in progress.message
    assert not list(tmp_path.iterdir())


def test_a_cache_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    repository = sharded()
    with FakeHub(repository) as hub:
        progress = fetched(hub, tmp_path / "file" / "cache", repository).progress()
    assert (progress.state, progress.reason) == ("failed", "no_folder")


def test_no_space_is_said_before_a_byte_of_weights_is_fetched(tmp_path: Path) -> None:
    repository = sharded()
    with FakeHub(repository) as hub:
        shop = downloads(hub, tmp_path)
        shop._setting = type(shop._setting)(
            shop._setting.hub, tmp_path, shop._setting.policy, lambda _: 1000
        )
        progress = shop.start(repository.entry()).wait(WAIT_S)
        assert not hub.requests("cdn")
    assert (progress.state, progress.reason) == ("failed", "no_space")
    assert "1 MB" in progress.message
