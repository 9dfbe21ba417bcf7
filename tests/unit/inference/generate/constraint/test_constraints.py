"""Schemas and calls followed in the process of their own, with the bundled tokenizer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inference.api import Tool, ToolCallEvent
from inference.generate.constraint.bounds import SchemaError
from inference.generate.constraint.calls import call_grammar
from inference.generate.constraint.matcher import ConstraintLostError
from inference.generate.constraint.worker import Constraints, RemoteMatcher, VocabularySource
from inference.prompt.parse import StreamParser
from inference.prompt.tokenizer import Tokenizer

TINY = Path(__file__).parents[5] / "assets" / "tiny" / "model"
VOCAB = json.loads((TINY / "config.json").read_text())["text_config"]["vocab_size"]
TOKENIZER = Tokenizer.from_file(TINY / "tokenizer.json", VOCAB)
STOP = TOKENIZER.control.turn_close
CLOSE = TOKENIZER.control.call_close


@pytest.fixture
def constraints() -> Iterator[Constraints]:
    made = Constraints()
    made.attach(VocabularySource(TINY / "tokenizer.json", VOCAB, (STOP,)))
    yield made
    made.close()


def written(matcher: RemoteMatcher, seed: int, limit: int = 300) -> tuple[list[int], bool]:
    """Tokens chosen at random of those allowed, the end where it is; whether it came to one."""
    random = np.random.default_rng(seed)
    tokens: list[int] = []
    while len(tokens) < limit:
        choices = np.flatnonzero(matcher.step().allowed(VOCAB))
        if {STOP, CLOSE} & set(choices.tolist()):
            return tokens, True
        tokens.append(int(random.choice(choices)))
        matcher.push([tokens[-1]])
    return tokens, False


@pytest.mark.parametrize(
    ("schema", "level", "ignored"),
    [
        ({"type": "object", "properties": {"a": {"type": "integer"}}}, "strict", ()),
        ({}, "strict", ()),
        ({"type": "array", "uniqueItems": True}, "lenient", ("uniqueItems",)),
    ],
)
def test_the_level_says_what_is_enforced(
    constraints: Constraints, schema: dict[str, Any], level: str, ignored: tuple[str, ...]
) -> None:
    assert constraints.schema(schema).compiled() == (level, ignored)


@pytest.mark.parametrize("schema", [{"type": "thing"}, {"type": "integer", "enum": ["a"]}])
def test_a_schema_that_cannot_be_used_is_refused(
    constraints: Constraints, schema: dict[str, Any]
) -> None:
    with pytest.raises(SchemaError):
        constraints.schema(schema).compiled()
    assert constraints.schema({}).compiled() == ("strict", ())


def test_random_tokens_under_a_schema_are_valid(constraints: Constraints) -> None:
    schema = {
        "type": "object",
        "properties": {"n": {"type": "integer"}, "kind": {"enum": ["bar", "line"]}},
        "required": ["n", "kind"],
        "additionalProperties": False,
    }
    ended = 0
    for seed in range(10):
        tokens, is_whole = written(constraints.schema(schema), seed)
        ended += is_whole
        verdict = constraints.validate(schema, TOKENIZER.decode(tokens))
        assert bool(verdict.problem) != is_whole
    assert ended


def test_tokens_that_are_taken_back_leave_no_trace(constraints: Constraints) -> None:
    matcher = constraints.schema({"enum": ["abc", "xyz"]})
    before = matcher.step().bits
    tokens = TOKENIZER.encode('"ab')
    matcher.push(tokens)
    assert matcher.step().bits != before
    matcher.rewind(len(tokens))
    assert matcher.step().bits == before


def test_random_calls_name_declared_tools_and_can_be_read(constraints: Constraints) -> None:
    tool = Tool(
        "pick",
        "",
        {
            "type": "OBJECT",
            "properties": {"n": {"type": "INTEGER"}, "kind": {"enum": ["a, b", "{c}"]}},
            "required": ["kind"],
        },
    )
    grammar = call_grammar((tool,), TOKENIZER.control)
    for seed in range(6):
        tokens, is_whole = written(constraints.grammar(grammar), seed)
        assert is_whole
        parser = StreamParser(TOKENIZER.control, TOKENIZER.stream, False)
        marked = (TOKENIZER.control.call_open, *tokens, CLOSE)
        events = [event for token_id in marked for event in parser.feed(token_id)]
        (call,) = [event.call for event in events if isinstance(event, ToolCallEvent)]
        assert call.name == "pick"
        assert call.arguments["kind"] in ("a, b", "{c}")
        assert set(call.arguments) <= {"n", "kind"}


def test_without_a_model_there_is_no_grammar() -> None:
    with pytest.raises(ConstraintLostError):
        Constraints().schema({})
