"""Parts of stored tensors, read from the files by range: nothing else of them enters memory."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import mlx.core as mx
import numpy as np
from numpy.typing import NDArray

from inference.checkpoint.disk import Stamp, opened
from inference.checkpoint.header import DTYPE_BYTES, TensorRef
from inference.checkpoint.layout import TensorSource
from inference.checkpoint.refusal import refusal, shown

_NUMPY: dict[str, Any] = {"BF16": np.uint16, "F32": np.float32, "U32": np.uint32, "U8": np.uint8}
_LONG_RUN = 128 * 1024  # bytes; shorter stretches are cut out of blocks read whole
_BLOCK = 4 * 1024 * 1024

Span = tuple[int, int]


def read_spans(
    source: TensorSource, stamps: Sequence[Stamp], axis: int, spans: Sequence[Span]
) -> mx.array:
    """The elements `spans` (begin, end) of a tensor along `axis`, joined in this order.

    `stamps` are those of the source's parts. Spans count stored elements (words of a packed
    matrix) of the joined tensor and may not cross the border of two parts. Raises CheckpointError
    when a file is no longer the one that was checked.
    """
    axis %= len(source.parts[0].shape)
    joins = len(source.parts) > 1
    if source.transform != "none" or (joins and source.axis != axis):
        raise ValueError("a cut across a change of layout")
    pieces = []
    for begin, end in spans:
        at = 0
        for part, stamp in zip(source.parts, stamps, strict=True):
            length = part.shape[axis]
            if at <= begin and end <= at + length:
                pieces.append(_read(part, stamp, axis, begin - at, end - at))
                break
            at += length
        else:
            raise ValueError(f"the stretch {begin}:{end} lies in no part")
    joined = pieces[0] if len(pieces) == 1 else np.concatenate(pieces, axis=axis)
    array = mx.array(joined)
    return array.view(mx.bfloat16) if source.parts[0].dtype == "BF16" else array


def _read(ref: TensorRef, stamp: Stamp, axis: int, begin: int, end: int) -> NDArray[Any]:
    outer, inner = prod(ref.shape[:axis]), prod(ref.shape[axis + 1 :]) * DTYPE_BYTES[ref.dtype]
    shape = (*ref.shape[:axis], end - begin, *ref.shape[axis + 1 :])
    out = np.empty(shape, _NUMPY[ref.dtype])
    rows = out.view(np.uint8).reshape(outer, (end - begin) * inner)
    whole, first, run = ref.shape[axis] * inner, begin * inner, (end - begin) * inner
    with opened(ref.file) as (stream, now):
        if now != stamp:
            raise refusal(
                f"The weight file {shown(ref.file.name)} was changed after it had been checked",
                "Open the model again.",
            )
        if run >= _LONG_RUN or outer == 1:
            for i in range(outer):
                stream.seek(ref.offset + i * whole + first)
                _fill(stream, rows[i], ref)
            return out
        step = max(1, _BLOCK // whole)
        block = np.empty((min(step, outer), whole), np.uint8)
        stream.seek(ref.offset)
        for i in range(0, outer, step):
            part = block[: min(step, outer - i)]
            _fill(stream, part.reshape(-1), ref)
            rows[i : i + len(part)] = part[:, first : first + run]
    return out


def _fill(stream: Any, target: NDArray[np.uint8], ref: TensorRef) -> None:
    """Read exactly as many bytes as `target` has."""
    view = target.data
    at = 0
    while at < len(view):
        count = stream.readinto(view[at:])
        if not count:
            raise refusal(f"The file {shown(ref.file.name)} became shorter while it was read")
        at += count
