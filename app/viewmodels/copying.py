"""A turn's text for the clipboard, without its thought."""

from __future__ import annotations

import re
from typing import Literal

from app.core.conversation import Turn

_MARKS = (
    (re.compile(r"^ {0,3}#{1,6}\s+", re.MULTILINE), ""),
    (re.compile(r"^ {0,3}>\s?", re.MULTILINE), ""),
    (re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])"), r"\1"),
    (re.compile(r"!?\[([^\]\n]*)\]\([^)\s]*\)"), r"\1"),
    (re.compile(r"`([^`\n]+)`"), r"\1"),
)
_FENCE = re.compile(r"^ {0,3}(```|~~~).*$")


def copied_text(turn: Turn, form: Literal["plain", "markdown"]) -> str:
    """The text as written, or as plain text without the marks of Markdown; code stays as it is."""
    if form == "markdown" or turn.role != "model":
        return turn.text.strip()
    done: list[str] = []
    prose: list[str] = []
    in_code = False
    for line in turn.text.strip().split("\n"):
        if _FENCE.match(line):
            in_code = not in_code
            done.append(_plain("\n".join(prose))) if prose else None
            prose = []
        elif in_code:
            done.append(line)
        else:
            prose.append(line)
    if prose:
        done.append(_plain("\n".join(prose)))
    return "\n".join(done)


def _plain(text: str) -> str:
    for pattern, replacement in _MARKS:
        text = pattern.sub(replacement, text)
    return text
