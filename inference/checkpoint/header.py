"""Safetensors headers, checked before any loader sees the file.

MLX takes negative and oversized dimensions, overlapping tensors and holes as they come; some of
these crash it later. Whatever passes here is exactly tiled by small, sane tensors.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

from inference.checkpoint.disk import Stamp, opened, read_exactly
from inference.checkpoint.json_file import parse_json
from inference.checkpoint.refusal import refusal, shown
from inference.errors import CheckpointError

MAX_HEADER_BYTES = 64 << 20
MAX_TENSORS = 20_000
MAX_RANK = 8
_MAX_DIM = 2**31
_LENGTH_BYTES = 8
_METADATA = "__metadata__"

# Bytes per element of every dtype that both the format and MLX know.
DTYPE_BYTES: Mapping[str, int] = {
    "BOOL": 1,
    "U8": 1,
    "I8": 1,
    "F8_E4M3": 1,
    "U16": 2,
    "I16": 2,
    "F16": 2,
    "BF16": 2,
    "U32": 4,
    "I32": 4,
    "F32": 4,
    "U64": 8,
    "I64": 8,
}


@dataclass(frozen=True, slots=True)
class TensorRef:
    """One tensor inside one safetensors file, checked. `offset` counts from the file's start."""

    file: Path
    name: str
    dtype: str
    shape: tuple[int, ...]
    offset: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Header:
    """Everything a safetensors file says about itself."""

    file: Path
    tensors: Mapping[str, TensorRef]
    metadata: Mapping[str, str]
    stamp: Stamp


def read_header(file: Path) -> Header:
    """Read and check the header of `file`; no weight byte is read.

    Raises CheckpointError when the file cannot be read, when the header is malformed, or when
    its tensors do not tile the rest of the file exactly.
    """
    with opened(file) as (stream, stamp):
        if stamp.size_bytes < _LENGTH_BYTES:
            raise _damaged(file, "it is too short to be a weight file")
        length = int.from_bytes(read_exactly(stream, _LENGTH_BYTES, file.name), "little")
        if length > MAX_HEADER_BYTES:
            raise _damaged(file, f"its header claims {shown(length)} bytes")
        start = _LENGTH_BYTES + length
        if start > stamp.size_bytes:
            raise _damaged(file, "it ends inside its own header")
        text = read_exactly(stream, length, file.name)
    if not text.startswith(b"{"):
        raise _damaged(file, "its header is not a JSON object")
    entries = parse_json(text, file.name)
    metadata = _metadata(file, entries.pop(_METADATA, {}))
    if len(entries) > MAX_TENSORS:
        raise _damaged(file, f"it lists {len(entries)} tensors, more than {MAX_TENSORS}")
    tensors = {name: _tensor(file, name, entry, start) for name, entry in entries.items()}
    _check_tiling(file, tensors, start, stamp.size_bytes)
    return Header(file, tensors, metadata, stamp)


def _damaged(file: Path, why: str) -> CheckpointError:
    return refusal(f"The weight file {shown(file.name)} is damaged: {why}")


def _metadata(file: Path, value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
        raise _damaged(file, "its metadata is not a table of texts")
    return value


def _tensor(file: Path, name: str, entry: Any, start: int) -> TensorRef:
    if not isinstance(entry, dict) or entry.keys() != {"dtype", "shape", "data_offsets"}:
        raise _damaged(file, f"the entry of {shown(name)} has not the three usual fields")
    dtype, shape, span = entry["dtype"], entry["shape"], entry["data_offsets"]
    if not isinstance(dtype, str) or dtype not in DTYPE_BYTES:
        raise _damaged(file, f"{shown(name)} has the unknown number type {shown(dtype)}")
    if not isinstance(shape, list) or len(shape) > MAX_RANK:
        raise _damaged(file, f"the shape of {shown(name)} is no list of at most {MAX_RANK} sizes")
    if not all(type(d) is int and 0 <= d < _MAX_DIM for d in shape):
        raise _damaged(file, f"the shape of {shown(name)} holds an impossible size")
    if not isinstance(span, list) or len(span) != 2 or not all(type(x) is int for x in span):
        raise _damaged(file, f"the place of {shown(name)} is not given as two numbers")
    begin, end = span
    size = prod(shape) * DTYPE_BYTES[dtype]
    if begin < 0 or end - begin != size:
        raise _damaged(file, f"the place of {shown(name)} does not fit its shape")
    return TensorRef(file, name, dtype, tuple(shape), start + begin, size)


def _check_tiling(file: Path, tensors: Mapping[str, TensorRef], start: int, size: int) -> None:
    """The tensors follow each other without hole or overlap and end with the file."""
    at = start
    for ref in sorted(tensors.values(), key=lambda r: (r.offset, r.size_bytes)):
        if ref.offset != at:
            what = "overlaps another tensor" if ref.offset < at else "leaves a hole before it"
            raise _damaged(file, f"{shown(ref.name)} {what}")
        at += ref.size_bytes
    if at != size:
        what = "ends too early" if at > size else "goes on after its last tensor"
        raise _damaged(file, f"it {what}")
