"""What a person typed into the search field: as an FTS5 query, and as patterns to find it with.

Everything typed is plain text: quotes, operators and brackets have no meaning. Each word finds
words that begin with it, in any case and with or without accents. Scripts written without spaces
are indexed character by character, so that a word is found wherever it stands.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3130-\u318f"
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff66-\uff9d"
    "\U00020000-\U0003ffff"
)
_UNSPACED_CHARACTER = re.compile(f"([{_UNSPACED}])")
_TOKEN = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")
_SPACE = re.compile(r"\s+")
_MARKS = "[\u0300-\u036f]*"

Spans = tuple[tuple[int, int], ...]  # [start, end) of found words

MOST_WORDS = 12
BEFORE, AFTER = 40, 140  # characters of a snippet around the first word found


@dataclass(frozen=True, slots=True)
class Wanted:
    """A search. `query` is for FTS5; empty where its tokens cannot say what was typed."""

    query: str
    patterns: tuple[re.Pattern[str], ...]

    def is_in(self, text: str) -> bool:
        """Whether every word is in the text."""
        return all(pattern.search(text) for pattern in self.patterns)


def wanted(typed: str) -> Wanted:
    """The search for what was typed; without patterns if that was nothing."""
    typed = _composed(typed.replace("\0", " "))
    words = _SPACE.sub(" ", typed).strip().split(" ")[:MOST_WORDS]
    words = [word for word in words if word]
    with_tokens = [word for word in words if _TOKEN.search(word)]
    if not with_tokens:  # an arrow, an emoji: no tokens for the index
        return Wanted("", tuple(re.compile(re.escape(word)) for word in words))
    phrases = ['"{}"*'.format(spaced(word).replace('"', " ").strip()) for word in with_tokens]
    return Wanted(" ".join(phrases), tuple(_pattern(word) for word in with_tokens))


def _composed(text: str) -> str:
    """NFC, except where that would change single letters: it takes some of Bengali and Hebrew apart
    and puts others in the place of compatibility ideographs."""
    if any(unicodedata.normalize("NFC", letter) != letter for letter in text):
        return text
    return unicodedata.normalize("NFC", text)


def spaced(text: str) -> str:
    """The text as the index takes it: characters of unspaced scripts become words."""
    return _UNSPACED_CHARACTER.sub(r" \1 ", text)


def snippet(text: str, patterns: Sequence[re.Pattern[str]]) -> tuple[str, Spans]:
    """One line around the first word found, and where the words are in it."""
    found = [match for pattern in patterns if (match := pattern.search(text))]
    first = min((match.start() for match in found), default=0)
    start = max(0, first - BEFORE)
    if start and (space := text.find(" ", start, first)) >= 0:
        start = space
    end = min(len(text), first + AFTER)
    line = _SPACE.sub(" ", text[start:end]).strip()
    line = f"{'…' if start else ''}{line}{'…' if end < len(text) else ''}"
    return line, spans(line, patterns)


def spans(line: str, patterns: Sequence[re.Pattern[str]]) -> Spans:
    """Where the words are, in order and without overlaps."""
    found = sorted(match.span() for pattern in patterns for match in pattern.finditer(line))
    joined: list[tuple[int, int]] = []
    for start, end in found:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        elif end > start:
            joined.append((start, end))
    return tuple(joined)


@cache
def _accented() -> dict[str, str]:
    """Every Latin letter with its accented forms, as FTS5's remove_diacritics sees them."""
    forms: dict[str, str] = {}
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        plain = _plain(chr(code))
        if plain.isascii() and len(plain) == 1:
            forms[plain] = forms.get(plain, "") + chr(code)
    return forms


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).lower()


def _pattern(word: str) -> re.Pattern[str]:
    parts: list[str] = []
    tokens = _TOKEN.findall(_plain_latin(word))
    for before, token in zip(["", *tokens], tokens, strict=False):
        is_unspaced = _UNSPACED_CHARACTER.match(token) is not None
        if before:
            loose = is_unspaced or _UNSPACED_CHARACTER.match(before) is not None
            parts.append(rf"[\W_]{'*' if loose else '+'}")
        elif not is_unspaced:
            parts.append(rf"(?<![^\W_{_UNSPACED}])")
        parts.append("".join(_letter(letter) for letter in token))
    return re.compile("".join(parts), re.IGNORECASE)


def _plain_latin(word: str) -> str:
    return "".join(plain if (plain := _plain(c)).isascii() and plain else c for c in word)


def _letter(letter: str) -> str:
    forms = _accented().get(letter.lower())
    return (
        f"[{letter}{forms}]{_MARKS}"
        if forms
        else re.escape(letter) + (_MARKS if letter.isascii() and letter.isalpha() else "")
    )
