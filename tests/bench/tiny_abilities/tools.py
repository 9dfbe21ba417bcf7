"""The tools that the bench really runs: a calculator and a table."""

from __future__ import annotations

import operator
import re
from collections.abc import Mapping
from typing import Any

_OPERATORS = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
_NUMBER = r"\s*(-?\d+(?:\.\d+)?)\s*"
_EXPRESSION = re.compile(rf"{_NUMBER}([-+*/]){_NUMBER}")


class ToolError(ValueError):
    """The call cannot be carried out; the text goes back to the model."""


def calculate(expression: str) -> str:
    """Two numbers and one operator, for example `12 * 7`. Raises ToolError for anything else."""
    found = _EXPRESSION.fullmatch(expression)
    if found is None:
        raise ToolError("not a number")
    left, sign, right = found.groups()
    if sign == "/" and float(right) == 0:
        raise ToolError("division by zero")
    value = _OPERATORS[sign](float(left), float(right))
    return f"{value:.2f}".rstrip("0").rstrip(".")


def cell(arguments: Mapping[str, Any], table: Mapping[tuple[str, str, str], str]) -> str:
    """The value at table, row and column. Raises ToolError if there is none."""
    key = tuple(str(arguments.get(name, "")) for name in ("table", "row", "column"))
    if key not in table:
        raise ToolError("no such cell")
    return table[key]  # type: ignore[index]
