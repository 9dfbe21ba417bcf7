"""A grammar followed token by token: which tokens may come next, and whether it may end here.

Axis: V vocabulary.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from inference.errors import GenerationError

if TYPE_CHECKING:
    from llguidance import LLMatcher

Allowed = NDArray[np.bool_]


class ConstraintLostError(GenerationError):
    """The grammar can be followed no longer; the answer goes on without it, which is said."""


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """What may come next: `bits` packs a bool for each token, the lowest bit first.

    `is_over`: nothing but the end of the turn may follow.
    """

    bits: bytes
    is_complete: bool
    is_over: bool

    def allowed(self, vocab: int) -> Allowed:
        """Bools [V]."""
        packed = np.frombuffer(self.bits, np.uint8)
        return np.unpackbits(packed, count=vocab, bitorder="little").view(np.bool_)


class Matcher(Protocol):
    """Calls may return before the work is done; `step` waits for it.

    `step` raises ConstraintLostError when the grammar cannot be followed.
    """

    def begin(self) -> None: ...
    def push(self, token_ids: Sequence[int]) -> None: ...
    def rewind(self, count: int) -> None: ...
    def step(self) -> Step: ...


class LocalMatcher:
    """A matcher of llguidance in this process."""

    def __init__(self, matcher: LLMatcher) -> None:
        self._matcher = matcher

    def begin(self) -> None:
        self._matcher.reset()

    def push(self, token_ids: Sequence[int]) -> None:
        self._matcher.consume_tokens(list(token_ids))

    def rewind(self, count: int) -> None:
        self._matcher.rollback(count)

    def step(self) -> Step:
        matcher = self._matcher
        bits = matcher.compute_bitmask()
        if matcher.is_error():
            reason = " ".join(matcher.get_error().split())[:120]
            raise ConstraintLostError(f"The grammar of the answer was lost ({reason}).")
        return Step(bits, matcher.is_accepting(), matcher.is_stopped())
