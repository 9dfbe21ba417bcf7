"""Where the per-layer embedding table of the E sizes lives: in memory, or on disk.

The table is half of E2B's weights, and one row of it is read per token. Left in the file it
costs no memory to speak of. Axes: L tokens, W = layers · per-layer size.
"""

from __future__ import annotations

import os
import weakref
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import mlx.core as mx
import numpy as np
from numpy.typing import NDArray

from inference.errors import GenerationError
from inference.models.gemma4.layers import Embedding, Packing, QuantizedEmbedding, unpack


class PerLayerTable(Protocol):
    """Rows of the table for token ids [B, L] -> [B, L, W], not yet scaled."""

    def __call__(self, ids: mx.array) -> mx.array: ...


class ResidentTable:
    """The table as an ordinary embedding in memory: no round trip to the host per token."""

    def __init__(self, table: Embedding | QuantizedEmbedding) -> None:
        self._table = table

    def __call__(self, ids: mx.array) -> mx.array:
        return self._table(ids)


@dataclass(frozen=True, slots=True)
class MappedArray:
    """A row-major array inside a file. `dtype` is "BF16", "F32", "U32" or "U8"."""

    file: Path
    offset: int
    shape: tuple[int, int]
    dtype: str


_NUMPY: dict[str, Any] = {"BF16": np.uint16, "F32": np.float32, "U32": np.uint32, "U8": np.uint8}


class MappedTable:
    """Rows are read from the file on the host as they are needed, then unpacked by MLX."""

    def __init__(
        self,
        weight: MappedArray,
        scales: MappedArray | None = None,
        biases: MappedArray | None = None,
        packing: Packing | None = None,
        *,
        dtype: mx.Dtype,
    ) -> None:
        self._weight = _Rows(weight)
        self._scales = None if scales is None else _Rows(scales)
        self._biases = None if biases is None else _Rows(biases)
        self._packing = packing
        self._dtype = dtype

    def __call__(self, ids: mx.array) -> mx.array:
        rows = np.asarray(ids)
        weight = self._weight(rows)
        if self._scales is None or self._packing is None:
            return weight.astype(self._dtype)
        return unpack(
            weight,
            self._scales(rows),
            None if self._biases is None else self._biases(rows),
            self._packing,
            self._dtype,
        )


class _Rows:
    """Reads single rows with pread: a file cut short is an error here, not a dead process."""

    def __init__(self, array: MappedArray) -> None:
        self._file = os.open(array.file, os.O_RDONLY | os.O_CLOEXEC)
        weakref.finalize(self, os.close, self._file)
        self._array = array
        self._dtype = np.dtype(_NUMPY[array.dtype])
        self._row_bytes = array.shape[1] * self._dtype.itemsize

    def __call__(self, ids: NDArray[np.int64]) -> mx.array:
        unique, where = np.unique(ids, return_inverse=True)
        raw = np.empty((len(unique), self._array.shape[1]), self._dtype)
        for row, token in zip(raw, unique, strict=True):
            begin = self._array.offset + int(token) * self._row_bytes
            if os.preadv(self._file, [row], begin) != self._row_bytes:
                raise GenerationError(
                    f"The model file {self._array.file.name} became shorter while it was in use.",
                    "Load the model again; if it fails, verify or download it again.",
                )
        rows = mx.array(raw[where.reshape(ids.shape)])
        return rows.view(mx.bfloat16) if self._array.dtype == "BF16" else rows
