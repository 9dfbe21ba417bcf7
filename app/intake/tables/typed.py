"""Columns of text as numbers and days where all of their values are some."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Kind = Literal["text", "number", "date"]

MOST_DIGITS = 38  # of a DECIMAL
MOST_DECIMALS = 12
# Digits in groups of three or in none, then decimals; the marks may change places.
_POINT = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?")
_COMMA = re.compile(r"[-+]?(?:\d{1,3}(?:[. ’']\d{3})+|\d+)?(?:,\d+)?")
_EXPONENT = re.compile(r"[-+]?\d+(?:\.\d+)?[eE][-+]?\d{1,3}")
_AROUND = re.compile(r"^([-+−]?)\s*([$€£¥]|)\s*([-+−]?[\d.,’' \u00a0\u202f]*)\s*([$€£¥%]|)$")
_THIN = str.maketrans({"\u00a0": " ", "\u202f": " ", "−": "-"})
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
NOTHING = frozenset(("", "-", "–", "—", "n/a", "na", "null", "none", "nan"))


@dataclass(frozen=True, slots=True)
class Column:
    """A column's kind and its values as text that SQL can cast, None for nothing.

    `decimals` is how many places after the point its numbers need; None: they do not fit a
    DECIMAL. `unit` is the one sign that stood with its numbers. `doubt` says when numbers could be
    read in two ways.
    """

    kind: Kind
    values: tuple[str | None, ...]
    decimals: int | None = 0
    unit: str = ""
    doubt: str = ""


def typed(values: Sequence[str]) -> Column:
    """The column of these texts."""
    said = [None if value.casefold() in NOTHING else value for value in values]
    given = [value for value in said if value is not None]
    if given and all(_DAY.fullmatch(value) for value in given):
        return Column("date", tuple(said))
    found = _numbers(given)
    if not given or found is None:
        return Column("text", tuple(value or None for value in values))
    numbers, unit, doubt = found
    by_text = iter(numbers)
    texts = tuple(None if value is None else next(by_text) for value in said)
    return Column("number", texts, _decimals(numbers), unit, doubt)


def _numbers(given: Sequence[str]) -> tuple[list[str], str, str] | None:
    """The numbers with a decimal point, the sign they share, a doubt; None if one is no number."""
    if all(_EXPONENT.fullmatch(value) or _is_plain(value) for value in given):
        return [f"{Decimal(value):f}" for value in given], "", ""
    bare: list[str] = []
    units: set[str] = set()
    for value in given:
        match = _AROUND.match(value.translate(_THIN))
        if match is None or not any(map(str.isdigit, match[3])):
            return None
        bare.append((match[1] + match[3]).replace("--", "").strip())
        units.add(match[2] or match[4])
    if len(units) > 1:
        return None
    unit = units.pop() if units else ""
    if all(_POINT.fullmatch(text) for text in bare):
        both = all(_COMMA.fullmatch(text) for text in bare)
        doubt = "" if not both or not any(re.search(r"[.,]", text) for text in bare) else (
            "read with a decimal point"
        )  # fmt: skip
        return [text.replace(",", "") for text in bare], unit, doubt
    if all(_COMMA.fullmatch(text) for text in bare):
        return [re.sub(r"[. ’']", "", text).replace(",", ".") for text in bare], unit, ""
    return None


def _is_plain(value: str) -> bool:
    return re.fullmatch(r"[-+]?\d+(?:\.\d+)?", value, re.ASCII) is not None and (
        # 1.234 alone may be a thousand; then the general way says that it is in doubt.
        re.fullmatch(r"[-+]?\d{1,3}\.\d{3}", value) is None
    )


def _decimals(numbers: Sequence[str]) -> int | None:
    places, whole = 0, 1
    for text in numbers:
        head, _, tail = text.lstrip("+-").partition(".")
        places, whole = max(places, len(tail)), max(whole, len(head))
    return places if places <= MOST_DECIMALS and whole + places + 4 <= MOST_DIGITS else None
