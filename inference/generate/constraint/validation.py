"""Finished JSON against its schema, with the place and the part of the schema that failed.

To be called where it can be stopped: a hostile pattern or a schema that refers to itself may take
longer than anybody waits.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from inference.api import JsonValue

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError
    from jsonschema.protocols import Validator

Steps = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a finished text. `problem` is a sentence, "" when it follows the schema.

    `path` leads to the value that is wrong and `part` is the piece of the schema it is against;
    `part` None: the text is no JSON. `twice` names keys that one object holds more than once.
    """

    problem: str = ""
    path: Steps = ()
    part: Mapping[str, JsonValue] | None = None
    twice: tuple[str, ...] = ()


def schema_problem(schema: Mapping[str, JsonValue]) -> str:
    """Why `schema` is no JSON Schema, "" if it is one."""
    from jsonschema.exceptions import SchemaError as Wrong

    try:
        _class_for(schema).check_schema(schema)
    except Wrong as error:
        where = "/".join(map(str, error.absolute_path))
        return f"{where}: {_shortened(error.message)}" if where else _shortened(error.message)
    except RecursionError:
        return "it refers to itself without end"
    return ""


def validate(schema: Mapping[str, JsonValue], text: str) -> Verdict:
    """Judge a finished text. Never raises for what a schema or a text may hold."""
    twice: list[str] = []
    try:
        value = _read(text, twice)
    except (ValueError, RecursionError) as error:
        return Verdict(f"The answer is not JSON: {error}.")
    return _judge(schema, value, tuple(dict.fromkeys(twice)))


def validate_value(schema: Mapping[str, JsonValue], value: JsonValue) -> Verdict:
    """Judge a value that is there already, such as the arguments of a call."""
    return _judge(schema, value, ())


def _judge(schema: Mapping[str, JsonValue], value: JsonValue, twice: tuple[str, ...]) -> Verdict:
    import re

    from referencing.exceptions import Unresolvable

    try:
        error = _worst(_validator(schema), value)
    except Unresolvable as missing:
        return Verdict(f"The schema refers to {missing.ref}, which it does not hold.", twice=twice)
    except re.error as wrong:
        return Verdict(f"A pattern of the schema cannot be checked: {wrong}.", twice=twice)
    except (RecursionError, OverflowError, ArithmeticError) as fault:
        return Verdict(f"The schema cannot be checked ({type(fault).__name__}).", twice=twice)
    if error is None:
        return Verdict(twice=twice)
    path: Steps = tuple(error.absolute_path)
    part = error.schema if isinstance(error.schema, Mapping) else {"not": {}}
    return Verdict(_sentence(path, error.message), path, part, twice)


def _validator(schema: Mapping[str, JsonValue]) -> Validator:
    """A validator that fetches nothing and takes formats as demands."""
    from jsonschema_specifications import REGISTRY

    kind = _class_for(schema)
    made: Validator = kind(schema, registry=REGISTRY, format_checker=kind.FORMAT_CHECKER)
    return made


def _class_for(schema: Mapping[str, JsonValue]) -> Any:
    from jsonschema import Draft202012Validator, validators

    return validators.validator_for(schema, default=Draft202012Validator)


def _worst(validator: Validator, value: JsonValue) -> ValidationError | None:
    """The first error at the innermost place: the smallest value that has to be written again."""
    deepest: ValidationError | None = None
    for error in validator.iter_errors(value):
        if deepest is None or len(error.absolute_path) > len(deepest.absolute_path):
            deepest = error
    return deepest


def _read(text: str, twice: list[str]) -> JsonValue:
    def pairs(found: Sequence[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
        made = dict(found)
        if len(made) < len(found):
            names = [name for name, _ in found]
            twice.extend(name for name in made if names.count(name) > 1)
        return made

    return json.loads(text, object_pairs_hook=pairs, parse_constant=_refuse, parse_float=_finite)


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(f"the number {digits[:20]} is too large")
    return number


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")


def _sentence(path: Steps, message: str) -> str:
    return f"{place(path)}: {_shortened(message)}." if path else f"{_shortened(message)}."


def place(path: Sequence[str | int]) -> str:
    """A path as people write it: items[2].price."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text or "the whole answer"


def _shortened(message: str) -> str:
    line = " ".join(message.split())
    return line if len(line) <= 160 else line[:100] + " … " + line[-50:]
