"""Tools in the words that the demonstration model has learnt; it understands no others."""

from __future__ import annotations

from dataclasses import replace

from app.core.tools.declare import from_schema
from app.core.tools.naming import tables
from app.core.tools.values import Arguments, Outcome, Surroundings, ToolSpec

_WORDS: dict[str, tuple[str, dict[str, str]]] = {
    "calculate": ("Work out an expression.", {"expression": "An expression such as 12 * 7"}),
    "sum_column": ("Read one value of a table.", {"table": "Name", "column": "Column"}),
}


def in_its_words(specs: tuple[ToolSpec, ...]) -> tuple[ToolSpec, ...]:
    """Those of the tools that the demonstration model can use, declared as it knows them."""
    return tuple(_plain(spec) for spec in specs if spec.name in _WORDS)


def _plain(spec: ToolSpec) -> ToolSpec:
    text, fields = _WORDS[spec.name]
    properties = {name: {"type": "string", "description": said} for name, said in fields.items()}
    made = replace(spec, tool=from_schema(spec.name, text, properties, list(fields)))
    return _of_the_only_table(made) if "table" in fields else made


def _of_the_only_table(spec: ToolSpec) -> ToolSpec:
    """The model finds columns but seldom the name of a table: where there is one, that is meant."""

    def run(arguments: Arguments, around: Surroundings) -> Outcome:
        known = tables(around)
        meant = next(iter(known)) if len(known) == 1 else arguments["table"]
        return spec.run({**arguments, "table": meant}, around)

    def say(arguments: Arguments) -> str:
        return f"Add up the column {arguments.get('column', '…')} of the attached table"

    return replace(spec, run=run, say=say)
