"""A schema in one line."""

from __future__ import annotations

import pytest

from app.core.schemas.shorthand import MOST_FIELDS, from_shorthand
from inference import PromptError


def test_fields_become_an_object_of_required_properties() -> None:
    assert from_shorthand("name, age int, tags [text]") == {
        "type": "object",
        "properties": {
            "name": {"type": "string"},
            "age": {"type": "integer"},
            "tags": {"type": "array", "items": {"type": "string"}},
        },
        "required": ["name", "age", "tags"],
        "additionalProperties": False,
    }


def test_any_is_any_json() -> None:
    assert from_shorthand(" any ") == {}


@pytest.mark.parametrize("text", ["", "name,", "age blob", "a int b", "a [int", "a, a", "{}", "[]"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(PromptError):
        from_shorthand(text)


def test_too_many_fields_are_refused() -> None:
    with pytest.raises(PromptError, match="more than"):
        from_shorthand(",".join(f"f{i}" for i in range(MOST_FIELDS + 1)))
