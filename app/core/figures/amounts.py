"""Numbers as people and models print them: "$482k", "55 %", "1.234,5", "(3)", "-", "57 of 100".

Decimal throughout, so that 0.1 + 0.2 is 0.3 and what was printed stays what was printed.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

LONGEST = 80  # characters; what is longer is prose, not a value
MOST_DIGITS = 40

_SPACES = re.compile(r"[\s\u00a0\u2000-\u200b\u202f\u2060\ufeff]+")
_MINUS = str.maketrans({"−": "-", "–": "-", "‒": "-", "﹣": "-", "－": "-", "＋": "+"})
_NUMBER = re.compile(r"(?<![\w.,])[-+]?\d[\d.,'’ ]*|(?<![\w.,])[-+]?[.,]\d+")
_SCALES = {
    "k": 3, "tsd": 3, "thousand": 3, "thousands": 3,
    "m": 6, "mn": 6, "mio": 6, "mm": 6, "million": 6, "millions": 6,
    "b": 9, "bn": 9, "mrd": 9, "billion": 9, "billions": 9,
    "t": 12, "tn": 12, "trillion": 12, "trillions": 12,
}  # fmt: skip
_WORD_UNITS = {
    "percent": "%", "pct": "%", "per cent": "%", "prozent": "%",
    "usd": "$", "us$": "$", "dollar": "$", "dollars": "$",
    "eur": "€", "euro": "€", "euros": "€", "gbp": "£", "jpy": "¥",
    "points": "pt", "point": "pt", "pts": "pt",
    "hour": "h", "hours": "h", "hrs": "h", "minute": "min", "minutes": "min", "mins": "min",
    "second": "s", "seconds": "s", "secs": "s", "day": "d", "days": "d",
}  # fmt: skip
_CURRENCIES = frozenset(
    ("usd", "eur", "gbp", "jpy", "chf", "cny", "inr", "sek", "nok", "dkk", "pln", "czk", "aud")
)
_LEADS = re.compile(r"^(?:about|approx(?:imately)?\.?|circa|ca\.?|around|roughly|nearly|[~≈≃])\s*")
_NOTHING = re.compile(
    r"^(?:|[-.?x]+|n\.? ?/?a\.?|nan|null|none|nil|unknown|unreadable|illegible|missing|empty"
    r"|\(?(?:value )?(?:is )?(?:not|un)[ -]?(?:found|available|visible|shown|given|present"
    r"|readable|specified|legible|known|stated|labell?ed)(?: in the (?:picture|image|chart))?\)?)"
    r"[.!]?$"
)


@dataclass(frozen=True, slots=True)
class Amount:
    """A printed number. `number` includes the scale of k, M and bn; a per cent stays as printed.

    `step` is the value of the last printed digit, so that 1.2k was printed in steps of 100.
    `unit` is in one spelling ("%", "$", "h"); `scale` is the letter or word that was printed.
    """

    number: Decimal
    unit: str = ""
    step: Decimal = Decimal(1)
    scale: str = ""


def tidy(text: str) -> str:
    """One line of ordinary characters: digits of all scripts as 0-9, spaces as one space."""
    normal = unicodedata.normalize("NFKC", text[: 4 * LONGEST]).translate(_MINUS)
    normal = "".join(_digit(c) for c in normal if c in "\t\n\r" or c.isprintable() or c.isspace())
    return _SPACES.sub(" ", normal).strip()


def _digit(character: str) -> str:
    if character.isascii() or not character.isdecimal():
        return character
    return str(unicodedata.decimal(character))


def says_nothing(text: str) -> bool:
    """Whether a text stands for the absence of a value."""
    return _NOTHING.match(tidy(text).casefold().strip("\"'`*_ ")) is not None


@lru_cache(maxsize=8192)  # tables are gone through at every change of one figure
def amount(text: str) -> Amount | None:
    """The one number that a text states, None for words, ranges, dates, times and sentences."""
    tidied = tidy(text)
    line = _LEADS.sub("", tidied.casefold())
    if not line or len(line) > LONGEST:
        return None
    line = re.sub(r"\s*(?:/|of|out of)\s*(?:100|10)$", "", line)  # "57 of 100" states 57
    is_negative = bool(re.fullmatch(r"\(.*\d.*\)", line)) and "-" not in line
    if is_negative:
        line = line[1:-1].strip()
    # A currency may stand between sign and digits: -$5.
    line = re.sub(r"^([-+])\s*([^\d\s.,+-]{1,4})\s*(?=[\d.,])", r"\2\1", line)
    numbers = list(_NUMBER.finditer(line))
    if len(numbers) != 1:
        return None
    found = numbers[0]
    before, printed = line[: found.start()], found[0].strip(" '’")
    after = line[found.start() + len(found[0].rstrip(" '’")) :]
    read = _decimal(printed.rstrip(".,"))
    # After a space, m is metres and M a million.
    is_metre = after.startswith(" ") and not re.search(r"\d M\b", tidied)
    parts = _unit(before, after.lstrip(".,"), is_metre)
    if read is None or parts is None:
        return None
    number, step = read
    unit, scale = parts
    factor = Decimal(10) ** _SCALES[scale] if scale else Decimal(1)
    number = -number if is_negative else number
    return Amount(number * factor, unit, step * factor, scale)


def _decimal(printed: str) -> tuple[Decimal, Decimal] | None:
    """Number and step of digits with separators. A lone comma or point before three digits
    separates thousands if it is a comma, decimals if it is a point."""
    sign = -1 if printed.startswith("-") else 1
    digits = printed.lstrip("+-")
    if sum(c.isdigit() for c in digits) > MOST_DIGITS:
        return None
    digits = re.sub(r"(?<=\d)[ '’](?=\d{3}(?!\d))", "", digits)
    if re.search(r"[ '’]", digits):
        return None
    points, commas = digits.count("."), digits.count(",")
    if points and commas:
        decimal = max(".,", key=digits.rfind)
        other = "," if decimal == "." else "."
        if digits.count(decimal) > 1 or not _are_thousands(digits.split(decimal)[0], other):
            return None
        digits = digits.replace(other, "").replace(decimal, ".")
    elif points > 1 or commas > 1 or (commas and re.fullmatch(r"[1-9]\d{0,2},\d{3}", digits)):
        separator = "." if points else ","
        if not _are_thousands(digits, separator):
            return None
        digits = digits.replace(separator, "")
    else:
        digits = digits.replace(",", ".")
    number = Decimal(digits)
    places = len(digits.partition(".")[2])
    return sign * number, Decimal(1).scaleb(-places)


def _are_thousands(whole: str, separator: str) -> bool:
    return re.fullmatch(rf"\d{{1,3}}(?:{re.escape(separator)}\d{{3}})*", whole) is not None


def _unit(before: str, after: str, is_metre: bool) -> tuple[str, str] | None:
    """Unit and scale around a number; None when the words around it make it no plain value."""
    lead, tail = before.strip(), after.strip()
    if len(lead) > 8 or len(tail) > 40 or re.search(r"\d", lead + tail):
        return None
    if re.search(r"[:/]$", lead) or (lead.isalpha() and lead not in _CURRENCIES):
        return None
    scale = ""
    head = re.match(r"([a-z]+)\.?(?=$|[^a-z])", tail)
    if head and head[1] in _SCALES and not (head[1] == "m" and is_metre):
        scale = head[1]
        tail = tail[head.end() :].strip()
    tail = tail.strip(" .")
    if tail.startswith(("-", ":")):  # a range, a time
        return None
    units = [_spelled(part) for part in (lead, tail) if part]
    return " ".join(units), scale


def _spelled(unit: str) -> str:
    unit = unit.strip(" ()[]")
    return _WORD_UNITS.get(unit, unit)


def is_number(text: str) -> bool:
    """Whether a text states one number."""
    return amount(text) is not None


def plain(number: Decimal) -> str:
    """A decimal without exponent and without zeros at the end of its fraction."""
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def grouped(number: Decimal) -> str:
    """As `plain`, with commas between thousands."""
    text = plain(number)
    whole, _, fraction = text.partition(".")
    sign = "-" if whole.startswith("-") else ""
    digits = whole.lstrip("-")
    parts = []
    while len(digits) > 3:
        parts.append(digits[-3:])
        digits = digits[:-3]
    body = ",".join([digits, *reversed(parts)])
    return f"{sign}{body}.{fraction}" if fraction else f"{sign}{body}"


def in_unit(number: Decimal, like: Amount) -> str:
    """A number printed with the unit and scale of another amount, such as "$1.2M" or "100 %"."""
    if like.scale:
        number = number.scaleb(-_SCALES[like.scale])
    scale = like.scale.upper() if like.scale == "m" else like.scale
    text = grouped(number) + (f" {scale}" if len(scale) > 1 else scale)
    unit = like.unit
    if not unit:
        return text
    if unit in "$€£¥" or (len(unit) <= 3 and unit.endswith("$")):
        return f"-{unit}{text[1:]}" if text.startswith("-") else f"{unit}{text}"
    return f"{text} {unit}"
