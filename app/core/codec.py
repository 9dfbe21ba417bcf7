"""Frozen dataclasses as JSON values and back, forgiving whatever stands in the file.

Reading never fails for what an older or newer program wrote: unknown keys are ignored, missing or
unusable ones take the field's default. Only an object that lacks a field without a default is
unreadable as a whole; then the nearest optional field or list around it does without it.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Hashable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

Json = Any  # None, bool, int, float, str, list and dict of the same
T = TypeVar("T")
_Read = Callable[[Json], Any]


class UnreadableError(ValueError):
    """The value cannot stand for the type."""


def to_json(value: object) -> Json:
    """A dataclass, tuple, mapping or plain value as JSON values.

    Of a dataclass, what is empty, and would be without being said, is left out. Other defaults are
    written: they may change.
    """
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, list | tuple):
        return [to_json(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): to_json(item) for key, item in value.items()}
    if not is_dataclass(value):
        return value
    said: dict[str, Json] = {}
    for name, empty in _empty_defaults(cast(Hashable, type(value))):
        each = getattr(value, name)
        if each is not empty and each != empty:
            said[name] = to_json(each)
    return said


@cache
def _empty_defaults(kind: Hashable) -> tuple[tuple[str, object], ...]:
    """Names of the fields, each with its default if that is empty, else with a mark."""
    assert isinstance(kind, type)
    return tuple(
        (field.name, field.default if field.default in (None, "", ()) else MISSING)
        for field in fields(kind)
    )


def from_json(kind: type[T], value: Json) -> T:
    """The dataclass `kind` from JSON values. Raises UnreadableError if a needed field is bad."""
    read: T = _object_reader(cast(Hashable, kind))(value)
    return read


@cache
def _object_reader(kind: Hashable) -> _Read:
    """Reads one dataclass. What its fields are is looked up once, not for every value.

    Most values are of the very type that is asked for: those are taken as they are.
    """
    assert isinstance(kind, type)
    hints = get_type_hints(kind)
    readers = [
        (field.name, _types_as_they_are(hints[field.name]), _reader(hints[field.name]))
        for field in fields(kind)
    ]
    needed = {
        field.name
        for field in fields(kind)
        if field.default is MISSING and field.default_factory is MISSING
    }

    def read(value: Json) -> Any:
        if type(value) is not dict:
            raise UnreadableError(f"{kind.__name__} is no object")
        found: dict[str, Any] = {}
        for name, as_they_are, read_field in readers:
            each = value.get(name, MISSING)
            if type(each) in as_they_are:
                found[name] = each
            elif each is not MISSING:
                try:
                    found[name] = read_field(each)
                except UnreadableError:
                    continue  # its default, if it has one
        if not needed <= found.keys():
            raise UnreadableError(f"{kind.__name__} lacks {sorted(needed - found.keys())}")
        return kind(**found)

    return read


def _types_as_they_are(hint: Any) -> frozenset[type]:
    """Types whose values fit the hint without a further look."""
    options = get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)
    plain = (str, int, float, bool, types.NoneType)
    return frozenset(option for option in options if option in plain)


def _reader(hint: Any) -> _Read:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _union_reader(arguments)
    if origin is Literal:
        return _choice_reader(arguments)
    if origin is tuple:
        return _tuple_reader(arguments)
    if is_dataclass(hint):
        return _object_reader(cast(Hashable, hint))
    return _plain_reader(origin or hint)


def _union_reader(options: tuple[Any, ...]) -> _Read:
    readers = [_reader(option) for option in options if option is not types.NoneType]
    has_none = types.NoneType in options

    def read(value: Json) -> Any:
        if value is None and has_none:
            return None
        for read_option in readers:
            try:
                return read_option(value)
            except UnreadableError:
                continue
        raise UnreadableError("none of the types fits")

    return read


def _choice_reader(choices: tuple[Any, ...]) -> _Read:
    def read(value: Json) -> Any:
        if value in choices:
            return value
        raise UnreadableError("not one of the choices")

    return read


def _tuple_reader(arguments: tuple[Any, ...]) -> _Read:
    is_open = len(arguments) == 2 and arguments[1] is Ellipsis
    readers = [_reader(argument) for argument in arguments if argument is not Ellipsis]

    def read(value: Json) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise UnreadableError("no list")
        if is_open:
            return tuple(_readable(readers[0], value))
        if len(value) != len(readers):
            raise UnreadableError("a list of another length")
        return tuple(read_item(item) for read_item, item in zip(readers, value, strict=True))

    return read


def _readable(read: _Read, items: list[Json]) -> list[Any]:
    found = []
    for item in items:
        try:
            found.append(read(item))
        except UnreadableError:
            continue  # the others are still worth having
    return found


def _plain_reader(kind: Any) -> _Read:
    wanted = dict if kind is Mapping else kind

    def read(value: Json) -> Any:
        if wanted is Any or type(value) is wanted:  # not isinstance: True is no number here
            return value
        if wanted is float and type(value) is int:
            return float(value)
        raise UnreadableError(f"no {wanted}")

    return read
