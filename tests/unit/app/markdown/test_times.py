"""Moments in answers become links into the clip, and nothing else does."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtGui import QTextDocument

from app.markdown.blocks import Run
from app.markdown.build import Builder
from app.markdown.parse import Reader, is_safe_link
from app.markdown.stream import Stream
from app.markdown.times import SCHEME, second_of, spans, timed
from app.widgets.document_style import document_style
from app.widgets.theme import Theme

pytestmark = pytest.mark.usefixtures("qapp")

HOUR = 3600.0


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("The light turns red at 1:05.", [65]),
        ("between 0:42–1:42, then", [42, 102]),
        ("[0:12-0:31]", [12, 31]),
        ("from 0:12 - 0:31", [12, 31]),
        ("(0:07) and 00:08", [7, 8]),
        ("1:20.5 s", [80]),
        ("at 0:59; at 1:00, at 1:01: done", [59, 60, 61]),
    ],
)
def test_a_moment_is_found(text: str, seconds: list[int]) -> None:
    found = spans(text, HOUR)
    assert [second for _, _, second in found] == seconds
    assert all(":" in text[start:end] for start, end, _ in found)
    assert all(not text[start:end].startswith(("-", "–")) for start, end, _ in found)


@pytest.mark.parametrize(
    "text",
    ["a ratio of 16:9", "3:1", "10:75", "file:1:20", "v1:20", "1:20:99", "12:30:11:02", "1:205"],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert spans(text, HOUR) == []


def test_a_moment_after_the_end_is_no_link() -> None:
    assert [second for _, _, second in spans("0:59 and 1:20 and 1:00:10", 75)] == [59]
    assert [second for _, _, second in spans("1:00:10", 2 * HOUR)] == [3610]


def test_runs_keep_their_looks_and_their_text() -> None:
    runs = (Run("at "), Run("1:05 it", is_bold=True), Run("2:00", is_code=True), Run("3:00"))
    made = timed(runs, HOUR)
    assert "".join(run.text for run in made) == "at 1:05 it2:003:00"
    assert made[1] == Run("1:05", is_bold=True, link=f"{SCHEME}65")
    assert made[3].link == ""  # code stays code
    assert made[4].link == f"{SCHEME}180"
    assert timed(runs, 0) == runs


def test_a_link_of_an_answer_cannot_pretend_to_be_a_moment() -> None:
    assert not is_safe_link(f"{SCHEME}12")
    (run,) = Reader().runs(f"[0:12x]({SCHEME}12)")
    assert run.link == ""


@pytest.mark.parametrize(("target", "second"), [("facet-time:80", 80), ("https://a.b", None)])
def test_where_a_link_leads(target: str, second: int | None) -> None:
    assert second_of(target) == second
    assert second_of("facet-time:-1") is None


def built(text: str, until: float) -> tuple[Builder, list[tuple[str, str]]]:
    style = replace(document_style(Theme("light")), times_until=until)
    document = QTextDocument()
    builder = Builder(document, style)
    stream = Stream()
    builder.apply(stream.append(text))
    builder.apply(stream.finish())
    found = []
    block = document.begin()
    while block.isValid():
        for item in block.textFormats():
            if item.format.isAnchor():
                part = block.text()[item.start : item.start + item.length]
                found.append((part, item.format.anchorHref()))
        block = block.next()
    builder.kept_document = document  # type: ignore[attr-defined]
    return builder, found


def test_links_are_in_the_document_and_not_in_its_blocks() -> None:
    builder, found = built("At **1:05** it stops, `1:06`, [page](https://a.b/1:07).", 75)
    assert found == [("1:05", "facet-time:65"), ("page", "https://a.b/1:07")]
    (block,) = builder.blocks
    assert [run.link for run in block.runs if run.link] == ["https://a.b/1:07"]


def test_cells_of_tables_have_them_too() -> None:
    _, found = built("| when | what |\n|---|---|\n| 0:12 | red |\n", 75)
    assert found == [("0:12", "facet-time:12")]


def test_without_a_clip_there_are_none() -> None:
    assert built("At 1:05 it stops.", 0)[1] == []
