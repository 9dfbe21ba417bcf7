"""What a schema may be before anything is made of it: JSON, small, flat, and complete in itself."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from inference.api import JsonValue
from inference.errors import GenerationError

MAX_BYTES = 256 * 1024
MAX_DEPTH = 64

_REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")
# Values of these are data, not schemas: what looks like a reference in them is none.
_DATA = frozenset(("const", "enum", "default", "examples", "example"))
# The published schemas of schemas come with the validator and are never fetched.
_BUNDLED = ("http://json-schema.org/", "https://json-schema.org/")


class SchemaError(GenerationError):
    """A schema cannot be used; the message says why."""


def check_bounds(schema: Mapping[str, JsonValue]) -> str:
    """The schema as compact JSON, its keys in their order.

    Raises SchemaError when it is no JSON object, larger than MAX_BYTES, deeper than MAX_DEPTH, or
    refers to another document: nothing is ever fetched.
    """
    if not isinstance(schema, Mapping):
        raise SchemaError("A schema must be a JSON object.", "Mend the schema.")
    _check_depth(schema)
    try:
        text = json.dumps(schema, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        size = len(text.encode())
    except (TypeError, ValueError, UnicodeEncodeError, RecursionError):
        raise SchemaError(
            "The schema holds something that JSON does not have.", "Mend the schema."
        ) from None
    if size > MAX_BYTES:
        raise SchemaError(
            f"The schema has {size / 1024:,.0f} KB; at most {MAX_BYTES // 1024} KB are read.",
            "Leave parts of it out.",
        )
    _check_references(schema)
    return text


def _check_depth(schema: JsonValue) -> None:
    """Without recursion, because the depth is what is in question."""
    waiting: list[tuple[JsonValue, int]] = [(schema, 1)]
    while waiting:
        value, depth = waiting.pop()
        if not isinstance(value, Mapping | list | tuple):
            continue
        if depth > MAX_DEPTH:
            raise SchemaError(
                f"The schema is nested more than {MAX_DEPTH} levels deep.",
                "Use $defs and $ref to make it flatter.",
            )
        children = value.values() if isinstance(value, Mapping) else value
        waiting += [(child, depth + 1) for child in children]


def _check_references(schema: Mapping[str, JsonValue]) -> None:
    """Refuse what plainly leads elsewhere; what only seems to be here is found out when used."""
    known = {name.partition("#")[0] for name in _strings(schema, ("$id", "id"))}
    for reference in _strings(schema, _REFERENCES):
        document = reference.partition("#")[0]
        is_here = not document or any(
            name == document or name.endswith("/" + document.lstrip("./")) for name in known
        )
        if not is_here and not document.startswith(_BUNDLED):
            raise SchemaError(
                f"The schema refers to another document ({reference[:80]}), and nothing is "
                "fetched.",
                "Copy that part into $defs.",
            )


def _strings(schema: JsonValue, keys: tuple[str, ...]) -> Iterator[str]:
    """The texts under `keys`, wherever schemas stand."""
    if isinstance(schema, list | tuple):
        for item in schema:
            yield from _strings(item, keys)
    elif isinstance(schema, Mapping):
        for key, value in schema.items():
            if key in keys and isinstance(value, str):
                yield value
            elif key not in _DATA:
                yield from _strings(value, keys)
