"""What can be sent, cards and their cost, drafts, history."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PIL import Image as Pillow
from pytestqt.qtbot import QtBot

from app.viewmodels.composer import PASTED_TEXT
from app.viewmodels.workbench import Workbench
from inference import Audio, Image, Text
from tests.fakes import endless
from tests.fakes.conversations import DASHBOARD
from tests.fakes.desk import Bench
from tests.fakes.endless import Endless
from tests.unit.app.viewmodels.steps import answered, asked


def added(work: Workbench, qtbot: QtBot, paths: Sequence[Path]) -> None:
    """Attach files and wait until they are read."""
    work.composer.add_files(paths)
    qtbot.waitUntil(lambda: all(c.state != "reading" for c in work.composer.attachments()))


@pytest.fixture
def memo(tmp_path: Path) -> Path:
    path = tmp_path / "memo.wav"
    soundfile.write(path, np.sin(np.arange(32_000) / 10.0).astype(np.float32), 16_000)
    return path


def test_words_or_files_can_be_sent(work: Workbench) -> None:
    said: list[bool] = []
    work.composer.can_send_changed.connect(said.append)
    assert not work.composer.can_send
    work.composer.set_text("  \n")
    assert not work.composer.can_send
    work.composer.set_text("Hello")
    assert work.composer.can_send
    work.composer.set_text("")
    assert said == [True, False]


def test_a_picture_becomes_a_card_with_its_cost(work: Workbench, qtbot: QtBot) -> None:
    work.composer.add_files([DASHBOARD])
    card = work.composer.attachments()[0]
    assert (card.kind, card.name, card.state) == ("image", "dashboard.png", "reading")
    assert work.composer.why_not == "A file is still being read."
    added(work, qtbot, [])
    card = work.composer.attachments()[0]
    assert card.state == "ready"
    assert card.caption == "1280 × 800 · 275 tokens"  # 273 soft ones and their brackets
    assert card.thumbnail.startswith(b"\xff\xd8")
    assert card.budget == 280
    assert card.budgets == (70, 140, 280, 560, 1120)
    assert work.composer.cost == "≈ 275 tokens"
    assert work.composer.can_send
    work.composer.set_budget(card.id, 70)
    assert work.composer.attachments()[0].budget == 70
    assert work.composer.cost == "≈ 62 tokens"


def test_cards_follow_settings_and_model(work: Workbench, qtbot: QtBot) -> None:
    added(work, qtbot, [DASHBOARD])
    captions: list[str] = []
    work.composer.attachments_changed.connect(
        lambda: captions.append(work.composer.attachments()[0].caption)
    )
    work.chat.change_settings(image_tokens=1120)
    assert captions == ["1280 × 800 · 1,094 tokens"]
    work.chat.change_settings(image_tokens=None)
    assert captions[-1] == "1280 × 800 · 275 tokens"


def test_a_lost_thumbnail_comes_back(bench: Bench, qtbot: QtBot) -> None:
    work = bench.open()
    added(work, qtbot, [DASHBOARD])
    asked(work, bench, qtbot, "What?").finish()
    qtbot.waitUntil(lambda: not work.chat.is_running)
    added(work, qtbot, [DASHBOARD])
    bench.close()
    shutil.rmtree(bench.folder / "cache")
    again = bench.open()
    qtbot.waitUntil(lambda: again.chat.turns()[0].attachments[0].thumbnail != b"")
    assert again.composer.attachments()[0].thumbnail


def test_the_card_is_sent_and_its_receipt_shown(
    work: Workbench, bench: Bench, qtbot: QtBot, memo: Path
) -> None:
    added(work, qtbot, [memo, DASHBOARD])
    work.composer.set_budget(work.composer.attachments()[1].id, 70)
    asked(work, bench, qtbot, "What is this?").finish()
    message = bench.engine.request.messages[-1]
    picture, text, sound = message.parts
    assert isinstance(picture, Image)
    assert (picture.name, picture.soft_tokens) == ("dashboard.png", 70)
    assert text == Text("What is this?")
    assert isinstance(sound, Audio)
    assert len(sound.samples) == 32_000
    assert work.composer.attachments() == []
    qtbot.waitUntil(lambda: not work.chat.is_running)
    question = work.chat.turns()[0]
    assert [a.name for a in question.attachments] == ["memo.wav", "dashboard.png"]
    sha256 = question.attachments[1].sha256
    assert work.chat.image_seen(sha256).read_bytes() == DASHBOARD.read_bytes()


def test_a_file_that_cannot_be_read_is_a_failed_card(
    work: Workbench, tmp_path: Path, qtbot: QtBot
) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"\x89PNG but no more")
    problems: list[str] = []
    work.composer.problem.connect(problems.append)
    added(work, qtbot, [broken, tmp_path / "missing.wav"])
    cards = work.composer.attachments()
    assert [card.state for card in cards] == ["failed", "failed"]
    assert [card.problem for card in cards] == problems
    assert "“broken.png”" in problems[0]
    assert "missing" in problems[1]
    assert work.composer.why_not == "Remove the file that could not be read."
    for card in cards:
        work.composer.remove(card.id)
    work.composer.set_text("Never mind")
    assert work.composer.can_send


def test_a_card_taken_away_holds_up_no_other_file(
    bench: Bench, qtbot: QtBot, tmp_path: Path
) -> None:
    bench.make_runner = Endless
    composer = bench.open().composer
    shutil.copy(DASHBOARD, tmp_path / endless.NAME)
    composer.add_files([tmp_path / endless.NAME, DASHBOARD])
    first, second = composer.attachments()
    composer.remove(first.id)
    qtbot.waitUntil(lambda: [c.state for c in composer.attachments()] == ["ready"])
    assert [card.id for card in composer.attachments()] == [second.id]


def test_a_recording_that_is_too_long_is_cut_and_says_so(
    work: Workbench, bench: Bench, tmp_path: Path, qtbot: QtBot
) -> None:
    long = tmp_path / "long.wav"
    soundfile.write(long, np.zeros(16_000 * 33, np.float32) + 0.1, 16_000)
    added(work, qtbot, [long])
    card = work.composer.attachments()[0]
    assert card.caption.startswith("0:30.0 · ")
    assert card.notes == ("Of “long.wav” (33 s), only 30 s were read.",)
    asked(work, bench, qtbot, "What?").prepare()
    qtbot.waitUntil(lambda: work.chat.turns()[0].receipt is not None)
    receipt = work.chat.turns()[0].receipt
    assert receipt is not None
    assert receipt.is_warning
    bench.engine.job.finish()


def test_a_model_that_cannot_hear_is_not_sent_sound(bench: Bench, qtbot: QtBot, memo: Path) -> None:
    work = bench.open()
    bench.engine.hears = False
    qtbot.waitUntil(lambda: work.models.state == "ready")
    added(work, qtbot, [memo])
    asked(work, bench, qtbot, "What did she say?").prepare()
    assert [type(p) for p in bench.engine.request.messages[-1].parts] == [Text]
    qtbot.waitUntil(lambda: work.chat.turns()[0].receipt is not None)
    receipt = work.chat.turns()[0].receipt
    assert receipt is not None
    assert receipt.line == "1 recording not sent · 14 tokens of text"
    assert receipt.is_warning
    assert "Left out: the recording memo.wav: this model cannot hear." in receipt.details
    bench.engine.job.finish()


def test_a_long_paste_is_a_text_card(work: Workbench, bench: Bench, qtbot: QtBot) -> None:
    work.composer.add_text("BM is how this text begins. " * 200)
    added(work, qtbot, [])
    card = work.composer.attachments()[0]
    assert (card.kind, card.name, card.state, card.problem) == ("text", PASTED_TEXT, "ready", "")
    asked(work, bench, qtbot, "Sum it up.").finish()
    first, second = bench.engine.request.messages[-1].parts
    assert isinstance(first, Text)
    assert first.text.startswith("Pasted text.txt:\n\nBM is how")
    assert second == Text("Sum it up.")


def test_a_pasted_picture(work: Workbench, qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "x.png"
    Pillow.new("RGBA", (96, 48), (255, 0, 0, 0)).save(file)
    work.composer.add_picture(file.read_bytes(), "Screenshot")
    added(work, qtbot, [])
    card = work.composer.attachments()[0]
    assert (card.name, card.state) == ("Screenshot.png", "ready")
    assert card.notes == ("The transparent parts of “Screenshot.png” were laid on white.",)


def test_drafts_belong_to_their_conversation_and_survive(bench: Bench, qtbot: QtBot) -> None:
    work = bench.open()
    answered(work, bench, qtbot, "One?")
    first = work.chat.conversation_id
    work.composer.set_text("half a thought")
    added(work, qtbot, [DASHBOARD])
    work.library.new_conversation()
    assert work.composer.text == ""
    assert work.composer.attachments() == []
    work.library.open(first)
    assert work.composer.text == "half a thought"
    bench.close()
    again = bench.open()
    assert again.chat.conversation_id == first
    assert again.composer.text == "half a thought"
    assert [card.name for card in again.composer.attachments()] == ["dashboard.png"]
    assert again.composer.attachments()[0].thumbnail


def test_a_draft_is_saved_by_itself(work: Workbench, bench: Bench, qtbot: QtBot) -> None:
    work.composer.set_text("not sent yet")

    def saved() -> bool:
        assert bench.store is not None
        return any(
            bench.store.load(summary.id).draft.text == "not sent yet"
            for summary in bench.store.summaries()
        )

    qtbot.waitUntil(saved)


def test_a_file_stays_with_the_conversation_it_was_added_to(
    work: Workbench, bench: Bench, qtbot: QtBot
) -> None:
    answered(work, bench, qtbot)
    first = work.chat.conversation_id
    work.composer.add_files([DASHBOARD])
    work.library.new_conversation()
    qtbot.waitUntil(lambda: work.desk.get(first).draft.attachments != ())
    assert work.composer.attachments() == []
    work.library.open(first)
    assert [card.name for card in work.composer.attachments()] == ["dashboard.png"]


def test_earlier_questions_come_back_one_after_the_other(
    work: Workbench, bench: Bench, qtbot: QtBot
) -> None:
    answered(work, bench, qtbot, "One?")
    answered(work, bench, qtbot, "Two?")
    replaced: list[str] = []
    work.composer.text_replaced.connect(replaced.append)
    for _ in range(3):
        work.composer.recall_last()
    assert replaced == ["Two?", "One?", "One?"]
    work.composer.set_text("One? And more")
    work.composer.recall_last()
    assert work.composer.text == "One? And more"


def test_the_cost_is_that_of_the_whole_next_prompt(
    work: Workbench, bench: Bench, qtbot: QtBot
) -> None:
    answered(work, bench, qtbot)  # 24 tokens in, 312 out, read at 1,000 a second
    work.composer.set_text("x" * 380)
    assert work.composer.cost == "≈ 436 tokens · first word in ≈ 0.1 s"
