"""What a model writes becomes text: no markup, no pictures, no links but three kinds."""

from __future__ import annotations

import re

import pytest
from PySide6.QtGui import QTextDocument, QTextFormat
from PySide6.QtWidgets import QApplication

from app.markdown.build import Builder
from app.markdown.clean import BIDI, clean, name
from app.markdown.parse import is_safe_link
from app.markdown.stream import blocks
from app.widgets.document_style import document_style
from app.widgets.theme import Theme
from tests.fakes.hostile_answers import TAGS, TARGETS, hostile_answers

SHORT = [text for text in hostile_answers() if len(text) < 6_000]


def documents(texts: list[str]) -> list[QTextDocument]:
    """A document for each text."""
    style = document_style(Theme("light"))
    made = []
    for text in texts:
        document = QTextDocument()
        Builder(document, style).append(blocks(text))
        made.append(document)
    return made


def formats(document: QTextDocument) -> list[QTextFormat]:
    """The format of every stretch of text."""
    found = []
    block = document.begin()
    while block.isValid():
        at = block.begin()
        while not at.atEnd():
            found.append(at.fragment().charFormat())
            at += 1
        block = block.next()
    return found


def test_there_are_two_hundred() -> None:
    assert len(hostile_answers()) == 200


def test_nothing_but_text_reaches_a_document(qapp: QApplication) -> None:  # noqa: ARG001
    for document in documents(SHORT):
        for look in formats(document):
            assert not look.isImageFormat()
            if look.isAnchor():
                assert re.match(r"(?i)(https?://|mailto:)", look.anchorHref())
        assert not BIDI.search(document.toPlainText())


@pytest.mark.parametrize("tag", TAGS)
def test_markup_is_shown_as_it_was_written(qapp: QApplication, tag: str) -> None:  # noqa: ARG001
    (document,) = documents([f"`{tag}`"])
    assert document.toPlainText() == tag


@pytest.mark.parametrize("target", TARGETS)
def test_unsafe_targets_are_no_links(target: str) -> None:
    assert not is_safe_link(target)


@pytest.mark.parametrize(
    "target", ["https://a.example/b?c=d#e", "HTTP://a.example", "mailto:a@b.c"]
)
def test_safe_targets_are_links(target: str) -> None:
    assert is_safe_link(target)
    (block,) = blocks(f"[words]({target})")
    assert block.runs[0].link
    assert block.runs[0].text == "words"


def test_deeply_nested_text_is_kept() -> None:
    assert "needle" in str(blocks("> " * 60 + "needle"))
    assert "needle" in str(
        blocks("".join(f"{'  ' * depth}- x\n" for depth in range(30)) + "needle")
    )


@pytest.mark.parametrize(
    "text",
    [
        "|" + " a |" * 400 + "\n|" + "---|" * 400 + "\n| needle |",
        "$a" * 1_000 + " needle",
        "".join(f"{'  ' * min(depth, 400)}- x\n" for depth in range(600)) + "needle",
        "> > > > > > > > x\n" * 300 + "> needle",
    ],
)
def test_what_costs_too_much_to_read_is_kept_as_text(text: str) -> None:
    made = blocks(text)
    assert "needle" in str(made)
    assert all(block.kind != "table" for block in made)
    assert sum(run.is_math for block in made for run in block.runs) == 0


def test_a_table_of_usual_width_is_one() -> None:
    head = "|" + " a |" * 40 + "\n|" + "---|" * 40 + "\n"
    assert [block.kind for block in blocks(head + "| b |")] == ["table"]


def test_signs_that_mislead_are_shown_or_left_out() -> None:
    assert clean("a\u202eb\x1bc\r\nd\re\ufdd0\ufffc\ud800") == "ab␛c\nd\ne\ufffd\ufffd\ufffd"
    assert name("in\u200bvoice\u202e.exe\n") == "in[U+200B]voice.exe "
