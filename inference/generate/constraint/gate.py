"""Which token may come next in an answer: a schema after the thought, declarations inside a call.

A state machine over token ids, one for each answer. It follows the same marks as
`prompt.parse.StreamParser`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import numpy as np

from inference.generate.constraint.matcher import Allowed, ConstraintLostError, Matcher, Step
from inference.prompt.tokenizer import ControlIds

# "start": an answer under a schema has not begun; "called": a call of such an answer is complete.
State = Literal["free", "thought", "start", "answer", "call", "called", "ended"]
_LIMITED = frozenset(("start", "answer", "call", "called"))


class Gate:
    """`answer` follows the schema and `calls` a tool call; None where there is none.

    `may_think`: a thought may come before the answer. Nothing is limited inside of one.
    """

    def __init__(
        self,
        control: ControlIds,
        stop_ids: Iterable[int],
        vocab: int,
        *,
        answer: Matcher | None = None,
        calls: Matcher | None = None,
        may_think: bool = False,
        starts_in_thought: bool = False,
    ) -> None:
        self._control = control
        self._stops = frozenset(stop_ids)
        self._vocab = vocab
        self._answer = answer
        self._calls = calls
        self._may_think = may_think and not starts_in_thought
        self.lost = ""  # why a grammar could be followed no longer
        self._state: State = "thought" if starts_in_thought else self._outside()
        self._past: list[tuple[State, bool, Matcher | None]] = []

    @property
    def is_on(self) -> bool:
        """Whether the next token is limited."""
        return self._state in _LIMITED

    @property
    def has_begun(self) -> bool:
        """Whether the answer under the schema has begun."""
        return self._state == "answer"

    def resume(self, token_ids: list[int]) -> None:
        """The answer has begun with these tokens, in an earlier run."""
        if self._answer is not None and token_ids and self._state == "start":
            self._answer.push(token_ids)
            self._state = "answer"

    def accept(self, token_id: int) -> None:
        """This token comes next; the work on what may follow it begins."""
        before = self._state, self._may_think
        pushed = self._follow(token_id)
        self._past.append((*before, pushed))

    def rewind(self, count: int) -> None:
        """Take the last `count` tokens back."""
        for _ in range(count):
            self._state, self._may_think, pushed = self._past.pop()
            if pushed is not None and not self.lost:
                pushed.rewind(1)

    def allowed(self) -> Allowed | None:
        """Bools [V], None when everything is; waits until they are known."""
        if not self.is_on:
            return None
        control = self._control
        if self._state == "called":
            return self._only(control.call_open, *self._stops)
        step = self._step()
        if step is None:
            return None
        allowed = step.allowed(self._vocab)
        if self._state == "start":
            if self._calls is not None:
                allowed[control.call_open] = True
            if self._may_think:
                allowed[control.channel_open] = True
        if not allowed.any():
            self._lose("no token of the vocabulary can go on with it")
            return None
        return allowed

    def is_complete(self) -> bool:
        """Whether the text written so far is a whole JSON value that nothing can be added to."""
        if self._state == "ended":  # which is allowed only there
            return bool(self._past) and self._past[-1][0] == "answer"
        if self._answer is None or self._state != "answer":
            return False
        try:
            return self._answer.step().is_over
        except ConstraintLostError:
            return False

    # --- inside ---------------------------------------------------------------------------

    def _outside(self) -> State:
        return "free" if self._answer is None or self.lost else "start"

    def _follow(self, token_id: int) -> Matcher | None:
        """Go to the next state; the matcher that was given the token, if one was."""
        control = self._control
        if self._state == "call" and self._calls is not None:
            if token_id == control.call_close:
                self._state = "called" if self._answer is not None else "free"
                return None
            self._calls.push([token_id])
            return self._calls
        if token_id in self._stops:
            self._state = "ended"
        elif self._answer is not None and (
            self._state == "answer" or (self._state == "start" and not self._opens(token_id))
        ):
            self._answer.push([token_id])
            self._state = "answer"
            return self._answer
        elif token_id == control.channel_close and self._state == "thought":
            self._state, self._may_think = self._outside(), False
        elif token_id == control.channel_open:
            self._state = "thought"
        elif token_id == control.call_open and self._calls is not None:
            self._calls.begin()
            self._state = "call"
        return None

    def _opens(self, token_id: int) -> bool:
        """Whether something that is no part of the answer begins."""
        return token_id in (self._control.channel_open, self._control.call_open)

    def _step(self) -> Step | None:
        matcher = self._calls if self._state == "call" else self._answer
        try:
            return None if matcher is None else matcher.step()
        except ConstraintLostError as error:
            self._lose(error.message)
            return None

    def _lose(self, why: str) -> None:
        self.lost = why
        self._state = "free"
        self._answer = self._calls = None

    def _only(self, *token_ids: int) -> Allowed:
        allowed = np.zeros(self._vocab, np.bool_)
        allowed[[i for i in token_ids if i < self._vocab]] = True
        return allowed
