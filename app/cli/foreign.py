"""Makes text from a model or a file harmless to a terminal, and shows that something was there.

A terminal obeys escape sequences: they can rewrite what was printed before, set the clipboard or
the window title. Every control character is therefore replaced by its picture.
"""

from __future__ import annotations

import re
import unicodedata

_DELETE = 0x7F
_PICTURES = 0x2400  # U+2400 + c is the picture of control character c
_PICTURE_OF_DELETE = "\u2421"

# C0 without tab and line feed, delete, C1, line and paragraph separators, the directional
# embeddings, overrides and isolates (they can reorder a whole line), and lone surrogates (they
# cannot be encoded).
_HARMFUL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def harmless(text: str) -> str:
    """Running text: line feeds and tabs stay, carriage returns go, other controls become visible.

    Works character by character, so a sequence that arrives in pieces is caught as well.
    """
    return _HARMFUL.sub(_visible, text.replace("\r", ""))


def harmless_line(text: str) -> str:
    """A name or value within a line: every control, format and unassigned character is shown."""
    return "".join(c if unicodedata.category(c)[0] != "C" else _escaped(c) for c in harmless(text))


def _visible(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(_PICTURES + code)
    return _PICTURE_OF_DELETE if code == _DELETE else _escaped(match[0])


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
