"""The schema of `--schema`: a file of JSON, or the shorthand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NoReturn

from app.core.schemas.shorthand import from_shorthand
from inference import PromptError

LARGEST = 256 * 1024  # bytes: what the engine accepts


def read_schema(argument: str) -> dict[str, Any]:
    """What the answer must follow. Raises PromptError; what it demands is checked by the engine."""
    if not argument.strip():
        raise PromptError("The schema is empty.", "Name a schema file or write its fields.")
    if not _is_file(argument):
        return from_shorthand(argument)
    try:
        with Path(argument).open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise PromptError(
            f"The schema {argument} cannot be read ({error.strerror}).", "Check the file."
        ) from error
    if len(data) > LARGEST:
        raise PromptError(
            f"The schema {argument} is larger than {LARGEST // 1024} KB.", "Leave parts out."
        )
    try:
        schema = json.loads(data.decode("utf-8-sig"), parse_constant=_not_json)
    except (ValueError, RecursionError) as error:
        raise PromptError(f"The schema {argument} is not JSON.", "Mend the file.") from error
    if not isinstance(schema, dict):
        raise PromptError(f"The schema {argument} is not a JSON object.", "Mend the file.")
    return schema


def _is_file(argument: str) -> bool:
    """Whether a file is meant: one is there, or the name says so."""
    if argument.strip().lower().endswith(".json") and "," not in argument:
        return True
    try:
        return Path(argument).is_file()
    except (OSError, ValueError):  # too long for a name, or a zero byte
        return False


def _not_json(name: str) -> NoReturn:
    raise ValueError(f"{name} is not in JSON")
