"""Shows the events of one answer to a program: one JSON object a line, nothing else."""

from __future__ import annotations

import dataclasses
import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, TextIO

from inference import Event


class JsonLines:
    """Writes each event as {"event": name, field: value, ...}; names are in snake case.

    The lines are pure ASCII, so they survive every pipe and cannot move a terminal.
    """

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def phase(self, label: str) -> None:
        """Only events are written."""

    def tick(self) -> None:
        """Nothing to keep alive."""

    def show(self, event: Event) -> None:
        """One event, flushed at once."""
        record = {"event": event_name(event), **plain(event)}
        self._out.write(json.dumps(record, allow_nan=False) + "\n")
        self._out.flush()


def event_name(event: Event) -> str:
    """TokenText is token_text; ToolCallEvent is tool_call."""
    words = re.findall("[A-Z][a-z]+", type(event).__name__)
    return "_".join(word.lower() for word in words if word != "Event")


def plain(value: object) -> Any:
    """`value` in JSON's own types. Numbers that JSON does not have become null."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = (field.name for field in dataclasses.fields(value))
        return {name: plain(getattr(value, name)) for name in names}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
