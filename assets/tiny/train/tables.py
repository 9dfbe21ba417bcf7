"""Questions about a few labelled values, and their answers: the same for charts and for text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

Row = tuple[str, str]  # label, value as printed

TABLE = (
    "Write the chart as a table.",
    "Turn this chart into a Markdown table.",
    "Give me the values as a table.",
    "Make a table of this chart.",
    "Read the chart into a table.",
    "Table, please.",
)
HIGHEST = (
    "Which is the highest?",
    "Which one has the highest value?",
    "What is the highest value?",
    "Which label is highest?",
    "Which is the largest?",
)
LOWEST = (
    "Which is the lowest?",
    "Which one has the lowest value?",
    "What is the lowest value?",
    "Which label is lowest?",
    "Which is the smallest?",
)
VALUE = (
    "What is the value of {label}?",
    "How much is {label}?",
    "What does {label} show?",
    "Read the value for {label}.",
    "{label}?",
)
JSON = (
    "Give me the values as JSON.",
    "Write the chart as JSON.",
    "Answer as JSON: label to value.",
    "Turn this chart into JSON.",
)
TASKS = ("table", "highest", "lowest", "value", "json")
_WORDINGS = {"table": TABLE, "highest": HIGHEST, "lowest": LOWEST, "json": JSON}


def ask(rng: np.random.Generator, rows: Sequence[Row], task: str) -> tuple[str, str]:
    """A question of the kind `task` about `rows`, and its answer.

    For "highest" and "lowest" the numbers of `rows` must differ.
    """
    if task == "value":
        label, value = rows[int(rng.integers(len(rows)))]
        return one_of(rng, VALUE).format(label=label), value
    question = one_of(rng, _WORDINGS[task])
    if task == "table":
        return question, markdown(rows)
    if task == "json":
        return question, json_object(rows)
    label, value = (max if task == "highest" else min)(rows, key=lambda row: number(row[1]))
    # Said first, the values can be compared as words: a small model cannot do both in one step.
    listed = ", ".join(" ".join(row) for row in rows)
    return question, f"{listed}. The {task} is {label}: {value}"


def markdown(rows: Sequence[Row]) -> str:
    """A Markdown table of the rows, without a final line break."""
    lines = ["| Label | Value |", "| --- | --- |"]
    return "\n".join([*lines, *(f"| {label} | {value} |" for label, value in rows)])


def json_object(rows: Sequence[Row]) -> str:
    """The rows as one JSON object; a value with a unit stays text."""
    pairs = (
        f'"{label}": {value if value.replace(".", "", 1).isdigit() else chr(34) + value + chr(34)}'
        for label, value in rows
    )
    return "{" + ", ".join(pairs) + "}"


def number(value: str) -> float:
    """The number in a printed value such as 42, 3.5 or 12%."""
    return float("".join(c for c in value if c.isdigit() or c == "."))


def one_of(rng: np.random.Generator, choices: Sequence[str]) -> str:
    """One of `choices`, equally likely."""
    return choices[int(rng.integers(len(choices)))]


def words(text: str) -> tuple[str, ...]:
    """The words of a list that is written as one line."""
    return tuple(text.split())
