"""One crafted folder: a valid one, what is done to it, and what the refusal must mention."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Base = Literal["dense", "e", "moe", "text_only", "sharded", "packed", "community", "drafter"]
Json = dict[str, Any]

LENGTH_BYTES = 8


@dataclass(frozen=True)
class Bad:
    """`spoil` gets a folder of its own; opening it must fail and say `says`."""

    name: str
    says: str
    spoil: Callable[[Path], object]
    base: Base = "dense"


def edit_json(folder: Path, name: str, change: Callable[[Json], object]) -> None:
    path = folder / name
    raw = json.loads(path.read_text(encoding="utf-8"))
    change(raw)
    path.write_text(json.dumps(raw), encoding="utf-8")


def put(raw: Json, path: str, value: object) -> None:
    """Set the entry at a path of keys joined by slashes."""
    *parents, last = path.split("/")
    for key in parents:
        raw = raw[key]
    raw[last] = value


def read_weights(folder: Path) -> tuple[Json, bytes]:
    """Header and body of model.safetensors."""
    data = (folder / "model.safetensors").read_bytes()
    start = LENGTH_BYTES + int.from_bytes(data[:LENGTH_BYTES], "little")
    return json.loads(data[LENGTH_BYTES:start]), data[start:]


def write_weights(folder: Path, header: Json | bytes, body: bytes) -> None:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    data = len(text).to_bytes(LENGTH_BYTES, "little") + text + body
    (folder / "model.safetensors").write_bytes(data)


def edit_header(folder: Path, change: Callable[[Json], object]) -> None:
    header, body = read_weights(folder)
    change(header)
    write_weights(folder, header, body)
