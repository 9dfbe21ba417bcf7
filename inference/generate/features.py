"""Media through the towers: soft tokens per picture, clip or recording, kept by content.

Axes: S soft tokens, H decoder width.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

import mlx.core as mx

from inference.api import Event, ReadingMedia
from inference.errors import MediaError
from inference.generate.cancel import Cancelled
from inference.media.audio import log_mel
from inference.media.plan import VideoPlan
from inference.media.video import frame_batches
from inference.models.gemma4.network import Gemma4
from inference.prompt.prompt import MediaInput, Prompt

# Frames of equal size go through the tower together, up to this many patches at once.
_BATCH_PATCHES = 5120


class FeatureCache:
    """Soft tokens by content digest, least recently used first out, bounded in bytes."""

    def __init__(self, limit_bytes: int = 256 * 1024 * 1024) -> None:
        self.has_encoded = False  # whether a tower was used, and so is in memory
        self._limit = limit_bytes
        self._rows: OrderedDict[str, mx.array] = OrderedDict()

    def get(self, digest: str) -> mx.array | None:
        rows = self._rows.get(digest)
        if rows is not None:
            self._rows.move_to_end(digest)
        return rows

    def clear(self) -> None:
        """Forget every soft token; what is needed again is read again."""
        self._rows.clear()

    def put(self, digest: str, rows: mx.array) -> None:
        self._rows[digest] = rows
        while sum(r.nbytes for r in self._rows.values()) > self._limit and len(self._rows) > 1:
            self._rows.popitem(last=False)


class Features:
    """The soft tokens of a prompt from some placeholder on.

    Media whose placeholders are all in the KV cache already are not read again.
    """

    def __init__(self, rows: list[mx.array], first_slot: int) -> None:
        self._rows = mx.concatenate(rows, axis=0) if rows else None
        self._first = first_slot

    def slots(self, begin: int, end: int) -> mx.array | None:
        """Rows [S, H] of the placeholders numbered begin … end − 1, or None for none."""
        if self._rows is None or begin == end:
            return None
        return self._rows[begin - self._first : end - self._first]


def read_features(
    network: Gemma4,
    prompt: Prompt,
    start: int,
    cache: FeatureCache,
    on_event: Callable[[Event], None],
    cancelled: Callable[[], bool],
) -> Features:
    """Encode the media that the prompt's tokens from `start` on need.

    Raises MediaError when the model has no tower for one of them, Cancelled when asked to stop.
    """
    done = int((prompt.types[:start] > 0).sum())
    rows, slot, first = [], 0, 0
    for number, media in enumerate(prompt.media, start=1):
        slot += media.soft_tokens
        if slot <= done:
            first = slot
            continue
        known = cache.get(media.sha256)
        on_event(ReadingMedia(media.name, number, len(prompt.media), cached=known is not None))
        if known is None:
            cache.has_encoded = True
            known = encode(network, media, cancelled)
            cache.put(media.sha256, known)
        rows.append(known)
    return Features(rows, first)


def encode(network: Gemma4, media: MediaInput, cancelled: Callable[[], bool]) -> mx.array:
    """Soft tokens [S, H] of one part, evaluated."""
    if media.kind == "audio":
        if "audio" not in network or media.samples is None:
            raise MediaError(
                "This model cannot hear: it has no audio tower.",
                "Use Gemma 4 E2B or E4B for sound, or remove the recording.",
            )
        heard: mx.array = network.audio(mx.array(log_mel(media.samples)))
        mx.eval(heard)
        return heard
    if "vision" not in network:
        raise MediaError(
            "This model cannot see: the folder has no vision tower.",
            "Choose a complete Gemma 4 folder, or remove the picture.",
        )
    return _see(network, media, cancelled)


def _see(network: Gemma4, media: MediaInput, cancelled: Callable[[], bool]) -> mx.array:
    plans = tuple(plan for _, plan in media.pictures)
    frames = [pixels for pixels, _ in media.pictures]
    seen: dict[int, mx.array] = {}
    size = max(
        1, _BATCH_PATCHES // max(rows * columns for rows, columns in (p.grid for p in plans))
    )
    for batch in frame_batches(frames, VideoPlan(plans, (0.0,) * len(plans)), size=size):
        if cancelled():
            raise Cancelled
        rows = network.vision(mx.array(batch.values), mx.array(batch.positions), batch.grid)
        mx.eval(rows)
        seen.update(zip(batch.indices, rows, strict=True))
    joined = mx.concatenate([seen[i] for i in range(len(frames))], axis=0)
    mx.eval(joined)
    return joined
