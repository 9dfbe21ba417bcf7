"""From the answers about pieces to one text: words heard twice at a cut are written once."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.core.speech.values import Piece

MOST_SHARED = 8  # words said in the second that two pieces share, at most
# Chinese and Japanese are written without spaces: there a word is a sign.
_SIGN = "\u3040-\u30ff\u3400-\u9fff"
_WORD = re.compile(rf"[{_SIGN}]|[^\s{_SIGN}]+")
_EDGES = re.compile(r"^\W+|\W+$")
SHORTEST_PART = 2  # letters of a word that was cut, to be known by


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a recording and what is said in it. Segments do not overlap."""

    start_s: float
    end_s: float
    text: str


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    plain: str


def segments(pieces: tuple[Piece, ...]) -> tuple[Segment, ...]:
    """The pieces that have been heard, each with its own words; times are those of our cuts.

    Where pieces overlap, one ends and the next begins in the middle of what they share.
    """
    texts = own_texts(pieces)
    made = []
    for index, (piece, text) in enumerate(zip(pieces, texts, strict=True)):
        start, end = piece.start_s, piece.end_s
        if index:
            start = (pieces[index - 1].end_s + start) / 2
        if index + 1 < len(pieces):
            end = (end + pieces[index + 1].start_s) / 2
        if text:
            made.append(Segment(start, end, text))
    return tuple(made)


def own_texts(pieces: tuple[Piece, ...]) -> tuple[str, ...]:
    """The text of each piece without the words that the piece before has already."""
    texts = [piece.text.strip() for piece in pieces]
    for index in range(1, len(pieces)):
        if pieces[index].shares_words:
            texts[index - 1], texts[index] = _joined(texts[index - 1], texts[index])
    return tuple(texts)


def whole_text(pieces: tuple[Piece, ...]) -> str:
    """Everything that is said, in one text."""
    return " ".join(segment.text for segment in segments(pieces))


def _joined(before: str, after: str) -> tuple[str, str]:
    """Both texts, with what they share kept in the first alone."""
    old, new = _words(before), _words(after)
    for count in range(min(MOST_SHARED, len(new)), 0, -1):
        heads = [word.plain for word in new[:count]]
        if _ends_with(old, heads):
            return before, _without(after, new, count)
        # The last word of the piece before was cut off: the next piece has all of it.
        if (
            count < len(new)
            and _ends_with(old[:-1], heads)
            and _is_part(old[-1].plain, new[count].plain, at_start=True)
        ):
            return before[: old[-1].start].rstrip(), _without(after, new, count)
        # The first word of the next piece has lost its beginning.
        if (
            count > 1
            and _ends_with(old, heads[1:])
            and len(old) >= count
            and _is_part(heads[0], old[-count].plain, at_start=False)
        ):
            return before, _without(after, new, count)
    if old and new and _is_part(old[-1].plain, new[0].plain, at_start=True):
        return before[: old[-1].start].rstrip(), after
    return before, after


def _ends_with(words: list[_Word], tail: list[str]) -> bool:
    return len(words) >= len(tail) > 0 and [w.plain for w in words[-len(tail) :]] == tail


def _is_part(part: str, word: str, *, at_start: bool) -> bool:
    if not SHORTEST_PART <= len(part) < len(word):
        return False
    return word.startswith(part) if at_start else word.endswith(part)


def _without(text: str, words: list[_Word], count: int) -> str:
    return text[words[count].start :] if count < len(words) else ""


def _words(text: str) -> list[_Word]:
    """The words of a text; plain is without case and punctuation. Lone punctuation is none."""
    found = (
        _Word(match.start(), match.end(), _EDGES.sub("", match[0]).casefold())
        for match in _WORD.finditer(text)
    )
    return [word for word in found if word.plain]
