"""Two readings of one figure: the same, different, or nothing found."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Literal

from app.core.figures.amounts import Amount, amount, says_nothing, tidy

Verdict = Literal["confirmed", "differs", "not found"]

_FENCE = re.compile(r"^```\w*\s*|\s*```$")
_MARKS = re.compile(r"[*`_#>|]+")
_SAYING = re.compile(
    r"^(?:.*?\b(?:the )?(?:value|figure|number|answer|reading|result)\b.*?\b(?:is|shows?|reads?|=)"
    r"|.*?\bshows?|.*?\breads?|it is|it's|.{1,60}?[:=])\s+",
    re.IGNORECASE,
)
_REFUSAL = re.compile(
    r"\b(?:not found|not (?:visible|shown|present|available|readable|legible"
    r"|in the (?:picture|image|chart))|cannot (?:see|find|read|determine)|can't (?:see|find|read)"
    r"|no (?:such )?(?:value|figure|number|label)|does not (?:show|appear|contain)|is missing"
    r"|unreadable)\b",
    re.IGNORECASE,
)
_FIELD = re.compile(r'^\s*\{\s*"\w+"\s*:\s*(?:"([^"]*)"|([^",{}\[\]]+))\s*\}\s*$')
LONGEST_VALUE = 80


def value_of(answer: str) -> str:
    """The value that an answer to "what is the value of ..." states; "" when it states none.

    Answers come as "55 %", "**55 %**", "The value is 55 %.", "Quality: 55 %" or a refusal.
    """
    text = _FENCE.sub("", answer.strip())
    field = _FIELD.match(text)
    text = field[1] or field[2] if field else text
    lines = [line for line in (_MARKS.sub("", raw).strip() for raw in text.splitlines()) if line]
    if not lines:
        return ""
    first = tidy(lines[0]).strip("\"'“”")
    if says_nothing(first) or _REFUSAL.search(first):
        return ""
    for candidate in (first, _SAYING.sub("", first), first.rstrip(". ")):
        if amount(candidate) is not None:
            return candidate.rstrip(". ") or candidate
    shorter = _SAYING.sub("", first).rstrip(". ")
    return "" if says_nothing(shorter) else shorter[:LONGEST_VALUE]


def verdict(first: str, second: str) -> Verdict:
    """What a second reading says about the first.

    Numbers agree when both round to the same at the coarser of their printed digits: "$482k" and
    "$482,026" agree, 55 and 53 do not. A unit that only one reading has does not matter; two
    different ones do. Words agree when they are the same but for case, spaces and marks.
    """
    if says_nothing(second):
        return "not found"
    if says_nothing(first):
        return "differs"
    one, other = amount(first), amount(second)
    if one is None and other is None:
        return "confirmed" if _words(first) == _words(second) else "differs"
    if one is None or other is None:
        return "differs"
    return "confirmed" if agree(one, other) else "differs"


def agree(one: Amount, other: Amount) -> bool:
    """Whether two amounts are the same within what was printed."""
    if one.unit and other.unit and _unit(one.unit) != _unit(other.unit):
        return False
    if one.step == other.step:
        return one.number == other.number
    # Half a step of the coarser one: what rounding may take away, and no more.
    return abs(one.number - other.number) <= max(one.step, other.step) / Decimal(2)


def _unit(unit: str) -> str:
    letters = "".join(c for c in unit if not c.isspace() and c not in ".()")
    return letters[:-1] if len(letters) > 3 and letters.endswith("s") else letters


def _words(text: str) -> str:
    normal = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in normal if c.isalnum())
