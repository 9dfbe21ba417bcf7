"""The line under a question: what was sent, and first of all what was not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.core.conversation import Attachment, Turn
from app.intake.selection import PageChoice, Selection
from app.viewmodels.contexts import context_use
from app.viewmodels.receipts import is_loss, receipt_view
from app.viewmodels.stats import stats_line
from inference import Receipt, ReceiptItem, Statistics

IMAGE = ReceiptItem("image", "a.png", 68, 66, 1280, 800, 528, 288)
TEXT = ReceiptItem("text", "user", 14)
SOUND = ReceiptItem("audio", "memo.m4a", 752, 750, seconds=30.0)
CLIP = ReceiptItem(
    "video", "clip.mp4", 3960, frames=60, times_s=tuple(map(float, range(60))), model_width=528
)


def attachment(kind: str, name: str, *notes: str, sound: bool = False) -> Attachment:
    return Attachment("id", kind, name, "0" * 64, 1, has_sound=sound, notes=notes)  # type: ignore[arg-type]


def question(*attachments: Attachment) -> Turn:
    return Turn("q", None, "user", datetime.now(UTC), "Why?", attachments=attachments)


def line(turn: Turn, *items: ReceiptItem, dropped: tuple[str, ...] = ()) -> str:
    return receipt_view(turn, Receipt(items, 100, dropped)).line


def test_one_picture() -> None:
    turn = question(attachment("image", "a.png"))
    view = receipt_view(turn, Receipt((IMAGE, TEXT), 90))
    assert view.line == "1 image → 528 × 288 · 68 tokens · nothing dropped"
    assert not view.is_warning
    assert view.details == ()


def test_what_a_tool_showed_is_not_counted_as_sent_with_the_question() -> None:
    enlarged = replace(IMAGE, tokens=282, model_width=960, model_height=720)
    loop = (ReceiptItem("tool_call", "look_at", 12), ReceiptItem("tool_result", "look_at", 20))
    turn = question(attachment("image", "a.png"))
    assert line(turn, IMAGE, TEXT, *loop, enlarged) == line(turn, IMAGE, TEXT)


def test_several_pictures() -> None:
    other = ReceiptItem("image", "b.png", 268, 266, 10, 10, 912, 672)
    turn = question(attachment("image", "a.png"), attachment("image", "b.png"))
    assert line(turn, IMAGE, other, TEXT) == "2 images · 336 tokens · nothing dropped"
    assert line(turn, IMAGE, IMAGE, TEXT) == ("2 images → 528 × 288 · 136 tokens · nothing dropped")


def test_a_clip_with_its_sound() -> None:
    sound = ReceiptItem("audio", "clip.mp4", 752, 750, seconds=30.0)
    turn = question(attachment("video", "clip.mp4", sound=True))
    assert line(turn, CLIP, sound, TEXT) == (
        "60 frames, 0:00–0:59, 3,960 tokens · 30.0 s sound, 752 tokens · nothing dropped"
    )


def chosen_clip(selection: Selection) -> Attachment:
    return replace(attachment("video", "clip.mp4", sound=True), seconds=252.0, selection=selection)


def test_what_the_person_left_out_is_said_without_a_warning() -> None:
    clip = chosen_clip(Selection(start_s=42.0, end_s=102.0, left_out=(7, 8)))
    frames = replace(CLIP, frames=58, times_s=(42.0, 101.0), tokens=3828)
    sound = ReceiptItem("audio", "clip.mp4", 752, 750, seconds=30.0)
    view = receipt_view(question(clip), Receipt((frames, sound, sound, TEXT), 5600))
    assert view.line == (
        "58 frames, 0:42–1:41, 3,828 tokens · 2 left out by you · "
        "2 × 30 s sound, 1,504 tokens · nothing dropped"
    )
    assert not view.is_warning


def test_a_sound_track_that_was_switched_off() -> None:
    clip = chosen_clip(Selection(end_s=60.0, with_sound=False))
    view = receipt_view(question(clip), Receipt((CLIP, TEXT), 4000))
    assert "sound left out by you · nothing dropped" in view.line
    assert not view.is_warning


def test_sound_parts_of_different_length() -> None:
    clip = chosen_clip(Selection(end_s=45.0))
    sounds = [replace(SOUND, name="clip.mp4"), replace(SOUND, name="clip.mp4", seconds=15.0)]
    assert "45.0 s sound in 2 parts, 1,504 tokens" in line(question(clip), CLIP, *sounds, TEXT)


def test_an_earlier_question_about_the_same_clip_is_not_counted_again() -> None:
    clip = chosen_clip(Selection(end_s=60.0))
    sound = replace(SOUND, name="clip.mp4")
    answer = ReceiptItem("text", "model", 99)
    items = (CLIP, sound, sound, TEXT, answer, CLIP, sound, sound, TEXT)
    assert line(question(clip), *items).count("frames") == 1
    assert "2 × 30 s" in line(question(clip), *items)


def test_a_document_by_its_pages() -> None:
    document = replace(attachment("document", "r.pdf"), pages=14)
    drawn = [
        ReceiptItem("image", f"r.pdf, page {n}", 1092, 1092, 10, 10, 1344, 1872) for n in (3, 4)
    ]
    assert line(question(document), TEXT) == "14 pages of r.pdf · nothing dropped"
    assert line(question(document), *drawn, TEXT) == (
        "14 pages of r.pdf · 2 page pictures → 1344 × 1872 · 2,184 tokens · nothing dropped"
    )
    chosen = replace(document, selection=Selection(pages=(PageChoice(3, "picture"),)))
    assert line(question(chosen), drawn[0], TEXT).startswith(
        "1 of 14 pages of r.pdf · 1 page picture"
    )


def test_pages_that_were_not_sent_are_a_warning_until_some_are_chosen() -> None:
    note = "pages 11 to 40 of r.pdf not sent: choose which ones to send."
    document = replace(attachment("document", "r.pdf", note), pages=40)
    assert receipt_view(question(document), Receipt((TEXT,), 90)).is_warning
    chosen = replace(document, selection=Selection(pages=(PageChoice(3),)))
    assert not receipt_view(question(chosen), Receipt((TEXT,), 90)).is_warning


def test_words_alone() -> None:
    assert line(question(), TEXT) == "14 tokens of text · nothing dropped"


def test_earlier_turns_are_not_told_again() -> None:
    old = ReceiptItem("image", "old.png", 268, 266, 10, 10, 912, 672)
    answer = ReceiptItem("text", "model", 99)
    turn = question(attachment("image", "a.png"))
    assert line(turn, old, TEXT, answer, IMAGE, TEXT).startswith("1 image → 528 × 288")
    assert line(question(), old, TEXT, answer, TEXT) == "14 tokens of text · nothing dropped"
    same = question(attachment("image", "a.png"))
    assert line(same, IMAGE, TEXT, answer, IMAGE, TEXT).startswith("1 image → ")


def test_what_was_not_sent_comes_first() -> None:
    turn = question(attachment("audio", "memo.m4a"))
    dropped = ("the recording memo.m4a: this model cannot hear.",)
    view = receipt_view(turn, Receipt((TEXT,), 30, dropped))
    assert view.line == "1 recording not sent · 14 tokens of text"
    assert view.is_warning
    assert "Left out: the recording memo.m4a: this model cannot hear." in view.details


def test_a_silenced_clip() -> None:
    turn = question(attachment("video", "clip.mp4", sound=True))
    dropped = ("the sound of clip.mp4: this model cannot hear.",)
    assert line(turn, CLIP, TEXT, dropped=dropped) == (
        "the sound of clip.mp4 not sent · 60 frames, 0:00–0:59, 3,960 tokens"
    )


@pytest.mark.parametrize(
    "cut",
    [
        (attachment("audio", "memo.m4a", "Of “memo.m4a” (33 s), only 30 s were read."), SOUND),
        (
            attachment("audio", "memo.m4a"),
            ReceiptItem("audio", "memo.m4a", 752, 750, seconds=30.0, notes=("Only the first …",)),
        ),
    ],
)
def test_a_part_of_a_file(cut: tuple[Attachment, ReceiptItem]) -> None:
    assert line(question(cut[0]), cut[1], TEXT) == (
        "only a part of memo.m4a sent · 30.0 s sound, 752 tokens"
    )


def test_harmless_notes_are_details_only() -> None:
    note = "The transparent parts of “a.png” were laid on white."
    view = receipt_view(question(attachment("image", "a.png", note)), Receipt((IMAGE, TEXT), 90))
    assert not view.is_warning
    assert note in view.details
    assert not is_loss(note)
    assert is_loss("“a.tiff” holds several pictures; only the first was read.")


def test_the_line_of_figures() -> None:
    measured = Statistics(
        prompt_tokens=1204,
        reused_tokens=1050,
        generated_tokens=312,
        first_token_s=0.8,
        decode_tokens_per_s=41.24,
    )
    assert (
        stats_line(measured) == "41.2 tok/s · first word 0.8 s · 312 out · 1,204 in (1,050 reused)"
    )
    assert stats_line(Statistics(prompt_tokens=9, generated_tokens=1)) == "1 out · 9 in"
    assert stats_line(None) == ""


def test_the_context_by_kind() -> None:
    system = ReceiptItem("text", "system", 5)
    receipt = Receipt((system, IMAGE, TEXT, SOUND), 5 + 68 + 14 + 752 + 10)
    answer = Turn(
        "a",
        "q",
        "model",
        datetime.now(UTC),
        receipt=receipt,
        statistics=Statistics(generated_tokens=50, thought_tokens=20),
    )
    use = context_use((question(), answer), 1000)
    assert dict(use.used) == {"system": 5, "text": 54, "images": 68, "sound": 752, "thoughts": 20}
    assert use.total == 5 + 54 + 68 + 752 + 20
    assert context_use((question(),), 1000).total == 0
