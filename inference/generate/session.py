"""The KV state of one conversation, reused from turn to turn.

Full-attention caches can be cut at any token. Sliding ones only remember their window, so copies
of it ("snapshots") are kept at turn borders and chunk ends: an edited or re-rendered history then
continues from the last snapshot before the difference, not from the start.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import mlx.core as mx
import numpy as np
from numpy.typing import NDArray

from inference.models.cache import KV, Cache, KVCache, SlidingKVCache

_SNAPSHOT_BYTES = 256 * 1024 * 1024
_FEWEST, _MOST = 2, 32


@dataclass(frozen=True, slots=True)
class Snapshot:
    position: int
    windows: tuple[KV | None, ...]  # of the sliding caches, in order

    @property
    def size_bytes(self) -> int:
        return sum(kv.keys.nbytes + kv.values.nbytes for kv in self.windows if kv is not None)


class Session:
    """Caches plus the identity of every token in them.

    A key is the token id for text; for a soft token it stands for the content it came from, so a
    different picture in the same place never matches.
    """

    def __init__(self, caches: Sequence[Cache], snapshot_bytes: int = _SNAPSHOT_BYTES) -> None:
        self.caches = list(caches)
        self._keys: list[int] = []  # a list, because it grows with every token
        self._snapshots: list[Snapshot] = []
        self._snapshot_bytes = snapshot_bytes

    @property
    def position(self) -> int:
        """Tokens in the caches."""
        return len(self._keys)

    @property
    def snapshot_positions(self) -> tuple[int, ...]:
        return tuple(s.position for s in self._snapshots)

    @property
    def snapshot_bytes(self) -> int:
        return sum(s.size_bytes for s in self._snapshots)

    def reuse(self, keys: NDArray[np.int64]) -> int:
        """Cut the state back to the longest usable prefix of `keys`; return its length.

        At least one token is always left to compute, because its logits are needed.
        """
        limit = min(len(keys) - 1, len(self._keys))
        differs = np.flatnonzero(keys[:limit] != np.array(self._keys[:limit], np.int64))
        return self.cut_back(int(differs[0]) if differs.size else limit)

    def cut_back(self, common: int) -> int:
        """Cut the state back to `common` tokens, or to the last snapshot before; return where."""
        if all(cache.can_rewind(common) for cache in self.caches):
            self._cut(common, None)
            return common
        usable = [s for s in self._snapshots if s.position <= common]
        best = max(usable, key=lambda s: s.position, default=Snapshot(0, ()))
        self._cut(best.position, best)
        return best.position

    def _cut(self, position: int, snapshot: Snapshot | None) -> None:
        windows = iter(snapshot.windows if snapshot is not None else ())
        for cache in self.caches:
            if snapshot is not None and isinstance(cache, SlidingKVCache):
                cache.restore(next(windows, None))
            else:
                cache.rewind(position)
        del self._keys[position:]
        self._snapshots = [s for s in self._snapshots if s.position <= position]

    def reserve(self, tokens: int) -> None:
        """Expect `tokens` in all: full caches then grow once."""
        for cache in self.caches:
            if isinstance(cache, KVCache):
                cache.reserve(tokens)

    def append(self, keys: Iterable[int]) -> None:
        """The caches have taken in these tokens."""
        self._keys.extend(keys)

    def rewind(self, position: int) -> None:
        """Take back the last tokens (rejected drafts); only within what the windows still hold."""
        for cache in self.caches:
            cache.rewind(position)
        del self._keys[position:]

    def take_snapshot(self) -> None:
        """Copy the windows at the current position, which later tokens will push out."""
        if self._snapshots and self._snapshots[-1].position == self.position:
            return
        sliding = [c for c in self.caches if isinstance(c, SlidingKVCache)]
        snapshot = Snapshot(self.position, tuple(c.snapshot() for c in sliding))
        mx.eval([a for kv in snapshot.windows if kv is not None for a in (kv.keys, kv.values)])
        self._snapshots.append(snapshot)
        self._thin(snapshot.size_bytes)

    def drop_snapshots(self) -> bool:
        """Let the copies go, and keep as few as can be from now on; False if there were none."""
        had_any = bool(self._snapshots)
        self._snapshots.clear()
        self._snapshot_bytes = 0
        return had_any

    def empty(self) -> None:
        """Give everything back; the session can be used again from the start."""
        self.drop_snapshots()
        self._keys.clear()
        for cache in self.caches:
            cache.empty()

    def _thin(self, size: int) -> None:
        """Drop the snapshot that leaves the smallest gap, never the two newest."""
        allowed = min(_MOST, max(_FEWEST, self._snapshot_bytes // max(size, 1)))
        while len(self._snapshots) > allowed:
            at = [0, *self.snapshot_positions]
            gaps = [at[i + 2] - at[i] for i in range(len(self._snapshots) - 1)]
            droppable = gaps[: len(self._snapshots) - 2]
            del self._snapshots[droppable.index(min(droppable))]

    @property
    def size_bytes(self) -> int:
        """Memory of caches and snapshots."""
        return sum(a.nbytes for a in self.arrays()) + self.snapshot_bytes

    def arrays(self) -> list[mx.array]:
        return [a for cache in self.caches for a in cache.arrays()]
