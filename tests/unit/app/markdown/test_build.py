"""The document follows its blocks: streamed or at once, it is the same document."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QApplication

from app.markdown.build import Builder
from app.markdown.stream import Stream, blocks
from app.markdown.style import DocumentStyle
from app.widgets.document_style import document_style
from app.widgets.theme import Theme
from tests.unit.app.markdown.described import described
from tests.unit.app.markdown.texts import cut_texts

LONG = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def style(qapp: QApplication) -> DocumentStyle:  # noqa: ARG001 - fonts need an application
    return document_style(Theme("light"))


def streamed(pieces: list[str], style: DocumentStyle) -> QTextDocument:
    """A document that followed every change."""
    document = QTextDocument()
    builder = Builder(document, style)
    stream = Stream(clock=lambda: 0.0)
    for piece in pieces:
        builder.apply(stream.append(piece))
    builder.apply(stream.finish())
    return document


def at_once(text: str, style: DocumentStyle) -> QTextDocument:
    """A document of the whole text."""
    document = QTextDocument()
    Builder(document, style).append(blocks(text))
    return document


@LONG
@given(pieces=cut_texts())
def test_streamed_equals_one_shot(style: DocumentStyle, pieces: list[str]) -> None:
    assert described(streamed(pieces, style)) == described(at_once("".join(pieces), style))
