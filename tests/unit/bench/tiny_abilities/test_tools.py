"""The calculator: two numbers and a sign, nothing else."""

from __future__ import annotations

import pytest

from tests.bench.tiny_abilities.tools import ToolError, calculate


@pytest.mark.parametrize(
    ("expression", "value"),
    [("12 * 7", "84"), ("3-10", "-7"), ("7 / 2", "3.5"), ("1 / 3", "0.33"), ("0.5 + 1", "1.5")],
)
def test_calculates_two_numbers(expression: str, value: str) -> None:
    assert calculate(expression) == value


@pytest.mark.parametrize("expression", ["", "7", "1 + 2 + 3", "2 ** 8", "x + 1", "1 / 0"])
def test_calculates_nothing_else(expression: str) -> None:
    with pytest.raises(ToolError):
        calculate(expression)
