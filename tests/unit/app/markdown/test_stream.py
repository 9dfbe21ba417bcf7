"""Streamed Markdown gives the same blocks as the whole text, and is cheap to continue."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import given, settings
from markdown_it.token import Token

from app.markdown.blocks import Block
from app.markdown.parse import Reader
from app.markdown.stream import Stream, blocks
from tests.unit.app.markdown.texts import cut_texts, texts


def streamed(pieces: Iterable[str]) -> tuple[Block, ...]:
    """The blocks after all pieces, made by following every change."""
    stream = Stream(clock=lambda: 0.0)
    made: list[Block] = []
    for piece in pieces:
        change = stream.append(piece)
        assert change.keep <= len(made)
        made[change.keep :] = change.blocks
    change = stream.finish()
    made[change.keep :] = change.blocks
    return tuple(made)


def parsed_whole(text: str) -> tuple[Block, ...]:
    """The blocks by one pass of the parser, without any keeping of parts."""
    reader = Reader()
    from app.markdown.clean import clean
    from app.markdown.stream import _cut

    text = clean(text)
    made: list[Block] = []
    groups: list[list[Token]] = reader.groups(text)
    for group in groups:
        made += _cut(reader.blocks(group), group, text.split("\n"))
    return tuple(made)


@settings(max_examples=300, deadline=None)
@given(cut_texts())
def test_streamed_equals_one_shot(pieces: list[str]) -> None:
    assert streamed(pieces) == blocks("".join(pieces))


@settings(max_examples=300, deadline=None)
@given(texts)
def test_character_by_character_equals_one_shot(text: str) -> None:
    assert streamed(text) == blocks(text)


@settings(max_examples=300, deadline=None)
@given(texts)
def test_keeping_parts_changes_nothing(text: str) -> None:
    assert blocks(text) == parsed_whole(text)
