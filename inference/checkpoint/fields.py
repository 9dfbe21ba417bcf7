"""Typed, range-checked reading of the entries of a JSON object."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from inference.checkpoint.refusal import CHOOSE_ANOTHER, refusal, shown
from inference.errors import CheckpointError

T = TypeVar("T")


class Fields:
    """A section of a configuration file whose entries are read by name.

    An entry that is null counts as missing. A missing entry takes the default; without a default
    it is an error. Every reader raises CheckpointError and names the field.
    """

    def __init__(self, raw: Mapping[str, Any], where: str) -> None:
        self._raw = raw
        self.where = where

    def has(self, name: str) -> bool:
        return self._raw.get(name) is not None

    def get(self, name: str) -> Any:
        """The unchecked value of `name`, None if missing."""
        return self._raw.get(name)

    def names(self) -> tuple[str, ...]:
        return tuple(self._raw)

    def error(self, name: str, wanted: str) -> CheckpointError:
        """What to raise when `name` is not `wanted`."""
        found = shown(self._raw[name]) if self.has(name) else "missing"
        return refusal(f"In {self.where}, {name} is {found} but must be {wanted}", CHOOSE_ANOTHER)

    def integer(self, name: str, low: int, high: int, default: int | None = None) -> int:
        value = self._raw.get(name)
        if value is None and default is not None:
            return default
        if type(value) is not int or not low <= value <= high:
            raise self.error(name, f"a whole number from {low} to {high}")
        return value

    def number(self, name: str, low: float, high: float, default: float | None = None) -> float:
        value = self._raw.get(name)
        if value is None and default is not None:
            return default
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.error(name, "a number")
        if not low <= value <= high:
            raise self.error(name, f"a number from {low:g} to {high:g}")
        return float(value)

    def flag(self, name: str, default: bool) -> bool:
        value = self._raw.get(name)
        if value is None:
            return default
        if type(value) is not bool:
            raise self.error(name, "true or false")
        return value

    def choice(self, name: str, wanted: Sequence[T], default: T) -> T:
        """One of `wanted`, of exactly that type."""
        value = self._raw.get(name)
        if value is None:
            return default
        for candidate in wanted:
            if type(value) is type(candidate) and value == candidate:
                return candidate
        raise self.error(name, " or ".join(map(shown, wanted)))

    def section(self, name: str) -> Fields | None:
        value = self._raw.get(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise self.error(name, "an object")
        return Fields(value, f"{name} of {self.where}")
