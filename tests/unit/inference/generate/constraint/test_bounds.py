"""What a schema may be."""

from __future__ import annotations

from typing import Any

import pytest

from inference.generate.constraint.bounds import (
    MAX_BYTES,
    MAX_DEPTH,
    SchemaError,
    check_bounds,
)


def nested(depth: int) -> dict[str, Any]:
    schema: dict[str, Any] = {}
    for _ in range(depth - 1):
        schema = {"not": schema}
    return schema


def test_a_schema_keeps_the_order_of_its_keys() -> None:
    assert check_bounds({"type": "object", "a": [1, True]}) == '{"type":"object","a":[1,true]}'


def test_the_deepest_schema_is_taken_and_one_deeper_is_not() -> None:
    check_bounds(nested(MAX_DEPTH))
    with pytest.raises(SchemaError, match="nested"):
        check_bounds(nested(MAX_DEPTH + 1))


def test_depth_is_found_without_recursion() -> None:
    with pytest.raises(SchemaError, match="nested"):
        check_bounds(nested(100_000))


def test_a_schema_that_is_too_large_is_refused() -> None:
    with pytest.raises(SchemaError, match="KB"):
        check_bounds({"title": "x" * MAX_BYTES})


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {1, 2}, b"x", "\ud800"])
def test_what_json_does_not_have_is_refused(value: Any) -> None:
    with pytest.raises(SchemaError, match="does not have"):
        check_bounds({"const": value})


@pytest.mark.parametrize("document", ["http://example.com/x.json", "other.json#/a", "file:///x"])
def test_another_document_is_refused(document: str) -> None:
    with pytest.raises(SchemaError, match="nothing is fetched"):
        check_bounds({"properties": {"a": {"$ref": document}}})


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#/$defs/a", "$defs": {"a": {}}},
        {"$ref": "https://json-schema.org/draft/2020-12/schema"},
        {"const": {"$ref": "http://example.com/x"}},
        {"$id": "http://example.com/root", "$ref": "http://example.com/root#/a"},
    ],
)
def test_references_that_lead_nowhere_else_are_taken(schema: dict[str, Any]) -> None:
    check_bounds(schema)
