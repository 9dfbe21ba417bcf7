"""When an answer is limited: after the thought, and inside a call."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from inference.generate.constraint.gate import Gate
from inference.generate.constraint.matcher import ConstraintLostError, Step
from inference.prompt.tokenizer import ControlIds

CONTROL = ControlIds(*range(18))
VOCAB = 24
STOP = CONTROL.turn_close
A, B = VOCAB - 2, VOCAB - 1


class FakeMatcher:
    """Follows the tokens of `wanted` one after the other."""

    def __init__(self, *wanted: int, is_lost: bool = False) -> None:
        self._wanted = wanted
        self._is_lost = is_lost
        self.pushed: list[int] = []

    def begin(self) -> None:
        self.pushed = []

    def push(self, token_ids: Sequence[int]) -> None:
        self.pushed += token_ids

    def rewind(self, count: int) -> None:
        del self.pushed[len(self.pushed) - count :]

    def step(self) -> Step:
        if self._is_lost:
            raise ConstraintLostError("It took too long.")
        at = len(self.pushed)
        is_over = at >= len(self._wanted)
        allowed = np.zeros(VOCAB, np.bool_)
        allowed[STOP if is_over else self._wanted[at]] = True
        return Step(np.packbits(allowed, bitorder="little").tobytes(), is_over, is_over)


def gate(
    answer: FakeMatcher | None = None, calls: FakeMatcher | None = None, **options: bool
) -> Gate:
    return Gate(CONTROL, [STOP], VOCAB, answer=answer, calls=calls, **options)


def allowed(made: Gate) -> set[int]:
    found = made.allowed()
    assert found is not None
    return set(np.flatnonzero(found).tolist())


def test_an_answer_is_limited_from_its_first_token_to_the_end() -> None:
    made = gate(FakeMatcher(A, B))
    assert allowed(made) == {A}
    made.accept(A)
    assert allowed(made) == {B}
    assert not made.is_complete()
    made.accept(B)
    assert allowed(made) == {STOP}
    assert made.is_complete()
    made.accept(STOP)
    assert made.is_complete()
    assert not made.is_on


def test_nothing_is_limited_inside_a_thought() -> None:
    answer = FakeMatcher(A)
    made = gate(answer, starts_in_thought=True)
    made.accept(B)
    assert not made.is_on
    assert made.allowed() is None
    assert answer.pushed == []
    made.accept(CONTROL.channel_close)
    assert allowed(made) == {A}


def test_one_thought_may_come_first_and_no_second() -> None:
    made = gate(FakeMatcher(A), may_think=True)
    assert allowed(made) == {A, CONTROL.channel_open}
    for token_id in (CONTROL.channel_open, B, CONTROL.channel_close):
        made.accept(token_id)
    assert allowed(made) == {A}


def test_a_thought_cannot_begin_where_none_is_wanted() -> None:
    assert allowed(gate(FakeMatcher(A))) == {A}


def test_text_is_free_and_calls_are_not() -> None:
    made = gate(calls=FakeMatcher(A, CONTROL.call_close))
    assert not made.is_on
    made.accept(CONTROL.call_open)
    assert allowed(made) == {A}
    made.accept(A)
    assert allowed(made) == {CONTROL.call_close}
    made.accept(CONTROL.call_close)
    assert not made.is_on


def test_after_a_call_instead_of_an_answer_only_another_call_or_the_end_may_come() -> None:
    made = gate(FakeMatcher(B), FakeMatcher(A, CONTROL.call_close))
    assert allowed(made) == {B, CONTROL.call_open}
    for token_id in (CONTROL.call_open, A, CONTROL.call_close):
        made.accept(token_id)
    assert allowed(made) == {CONTROL.call_open, STOP}
    assert not made.is_complete()


def test_tokens_that_are_taken_back_leave_no_trace() -> None:
    answer = FakeMatcher(A, B)
    made = gate(answer, may_think=True)
    for token_id in (CONTROL.channel_open, CONTROL.channel_close, A):
        made.accept(token_id)
    made.rewind(3)
    assert answer.pushed == []
    assert allowed(made) == {A, CONTROL.channel_open}


def test_a_grammar_that_is_lost_frees_the_answer_and_is_remembered() -> None:
    made = gate(FakeMatcher(A, is_lost=True))
    assert made.allowed() is None
    assert made.lost == "It took too long."
    assert not made.is_on
    assert not made.is_complete()
