"""Small pure functions: numbers in words, change lines, sections, errors, copies, new turns."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.core.conversation import Attachment, Conversation, Folder, Hit, Settings, Summary, Turn
from app.viewmodels import turns as make
from app.viewmodels.copying import copied_text
from app.viewmodels.errors import answer_error, load_error
from app.viewmodels.notes import change_note, settings_changes
from app.viewmodels.sections import Listing, found_sections, sections, trash_sections
from app.viewmodels.values import Section
from app.viewmodels.views import attachment_caption
from app.viewmodels.words import about, clock, count, gigabytes, size_pixels, speed
from inference import Failed

NOW = datetime(2026, 11, 24, 14, 32).astimezone()


def turn(role: str, text: str = "", **more: object) -> Turn:
    return Turn(text or role, None, role, NOW, text, **more)  # type: ignore[arg-type]


def test_numbers_in_words() -> None:
    assert [count(1, "token"), count(1204, "token")] == ["1 token", "1,204 tokens"]
    assert [speed(41.2), speed(4.16), speed(1999.6)] == ["41 tok/s", "4.2 tok/s", "2,000 tok/s"]
    assert [about(8.6), about(0.2), about(200)] == ["about 9 s", "about 1 s", "about 3 min"]
    assert [clock(27.3), clock(75), clock(3723)] == ["0:27", "1:15", "1:02:03"]
    assert [gigabytes(83e6), gigabytes(5.24e9)] == ["83 MB", "5.2 GB"]
    assert [size_pixels(528, 288), size_pixels(12000, 9)] == ["528 × 288", "12,000 × 9"]


@pytest.mark.parametrize(
    ("facts", "caption"),
    [
        (("image", 1280, 800, 0.0, 0, False), "1280 × 800 · 275 tokens"),
        (("audio", 0, 0, 27.3, 0, False), "0:27.3 · 275 tokens"),
        (("audio", 0, 0, 59.98, 0, False), "0:30.0 · 275 tokens"),
        (("video", 640, 360, 60.0, 60, True), "60 frames, with sound · 275 tokens"),
        (("text", 0, 0, 0.0, 0, False), "Text · 275 tokens"),
    ],
)
def test_captions_of_cards(facts: tuple[str, int, int, float, int, bool], caption: str) -> None:
    kind, width, height, seconds, frames, has_sound = facts
    attachment = Attachment(
        "i", kind, "n", "0" * 64, 1,  # type: ignore[arg-type]
        width=width, height=height, seconds=seconds, frames=frames, has_sound=has_sound,
        tokens=275,
    )  # fmt: skip
    assert attachment_caption(attachment) == caption


def test_each_change_of_settings_has_its_words() -> None:
    old, new = (
        Settings(system_prompt="a", thinking_budget=None),
        Settings("b", True, 512, 0.7, 0.9, 40, 100, 7, 560, 140),
    )
    assert settings_changes(old, new) == [
        "System prompt changed",
        "Thinking on",
        "Thinking budget 512 tokens",
        "Temperature 0.7",
        "Top-p 0.9",
        "Top-k 40",
        "At most 100 tokens",
        "Seed 7",
        "Pictures at 560 tokens",
        "Frames at 140 tokens",
    ]
    assert settings_changes(new, replace(new, thinking_budget=None)) == ["Thinking budget no limit"]
    assert settings_changes(old, replace(old, system_prompt=" ")) == ["System prompt removed"]
    assert settings_changes(old, replace(old, thinking_budget=9)) == []  # thinking is off
    assert settings_changes(new, new) == []


def test_a_note_needs_an_answer_to_differ_from() -> None:
    answer = turn("model", "x", settings=Settings(), model_key="a")
    assert change_note(None, "B", "b", Settings(seed=1)) == ""
    assert change_note(answer, "B", "b", Settings()) == "Model changed to B"
    assert change_note(answer, "A", "a", Settings()) == ""


def summary(name: str, age: timedelta, **more: object) -> Summary:
    return Summary(name, name, NOW - age, **more)  # type: ignore[arg-type]


def titles(found: list[Section]) -> dict[str, list[str]]:
    return {section.title: [row.id for row in section.rows] for section in found}


def test_sections_by_pin_folder_and_day() -> None:
    day = timedelta(days=1)
    listing = Listing(
        [
            summary("old", 400 * day),
            summary("spring", 220 * day),
            summary("month", 20 * day),
            summary("week", 3 * day),
            summary("yesterday", day),
            summary("today", timedelta()),
            summary("earlier", timedelta(hours=2), caption="3 images"),
            summary("filed", day, folder_id="f"),
            summary("lost", timedelta(hours=3), folder_id="gone"),
            summary("pinned", 9 * day, is_pinned=True, folder_id="f"),
        ],
        frozenset({"today"}),
        [Folder("f", "Work"), Folder("e", "empty")],
        lambda: NOW,
    )
    shown = sections(listing)
    assert titles(shown) == {
        "Pinned": ["pinned"],
        "empty": [],
        "Work": ["filed"],
        "Today": ["today", "earlier", "lost"],
        "Yesterday": ["yesterday"],
        "Previous 7 days": ["week"],
        "Previous 30 days": ["month"],
        "April": ["spring"],
        "October 2025": ["old"],
    }
    rows = {row.id: row for section in shown for row in section.rows}
    assert rows["earlier"].caption == "12:32 · 3 images"
    assert rows["week"].caption == "21 Nov"
    assert rows["today"].is_running
    assert not rows["earlier"].is_running
    assert titles(trash_sections(listing))["Trash"][0] == "today"


def test_found_in_titles_comes_first_and_once() -> None:
    listing = Listing([summary("a", timedelta()), summary("b", timedelta())], now=lambda: NOW)
    hits = [Hit("b", "t", "…"), Hit("a", None, "…"), Hit("a", "t", "…"), Hit("gone", "t", "…")]
    assert titles(found_sections(listing, hits)) == {"Titles": ["a"], "Found in text": ["b"]}
    assert found_sections(listing, []) == []


@pytest.mark.parametrize(
    ("message", "what", "command"),
    [
        ("No model is loaded.", "No model is loaded.", "choose_model"),
        ("There is not enough memory for this.", "There is not enough memory for this.", "retry"),
        (
            "The model stopped with an unexpected error; your conversation is safe.",
            "The model stopped with an unexpected error.",
            "reload_model",
        ),
        (
            "memo.wav cannot be used: this model has no hearing.",
            "memo.wav cannot be used: this model has no hearing.",
            "choose_model",
        ),
        (
            "The prompt has 9,000 tokens; this model reads 4,096 at most.",
            "The conversation is too long for this model.",
            "new_conversation",
        ),
        ("Something else.", "Something else.", "retry"),
    ],
)
def test_errors_have_one_thing_to_do(message: str, what: str, command: str) -> None:
    info = answer_error(Failed(message, "Do this.", "Detail"))
    assert (info.what, info.command, info.detail) == (what, command, "Detail")
    assert info.action
    assert "Do this." in info.why
    assert "saved" in info.safe


def test_a_model_that_did_not_load() -> None:
    info = load_error(Failed("The file is damaged.", "Copy it again."), "Gemma 4 E4B")
    assert info.what == "Gemma 4 E4B could not be loaded."
    assert info.why == "The file is damaged. Copy it again."


def test_plain_copies_lose_marks_but_not_code() -> None:
    prose = "# Title\n\n**Bold** and *thin* in `code`\n> quoted [link](https://x.org)\n\n"
    text = prose + "```py\na = b * c * d\n# no title\n```\nsnake_case_name 2 * 3 * 4"
    assert copied_text(turn("model", text), "plain") == (
        "Title\n\nBold and thin in code\nquoted link\n\na = b * c * d\n# no title\n"
        "snake_case_name 2 * 3 * 4"
    )
    assert copied_text(turn("model", text), "markdown") == text
    assert copied_text(turn("user", "# mine"), "plain") == "# mine"


def test_a_branch_has_ids_of_its_own_and_nothing_streaming() -> None:
    first = turn("user", "One?")
    second = replace(turn("model", "1"), parent_id=first.id, state="streaming")
    third = replace(turn("user", "Two?"), parent_id=second.id)
    origin = Conversation("c", "One?", NOW, NOW, turns=(first, second, third), active_leaf=third.id)
    copy = make.branch(origin, second.id)
    assert [t.text for t in copy.turns] == ["One?", "1"]
    assert {t.id for t in copy.turns}.isdisjoint({first.id, second.id})
    assert copy.turns[1].parent_id == copy.turns[0].id
    assert copy.turns[1].state == "stopped"
    assert copy.active_leaf == copy.turns[1].id
    assert copy.created_at.tzinfo is UTC
    assert make.branch(copy, copy.turns[0].id).title == "One? (branch)"
    with pytest.raises(KeyError):
        make.branch(origin, "unknown")
