"""Reading the prompt into the caches, in chunks.

A chunk bounds transient memory and the time until a stop request is noticed. Image blocks of the
sizes that look both ways inside them are never split.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import mlx.core as mx
import numpy as np
from numpy.typing import NDArray

from inference.api import Event, Prefill
from inference.generate.cancel import Cancelled
from inference.generate.features import Features
from inference.generate.session import Session
from inference.models.gemma4.config import TextConfig
from inference.models.gemma4.network import Gemma4, image_blocks
from inference.prompt.prompt import Prompt

WORKING_BYTES = 256 * 1024 * 1024
_SMALLEST, _LARGEST = 64, 2048
_OPENING = 16  # tokens that open a turn, at most


def chunk_size(config: TextConfig, item_bytes: int, budget_bytes: int = WORKING_BYTES) -> int:
    """Tokens a chunk whose activations stay within the budget: a multiple of 64 in 64 … 2048.

    Counts, per token, the residual stream and its copies, queries, the feed-forward's gate, up
    and product, the per-layer inputs and one window of scores. Full attention adds nothing: its
    queries are tiled to a fixed score budget.
    """
    producers = config.layers[: config.first_shared]
    widest = max(
        4 * layer.heads * layer.head_dim
        + 3 * layer.ffn
        + (layer.heads * 2 * config.window if layer.kind == "sliding" else 0)
        for layer in producers
    )
    experts = 3 * config.moe.top_k * config.moe.ffn if config.moe is not None else 0
    ple = 3 * len(config.layers) * config.ple_dim
    per_token = item_bytes * (8 * config.hidden + widest + experts + ple)
    chunk = budget_bytes // per_token // _SMALLEST * _SMALLEST
    return int(min(max(chunk, _SMALLEST), _LARGEST))


def chunk_ends(
    start: int,
    types: NDArray[np.int8],
    chunk: int,
    marks: Iterable[int] = (),
    whole_blocks: bool = False,
) -> list[int]:
    """Where each chunk of the tokens start … len(types) − 1 ends, ascending; the last is the end.

    Marks inside become ends of their own. With `whole_blocks` an end inside an image block moves
    to the end of the block.
    """
    plan = _Plan(types, marks, whole_blocks)
    ends = [plan.end(start, chunk)]
    while ends[-1] < len(types):
        ends.append(plan.end(ends[-1], chunk))
    return ends


class _Plan:
    """Where chunks may end; see `chunk_ends`."""

    def __init__(self, types: NDArray[np.int8], marks: Iterable[int], whole_blocks: bool) -> None:
        self._total = len(types)
        self._blocks = image_blocks(types) if whole_blocks else None
        self._stops = sorted({mark for mark in marks if mark < self._total} | {self._total})

    def end(self, at: int, chunk: int) -> int:
        """Where the chunk that begins at `at` ends."""
        end = min(at + chunk, next(stop for stop in self._stops if stop > at))
        blocks = self._blocks
        if blocks is not None and end < self._total and blocks[end - 1] >= 0:
            end = int(np.flatnonzero(blocks == blocks[end - 1])[-1]) + 1
        return end


def prefill(
    network: Gemma4,
    prompt: Prompt,
    features: Features,
    session: Session,
    config: TextConfig,
    chunk: int,
    *,
    on_event: Callable[[Event], None],
    cancelled: Callable[[], bool],
    shrink: Callable[[int], int] = lambda chunk: chunk,
) -> mx.array:
    """Read everything behind session.position; return the last hidden state [1, 1, H].

    After a chunk or a mark the session keeps a snapshot, so that a later prompt which differs
    there can go on from it. `shrink` may make each chunk smaller. Raises Cancelled between chunks.
    """
    start, total = session.position, len(prompt)
    # The last two turns are where an edit or a re-rendered answer will differ. What lies inside
    # the first window is rewound or read again quickly, so splitting there would only cost time.
    marks = [mark for mark in prompt.marks[-2:] if mark > config.window]
    # Behind the last mark a prompt only opens the model's turn: the mark's snapshot serves as well.
    close_mark = bool(marks) and total - marks[-1] <= _OPENING
    keys = prompt.keys()
    slots = np.concatenate([[0], np.cumsum(prompt.types > 0)])
    hidden: mx.array | None = None
    on_event(Prefill(start, total, start))
    plan = _Plan(prompt.types, marks, config.bidirectional_vision)
    while session.position < total:
        at = session.position
        end = plan.end(at, shrink(min(chunk, total - at)))
        if cancelled():
            raise Cancelled
        hidden = network.forward(
            prompt.ids[at:end],
            prompt.types[at:end],
            features.slots(int(slots[at]), int(slots[end])),
            session.caches,
            rows=1 if end == total else 0,
        )
        mx.eval(session.arrays() if hidden is None else [hidden, *session.arrays()])
        session.append(keys[at:end].tolist())
        if end < total or not close_mark:
            session.take_snapshot()
        on_event(Prefill(end, total, start))
    assert hidden is not None
    return hidden
