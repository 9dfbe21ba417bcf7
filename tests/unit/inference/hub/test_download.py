"""What a person does with downloads: pause, resume, cancel, close, several, offline; and tokens."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from inference.errors import HubError
from inference.hub.cache import repo_folder
from inference.hub.cache_record import records
from inference.hub.download import Download, Downloads
from inference.hub.download_state import DownloadProgress
from tests.fakes.hub.faults import Fault
from tests.fakes.hub.fetching import (
    HASTY,
    WAIT_S,
    downloads,
    fetched,
    is_published,
    wrong_files,
)
from tests.fakes.hub.hub import FakeHub
from tests.fakes.hub.repository import Repository, sharded

AT_ONCE_S = 0.2
OTHER = "mlx-community/gemma-4-e4b-it-4bit"
TICK_S = 0.01


def until(download: Download, is_so: object, seconds: float = WAIT_S) -> DownloadProgress:
    """The first progress of which `is_so` is true."""
    assert callable(is_so)
    pause = threading.Event()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        progress = download.progress()
        if is_so(progress):
            return progress
        pause.wait(TICK_S)
    raise AssertionError(f"never came: {download.progress()}")


def slow_hub(repository: Repository) -> FakeHub:
    return FakeHub(repository, bytes_per_s=150_000)


def has_begun(progress: DownloadProgress) -> bool:
    return progress.state == "downloading" and progress.done_bytes > 60_000


@pytest.fixture
def repository() -> Repository:
    return sharded()


def test_a_pause_is_at_once_and_keeps_what_arrived(repository: Repository, tmp_path: Path) -> None:
    with slow_hub(repository) as hub:
        download = downloads(hub, tmp_path).start(repository.entry())
        until(download, has_begun)
        began = time.monotonic()
        download.pause()
        progress = download.progress()
        assert time.monotonic() - began < AT_ONCE_S
        assert progress.state == "paused"
        assert progress.message.startswith("Paused. ")
        assert progress.done_bytes > 60_000
        assert not is_published(tmp_path, repository)
        hub.bytes_per_s = 0
        download.resume()
        assert download.wait(WAIT_S).state == "done"
        again = hub.bytes_sent() - hub.bytes_sent_once()
        assert again < 0.4 * hub.bytes_sent_once()  # what stood in buffers, of very small files
    assert not wrong_files(tmp_path, repository)


def test_a_pause_ends_the_transfers_soon(repository: Repository, tmp_path: Path) -> None:
    before = set(threading.enumerate())
    with slow_hub(repository) as hub:
        hub.fail(Fault("stall", times=9, after=10_000))
        download = downloads(hub, tmp_path).start(repository.entry())
        until(download, lambda progress: progress.done_bytes > 20_000)
        download.pause()
        for thread in set(threading.enumerate()) - before:
            if thread.name.startswith("facet-"):
                thread.join(1.0)
                assert not thread.is_alive(), thread.name


def test_cancel_is_at_once_and_leaves_nothing(repository: Repository, tmp_path: Path) -> None:
    with slow_hub(repository) as hub:
        download = downloads(hub, tmp_path).start(repository.entry())
        until(download, has_begun)
        began = time.monotonic()
        download.cancel()
        assert time.monotonic() - began < AT_ONCE_S + 0.1  # a loaded machine schedules late
        assert download.progress().state == "cancelled"
        attempt_ended = download.wait(WAIT_S)
        assert attempt_ended.state == "cancelled"
    until_empty(tmp_path)


def until_empty(folder: Path) -> None:
    pause = threading.Event()
    end = time.monotonic() + 2
    while list(folder.rglob("*")) and time.monotonic() < end:
        pause.wait(TICK_S)
    assert not list(folder.rglob("*"))


def test_cancel_while_the_hub_hangs(repository: Repository, tmp_path: Path) -> None:
    with FakeHub(repository) as hub:
        hub.fail(Fault("mute", "api"))
        download = downloads(hub, tmp_path).start(repository.entry())
        until(download, lambda progress: progress.state == "checking" and hub.requests("api"))
        began = time.monotonic()
        download.cancel()
        assert time.monotonic() - began < AT_ONCE_S + 0.1
        assert download.progress().state == "cancelled"


def test_cancel_of_a_finished_one_keeps_it(repository: Repository, tmp_path: Path) -> None:
    with FakeHub(repository) as hub:
        download = fetched(hub, tmp_path, repository)
        download.cancel()
        assert download.progress().state == "done"
    assert not wrong_files(tmp_path, repository)


def test_a_new_program_goes_on_where_the_old_one_stopped(
    repository: Repository, tmp_path: Path
) -> None:
    with slow_hub(repository) as hub:
        first = downloads(hub, tmp_path)
        until(first.start(repository.entry()), has_begun)
        first.close()
        second = downloads(hub, tmp_path)
        (leftover,) = second.leftovers()
        assert leftover.key == "e2b-4bit"
        assert 60_000 < leftover.done_bytes < leftover.total_bytes
        assert leftover.age_days < 1
        hub.bytes_per_s = 0
        asked = len(hub.requests("api"))
        download = second.start(repository.entry())
        assert not second.leftovers()
        assert download.wait(WAIT_S).state == "done"
        assert len(hub.requests("api")) == asked  # the plan was kept as well
        assert not second.leftovers()
        assert not second.active()


def test_leftovers_can_be_thrown_away(repository: Repository, tmp_path: Path) -> None:
    with slow_hub(repository) as hub:
        first = downloads(hub, tmp_path)
        download = first.start(repository.entry())
        until(download, has_begun)
        first.close()
    second = downloads(hub, tmp_path)
    (leftover,) = second.leftovers()
    assert second.discard(leftover) == leftover.done_bytes
    assert not second.leftovers()
    assert not list(tmp_path.rglob("*"))


def test_a_commit_that_is_gone_is_replaced_by_the_present_one(
    repository: Repository, tmp_path: Path
) -> None:
    with slow_hub(repository) as hub:
        first = downloads(hub, tmp_path)
        until(first.start(repository.entry()), has_begun)
        first.close()
        hub.bytes_per_s = 0
        newer = sharded(shards=2)
        newer.commit = "b" * 40
        hub.repositories[newer.name] = newer
        download = downloads(hub, tmp_path).start(newer.entry())
        assert download.wait(WAIT_S).state == "done", download.progress()
    assert not wrong_files(tmp_path, newer)
    assert not list(records(tmp_path))
    assert not list(tmp_path.rglob("*.facet-part"))


def test_a_finished_model_costs_one_question(repository: Repository, tmp_path: Path) -> None:
    with FakeHub(repository) as hub:
        fetched(hub, tmp_path, repository)
        before = hub.bytes_sent()
        fetched(hub, tmp_path, repository)
        assert hub.bytes_sent() == before


def test_a_damaged_installed_file_is_mended(repository: Repository, tmp_path: Path) -> None:
    with FakeHub(repository) as hub:
        folder = fetched(hub, tmp_path, repository).progress().folder
        assert folder is not None
        shard = next(path for path in sorted(folder.iterdir()) if path.suffix == ".safetensors")
        blob = shard.resolve()
        content = bytearray(blob.read_bytes())
        content[1000] ^= 1
        blob.write_bytes(content)
        before = hub.bytes_sent()
        fetched(hub, tmp_path, repository)
        assert hub.bytes_sent() - before == len(content)
    assert not wrong_files(tmp_path, repository)


def test_at_most_four_files_at_once(tmp_path: Path) -> None:
    repository = sharded(shards=7, shard_bytes=60_000)
    with FakeHub(repository, bytes_per_s=400_000) as hub:
        fetched(hub, tmp_path, repository)
        assert 2 <= hub.most_at_once <= 4


def test_downloads_take_turns(repository: Repository, tmp_path: Path) -> None:
    other = sharded(shards=2)
    other.name = OTHER
    with FakeHub(repository, other, bytes_per_s=150_000) as hub:
        shop = downloads(hub, tmp_path)
        first, second = shop.start(repository.entry()), shop.start(other.entry())
        assert shop.start(repository.entry()) is first
        until(first, has_begun)
        assert second.progress().state == "queued"
        first.pause()
        until(second, has_begun)
        hub.bytes_per_s = 0
        assert second.wait(WAIT_S).state == "done"
        first.resume()
        assert first.wait(WAIT_S).state == "done"
        shop.close()
    assert not wrong_files(tmp_path, repository) + wrong_files(tmp_path, other)


def test_two_programs_fetch_a_file_once(repository: Repository, tmp_path: Path) -> None:
    with FakeHub(repository, bytes_per_s=600_000) as hub:
        both = [downloads(hub, tmp_path).start(repository.entry()) for _ in range(2)]
        assert [one.wait(WAIT_S).state for one in both] == ["done", "done"]
        assert hub.bytes_sent() == hub.bytes_sent_once()
    assert not wrong_files(tmp_path, repository)


def test_silence_is_shown_as_stalled_with_a_speed_of_nothing(
    repository: Repository, tmp_path: Path
) -> None:
    now = [0.0]
    with slow_hub(repository) as hub:
        shop = downloads(hub, tmp_path)
        hub.fail(Fault("stall", times=99, after=20_000))
        download = Download(
            repository.entry(), shop._setting, shop._turns, lambda: False, lambda: now[0]
        )
        download.resume()
        until(download, lambda progress: progress.done_bytes > 60_000)
        assert download.progress().state == "downloading"
        now[0] += 6
        progress = until(download, lambda progress: progress.state == "stalled")
        assert progress.bytes_per_s == 0
        assert progress.seconds_left is None
        assert progress.message
        download.pause()


# --- offline, gated, tokens -------------------------------------------------------------------


def test_offline_says_so_and_pauses_what_runs(repository: Repository, tmp_path: Path) -> None:
    with slow_hub(repository) as hub:
        shop = downloads(hub, tmp_path)
        download = shop.start(repository.entry())
        until(download, has_begun)
        shop.set_offline(True)
        assert (download.progress().state, download.progress().reason) == ("paused", "offline")
        asked = len(hub.asked)
        download.resume()
        assert (download.progress().state, download.progress().reason) == ("failed", "offline")
        assert len(hub.asked) == asked
        shop.set_offline(False)
        hub.bytes_per_s = 0
        download.resume()
        assert download.wait(WAIT_S).state == "done"


def test_the_variable_of_the_hub_means_offline(tmp_path: Path) -> None:
    shop = Downloads(tmp_path, endpoint="http://127.0.0.1:9", environment={"HF_HUB_OFFLINE": "1"})
    assert shop.is_offline
    assert shop.start(sharded().entry()).progress().reason == "offline"


def test_gated_without_and_with_a_token(repository: Repository, tmp_path: Path) -> None:
    repository.is_gated = True
    with FakeHub(repository) as hub:
        shop = downloads(hub, tmp_path)
        download = shop.start(repository.entry())
        progress = download.wait(WAIT_S)
        assert (progress.state, progress.reason) == ("failed", "gated")
        assert repository.name in progress.action
        shop.set_token("hf_0123456789abcdef")
        download.resume()
        assert download.wait(WAIT_S).state == "done"


def test_a_token_that_is_not_accepted(repository: Repository, tmp_path: Path) -> None:
    with FakeHub(repository) as hub:
        hub.fail(Fault("status", "api", 9, status=401))
        progress = downloads(hub, tmp_path, "hf_wrong0000").start(repository.entry()).wait(WAIT_S)
        assert (progress.state, progress.reason) == ("failed", "token")


def test_no_such_repository(repository: Repository, tmp_path: Path) -> None:
    with FakeHub() as hub:
        progress = downloads(hub, tmp_path).start(repository.entry()).wait(WAIT_S)
        assert (progress.state, progress.reason) == ("failed", "not_found")


def test_a_token_goes_to_the_hub_and_not_to_the_store(
    repository: Repository, tmp_path: Path
) -> None:
    secret = "hf_0123456789abcdef"
    with FakeHub(repository) as hub:
        download = downloads(hub, tmp_path, secret).start(repository.entry())
        assert download.wait(WAIT_S).state == "done"
        for place, is_sent in (("api", True), ("resolve", True), ("cdn", False)):
            asked = hub.requests(place)  # type: ignore[arg-type]
            assert asked
            assert all(
                (one.headers.get("authorization") == f"Bearer {secret}") is is_sent for one in asked
            )
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert secret.encode() not in written


def test_a_token_does_not_travel_in_the_clear(tmp_path: Path) -> None:
    shop = Downloads(tmp_path, "hf_0123456789abcdef", "http://mirror.example", environment={})
    assert shop._setting.hub.sent_token is None
    assert "hf_" not in repr(shop._setting)


def test_a_secret_is_in_no_message_and_no_log(
    repository: Repository, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    secret = "hf_0123456789abcdef"
    caplog.set_level(0)
    with FakeHub(repository) as hub:
        hub.fail(Fault("status", "cdn", 99, status=500))
        progress = downloads(hub, tmp_path, secret).start(repository.entry()).wait(WAIT_S)
    assert progress.state == "failed"
    told = f"{progress} {caplog.text}"
    assert secret not in told


def test_an_endpoint_has_to_be_an_address() -> None:
    with pytest.raises(HubError, match="no web address"):
        Downloads(endpoint="file:///tmp", environment={})


def test_the_mirror_of_the_environment_is_used(repository: Repository, tmp_path: Path) -> None:
    with FakeHub(repository) as hub:
        shop = Downloads(tmp_path, policy=HASTY, environment={"HF_ENDPOINT": f"{hub.endpoint}/"})
        assert shop.start(repository.entry()).wait(WAIT_S).state == "done"


@pytest.fixture
def quiet_hub() -> Iterator[None]:
    """Without bars on the terminal and the thread that draws them."""
    from huggingface_hub.utils import tqdm

    before, tqdm.monitor_interval = tqdm.monitor_interval, 0
    yield
    tqdm.monitor_interval = before


# --- other programs ---------------------------------------------------------------------------


@pytest.mark.usefixtures("quiet_hub")
def test_huggingface_hub_reads_the_result(repository: Repository, tmp_path: Path) -> None:
    from huggingface_hub import scan_cache_dir, snapshot_download

    with slow_hub(repository) as hub:
        shop = downloads(hub, tmp_path)
        download = shop.start(repository.entry())
        until(download, has_begun)
        download.pause()
        assert not scan_cache_dir(tmp_path).warnings  # half a model is no damaged cache
        hub.bytes_per_s = 0
        download.resume()
        folder = download.wait(WAIT_S).folder
        asked = len(hub.requests("cdn"))
        again = snapshot_download(repository.name, cache_dir=tmp_path, endpoint=hub.endpoint)
        assert Path(again) == folder
        assert len(hub.requests("cdn")) == asked
    offline = snapshot_download(repository.name, cache_dir=tmp_path, local_files_only=True)
    assert Path(offline) == folder
    (found,) = scan_cache_dir(tmp_path).repos
    assert found.nb_files == len(repository.files)
    assert {reference for one in found.revisions for reference in one.refs} == {"main"}


@pytest.mark.usefixtures("quiet_hub")
def test_what_huggingface_hub_fetched_is_taken_over(repository: Repository, tmp_path: Path) -> None:
    from huggingface_hub import snapshot_download

    with FakeHub(repository) as hub:
        snapshot_download(
            repository.name,
            cache_dir=tmp_path,
            endpoint=hub.endpoint,
            allow_patterns=["*.safetensors"],
        )
        before = len(hub.requests("cdn"))
        fetched(hub, tmp_path, repository)
        assert len(hub.requests("cdn")) == before + 1  # the tokenizer
    assert not wrong_files(tmp_path, repository)
    assert not list(repo_folder(tmp_path, repository.name).glob(".facet/*"))
