"""Rows of stored matrices, read by offset a stretch at a time: no tensor is ever held whole."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.checkpoint.disk import Stamp, opened
from inference.checkpoint.header import DTYPE_BYTES, TensorRef
from inference.checkpoint.refusal import refusal, shown

CHUNK_BYTES = 16 << 20  # a few are in memory at a time, with what is made of them
_NUMPY: Mapping[str, Any] = {"BF16": np.uint16, "F32": np.float32}


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows `begin` to `end` of a stored tensor seen as [rows, width]."""

    ref: TensorRef
    width: int
    begin: int
    end: int

    @property
    def row_bytes(self) -> int:
        return self.width * DTYPE_BYTES[self.ref.dtype]

    def chunks(self, most_bytes: int = CHUNK_BYTES) -> Iterator[Rows]:
        """The same rows in stretches of at most `most_bytes`, at least one row each."""
        step = max(1, most_bytes // max(1, self.row_bytes))
        for begin in range(self.begin, self.end, step):
            yield Rows(self.ref, self.width, begin, min(begin + step, self.end))


class Source:
    """The weight files of a checked folder, open while it is entered. Any thread may read.

    Entering raises CheckpointError when a file is no longer the one that was checked.
    """

    def __init__(self, stamps: Mapping[Path, Stamp]) -> None:
        self._stamps = stamps
        self._files: dict[Path, int] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Source:
        with ExitStack() as stack:
            for file, checked in self._stamps.items():
                stream, stamp = stack.enter_context(opened(file))
                if stamp != checked:
                    raise refusal(
                        f"The weight file {shown(file.name)} was changed after it had been checked",
                        "Quantise the model again.",
                    )
                self._files[file] = stream.fileno()
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._files.clear()
        self._stack.close()

    def read(self, rows: Rows) -> NDArray[np.uint16] | NDArray[np.float32]:
        """The rows [n, width]: float32, or the 16 bits of each bfloat16.

        Raises CheckpointError when the file was cut short or cannot be read.
        """
        ref = rows.ref
        data: NDArray[Any] = np.empty((rows.end - rows.begin, rows.width), _NUMPY[ref.dtype])
        view = memoryview(data.view(np.uint8).data).cast("B")
        at = ref.offset + rows.begin * rows.row_bytes
        file = self._files[ref.file]
        while view.nbytes:
            try:
                count = os.preadv(file, [view], at)
            except OSError as error:
                raise refusal(f"The weight file {shown(ref.file.name)} cannot be read") from error
            if count == 0:
                raise refusal(f"The weight file {shown(ref.file.name)} became shorter meanwhile")
            view, at = view[count:], at + count
        return data


def as_float32(rows: NDArray[np.uint16] | NDArray[np.float32]) -> NDArray[np.float32]:
    """What `Source.read` gave, as float32."""
    if rows.dtype == np.float32:
        return rows.view(np.float32)
    return (rows.astype(np.uint32) << np.uint32(16)).view(np.float32)
