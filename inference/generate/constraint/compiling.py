"""A schema to a matcher, at the strictest level that it allows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from inference.api import JsonValue, SchemaLevel
from inference.generate.constraint.bounds import SchemaError

if TYPE_CHECKING:
    from llguidance import LLMatcher, LLTokenizer
    from llguidance._lib import JsonCompileOptions

# One space, or one line break with indentation: enough for every style that is taught, and no
# answer can fill itself with blanks.
WHITESPACE = r"[ ]|\n[ \t]{0,48}"
_ANY_JSON: Mapping[str, JsonValue] = {}
_PATTERNS = frozenset(("pattern", "patternProperties", "propertyNames"))
_LOOSER: tuple[tuple[Mapping[str, bool], bool], ...] = (
    ({"coerce_one_of": True}, False),
    ({"coerce_one_of": True, "lenient": True}, False),
    ({"coerce_one_of": True, "lenient": True}, True),
)
_DATA = frozenset(("const", "enum", "default", "examples"))


@dataclass(frozen=True, slots=True)
class Compiled:
    """A matcher at its beginning. `ignored` says what of the schema it does not enforce."""

    matcher: LLMatcher
    level: SchemaLevel
    ignored: tuple[str, ...] = ()


def compile_schema(vocabulary: LLTokenizer, schema: Mapping[str, JsonValue]) -> Compiled:
    """Try the whole schema, then without what llguidance lacks, then any JSON at all.

    Raises SchemaError when no value can follow the schema. Every level but "strict" relies on
    the check of the finished text.
    """
    first = _try(vocabulary, schema, {})
    if isinstance(first, Compiled):
        return first
    if first.startswith("Unsatisfiable schema"):
        raise SchemaError("No answer can follow this schema.", "Mend the schema.")
    for options, without_patterns in _LOOSER:
        tried = _without_patterns(schema) if without_patterns else schema
        found = _try(vocabulary, tried, options)
        if isinstance(found, Compiled):
            more = ("pattern",) if without_patterns else ()
            ignored = tuple(dict.fromkeys((*found.ignored, *more)))
            return Compiled(found.matcher, "lenient", ignored or (_short(first),))
    anything = _try(vocabulary, _ANY_JSON, {})
    assert isinstance(anything, Compiled)
    return Compiled(anything.matcher, "checked", (_short(first),))


def _try(
    vocabulary: LLTokenizer, schema: Mapping[str, JsonValue], options: Mapping[str, bool]
) -> Compiled | str:
    """The compiled schema, or the reason why it cannot be."""
    from llguidance import LLMatcher

    chosen: JsonCompileOptions = {"whitespace_pattern": WHITESPACE}
    for name, value in options.items():
        chosen[name] = value  # type: ignore[literal-required]
    grammar = LLMatcher.grammar_from_json_schema(json.dumps(schema), overrides=chosen)
    matcher = LLMatcher(vocabulary, grammar, log_level=0)
    if matcher.is_error():
        return matcher.get_error()
    ignored = [name for warning in matcher.get_grammar_warnings() for name in _named(warning)]
    level: SchemaLevel = "lenient" if ignored else "strict"
    return Compiled(matcher, level, tuple(dict.fromkeys(ignored)))


def _named(warning: str) -> list[str]:
    """Keywords in a warning of llguidance: `Unimplemented keys: ["not"]` and the like."""
    if warning.startswith("Unimplemented keys:"):
        try:
            return [str(name) for name in json.loads(warning.partition(":")[2])]
        except ValueError:
            return [_short(warning)]
    if warning.startswith("oneOf"):
        return ["oneOf"]
    if warning.startswith("Unknown format"):
        return [f"format {warning.partition(':')[2].strip()[:40]}"]
    return [_short(warning)]


def _without_patterns(schema: JsonValue) -> Any:
    if isinstance(schema, list | tuple):
        return [_without_patterns(item) for item in schema]
    if not isinstance(schema, Mapping):
        return schema
    return {
        key: value if key in _DATA else _without_patterns(value)
        for key, value in schema.items()
        if not (key in _PATTERNS and isinstance(value, str | Mapping))
    }


def _short(reason: str) -> str:
    """A reason of llguidance on one line."""
    return " ".join(reason.split())[:120]
