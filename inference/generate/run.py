"""One run: prompt in, token ids out, as a generator; stopping is to stop iterating.

Plain decoding keeps one step in flight ahead of the reader. With a drafter, several guessed
tokens are checked by one forward pass of the target; the tokens that come out are the same.
Where a gate limits the next token, what it allows is worked out while the model runs.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, field

import mlx.core as mx
import numpy as np

from inference.api import Event
from inference.generate.cancel import Cancelled
from inference.generate.constraint.gate import Gate
from inference.generate.features import FeatureCache, read_features
from inference.generate.prefill import prefill
from inference.generate.sampling import Sampler, only_allowed, penalise, token_value
from inference.generate.session import Session
from inference.models.gemma4.config import TextConfig
from inference.models.gemma4.drafter import Drafter
from inference.models.gemma4.network import Gemma4
from inference.prompt.prompt import Prompt

DRAFT_TOKENS = 3


@dataclass(slots=True)
class RunCounts:
    """Filled while the run goes on; times in seconds."""

    reused: int = 0
    drafted: int = 0
    accepted: int = 0
    media_s: float = 0.0
    prefill_s: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """Everything one generation needs; iterate over `tokens()` once."""

    network: Gemma4
    config: TextConfig
    prompt: Prompt
    session: Session
    sampler: Sampler
    max_tokens: int
    chunk: int
    features: FeatureCache
    drafter: Drafter | None = None
    repetition_penalty: float = 1.0
    gate: Gate | None = None
    on_event: Callable[[Event], None] = lambda _event: None
    cancelled: Callable[[], bool] = lambda: False
    shrink: Callable[[int], int] = lambda chunk: chunk  # may make each prefill chunk smaller
    counts: RunCounts = field(default_factory=RunCounts)

    def tokens(self) -> Generator[int, int | None, None]:
        """Token ids, at most max_tokens of them; stop tokens are the caller's to recognise.

        An id sent back takes the place of the next token (and is yielded as such). Raises
        Cancelled when `cancelled()` turns true between chunks or tokens; the session then still
        describes exactly what its caches hold.
        """
        hidden = self.read()
        if self.max_tokens <= 0:
            return
        if self.drafter is None:
            yield from self._plain(hidden)
        else:
            yield from self._speculative(hidden, self.drafter)

    def read_all(self) -> mx.array:
        """Hidden states [1, L, H] of the whole prompt, in one chunk; the session must be empty."""
        features = read_features(
            self.network, self.prompt, 0, self.features, self.on_event, self.cancelled
        )
        hidden = self.network.forward(
            self.prompt.ids,
            self.prompt.types,
            features.slots(0, int((self.prompt.types > 0).sum())),
            self.session.caches,
            rows=len(self.prompt),
        )
        assert hidden is not None
        return hidden

    def read(self) -> mx.array:
        """Reuse what the session has, read media, fill the caches: the last state [1, 1, H]."""
        self.counts.reused = self.session.reuse(self.prompt.keys())
        self.session.reserve(len(self.prompt) + min(self.max_tokens, 1024))
        begin = time.perf_counter()
        features = read_features(
            self.network,
            self.prompt,
            self.session.position,
            self.features,
            self.on_event,
            self.cancelled,
        )
        read = time.perf_counter()
        hidden = prefill(
            self.network,
            self.prompt,
            features,
            self.session,
            self.config,
            self.chunk,
            on_event=self.on_event,
            cancelled=self.cancelled,
            shrink=self.shrink,
        )
        self.counts.media_s = read - begin
        self.counts.prefill_s = time.perf_counter() - read
        return hidden

    def _draw(self, hidden: mx.array, index: int, seen: list[int]) -> mx.array:
        """The token after hidden [1, 1, H], not evaluated."""
        return self._choose(self._logits(hidden), index, seen)

    def _logits(self, hidden: mx.array) -> mx.array:
        """Logits [V] after hidden [1, 1, H]; the model has begun to work on them where a gate
        is on, so that it does so while the gate works too."""
        logits = self.network.logits(hidden)[0, 0]
        if self._is_gated:
            mx.async_eval(logits)
        return logits

    def _choose(self, logits: mx.array, index: int, seen: list[int]) -> mx.array:
        """One of the allowed tokens, not evaluated."""
        logits = penalise(logits, seen, self.repetition_penalty)
        if self.gate is not None and self.gate.is_on:
            logits = only_allowed(logits, self.gate.allowed())
        return self.sampler(logits, index)

    @property
    def _is_gated(self) -> bool:
        return self.gate is not None and self.gate.is_on

    def _accept(self, value: int) -> int:
        """The token is certain; tell the gate."""
        if self.gate is not None:
            self.gate.accept(value)
        return value

    def _plain(self, hidden: mx.array) -> Generator[int, int | None, None]:
        """One token at a time.

        What follows is drawn before the reader has the token, unless a gate has to see the token
        first. A draw that the token turns out to forbid is made again from the same logits.
        """
        seen: list[int] = []
        token = self._draw(hidden, 0, seen)
        mx.async_eval(token)
        for index in range(1, self.max_tokens + 1):
            if self.cancelled():
                raise Cancelled
            if self.repetition_penalty != 1.0:
                seen.append(token_value(token))
            logits: mx.array | None = None
            following: mx.array | None = None
            if index < self.max_tokens and not self._is_gated:
                logits = self._logits(self.network.step(token.reshape(1, 1), self.session.caches))
                following = self._choose(logits, index, seen)
                mx.async_eval(following)
            value = self._accept(token_value(token))
            if logits is not None:
                self.session.append([value])
            forced = yield value
            if index == self.max_tokens:
                return
            if logits is None:
                logits = self._logits(self.network.step(token.reshape(1, 1), self.session.caches))
                self.session.append([value])
            if forced is not None:
                token = mx.array(forced)
            elif following is None or self._is_gated:
                token = self._choose(logits, index, seen)
                mx.async_eval(token)
            else:
                token = following

    def _speculative(self, hidden: mx.array, drafter: Drafter) -> Generator[int, int | None, None]:
        seen: list[int] = []
        value = self._accept(token_value(self._draw(hidden, 0, seen)))
        forced = yield value
        index = 1
        if forced is not None and index < self.max_tokens:
            hidden, value, index = self._feed(value), self._accept(forced), 2
            yield value
        while index < self.max_tokens:
            if self.cancelled():
                raise Cancelled
            seen.append(value)
            guesses = self._guess(
                drafter, value, hidden, min(DRAFT_TOKENS, self.max_tokens - index - 1)
            )
            ids = np.array([value, *guesses], np.int32)
            base = self.session.position
            states = self.network.forward(
                ids, np.zeros(len(ids), np.int8), None, self.session.caches, rows=len(ids)
            )
            assert states is not None
            drawn = self._check(states, guesses, index, seen)
            kept = len(drawn)  # the bonus token and the guesses that were right are now read
            self.session.append([value, *guesses])
            self.session.rewind(base + kept)
            hidden = states[:, kept - 1 : kept]
            self.counts.drafted += len(guesses)
            self.counts.accepted += kept - 1
            seen.extend(drawn[:-1])
            index += kept
            for i, value in enumerate(drawn):
                forced = yield value
                if forced is not None and i < kept - 1:
                    if self.gate is not None:
                        self.gate.rewind(kept - 1 - i)
                    self.session.rewind(base + i + 2)
                    hidden, index = states[:, i + 1 : i + 2], index - kept + i + 1
                elif forced is not None:
                    hidden = self._feed(value)
                if forced is not None and index < self.max_tokens:
                    value, index = self._accept(forced), index + 1
                    yield value
                    break

    def _feed(self, value: int) -> mx.array:
        """Read one token; return the state [1, 1, H] after it."""
        hidden = self.network.step(mx.array([[value]]), self.session.caches)
        mx.eval(hidden)
        self.session.append([value])
        return hidden

    def _check(
        self, states: mx.array, guesses: list[int], index: int, seen: list[int]
    ) -> list[int]:
        """Draw from each state as plain decoding would, up to the first that differs."""
        drawn: list[int] = []
        for i in range(len(guesses) + 1):
            draw = self._draw(states[:, i : i + 1], index + i, [*seen, *drawn])
            drawn.append(self._accept(token_value(draw)))
            if i == len(guesses) or drawn[-1] != guesses[i]:
                break
        return drawn

    def _guess(self, drafter: Drafter, token: int, hidden: mx.array, count: int) -> list[int]:
        shared = self.network.shared_kv(self.session.caches)
        position = self.session.position
        guesses: list[mx.array] = []
        last = mx.array([[token]])
        for _ in range(count):
            embedding = self.network.language_model.embed(last)
            logits, hidden = drafter(embedding, hidden, shared, position)
            last = mx.argmax(logits[:, 0], axis=-1)[None]
            guesses.append(last)
        mx.eval(guesses)
        return [token_value(g) for g in guesses]
