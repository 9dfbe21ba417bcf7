"""Text in its looks as Markdown: marks that nest, and nothing else that could be a mark."""

from __future__ import annotations

import re
from itertools import groupby

from app.markdown.blocks import Cell, Run

# A last exclamation mark would turn the link after it into a picture.
SPECIAL = re.compile(r"([\\`*_{}<>~|$&]|!\Z|(?<=:)//|(?<=www)\.)")
# Not with a backslash: \[ begins a formula in many readers, ours among them.
BRACKETS = {ord("["): "&#91;", ord("]"): "&#93;"}
LINE_START = re.compile(r"^(\s*)([+-](?=\s|$)|#+(?=\s|$)|[-=]+(?=\s*$))", re.MULTILINE)
NUMBER_START = re.compile(r"^(\s*\d+)([.)])(?=\s|$)", re.MULTILINE)
# Marks that a reader without formulas would take for code, links and pictures.
UNSAFE_IN_TEX = re.compile(r"`|\]\(|\]\[|://|www\.|&#?\w+;")
LESS, MORE = re.compile(r"\s?<\s?"), re.compile(r"\s?>\s?")
TICKS = re.compile(r"`+")
MARKS = ("**", "*", "~~")


def runs_markdown(runs: Cell, *, in_table: bool = False) -> str:
    """The runs with marks and links; a line end within a paragraph is a hard one."""
    pieces = []
    for link, linked in groupby(runs, key=lambda run: run.link):
        inside = _marked(list(linked), in_table=in_table)
        pieces.append(f"[{inside}](<{_target(link)}>)" if link else inside)
    return "".join(pieces).replace("\n", "\\\n")


def escaped(text: str) -> str:
    """Running text in which nothing is a mark."""
    marked = SPECIAL.sub(r"\\\1", text).translate(BRACKETS)
    marked = LINE_START.sub(r"\1\\\2", marked)
    return NUMBER_START.sub(r"\1\\\2", marked)


def _marked(runs: list[Run], *, in_table: bool) -> str:
    """Marks stay open over neighbours of one look, so that they nest as they were written."""
    made = ""
    opened: list[str] = []
    for place, run in enumerate(runs):
        wanted = _looks(run)
        while any(mark not in wanted for mark in opened):
            made = _closed(made, opened.pop())
        text = _said(run, in_table=in_table)
        new = [mark for mark in MARKS if mark in wanted and mark not in opened]
        if new and text.strip():
            new.sort(key=lambda mark: _lasts(runs, place, mark), reverse=True)
            room = len(text) - len(text.lstrip())
            made += text[:room] + "".join(new)
            text = text[room:]
            opened += new
        made += text
    while opened:
        made = _closed(made, opened.pop())
    return made


def _looks(run: Run) -> set[str]:
    looks = zip(MARKS, (run.is_bold, run.is_italic, run.is_struck), strict=True)
    return {mark for mark, is_so in looks if is_so}


def _lasts(runs: list[Run], place: int, mark: str) -> int:
    """Over how many runs from `place` on a mark stays open."""
    return next((n for n, run in enumerate(runs[place:]) if mark not in _looks(run)), len(runs))


def _closed(text: str, mark: str) -> str:
    """A closing mark stands directly after a letter: space goes behind it."""
    kept = text.rstrip()
    return f"{kept}{mark}{text[len(kept) :]}"


def _said(run: Run, *, in_table: bool) -> str:
    tex = formula(run.text) if run.is_math else None
    if tex is not None:
        return f"${tex}$"
    if run.is_code or run.is_math:
        code = _code(run.text)
        return code.replace("|", "\\|") if in_table else code  # GFM splits cells first
    return escaped(run.text)


def formula(tex: str) -> str | None:
    """TeX that stays harmless where a reader knows no formulas; None if it must become code."""
    if UNSAFE_IN_TEX.search(tex):
        return None
    return LESS.sub(r"\\lt ", MORE.sub(r"\\gt ", tex))


def _code(text: str) -> str:
    longest = max((len(run) for run in TICKS.findall(text)), default=0)
    ticks = "`" * (longest + 1)
    is_padded = text.startswith(" ") and text.endswith(" ") and text.strip()
    room = " " if text.startswith("`") or text.endswith("`") or is_padded else ""
    return f"{ticks}{room}{text}{room}{ticks}"


def _target(link: str) -> str:
    return link.replace("<", "%3C").replace(">", "%3E").replace("\n", "")
