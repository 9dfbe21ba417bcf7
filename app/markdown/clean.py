"""Characters of foreign text that must not reach a document as they are."""

from __future__ import annotations

import re

# Overrides of writing direction make text and targets look like something else.
BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
# Surrogates, the marks by which Qt tells frames and objects from text, other paragraph ends.
_FOREIGN = re.compile("[\ud800-\udfff\ufdd0-\ufdef\ufffc\ufffe\uffff]")
_CONTROLS = {code: 0x2400 + code for code in range(32) if code not in (9, 10)}
_CONTROLS[0x7F] = 0x2421
_CONTROLS[0x85] = 0x0A
_CONTROLS[0x2028] = 0x0A
_CONTROLS[0x2029] = 0x0A
_ZERO_WIDTH = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")


def clean(text: str) -> str:
    """`text` with line ends as "\\n", without direction overrides, controls made visible.

    A character is treated alone, except that "\\r\\n" is one line end: cleaning piece by piece
    gives the same as cleaning at once, if no piece ends between those two.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _FOREIGN.sub("\ufffd", BIDI.sub("", text.translate(_CONTROLS)))


def name(text: str) -> str:
    """A foreign file name or target on one line, its invisible characters shown as such."""
    shown = clean(text).replace("\n", " ").replace("\t", " ")
    return _ZERO_WIDTH.sub(_code, shown)


def visible(text: str) -> str:
    """Foreign text on its lines, with every character shown that could hide or turn something."""
    marked = BIDI.sub(_code, _ZERO_WIDTH.sub(_code, text))
    return clean(marked).replace("\t", " ")


def _code(found: re.Match[str]) -> str:
    return f"[U+{ord(found.group()):04X}]"
