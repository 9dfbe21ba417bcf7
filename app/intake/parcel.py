"""Values as small JSON and one block of bytes, to cross the border of a process. No pickle.

Only what stands in `_kinds` can be made on the other side, whatever the message says.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Json = Any  # None, bool, int, float, str, list and dict of the same
Array = NDArray[Any]
DTYPES = ("uint8", "int16", "int32", "int64", "float32", "float64")
ALIGNMENT = 64


class ParcelError(ValueError):
    """The value cannot be sent, or the message is none of ours."""


class Packing:
    """Turns one value into JSON; `arrays` are the pieces of the block with their offsets."""

    def __init__(self) -> None:
        self.arrays: list[tuple[int, Array]] = []
        self.size = 0

    def pack(self, value: object) -> Json:
        """JSON that stands for `value`. Raises ParcelError."""
        if value is None or isinstance(value, bool | int | float | str):
            return value
        if isinstance(value, np.generic):
            return value.item()
        if isinstance(value, np.ndarray):
            return {"array": [value.dtype.name, list(value.shape), self._placed(value)]}
        if isinstance(value, bytes):
            return {"bytes": [len(value), self._placed(np.frombuffer(value, np.uint8))]}
        if isinstance(value, list | tuple):
            return {"tuple": [self.pack(item) for item in value]}
        if isinstance(value, Path):
            return {"path": str(value)}
        name = type(value).__name__
        if is_dataclass(value) and _kinds().get(name) is type(value):
            return {
                "value": name,
                "of": {f.name: self.pack(getattr(value, f.name)) for f in fields(value)},
            }
        raise ParcelError(f"a {name} cannot be sent")

    def _placed(self, array: Array) -> int:
        if array.dtype.name not in DTYPES:
            raise ParcelError(f"arrays of {array.dtype.name} cannot be sent")
        at = self.size
        self.arrays.append((at, array))
        self.size = at + array.nbytes + -array.nbytes % ALIGNMENT
        return at


def unpack(json: Json, block: memoryview) -> Any:
    """The value that `json` and `block` stand for; arrays share the block. Raises ParcelError."""
    if json is None or isinstance(json, bool | int | float | str):
        return json
    if not isinstance(json, dict):
        raise ParcelError("no value")
    try:
        return _unpacked(json, block)
    except (KeyError, TypeError, ValueError) as error:
        raise ParcelError(f"a message that is none: {error}") from error


def _unpacked(json: dict[str, Json], block: memoryview) -> Any:
    match json:
        case {"tuple": items}:
            return tuple(unpack(item, block) for item in items)
        case {"array": [dtype, shape, at]} if dtype in DTYPES:
            return _array(dtype, [int(side) for side in shape], int(at), block)
        case {"bytes": [size, at]}:
            return _array("uint8", [int(size)], int(at), block).tobytes()
        case {"path": name}:
            return Path(name)
        case {"value": kind, "of": values}:
            make: Callable[..., object] = _kinds()[kind]
            return make(**{name: unpack(value, block) for name, value in values.items()})
    raise ParcelError("no value")


def _array(dtype: str, shape: list[int], at: int, block: memoryview) -> Array:
    count = 1
    for side in shape:
        count *= side
    size = count * np.dtype(dtype).itemsize
    if min([at, *shape]) < 0 or at + size > len(block):
        raise ParcelError("an array outside of its block")
    if not size:
        return np.zeros(shape, dtype)
    return np.frombuffer(block, dtype, count, at).reshape(shape)


@cache
def _kinds() -> dict[str, type[Any]]:
    from app.intake.facts import Facts
    from app.intake.film_frame import FilmFrame
    from app.intake.read_file import ReadFile
    from app.intake.selection import PageChoice, Selection
    from inference import Audio, Image, Text, Video

    kinds = (Audio, Image, Text, Video, Facts, FilmFrame, ReadFile, PageChoice, Selection)
    return {kind.__name__: kind for kind in kinds}
