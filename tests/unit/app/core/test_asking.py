"""From turns to a request: order, senses, continuing, titles."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from app.core.asking import (
    NEW_TITLE,
    Asked,
    Senses,
    build_request,
    compacted,
    shortened,
    title_of,
    with_left_out,
)
from app.core.conversation import Attachment, Settings, ToolRecord, Turn
from inference import (
    Audio,
    Image,
    MediaError,
    PromptError,
    Receipt,
    ReceiptItem,
    Text,
    ToolCall,
    ToolResult,
    Video,
)

NOW = datetime(2026, 11, 24, tzinfo=UTC)
PIXELS = np.zeros((48, 48, 3), np.uint8)
SAMPLES = np.zeros(16_000, np.float32)
PARTS = {
    "image": Image(PIXELS, "blob"),
    "video": Video((PIXELS,), (0.0,), "blob", sound=SAMPLES),
    "audio": Audio(SAMPLES, "blob"),
    "text": Text("a,b\n1,2"),
}


def attachment(kind: str, name: str, soft_tokens: int | None = None) -> Attachment:
    return Attachment(name, kind, name, "0" * 64, 1, soft_tokens=soft_tokens)  # type: ignore[arg-type]


def turn(role: str, text: str = "", *attachments: Attachment, **more: object) -> Turn:
    return Turn(text or role, None, role, NOW, text, attachments=attachments, **more)  # type: ignore[arg-type]


def ask(
    *path: Turn,
    settings: Settings = Settings(),  # noqa: B008 - frozen
    senses: Senses = Senses(),  # noqa: B008 - frozen
    answer: Turn | None = None,
) -> Asked:
    return build_request(
        (*path, answer or turn("model")),
        settings,
        lambda a: (PARTS[a.kind],),
        seed=7,
        session="c",
        senses=senses,
        is_continued=answer is not None,
    )


def test_parts_in_the_model_cards_order_whatever_was_attached_first() -> None:
    files = [attachment(kind, f"x.{kind}") for kind in ("audio", "text", "video", "image")]
    asked = ask(turn("user", "Why?", *files))
    parts = asked.request.messages[0].parts
    assert [type(part) for part in parts] == [Video, Image, Text, Text, Audio]
    assert parts[2] == Text("x.text:\n\na,b\n1,2\n\n")
    assert parts[3] == Text("Why?")
    assert asked.media == ("video", "audio", "image", "audio")
    assert asked.left_out == ()


def test_names_and_budgets_are_the_attachments() -> None:
    asked = ask(turn("user", "Why?", attachment("image", "photo.png", 1120)))
    picture = asked.request.messages[0].parts[0]
    assert isinstance(picture, Image)
    assert (picture.name, picture.soft_tokens) == ("photo.png", 1120)


def test_what_the_model_lacks_a_sense_for_is_left_out_and_said() -> None:
    files = [attachment(kind, f"x.{kind}") for kind in ("image", "video", "audio")]
    question = turn("user", "Why?", *files)
    deaf = ask(question, senses=Senses(hears=False))
    assert [type(part) for part in deaf.request.messages[0].parts] == [Image, Video, Text]
    assert deaf.left_out == (
        "the sound of x.video: this model cannot hear.",
        "the recording x.audio: this model cannot hear.",
    )
    blind = ask(question, senses=Senses(sees=False))
    assert [type(part) for part in blind.request.messages[0].parts] == [Text, Audio]
    assert blind.left_out == (
        "the picture x.image: this model cannot see.",
        "the clip x.video: this model cannot see.",
    )


def test_what_was_left_out_leads_the_receipt() -> None:
    receipt = with_left_out(Receipt((), 9, ("engine's",)), ("ours",))
    assert receipt.dropped == ("ours", "engine's")
    assert with_left_out(receipt, ()) is receipt


def test_earlier_texts_become_one_item_of_a_kind_and_no_token_is_lost() -> None:
    def text(name: str, tokens: int) -> ReceiptItem:
        return ReceiptItem("text", name, tokens)

    picture = ReceiptItem("image", "a.png", 68, 66)
    sound = ReceiptItem("audio", "b.wav", 20)
    items = (
        text("system", 5),
        *(picture, text("user", 10), text("model", 100)),
        *(text("user", 11), text("model", 200)),
        *(picture, text("user", 12), sound),
        text("model", 7),  # the beginning of a continued answer
    )
    whole = Receipt(items, 600, ("x",))
    short = compacted(whole)
    assert short.items == (
        text("system", 5),
        *(picture, text("user", 21), text("model", 300)),
        *(picture, text("user", 12), sound),
        text("model", 7),
    )
    assert (short.prompt_tokens, short.dropped) == (600, ("x",))
    assert sum(i.tokens for i in short.items) == sum(i.tokens for i in items)
    assert compacted(Receipt((), 0)) == Receipt((), 0)


def test_notes_thoughts_and_empty_attempts_are_not_sent() -> None:
    asked = ask(
        turn("user", "One?"),
        turn("model", "", state="failed"),
        turn("note", "Temperature 0.5"),
        turn("user", "Two?"),
        turn("model", "Yes.", thought="Hm."),
        turn("user", "Three?"),
    )
    sent = [(m.role, m.thought, *m.parts) for m in asked.request.messages]
    assert sent == [
        ("user", "", Text("One?")),
        ("user", "", Text("Two?")),
        ("model", "", Text("Yes.")),
        ("user", "", Text("Three?")),
    ]


def test_tools_with_their_results_are_told_again() -> None:
    tools = (ToolRecord("add", {"a": 1}, "2", "c1"), ToolRecord("never", {}))
    asked = ask(turn("user", "?"), turn("model", "Two.", tools=tools), turn("user", "Sure?"))
    _, calls, results, text, _ = asked.request.messages
    assert calls.parts == (ToolCall("add", {"a": 1}, "c1"),)
    assert results.parts == (ToolResult("add", "2", "c1"),)
    assert text.parts == (Text("Two."),)


def test_settings_become_the_requests() -> None:
    settings = Settings(" Be brief. ", True, 256, 0.3, 0.8, 20, 99, None, 560, 140)
    request = ask(turn("user", "?"), settings=settings).request
    assert request.messages[0].parts == (Text(" Be brief. "),)
    assert (request.thinking, request.thinking_budget) == (True, 256)
    sampling = request.sampling
    assert (sampling.temperature, sampling.top_p, sampling.top_k, sampling.seed) == (
        0.3,
        0.8,
        20,
        7,
    )
    assert (request.max_tokens, request.image_tokens, request.video_tokens) == (99, 560, 140)
    assert (request.session, request.continue_last) == ("c", False)
    off = ask(turn("user", "?"), settings=replace(settings, thinking=False, image_tokens=None))
    assert off.request.thinking_budget is None
    assert off.request.image_tokens is None


def test_a_begun_answer_is_the_last_message() -> None:
    settings = Settings(thinking=True, thinking_budget=100)
    begun = turn("model", "So ", thought="Hm.", thought_tokens=40)
    request = ask(turn("user", "?"), settings=settings, answer=begun).request
    assert request.continue_last
    assert (request.messages[-1].thought, request.messages[-1].parts) == ("Hm.", (Text("So "),))
    assert request.thinking_budget == 60
    assert (
        request.sampling.seed == 7 + 6
    )  # other numbers than the beginning's, yet the same each time
    spent = replace(begun, thought_tokens=500)
    assert ask(turn("user", "?"), settings=settings, answer=spent).request.thinking_budget == 1


def test_without_a_question_there_is_nothing_to_ask() -> None:
    with pytest.raises(PromptError):
        ask(turn("note", "x"))


def test_a_file_that_is_gone_is_the_readers_error() -> None:
    def gone(_attachment: Attachment) -> tuple[Image, ...]:
        raise MediaError("It is missing.")

    path = (turn("user", "?", attachment("image", "a.png")), turn("model"))
    with pytest.raises(MediaError):
        build_request(path, Settings(), gone, seed=1, session="", senses=Senses())


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Why is the sky blue?", "Why is the sky blue?"),
        ("# Read **this**.\nAnd more.", "Read this"),
        ("Hi. What is the best month of the year?", "Hi. What is the best month of the year?"),
        ("3.5 million is 3.5 million. Is it?", "3.5 million is 3.5 million"),
        ("word " * 30, "word word word word word word word word word…"),
        ("x" * 60, "x" * 48 + "…"),
        ("  \n", NEW_TITLE),
    ],
)
def test_titles(text: str, title: str) -> None:
    assert title_of(turn("user", text)) == title


def test_a_question_without_words_is_named_after_its_file() -> None:
    assert title_of(turn("user", "", attachment("image", "dashboard.png"))) == "dashboard.png"


def test_short_texts_stay_whole() -> None:
    assert shortened("a" * 48) == "a" * 48
