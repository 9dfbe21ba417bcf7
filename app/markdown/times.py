"""Moments in answers, such as 1:20 or 0:42-0:57, as links into the clip they are about.

The links have a scheme of their own that no answer can write: the parser takes http, https and
mailto only. They are made where text goes into a document, so blocks, copies and reports hold
the plain text.
"""

from __future__ import annotations

import re
from dataclasses import replace

from app.markdown.blocks import Cell, Run

SCHEME = "facet-time:"
# m:ss or h:mm:ss, no part of a longer number, ratio, clock time with a letter or path.
_MOMENT = r"(?:(\d{1,2}):)?(\d{1,3}):([0-5]\d)"
_END = r"(?![\w/]|[:.,]\d)"
_TIME = re.compile(rf"(?<![\w:.,/])(?<!\d[-–—]){_MOMENT}(?:\.\d)?{_END}")
_AFTER_DASH = re.compile(rf"(?<=\d)[-–—]{_MOMENT}{_END}")


def spans(text: str, until_s: float) -> list[tuple[int, int, int]]:
    """Places `[start, end)` of moments before `until_s` in `text`, with their whole seconds."""
    found: list[tuple[int, int, int]] = []
    for match in _TIME.finditer(text):
        _take(found, match, match.start(), until_s)
        second = _AFTER_DASH.match(text, match.end())
        if second is not None:
            _take(found, second, second.start() + 1, until_s)
    return found


def _take(
    found: list[tuple[int, int, int]], match: re.Match[str], start: int, until_s: float
) -> None:
    hours, minutes, seconds = match.groups()
    if hours is not None and int(minutes) > 59:
        return
    at = int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)
    if at < until_s:
        found.append((start, match.end(), at))


def timed(runs: Cell, until_s: float) -> Cell:
    """The runs with every moment before `until_s` seconds as a link; as they were for 0."""
    if until_s <= 0:
        return runs
    made: list[Run] = []
    for run in runs:
        if run.is_code or run.is_math or run.link or ":" not in run.text:
            made.append(run)
            continue
        at = 0
        for start, end, second in spans(run.text, until_s):
            if start > at:
                made.append(replace(run, text=run.text[at:start]))
            made.append(replace(run, text=run.text[start:end], link=f"{SCHEME}{second}"))
            at = end
        if at < len(run.text):
            made.append(replace(run, text=run.text[at:]))
    return tuple(made)


def second_of(target: str) -> int | None:
    """The second that a link of ours leads to; None for any other link."""
    number = target.removeprefix(SCHEME)
    return int(number) if target.startswith(SCHEME) and number.isdecimal() else None
