"""Carries out a plan: reads rows, packs them, writes them where they belong."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import mlx.core as mx
import numpy as np
from numpy.typing import NDArray

from inference.checkpoint.convert.disk import Disk, NewFile
from inference.checkpoint.convert.packing import bits_of, pack, pack_on_lattice, to_bfloat16
from inference.checkpoint.convert.plan import Task
from inference.checkpoint.convert.planning import ConversionPlan
from inference.checkpoint.convert.rows import Rows, Source
from inference.checkpoint.convert.shards import Shard
from inference.checkpoint.convert.values import (
    ConversionCancelled,
    ConversionProgress,
    ConversionStage,
)
from inference.checkpoint.disk import opened, read_exactly

OnProgress = Callable[[ConversionProgress], None]
IsCancelled = Callable[[], bool]
_Made = tuple[NDArray[Any], ...]

MOST_THREADS = 4  # more would read and write more than a disk gives
CACHE_BYTES = 32 << 20


class Run:
    """One conversion at work.

    Before every stretch it says how far it is and looks whether to go on. Every method raises
    ConversionCancelled; those that write raise OSError.
    """

    def __init__(self, disk: Disk, on_progress: OnProgress, cancelled: IsCancelled) -> None:
        self._disk = disk
        self._on_progress = on_progress
        self._cancelled = cancelled
        self._done_bytes = 0
        self.total_bytes = 0

    def tell(self, stage: ConversionStage, tensor: str = "") -> None:
        """Say where it is."""
        if self._cancelled():
            raise ConversionCancelled
        self._on_progress(ConversionProgress(stage, self._done_bytes, self.total_bytes, tensor))

    def write(self, plan: ConversionPlan, partial: Path) -> None:
        """Write every file of `plan` into the empty folder `partial`. Raises CheckpointError."""
        with Source(plan.folder.stamps) as source, _small_cache(), _Ahead() as ahead:
            for shard in plan.shards:
                with self._new(partial / shard.name) as file:
                    self._put(file, shard.header, 0)
                    self._write_tensors(source, ahead, file, shard)
        for name, text in plan.texts.items():
            with self._new(partial / name) as file:
                self._put(file, text, 0)
        for name, path in plan.copies.items():
            with opened(path) as (stream, stamp), self._new(partial / name) as file:
                self._put(file, read_exactly(stream, stamp.size_bytes, name), 0)

    def _write_tensors(self, source: Source, ahead: _Ahead, file: NewFile, shard: Shard) -> None:
        places = dict(shard.offsets)
        for task, made in ahead.results(source, shard.tasks):
            self.tell("writing", task.module)
            for output, array in zip(task.outputs, made, strict=True):
                self._put(file, array.tobytes(), places[output.name])
                places[output.name] += array.nbytes

    def _put(self, file: NewFile, data: bytes, offset: int) -> None:
        file.write_at(data, offset)
        self._done_bytes += len(data)

    @contextmanager
    def _new(self, path: Path) -> Iterator[NewFile]:
        file = self._disk.create(path)
        try:
            yield file
            file.sync()
        finally:
            with suppress(OSError):  # it was synchronised, or is deleted
                file.close()


class _Ahead:
    """Reads and packs stretches of rows on a few threads, a few stretches ahead of the writing.

    Each thread computes with streams of its own and gives numpy arrays away.
    """

    def __init__(self) -> None:
        self._threads = min(MOST_THREADS, os.cpu_count() or 1)
        self._pool = ThreadPoolExecutor(self._threads, "quantising")

    def __enter__(self) -> _Ahead:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def results(self, source: Source, tasks: Sequence[Task]) -> Iterator[tuple[Task, _Made]]:
        """What is stored of each stretch of each task, in order."""
        waiting: deque[tuple[Task, Future[_Made]]] = deque()
        for task in tasks:
            for span in task.rows:
                for rows in [span] if task.axes else span.chunks():
                    waiting.append((task, self._pool.submit(_made, source, rows, task)))
                    if len(waiting) > self._threads:
                        first, made = waiting.popleft()
                        yield first, made.result()
        while waiting:
            first, made = waiting.popleft()
            yield first, made.result()


@contextmanager
def _small_cache() -> Iterator[None]:
    """MLX keeps freed memory for later; stretches of many widths would add up to a lot of it."""
    before = mx.set_cache_limit(CACHE_BYTES)
    try:
        yield
    finally:
        mx.set_cache_limit(before)
        mx.clear_cache()


def _made(source: Source, rows: Rows, task: Task) -> _Made:
    """What is stored of some rows of a tensor: weight, scales, biases, or bfloat16 bits alone."""
    stored = source.read(rows)
    if task.spec is None:
        plain = stored if stored.dtype == np.uint16 else bits_of(to_bfloat16(stored))
        if task.axes is not None:
            plain = plain.reshape(rows.ref.shape).transpose(task.axes)
        return (plain,)
    return (pack_on_lattice if task.is_lattice else pack)(stored, task.spec)
