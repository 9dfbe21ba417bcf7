"""Key-value caches: one that keeps everything, one that keeps a sliding window.

Both hold their entries in time order in one growing buffer, so attention reads a plain slice,
and both can be rewound, which prefix reuse and speculative decoding need. Axes: B = 1, H heads,
L tokens, D head size.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

import mlx.core as mx

_STEP = 256  # buffers grow by at least this many tokens
_GROWTH = 1.25


class KV(NamedTuple):
    """Keys and values [B, H, L, D]; the first of them stands at absolute position `start`."""

    keys: mx.array
    values: mx.array
    start: int


class Cache(Protocol):
    """What an attention layer needs of its cache."""

    offset: int  # tokens seen so far = position of the next one

    def update(self, keys: mx.array, values: mx.array) -> KV: ...
    def view(self) -> KV: ...
    def can_rewind(self, position: int) -> bool: ...
    def rewind(self, position: int) -> None: ...
    def arrays(self) -> list[mx.array]: ...
    def empty(self) -> None: ...


class KVCache:
    """Keeps every key and value: for layers with full attention."""

    def __init__(self) -> None:
        self.offset = 0
        self._reserved = 0
        self._keys: mx.array | None = None
        self._values: mx.array | None = None

    def reserve(self, tokens: int) -> None:
        """Make the next growth large enough for `tokens` in all, to copy only once."""
        self._reserved = tokens

    def update(self, keys: mx.array, values: mx.array) -> KV:
        end = self.offset + keys.shape[2]
        self._keys = self._grown(self._keys, keys, end)
        self._values = self._grown(self._values, values, end)
        self._keys[..., self.offset : end, :] = keys
        self._values[..., self.offset : end, :] = values
        self.offset = end
        return self.view()

    def view(self) -> KV:
        """Everything seen so far."""
        assert self._keys is not None
        assert self._values is not None
        return KV(self._keys[..., : self.offset, :], self._values[..., : self.offset, :], 0)

    def _grown(self, buffer: mx.array | None, like: mx.array, end: int) -> mx.array:
        have = 0 if buffer is None else buffer.shape[2]
        if buffer is not None and end <= have:
            return buffer
        want = max(end, self._reserved, int(have * _GROWTH))
        want = -(-want // _STEP) * _STEP
        batch, heads, _, size = like.shape
        room = mx.zeros((batch, heads, want - self.offset, size), like.dtype)
        if buffer is None:
            return room
        return mx.concatenate([buffer[..., : self.offset, :], room], axis=2)

    def can_rewind(self, position: int) -> bool:
        return 0 <= position <= self.offset

    def rewind(self, position: int) -> None:
        if not self.can_rewind(position):
            raise ValueError(f"cannot rewind a cache of {self.offset} tokens to {position}")
        self.offset = position

    def empty(self) -> None:
        """Give the buffers back, as if nothing had been seen."""
        self.offset = self._reserved = 0
        self._keys = self._values = None

    def arrays(self) -> list[mx.array]:
        return [a for a in (self._keys, self._values) if a is not None]


class SlidingKVCache:
    """Keeps the last `window` − 1 keys that the next query may see, plus room to rewind.

    A quarter of the window (and never less than 16 tokens) can always be taken back; usually
    more, because old entries are only dropped when the buffer is full.
    """

    def __init__(self, window: int) -> None:
        self.offset = 0
        self.start = 0
        self._window = window
        slack = max(16, window // 4)
        self._keep = window - 1 + slack
        self._capacity = self._keep + max(64, slack)
        self._keys: mx.array | None = None
        self._values: mx.array | None = None

    def update(self, keys: mx.array, values: mx.array) -> KV:
        count = keys.shape[2]
        stored = self.offset - self.start
        if self._keys is None or self._values is None:
            kv = KV(keys, values, self.offset)
            self._store(keys, values)
        elif stored + count <= self._capacity:
            self._keys[..., stored : stored + count, :] = keys
            self._values[..., stored : stored + count, :] = values
            self.offset += count
            # A single query needs no more than its window; several each have their own.
            kv = self._last(self._window) if count == 1 else self.view()
        else:
            kept = min(stored, self._keep)
            k = mx.concatenate([self._keys[..., stored - kept : stored, :], keys], axis=2)
            v = mx.concatenate([self._values[..., stored - kept : stored, :], values], axis=2)
            self.start = self.offset - kept
            kv = KV(k, v, self.start)
            self._store(k, v)
        return kv

    def view(self) -> KV:
        """What is still stored: at least the last `window` − 1 entries."""
        return self._last(self.offset - self.start)

    def _last(self, count: int) -> KV:
        """The newest `count` entries, or all if there are fewer."""
        assert self._keys is not None
        assert self._values is not None
        end = self.offset - self.start
        first = max(0, end - count)
        keys, values = self._keys[..., first:end, :], self._values[..., first:end, :]
        return KV(keys, values, self.start + first)

    def _store(self, keys: mx.array, values: mx.array) -> None:
        """Replace the buffer by the newest entries of keys and values, with room to grow."""
        total = keys.shape[2]
        end = self.start + total
        kept = min(total, self._keep)
        batch, heads, _, size = keys.shape

        def padded(x: mx.array) -> mx.array:
            room = mx.zeros((batch, heads, self._capacity - kept, size), x.dtype)
            return mx.concatenate([x[..., total - kept :, :], room], axis=2)

        self._keys, self._values = padded(keys), padded(values)
        self.start, self.offset = end - kept, end

    def can_rewind(self, position: int) -> bool:
        return max(0, position - self._window + 1) >= self.start and position <= self.offset

    def rewind(self, position: int) -> None:
        if not self.can_rewind(position):
            raise ValueError(f"cannot rewind a window at {self.offset} to {position}")
        self.offset = position

    def snapshot(self) -> KV | None:
        """A copy of what the next query may see, or None while the cache is empty."""
        if self._keys is None or self._values is None or self.offset == 0:
            return None
        stored = self.offset - self.start
        first = max(0, stored - self._window + 1)
        return KV(
            mx.contiguous(self._keys[..., first:stored, :]),
            mx.contiguous(self._values[..., first:stored, :]),
            self.start + first,
        )

    def restore(self, snapshot: KV | None) -> None:
        """Continue as if the tokens after the snapshot had never been seen."""
        self._keys = self._values = None
        self.start = self.offset = 0
        if snapshot is not None:
            self.start = snapshot.start
            self._store(snapshot.keys, snapshot.values)

    def empty(self) -> None:
        """Give the buffers back, as if nothing had been seen."""
        self.restore(None)

    def arrays(self) -> list[mx.array]:
        return [a for a in (self._keys, self._values) if a is not None]
