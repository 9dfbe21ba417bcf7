"""The check of finished JSON."""

from __future__ import annotations

from typing import Any

import pytest

from inference.generate.constraint.validation import place, schema_problem, validate

PERSON: dict[str, Any] = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "tags": {"type": "array", "items": {"minimum": 3}}},
    "required": ["name"],
}


def test_a_text_that_follows_its_schema() -> None:
    assert validate(PERSON, '{"name": "Ann", "tags": [3]}').problem == ""


def test_the_innermost_place_is_named_with_its_piece_of_the_schema() -> None:
    verdict = validate(PERSON, '{"name": 1, "tags": [5, 2]}')
    assert verdict.path == ("tags", 1)
    assert verdict.part == {"minimum": 3}
    assert verdict.problem.startswith("tags[1]: ")


@pytest.mark.parametrize("text", ["", "{", "NaN", "1e999", '{"name": "Ann"} x', "[" * 100_000])
def test_what_is_not_json_is_said(text: str) -> None:
    assert validate({}, text).problem.startswith("The answer is not JSON")


def test_a_key_that_stands_twice_is_reported() -> None:
    assert validate({}, '{"a": 1, "a": 2}').twice == ("a",)


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ({"$ref": "#/$defs/none"}, "does not hold"),
        ({"pattern": "("}, "cannot be checked"),
        ({"$ref": "#"}, "cannot be checked"),
    ],
)
def test_a_schema_that_cannot_be_used_is_no_valid_answer(schema: dict[str, Any], said: str) -> None:
    assert said in validate(schema, '"text"').problem


def test_formats_are_demands() -> None:
    assert validate({"format": "date"}, '"2026-02-30"').problem
    assert not validate({"format": "date"}, '"2026-02-28"').problem


def test_a_schema_that_is_none_is_said() -> None:
    assert schema_problem({"type": "thing"}).startswith("type: ")
    assert schema_problem(PERSON) == ""


def test_places_are_written_as_people_do() -> None:
    assert place(("items", 2, "price")) == "items[2].price"
    assert place(()) == "the whole answer"
