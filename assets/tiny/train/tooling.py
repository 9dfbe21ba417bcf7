"""Conversations with tools: the calculator and the table, called with exact arguments."""

from __future__ import annotations

from typing import Any

import numpy as np

from assets.tiny.train import palette
from assets.tiny.train.exercises import rows
from assets.tiny.train.samples import Sample, model, user
from assets.tiny.train.tables import one_of

_CALCULATOR_NAMES = ("calculate", "calculate", "calculator", "compute")
_CALCULATOR_TEXTS = ("Work out an expression.", "Calculate an expression.", "A calculator.")
_TABLE_NAMES = ("look_up", "look_up", "table_value", "query_table")
_TABLE_TEXTS = ("Read one value of a table.", "Look up a cell of an attached table.")
_TABLES = ("sales", "costs", "plan", "team", "stock", "results", "survey", "orders")
_COLUMNS = ("Value", "Total", "Count", "Price", "Share", "Change")
_OPERATORS = {
    "+": ("+", "plus"),
    "-": ("-", "minus"),
    "*": ("*", "times"),
    "/": ("/", "divided by"),
}
_CALCULATE = (
    "What is {expression}?",
    "Calculate {expression}.",
    "How much is {expression}?",
    "{expression}",
    "Please work out {expression}",
    "Compute {expression}",
)
_LOOK_UP = (
    "What is the {column} of {row} in {table}?",
    "Look up {row} in {table}, column {column}.",
    "In {table}, what is {column} for {row}?",
    "Read {column} of {row} from the table {table}.",
)
CALCULATES = "This needs the calculator."
LOOKS_UP = "The answer is in the table."
HAS_RESULT = "The result is there."


def calculator(rng: np.random.Generator) -> dict[str, Any]:
    """Declaration of a calculator; its name varies, so that the model reads it."""
    return _tool(
        one_of(rng, _CALCULATOR_NAMES),
        one_of(rng, _CALCULATOR_TEXTS),
        {"expression": "An expression such as 12 * 7"},
    )


def table_tool(rng: np.random.Generator) -> dict[str, Any]:
    """Declaration of a tool that reads one value of an attached table."""
    return _tool(
        one_of(rng, _TABLE_NAMES),
        one_of(rng, _TABLE_TEXTS),
        {"table": "Name", "column": "Column", "row": "Row"},
    )


def toolbox(rng: np.random.Generator) -> list[dict[str, Any]]:
    """The calculator, the table tool, or both."""
    kind = rng.random()
    both = [calculator(rng), table_tool(rng)]
    return both[:1] if kind < 0.35 else both[1:] if kind < 0.7 else both


def expression(rng: np.random.Generator) -> tuple[str, str]:
    """How somebody asks for a calculation, and the expression to call with."""
    sign = one_of(rng, tuple(_OPERATORS))
    left, right = (int(rng.integers(1, 10 ** int(rng.integers(1, 4)))) for _ in range(2))
    spoken = _OPERATORS[sign][int(rng.random() < 0.4)]
    return f"{left} {spoken} {right}", f"{left} {sign} {right}"


def calculation_question(rng: np.random.Generator, asked: str) -> str:
    return one_of(rng, _CALCULATE).format(expression=asked)


def calculation(rng: np.random.Generator, thinking: bool) -> Sample:
    """A calculator call. The result is unlikely to be right, so it must be read, not guessed."""
    asked, exact = expression(rng)
    tools = [calculator(rng)]
    if rng.random() < 0.4:
        tools.append(table_tool(rng))
    result = str(int(rng.integers(0, 10 ** int(rng.integers(1, 6)))))
    if rng.random() < 0.2:
        result += f".{int(rng.integers(1, 100))}"
    question = calculation_question(rng, asked)
    call = (tools[0]["function"]["name"], {"expression": exact})
    response: object = result if rng.random() < 0.5 else {"result": _plain(result)}
    if rng.random() < 0.08:
        response = {"error": one_of(rng, ("not a number", "division by zero", "too long"))}
        answer = f"The tool failed: {response['error']}."  # type: ignore[index]
    else:
        answer = f"The result is {result}."
    return _loop("text.calculator", question, tools, call, response, answer, thinking, CALCULATES)


def look_up(rng: np.random.Generator, thinking: bool) -> Sample:
    """A call of the table tool, with names found in the system turn and the question."""
    name = one_of(rng, _TABLES)
    cells = {
        "table": name,
        "column": one_of(rng, _COLUMNS),
        "row": one_of(rng, palette.LABELS),
    }
    tools = [table_tool(rng)]
    if rng.random() < 0.4:
        tools.insert(0, calculator(rng))
    value = rows(rng, 1, 2)[0][1]
    question = one_of(rng, _LOOK_UP).format(**cells)
    call = (tools[-1]["function"]["name"], cells)
    response: object = value if rng.random() < 0.5 else {"value": value}
    answer = f"{cells['row']}: {value}"
    return _loop("text.look_up", question, tools, call, response, answer, thinking, LOOKS_UP)


def _loop(
    kind: str,
    question: str,
    tools: list[dict[str, Any]],
    call: tuple[str, dict[str, Any]],
    response: object,
    answer: str,
    thinking: bool,
    thought: str,
) -> Sample:
    name, arguments = call
    calling: dict[str, Any] = {
        "role": "assistant",
        "content": "",
        "tool_calls": [{"type": "function", "function": {"name": name, "arguments": arguments}}],
        "tool_responses": [{"name": name, "response": response}],
    }
    if thinking:
        calling["reasoning"] = thought
    last = model(answer, HAS_RESULT if thinking else "")
    kind = f"{kind}_thinking" if thinking else kind
    return Sample([user(question), calling, last], kind=kind, tools=tools, thinking=thinking)


def _plain(number: str) -> int | float:
    return float(number) if "." in number else int(number)


def _tool(name: str, text: str, fields: dict[str, str]) -> dict[str, Any]:
    properties = {key: {"type": "string", "description": said} for key, said in fields.items()}
    parameters = {"type": "object", "properties": properties, "required": list(fields)}
    return {
        "type": "function",
        "function": {"name": name, "description": text, "parameters": parameters},
    }
