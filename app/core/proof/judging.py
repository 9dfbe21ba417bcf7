"""Whether an answer says what a test showed. Strict about content, lenient about wording."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from app.core.figures.amounts import amount
from app.core.figures.compare import agree
from app.core.figures.parse import figures_of
from app.core.replies import Reply

LONGEST_READ = 200  # characters of an answer that are kept
LONGEST_NUMBER = 40

_DIGIT_WORDS = {
    "zero": "0", "oh": "0", "nought": "0", "one": "1", "two": "2", "three": "3", "four": "4",
    "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
}  # fmt: skip
_TIME = re.compile(r"\b\d{1,2}:\d{2}(?::\d{2})?\b")
_NUMBERED = re.compile(r"^\s*(?:[-*]\s+)?(?:\d+[.)]\s+|(?:frame|picture|image)\s*#?\d+)", re.I)
_DIGIT = re.compile(rf"\b(?:{'|'.join(_DIGIT_WORDS)})\b|[0-9]", re.IGNORECASE)
_NUMBER = re.compile(r"\d(?:[\d,.'’\u00a0\u202f ]*\d)?")


def shortened(text: str) -> str:
    """An answer as one line of bounded length."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_READ else line[: LONGEST_READ - 1] + "…"


def numbers_in(text: str) -> tuple[str, ...]:
    """The whole numbers of a text as bare digits, separators of thousands taken away."""
    runs = (re.sub(r"\D", "", found[0]) for found in _NUMBER.finditer(text))
    return tuple(run for run in runs if len(run) <= LONGEST_NUMBER)


def number_read(text: str, digits: int) -> str:
    """The number that an answer gives; its words where it gives none or more than one."""
    long_ones = {run for run in numbers_in(text) if len(run) >= digits - 2}
    if len(long_ones) == 1:
        return long_ones.pop()
    return shortened(text)


def digits_read(text: str) -> str:
    """A row of digits, as words or figures, like "3 1 4 2"; "" when there is none.

    The line with the most digits counts, without what stands before a colon; one digit a line is
    read downwards. Times and numbers of lines or frames are left out.
    """
    rows = []
    for line in text.splitlines():
        plain = _NUMBERED.sub("", _TIME.sub(" ", line))
        rows.append(_digits(plain.rsplit(":", 1)[-1]) or _digits(plain))
    if not rows:
        return ""
    longest = max(rows, key=len)
    return " ".join(longest if len(longest) > 1 else [d for row in rows for d in row])


def _digits(line: str) -> list[str]:
    return [_DIGIT_WORDS.get(found.casefold(), found) for found in _DIGIT.findall(line)]


def bars_read(text: str, labels: Sequence[str]) -> dict[str, str]:
    """The value that an answer gives for each label, from a table, JSON or lines of text."""
    found: dict[str, str] = {}
    for figure in figures_of(text):
        for label in labels:
            if figure.label.casefold() == label.casefold():
                found.setdefault(label, figure.value)
    for label in labels:
        line = re.search(rf"\b{re.escape(label)}\b\W{{1,6}}(\d[\d.,]*)", text, re.IGNORECASE)
        if label not in found and line is not None:
            found[label] = line[1].rstrip(".,")
    return found


def bars_agree(shown: Mapping[str, int], read: Mapping[str, str]) -> bool:
    """Whether every bar was read with its value."""
    for label, value in shown.items():
        one, other = amount(str(value)), amount(read.get(label, ""))
        if one is None or other is None or not agree(one, other):
            return False
    return True


def json_problem(reply: Reply, wanted: Mapping[str, Any]) -> str:
    """What is wrong with a JSON answer that has to hold these values; "" for nothing.

    The text must be JSON and nothing else, with exactly these keys, each of its type.
    """
    if reply.constraint is not None and not reply.constraint.is_valid:
        return reply.constraint.problem or "It does not follow the schema."
    try:
        value = json.loads(reply.text)
    except (ValueError, RecursionError):
        return "It is no JSON."
    if not isinstance(value, dict) or set(value) != set(wanted):
        return "It does not follow the schema."
    if any(type(value[key]) is not type(each) for key, each in wanted.items()):
        return "It does not follow the schema."
    if any(value[key] != each for key, each in wanted.items()):
        return "It follows the schema, but its values are not those of the question."
    return ""


def call_problem(reply: Reply, name: str, expression: str) -> str:
    """What is wrong with an answer that has to be one call of a calculator; "" for nothing."""
    if not reply.calls:
        return "It called no tool."
    if len(reply.calls) > 1:
        return f"It made {len(reply.calls)} calls instead of one."
    event = reply.calls[0]
    if event.problem:
        return event.problem
    if event.call.name != name:
        return "It called a tool that it was not given."
    given = event.call.arguments.get("expression")
    if not isinstance(given, str) or _plain(given) not in _orders(expression):
        return "It called the tool with another expression."
    return ""


def call_read(reply: Reply) -> str:
    """The calls of an answer as written; its words where it made none."""
    if not reply.calls:
        return shortened(reply.text)
    calls = (f"{e.call.name}({_arguments(e.call.arguments)})" for e in reply.calls)
    return shortened(", ".join(calls))


def _arguments(arguments: Mapping[str, Any]) -> str:
    return ", ".join(f"{key}={value}" for key, value in arguments.items())


def _plain(expression: str) -> str:
    signs = str.maketrans({"×": "*", "x": "*", "−": "-", "–": "-"})
    return "".join(expression.translate(signs).split()).strip("=\"'")


def _orders(expression: str) -> set[str]:
    """The expression and, where that is the same, with its sides exchanged."""
    plain = _plain(expression)
    left, sign, right = re.split(r"([*+])", plain) if re.search(r"[*+]", plain) else (plain, "", "")
    return {plain, f"{right}{sign}{left}"} if sign else {plain}
