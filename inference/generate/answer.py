"""From token ids to the events of one answer, with the reason it ended and its figures."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import mlx.core as mx

from inference.api import (
    ConstraintReport,
    Event,
    Finished,
    FinishReason,
    Notice,
    Receipt,
    Statistics,
    Thought,
    TokenText,
    ToolCallEvent,
)
from inference.generate.cancel import Cancelled
from inference.generate.run import Run
from inference.generate.sampling import RepetitionGuard
from inference.prompt.parse import StreamParser
from inference.prompt.tokenizer import ControlIds

_LOOP = "The answer was ended because it had begun to repeat itself word for word."
_BUDGET = "The thinking budget of {} tokens was reached; the thought was closed."


Conclude = Callable[[FinishReason], ConstraintReport | None]


@dataclass(slots=True, eq=False)
class Answer:
    """Runs `run` through `parser`, reporting to `on_event` until the answer ends.

    `extra_tokens` counts those that were generated for it outside of the run.
    """

    run: Run
    parser: StreamParser
    control: ControlIds
    stop_ids: frozenset[int]
    receipt: Receipt
    on_event: Callable[[Event], None]
    thinking_budget: int | None = None
    repetition_guard: bool = True
    extra_tokens: int = 0
    _pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What of the answer has been written."""
        return "".join(self._pieces)

    def play(self, conclude: Conclude = lambda _reason: None) -> FinishReason:
        """Generate; the last event is `Finished`. Errors pass through and end no event.

        `conclude` is called between the last token and that event, and may add to both.
        """
        begin = time.perf_counter()
        mx.reset_peak_memory()
        clock = _Clock(begin)
        try:
            reason = self._generate(clock)
        except Cancelled:
            reason = "cancelled"
        for event in self.parser.finish(reason):
            self._tell(event)
        report = conclude(reason)
        self.on_event(Finished(reason, self._statistics(clock), self.receipt, report))
        return reason

    def _tell(self, event: Event) -> None:
        if isinstance(event, TokenText):
            self._pieces.append(event.text)
        self.on_event(event)

    def _generate(self, clock: _Clock) -> FinishReason:
        guard = RepetitionGuard() if self.repetition_guard else None
        called, told, forced = False, False, None
        tokens = self.run.tokens()
        while True:
            try:
                token_id = tokens.send(forced)
            except StopIteration:
                return "length"
            forced = None
            clock.tick()
            if token_id in self.stop_ids:
                tokens.close()
                return "tool_calls" if called else "stop"
            in_thought = False
            for event in self.parser.feed(token_id):
                self._tell(event)
                called |= isinstance(event, ToolCallEvent)
                in_thought = isinstance(event, Thought) and not event.closed
            if guard is not None and guard.push(token_id):
                tokens.close()
                self.on_event(Notice(_LOOP))
                return "repetition"
            budget = self.thinking_budget
            if budget is not None and in_thought and self.parser.thought_tokens >= budget:
                forced = self.control.channel_close
                if not told:
                    self.on_event(Notice(_BUDGET.format(budget)))
                told = True

    def _statistics(self, clock: _Clock) -> Statistics:
        counts, prompt = self.run.counts, len(self.run.prompt)
        read = prompt - counts.reused
        return Statistics(
            prompt_tokens=prompt,
            reused_tokens=counts.reused,
            generated_tokens=clock.tokens + self.extra_tokens,
            thought_tokens=self.parser.thought_tokens,
            drafted_tokens=counts.drafted,
            accepted_tokens=counts.accepted,
            media_s=counts.media_s,
            first_token_s=clock.first - clock.begin if clock.tokens else 0.0,
            prefill_tokens_per_s=read / counts.prefill_s if counts.prefill_s else 0.0,
            decode_tokens_per_s=clock.speed,
            total_s=time.perf_counter() - clock.begin,
            peak_memory_bytes=int(mx.get_peak_memory()),
        )


class _Clock:
    """When tokens came."""

    def __init__(self, begin: float) -> None:
        self.begin = self.first = self.last = begin
        self.tokens = 0

    def tick(self) -> None:
        self.last = time.perf_counter()
        self.first = self.last if self.tokens == 0 else self.first
        self.tokens += 1

    @property
    def speed(self) -> float:
        """Tokens a second after the first, 0 when there is only one."""
        span = self.last - self.first
        return (self.tokens - 1) / span if span > 0 else 0.0
