"""The Markdown report, read back by a parser that allows everything."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from app.core.conversation import ToolRecord
from app.reports.markdown import render_markdown
from app.reports.options import Cancelled, ReportOptions
from tests.fakes.conversations import FakeBlobs, answers, asks, dashboard, dashboard_talk, talk
from tests.unit.app.reports.reading import report_of
from tests.unit.app.reports.test_html import HOSTILE


def tokens_of(text: str) -> Iterator[Token]:
    """All tokens, as a program without caution finds them."""
    for token in MarkdownIt("gfm-like", {"html": True, "linkify": False}).parse(text):
        yield token
        yield from token.children or ()


def markdown_of(blobs: FakeBlobs, *turns: object, **options: object) -> str:
    report = report_of(talk(*turns), blobs, ReportOptions(**options))  # type: ignore[arg-type]
    return render_markdown(report, "a_assets").text.decode("utf-8")


def test_everything_is_said(blobs: FakeBlobs) -> None:
    report = report_of(dashboard_talk(blobs), blobs, ReportOptions(author="M. Ferreira"))
    text = render_markdown(report, "a_assets").text.decode("utf-8")
    for said in (
        "# Operations review, Q3 2026\n",
        "M. Ferreira · 24 November 2026, 14:41 UTC",
        "> Read every figure on this dashboard.",
        "read at 1008 × 624 (273 soft tokens)",
        "| Average order | \\$55.79 | +4 % |",
        "*Model changed to Gemma 4 E2B, 8-bit*",
        "**Stopped by the person.**",
        "facet ask MODEL",
        '"schema": "facet.report/1"',
        report.figures[0].sha256,
        f"report {report.identity}",
    ):
        assert said in text


def test_pictures_are_files_beside_it(blobs: FakeBlobs) -> None:
    made = render_markdown(report_of(dashboard_talk(blobs), blobs), "Q3 (1) #2_assets")
    (name,) = made.assets
    (picture,) = [t for t in tokens_of(made.text.decode("utf-8")) if t.type == "image"]
    assert picture.attrs["src"] == f"Q3%20(1)%20%232_assets/{name}"
    assert re.fullmatch(r"001-[0-9a-f]{12}\.png", name)
    assert picture.content == "Picture dashboard.png, 1,280 × 800 pixels, 55 kB"


@pytest.mark.parametrize(
    "where", ["question", "answer", "thought", "title", "name", "tool", "note", "remark"]
)
def test_hostile_text_does_nothing_wherever_it_stands(blobs: FakeBlobs, where: str) -> None:
    from tests.fakes.conversations import remarks

    picture, item = dashboard(blobs)
    if where == "name":
        picture = replace(picture, name=HOSTILE)
    tool = ToolRecord(HOSTILE, {HOSTILE: HOSTILE}, HOSTILE, tool_class="read", server=HOSTILE)
    conversation = talk(
        asks(HOSTILE if where == "question" else "?", picture),
        answers(
            HOSTILE if where == "answer" else "!",
            items=(item,),
            thought=HOSTILE if where == "thought" else "",
            tools=(tool,) if where == "tool" else (),
            notices=(HOSTILE,) if where == "note" else (),
            model=HOSTILE,
        ),
        remarks(HOSTILE if where == "remark" else "-"),
        title=HOSTILE if where == "title" else "t",
    )
    report = report_of(conversation, blobs, ReportOptions(thoughts=True, author=HOSTILE))
    text = render_markdown(report, "a_assets").text.decode("utf-8")
    for token in tokens_of(text):
        assert token.type not in ("html_block", "html_inline") or token.content == "<br>", text
        if token.type == "image":
            assert str(token.attrs["src"]).startswith("a_assets/")
        if token.type == "link_open":
            assert re.match("https?:|mailto:", str(token.attrs["href"]))
    assert "alert(1)" in text, "hostile text is shown, not swallowed"


def test_a_large_table_is_one_table(blobs: FakeBlobs) -> None:
    rows = "".join("|" + "|".join(f"{r * c}" for c in range(12)) + "|\n" for r in range(200))
    wide = "|" + "|".join(f"c{c}" for c in range(12)) + "|\n" + "|--:" * 12 + "|\n" + rows
    kinds = [token.type for token in tokens_of(markdown_of(blobs, asks("?"), answers(wide)))]
    timing_cells = 9
    assert kinds.count("td_open") == 200 * 12 + timing_cells


def test_lines_of_a_question_stay_lines(blobs: FakeBlobs) -> None:
    text = markdown_of(blobs, asks("one\ntwo\n\nthree"), answers("!"))
    kinds = [token.type for token in tokens_of(text)]
    assert kinds.count("hardbreak") >= 1
    assert "> one\\\n> two" in text


def test_scripts_of_every_direction_and_long_lines(blobs: FakeBlobs) -> None:
    said = "مرحبا 日本語 😀👩‍👩‍👧 ’quoted’"
    text = markdown_of(blobs, asks(said), answers(f"{said}\n\n{'y' * 4000}"))
    assert text.count(said) >= 2
    assert "y" * 4000 in text


def test_thoughts_stand_at_the_end_and_only_if_wanted(blobs: FakeBlobs) -> None:
    turns = (asks("?"), answers("Final.", thought="Secret doubt."))
    text = markdown_of(blobs, *turns, thoughts=True)
    assert text.index("Final.") < text.index("## The model’s working") < text.index("Secret doubt.")
    assert "Secret doubt." not in markdown_of(blobs, *turns)


def test_no_turns(blobs: FakeBlobs) -> None:
    assert "There are no questions in this conversation." in markdown_of(blobs)


def test_the_same_input_gives_the_same_bytes(blobs: FakeBlobs) -> None:
    one, two = (
        render_markdown(report_of(dashboard_talk(blobs), blobs), "a_assets") for _ in range(2)
    )
    assert one == two


def test_it_can_be_stopped(blobs: FakeBlobs) -> None:
    def stop(_share: float) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        render_markdown(report_of(dashboard_talk(blobs), blobs), "a_assets", stop)
