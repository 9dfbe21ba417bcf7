"""Rows of the Models pane: what they say and what can be done with them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.viewmodels.catalogue import CatalogueViewModel
from app.viewmodels.model_values import CopyView
from inference import CATALOGUE, FacetError
from tests.fakes.desk import MODEL
from tests.fakes.shop import MAC, SMALL_MAC, leftover
from tests.unit.app.viewmodels.models_bench import ModelsBench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[ModelsBench]:
    made = ModelsBench(tmp_path)
    made.shop.put("e2b-4bit", folder=MODEL)
    yield made
    made.close()


def opened(bench: ModelsBench, qtbot: QtBot) -> CatalogueViewModel:
    catalogue = bench.open().catalogue
    qtbot.waitUntil(lambda: not catalogue.is_searching)
    return catalogue


def row(catalogue: CatalogueViewModel, key: str) -> CopyView:
    copy = catalogue.copy(key)
    assert copy is not None
    return copy


def test_every_entry_is_a_row_of_its_size(bench: ModelsBench, qtbot: QtBot) -> None:
    catalogue = opened(bench, qtbot)
    cards = catalogue.cards
    assert [card.size for card in cards] == ["E2B", "E4B", "26B-A4B", "31B"]
    keys = [copy.key for card in cards for copy in card.copies]
    assert sorted(keys) == sorted(e.key for e in CATALOGUE if not e.is_drafter)
    assert row(catalogue, "e2b-4bit").state == "installed"
    assert row(catalogue, "e4b-4bit").state == "absent"
    hearing = {sense.name: sense.state for sense in row(catalogue, "31b-4bit").senses}
    assert hearing == {"sees": "untested", "hears": "absent", "watches": "untested"}


def test_fit_shows_its_sum_and_follows_the_context(bench: ModelsBench, qtbot: QtBot) -> None:
    catalogue = opened(bench, qtbot)
    fit = row(catalogue, "31b-4bit").fit
    assert fit.word == "wont_fit"
    assert fit.note.startswith("needs ")
    assert [name for name, _ in fit.lines][:2] == ["Weights", "Context, 16K tokens"]
    catalogue.set_context(131_072)
    assert row(catalogue, "31b-4bit").fit.need_bytes > fit.need_bytes
    assert row(catalogue, "31b-4bit").speed == "–"  # no speed for what cannot run
    assert row(catalogue, "e4b-4bit").speed.startswith("≈ ")


def test_get_pause_go_on_and_use(bench: ModelsBench, qtbot: QtBot) -> None:
    catalogue = opened(bench, qtbot)
    assert catalogue.do("e4b-4bit", "get")
    played = bench.shop.downloads.started["e4b-4bit"]
    played.at(2.0)
    catalogue.downloads.poll()
    shown = row(catalogue, "e4b-4bit")
    assert shown.state == "downloading"
    assert shown.caption == "2 of 4 files verified"
    assert shown.progress is not None
    assert shown.progress.line == "2.0 of 5.2 GB · 48 MB/s"
    assert catalogue.downloads.line == "Downloading E4B 4-bit · 2.0 of 5.2 GB"
    catalogue.do("e4b-4bit", "pause")
    paused = row(catalogue, "e4b-4bit").progress
    assert paused is not None
    assert paused.can_resume
    assert not catalogue.downloads.is_active
    assert catalogue.downloads.line == ""
    catalogue.do("e4b-4bit", "resume")
    assert catalogue.downloads.is_active
    bench.shop.finish("e4b-4bit")
    catalogue.downloads.poll()
    qtbot.waitUntil(lambda: row(catalogue, "e4b-4bit").state == "installed")
    notice = bench.work.notices.items()[-1]
    assert notice.command == "use_copy e4b-4bit"
    catalogue.do("e4b-4bit", "use")
    assert bench.work.models.key == "e4b-4bit"
    assert bench.work.preferences.value.model_key == "e4b-4bit"
    catalogue.settle(notice.command)
    assert notice not in bench.work.notices.items()


def test_cancel_forgets_the_download(bench: ModelsBench, qtbot: QtBot) -> None:
    catalogue = opened(bench, qtbot)
    catalogue.do("e4b-8bit", "get")
    catalogue.do("e4b-8bit", "cancel")
    assert bench.shop.downloads.started["e4b-8bit"].asked == ["cancel"]
    assert row(catalogue, "e4b-8bit").state == "absent"


@pytest.mark.parametrize(
    ("reason", "action", "command"),
    [
        ("no_space", "Try again", "resume"),
        ("gated", "Open the page", "open_page"),
        ("token", "Access token…", "token"),
        ("damaged", "Repair", "resume"),
        ("offline", "Go online", "go_online"),
        ("no_connection", "Try again", "resume"),
    ],
)
def test_a_failure_says_why_what_is_safe_and_what_helps(
    bench: ModelsBench, qtbot: QtBot, reason: str, action: str, command: str
) -> None:
    catalogue = opened(bench, qtbot)
    catalogue.get("e4b-4bit")
    played = bench.shop.downloads.started["e4b-4bit"]
    played.at(3.1)
    catalogue.downloads.poll()
    played.fail("It did not work.", "Do something.", reason)
    catalogue.downloads.poll()
    shown = row(catalogue, "e4b-4bit")
    assert shown.state == "failed"
    assert shown.progress is None
    assert shown.problem is not None
    assert (shown.problem.what, shown.problem.why) == ("It did not work.", "Do something.")
    assert shown.problem.safe == "3.1 GB are kept."
    assert (shown.problem.action, shown.problem.command) == (action, command)
    catalogue.do("e4b-4bit", "resume")
    assert row(catalogue, "e4b-4bit").problem is None  # the error is gone when it goes on


def test_nothing_arrives_speed_falls_to_nought(bench: ModelsBench, qtbot: QtBot) -> None:
    catalogue = opened(bench, qtbot)
    catalogue.get("e4b-4bit")
    played = bench.shop.downloads.started["e4b-4bit"]
    played.at(1.0, 0.0)
    played.now = replace(played.now, state="stalled", message="No data for 15 s.")
    catalogue.downloads.poll()
    shown = row(catalogue, "e4b-4bit")
    assert shown.progress is not None
    assert shown.progress.line.endswith("0 MB/s")
    assert shown.progress.is_warning
    assert shown.problem is not None
    assert catalogue.downloads.line.startswith("Waiting for E4B 4-bit")


def test_what_was_left_over_is_offered_once_and_can_be_deleted(
    bench: ModelsBench, qtbot: QtBot
) -> None:
    bench.shop.downloads.left = (leftover("e4b-8bit", 3.4),)
    catalogue = opened(bench, qtbot)
    shown = row(catalogue, "e4b-8bit")
    assert shown.state == "paused"
    assert shown.progress is not None
    assert shown.progress.line == "3.4 of 9.0 GB kept"
    assert [n.command for n in bench.work.notices.items()] == ["resume e4b-8bit"]
    catalogue.do("e4b-8bit", "cancel")
    assert bench.shop.downloads.discarded == ["e4b-8bit"]
    assert row(catalogue, "e4b-8bit").state == "absent"


def test_a_model_used_last_time_is_found_and_loaded(bench: ModelsBench, qtbot: QtBot) -> None:
    bench.bench.open()
    bench.work.preferences.change(model_key="e2b-4bit")
    bench.bench.close()
    catalogue = opened(bench, qtbot)
    bench.work.models.choose("e2b-4bit")
    qtbot.waitUntil(lambda: row(catalogue, "e2b-4bit").state == "in_use")
    assert "e2b-4bit" in [choice.key for choice in bench.work.models.choices()]


def test_a_copy_that_another_program_deleted_is_gone_and_nothing_breaks(
    bench: ModelsBench, qtbot: QtBot
) -> None:
    catalogue = opened(bench, qtbot)
    bench.work.models.choose("e2b-4bit")
    qtbot.waitUntil(lambda: bench.work.models.state == "ready")
    bench.shop.found.clear()
    catalogue.search()
    qtbot.waitUntil(lambda: not catalogue.is_searching)
    assert bench.work.models.current is not None  # still in memory, still named


def test_remove_frees_space_and_says_so(bench: ModelsBench, qtbot: QtBot) -> None:
    catalogue = opened(bench, qtbot)
    with qtbot.waitSignal(catalogue.removed) as told:
        catalogue.remove("e2b-4bit")
    assert told.args is not None
    assert told.args[1] == "3.6 GB are free again."
    qtbot.waitUntil(lambda: row(catalogue, "e2b-4bit").state == "absent")


def test_a_removal_that_fails_is_told(bench: ModelsBench, qtbot: QtBot) -> None:
    bench.shop.remove_error = FacetError("The folder cannot be written.", "Check its rights.")
    catalogue = opened(bench, qtbot)
    catalogue.remove("e2b-4bit")
    qtbot.waitUntil(lambda: bool(bench.work.notices.items()))
    assert bench.work.notices.items()[0].why == "The folder cannot be written. Check its rights."


def test_verifying_finds_damage_and_repair_fetches_it(bench: ModelsBench, qtbot: QtBot) -> None:
    bench.shop.damaged = ("model.safetensors is damaged.",)
    catalogue = opened(bench, qtbot)
    catalogue.do("e2b-4bit", "verify")
    qtbot.waitUntil(lambda: row(catalogue, "e2b-4bit").problem is not None)
    problem = row(catalogue, "e2b-4bit").problem
    assert problem is not None
    assert problem.command == "repair"
    catalogue.do("e2b-4bit", "repair")
    assert "e2b-4bit" in bench.shop.downloads.started
    assert row(catalogue, "e2b-4bit").problem is None


def test_verifying_a_sound_copy_says_so(bench: ModelsBench, qtbot: QtBot) -> None:
    catalogue = opened(bench, qtbot)
    catalogue.do("e2b-4bit", "verify")
    qtbot.waitUntil(lambda: "files verified" in row(catalogue, "e2b-4bit").caption)


def test_folders_are_searched_and_taken_off(
    bench: ModelsBench, qtbot: QtBot, tmp_path: Path
) -> None:
    place = tmp_path / "Models"
    bench.shop.put_own(place / "gemma-4-e4b-mixed", "E4B", "4-bit", 5_900_000_000)
    catalogue = opened(bench, qtbot)
    own = row(catalogue, str(place / "gemma-4-e4b-mixed"))
    assert (own.size, own.state) == ("E4B", "installed")
    catalogue.add_source(place)
    qtbot.waitUntil(lambda: not catalogue.is_searching)
    assert place in bench.shop.searched[-1]
    assert [removable for _, _, removable in catalogue.sources] == [False, True]
    catalogue.remove_source(str(place))
    qtbot.waitUntil(lambda: not catalogue.is_searching)
    assert place not in bench.shop.searched[-1]


def test_staying_offline_reaches_the_downloads(bench: ModelsBench, qtbot: QtBot) -> None:
    opened(bench, qtbot)
    bench.work.preferences.change(stay_offline=True)
    assert bench.shop.downloads.is_offline
    bench.work.preferences.change(stay_offline=False)
    assert not bench.shop.downloads.is_offline


def test_a_token_is_kept_or_refused_with_a_sentence(bench: ModelsBench, qtbot: QtBot) -> None:
    catalogue = opened(bench, qtbot)
    assert catalogue.keep_token("nonsense") == "This is no access token. Copy it again."
    assert catalogue.keep_token("hf_abc") == ""
    assert bench.shop.tokens == ["hf_abc"]


@pytest.mark.parametrize(("machine", "recommended"), [(MAC, "e4b-4bit"), (SMALL_MAC, "")])
def test_the_first_run_recommends_what_fits(
    bench: ModelsBench, qtbot: QtBot, machine: object, recommended: str
) -> None:
    bench.shop.machine = machine  # type: ignore[assignment]
    opened(bench, qtbot)
    assert bench.desk is not None
    first = bench.desk.first_run
    assert first.recommended == recommended
    assert [card.key for card in first.cards if card.is_recommended] == (
        [recommended] if recommended else []
    )


def test_the_first_run_goes_from_step_to_step(bench: ModelsBench, qtbot: QtBot) -> None:
    opened(bench, qtbot)
    assert bench.desk is not None
    first = bench.desk.first_run
    assert first.is_due
    first.open()
    first.go_on()
    first.choose("e4b-4bit")
    first.go_on()
    assert first.step == "download"
    first.close()  # the download goes on
    assert not first.is_due
    assert bench.shop.downloads.started["e4b-4bit"].asked == []
    bench.shop.finish("e4b-4bit")
    bench.desk.catalogue.downloads.poll()
    qtbot.waitUntil(lambda: bench.work.models.key == "e4b-4bit")  # used as soon as it is here


def test_the_first_run_uses_what_is_found(bench: ModelsBench, qtbot: QtBot) -> None:
    opened(bench, qtbot)
    assert bench.desk is not None
    first = bench.desk.first_run
    first.open()
    assert first.found is not None
    assert first.found.title.endswith("E2B, 4-bit")
    first.use_found()
    assert bench.work.models.key == "e2b-4bit"
    assert first.step == "chart"  # no proof in this assembly
