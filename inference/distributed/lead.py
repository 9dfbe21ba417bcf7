"""Rank 0: tells the other ranks what it is about to compute, and notices when one is gone.

Every call of the network and every change of a session is announced in its order; both sides then
evaluate the same sums in the same order. Tokens may still be lazy: they travel inside MLX.
"""

from __future__ import annotations

import logging
import queue
import threading
import weakref
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import mlx.core as mx
import numpy as np
from numpy.typing import NDArray

from inference.distributed.join import Ranks
from inference.distributed.modules import divide
from inference.distributed.wire import Head
from inference.errors import CheckpointError, FacetError, RanksError
from inference.generate.session import Session
from inference.models.cache import Cache
from inference.models.gemma4.config import ModelConfig
from inference.models.gemma4.network import Gemma4
from inference.models.gemma4.ple import PerLayerTable
from inference.models.gemma4.weights import Weights

_log = logging.getLogger(__name__)

_AGAIN = "Your conversation is safe. Start Facet again on all computers."
_LOADING_S = 1800.0  # the slowest disk that anybody would wait for
_SOON_S = 3.0  # between an error of a sum and the news that a computer is gone


class Lead:
    """Speaks for rank 0 with all others. `on_lost` is told once, on a thread of its own."""

    def __init__(self, ranks: Ranks) -> None:
        self.ranks = ranks
        self.on_lost: Callable[[RanksError], None] = lambda _error: None
        self._lost: RanksError | None = None
        self._gone = threading.Event()
        self._is_closing = False
        self._dropped: deque[int] = deque()  # sessions that were let go, on whatever thread
        self._sessions = self._asked = 0
        self._answers: list[queue.SimpleQueue[dict[str, Any] | None]] = []
        self._readers = []
        for i, wire in enumerate(ranks.wires):
            self._answers.append(queue.SimpleQueue())
            reader = threading.Thread(
                target=self._read, args=(i, wire), name=f"facet-rank-{i + 1}", daemon=True
            )
            reader.start()
            self._readers.append(reader)

    @property
    def lost(self) -> RanksError | None:
        """Why the ranks can no longer work together, or None while they can."""
        return self._lost

    def tell(self, head: Head, body: bytes = b"") -> None:
        """Announce one piece of work. Raises RanksError when a computer is gone."""
        while self._dropped:
            self._send({"do": "drop", "session": self._dropped.popleft()}, b"")
        self._send(head, body)

    def ask(self, head: Head) -> list[dict[str, Any]]:
        """Announce work and wait for the answer of every other rank."""
        return self.begin(head)()

    def begin(self, head: Head) -> Callable[[], list[dict[str, Any]]]:
        """Announce work; the result waits for the answers of all other ranks.

        It raises the error of the first one that failed, or RanksError.
        """
        self._asked += 1
        self.tell({**head, "number": self._asked})
        number = self._asked
        return lambda: [self._answer(i, number) for i in range(len(self._answers))]

    def _answer(self, index: int, number: int) -> dict[str, Any]:
        """The other rank's answer to the question of this number; older ones are passed over."""
        while True:
            try:
                answer = self._answers[index].get(timeout=_LOADING_S)
            except queue.Empty as error:
                raise self.give_up(f"Computer {index + 2} did not answer.") from error
            if answer is None:
                raise self._lost or RanksError("A computer is gone.", _AGAIN)
            if answer.get("number") != number:
                continue
            if "error" in answer:
                raise CheckpointError(
                    f"Computer {index + 2}: {answer['error']}", str(answer.get("action", ""))
                )
            return answer

    def broken(self, error: Exception) -> FacetError:
        """What an unexpected `error` amounts to: after it the ranks are no longer in step."""
        self._gone.wait(_SOON_S)
        if self._lost is not None:
            return self._lost
        return self.give_up(f"The computers are no longer in step ({type(error).__name__}).")

    def give_up(self, why: str) -> RanksError:
        """End the common work: the others hear it by the closed connection."""
        if self._lost is None:
            self._lost = RanksError(why, _AGAIN)
            self._gone.set()
        for wire in self.ranks.wires:
            wire.close()
        return self._lost

    def new_session(self, caches: Sequence[Cache]) -> Session:
        """A session that every rank has a counterpart of."""
        self._sessions += 1
        session = LeadSession(caches, self, self._sessions)
        weakref.finalize(session, self._dropped.append, self._sessions)
        return session

    def close(self) -> None:
        """Let the other ranks end."""
        self._is_closing = True
        if self._lost is None:
            try:
                self.tell({"do": "end"})
            except RanksError:
                _log.info("a rank was gone before the end")
        self.ranks.close()
        for reader in self._readers:
            if reader is not threading.current_thread():
                reader.join(_SOON_S)

    def _send(self, head: Head, body: bytes) -> None:
        if self._lost is not None:
            raise self._lost
        for number, wire in enumerate(self.ranks.wires, start=2):
            try:
                wire.send(head, body)
            except OSError as error:
                raise self.give_up(f"The connection to computer {number} was lost.") from error

    def _read(self, index: int, wire: Any) -> None:
        """Until the connection ends: answers go to whoever asked."""
        why = f"The connection to computer {index + 2} was lost."
        try:
            while True:
                head, _ = wire.receive()
                if "gone" in head:
                    why = f"Computer {index + 2} stopped: {str(head['gone'])[:300]}"
                    continue
                self._answers[index].put(head)
        except TimeoutError:
            why = f"Computer {index + 2} has not answered for a while and was given up."
        except (OSError, ValueError):
            pass
        if not self._is_closing:
            error = self.give_up(why)
            self._answers[index].put(None)
            self.on_lost(error)
        self._answers[index].put(None)


class _Caches(list[Cache]):
    """A session's caches with the number by which the other ranks know the session."""

    number = 0


class LeadSession(Session):
    """A session whose cuts and snapshots the other ranks make too."""

    def __init__(self, caches: Sequence[Cache], lead: Lead, number: int) -> None:
        super().__init__(caches)
        own = _Caches(self.caches)
        own.number = number
        self.caches = own
        self._lead, self._number = lead, number

    def cut_back(self, common: int) -> int:
        self._lead.tell({"do": "cut", "session": self._number, "to": common})
        return super().cut_back(common)

    def rewind(self, position: int) -> None:
        self._lead.tell({"do": "rewind", "session": self._number, "to": position})
        super().rewind(position)

    def reserve(self, tokens: int) -> None:
        self._lead.tell({"do": "reserve", "session": self._number, "tokens": tokens})
        super().reserve(tokens)

    def take_snapshot(self) -> None:
        self._lead.tell({"do": "snapshot", "session": self._number})
        super().take_snapshot()


class LeadNetwork(Gemma4):
    """Rank 0's share of a network. Everything it computes is under way when a call returns."""

    def __init__(
        self, config: ModelConfig, weights: Weights, ple_table: PerLayerTable | None, lead: Lead
    ) -> None:
        super().__init__(config, weights, ple_table)
        self._lead = lead
        self._last: mx.array | None = None
        ranks = lead.ranks
        divide(self.language_model, config.text.vocab, ranks.share, ranks.group)

    def forward(
        self,
        ids: NDArray[np.int32],
        types: NDArray[np.int8],
        features: mx.array | None,
        caches: Sequence[Cache],
        rows: int,
    ) -> mx.array | None:
        slots = 0 if features is None else features.shape[0]
        head = {"do": "forward", "session": _number(caches), "rows": rows, "slots": slots}
        ids, types = np.asarray(ids, np.int32), np.asarray(types, np.int8)
        self._lead.tell({**head, "tokens": len(ids)}, ids.tobytes() + types.tobytes())
        if features is not None:
            features = self._shared(features.astype(self.language_model.embed_tokens.dtype))
            mx.async_eval(features)  # now: beside the sum of embeddings its order would be open
        hidden = super().forward(ids, types, features, caches, rows)
        states = [a for cache in caches for a in cache.arrays()]
        mx.async_eval(states if hidden is None else [hidden, *states])
        self._last = hidden
        return hidden

    def step(self, token: mx.array, caches: Sequence[Cache]) -> mx.array:
        self._lead.tell({"do": "step", "session": _number(caches)})
        self._last = super().step(self._shared(token.astype(mx.int32)), caches)
        mx.async_eval(self._last)
        return self._last

    def logits(self, hidden: mx.array) -> mx.array:
        if hidden is self._last:
            self._lead.tell({"do": "logits"})
        else:
            self._lead.tell({"do": "logits_of", "rows": hidden.shape[1]})
            hidden = self._shared(hidden)
        logits = super().logits(hidden)
        mx.async_eval(logits)
        return logits

    def _shared(self, values: mx.array) -> mx.array:
        return mx.distributed.all_sum(values, group=self._lead.ranks.group)


def _number(caches: Sequence[Cache]) -> int:
    assert isinstance(caches, _Caches), "caches of a session that the other ranks do not know"
    return caches.number


def places_of(folder: Path) -> list[str]:
    """Where another computer may have the folder: below its own home, or at the same path."""
    home = Path.home()
    below = [f"~/{folder.relative_to(home)}"] if folder.is_relative_to(home) else []
    return [*below, str(folder)]
