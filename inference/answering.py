"""One request answered: prompt, run, and what its schema and its tools demand of the answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from inference.api import (
    Event,
    Message,
    Notice,
    Prepared,
    Request,
    Sampling,
    Text,
    Tool,
    ToolCall,
    ToolCallEvent,
)
from inference.errors import GenerationError
from inference.generate.answer import Answer
from inference.generate.constraint.bounds import SchemaError, check_bounds
from inference.generate.constraint.calls import call_grammar, declared_schema
from inference.generate.constraint.gate import Gate
from inference.generate.constraint.held import HeldAnswer
from inference.generate.constraint.matcher import ConstraintLostError, Matcher
from inference.generate.constraint.worker import Constraints
from inference.generate.session import Session
from inference.model import Model
from inference.prompt.parse import StreamParser
from inference.prompt.prompt import Prompt
from inference.prompt.render import strip_thoughts

_ASKED = "Answer with JSON that follows this JSON Schema, and with nothing else:\n"
_ASKED_ANY = "Answer with JSON, and with nothing else."
_REPAIR_TEMPERATURE = 0.7  # the most likely value was wrong


@dataclass(frozen=True, slots=True, eq=False)
class Answering:
    """Answers one request. `on_event` and `cancelled` are the job's."""

    model: Model
    request: Request
    session: Session
    constraints: Constraints
    on_event: Callable[[Event], None]
    cancelled: Callable[[], bool]
    shrink: Callable[[int], int] = lambda chunk: chunk  # the memory guard's word on chunks

    def play(self) -> None:
        """Events up to `Finished`. Raises FacetError for what cannot be answered."""
        _check(self.request)
        self.constraints.cancelled = self.cancelled
        held, calls = self._held(), self._calls()
        if held is not None and self.constraints.is_ready:
            held.settle()
        prompt = self._prepare(self.request.messages)
        self.on_event(Prepared(prompt.receipt))
        drafting = self.request.use_drafter and self.model.drafter is not None
        if self.request.use_drafter and not drafting:
            self.on_event(Notice("No draft model is loaded; the answer is made without one."))
        gate = self._gate(prompt, held, calls)
        if gate is not None and held is not None and held.before:
            self._resume(gate, held)
        answer = self._answer(prompt, gate, self.request.sampling, drafting)
        if answer.run.max_tokens < self.request.max_tokens:
            self.on_event(
                Notice(
                    f"The answer can have at most {answer.run.max_tokens:,} tokens: "
                    "the prompt fills the rest of what the model can hold."
                )
            )
        if held is None or gate is None:
            answer.play()
            return
        answer.play(
            lambda reason: held.conclude(
                reason,
                answer.text,
                is_whole=gate.is_complete(),
                lost=gate.lost,
                write_again=lambda *what: self._write_again(answer, *what),
            )
        )

    # --- before -----------------------------------------------------------------------------

    def _held(self) -> HeldAnswer | None:
        """The answer under the request's schema, if it has one; compiling has begun."""
        schema = self.request.schema
        if schema is None:
            return None
        check_bounds(schema)
        before = ""
        if self.request.continue_last and self.request.messages:
            last = self.request.messages[-1]
            before = strip_thoughts("".join(p.text for p in last.parts if isinstance(p, Text)))
        return HeldAnswer(schema, self.constraints, self.on_event, before)

    def _calls(self) -> Matcher | None:
        """The grammar of the declared tools; without one, calls are checked when complete."""
        tools = self.request.tools
        if not tools:
            return None
        try:
            return self.constraints.grammar(call_grammar(tools, self.model.tokenizer.control))
        except (ConstraintLostError, RecursionError):
            self.on_event(
                Notice("Calls of tools cannot be guided while they are written; they are checked.")
            )
            return None

    def _prepare(self, messages: Sequence[Message], *, continue_last: bool | None = None) -> Prompt:
        request = self.request
        schema = request.schema if request.schema_in_prompt else None
        goes_on = request.continue_last if continue_last is None else continue_last
        return self.model.prepare(
            messages if schema is None else with_schema(messages, schema),
            thinking=request.thinking,
            tools=request.tools,
            image_tokens=request.image_tokens,
            video_tokens=request.video_tokens,
            continue_last=goes_on,
        )

    def _gate(self, prompt: Prompt, held: HeldAnswer | None, calls: Matcher | None) -> Gate | None:
        if held is None and calls is None:
            return None
        return Gate(
            self.model.tokenizer.control,
            self.model.stop_ids,
            self.model.config.text.vocab,
            answer=held,
            calls=calls,
            may_think=self.request.thinking,
            starts_in_thought=prompt.starts_in_thought,
        )

    def _resume(self, gate: Gate, held: HeldAnswer) -> None:
        """Lead the grammar over what an earlier run has written."""
        gate.resume(self.model.tokenizer.encode(held.before))
        try:
            held.step()
        except ConstraintLostError:
            raise GenerationError(
                "The answer so far does not follow the schema, so it cannot be continued with it.",
                "Ask again, or take the schema away.",
            ) from None

    def _answer(
        self, prompt: Prompt, gate: Gate | None, sampling: Sampling, drafting: bool
    ) -> Answer:
        model, request = self.model, self.request
        run = model.run(
            prompt,
            max_tokens=request.max_tokens,
            sampling=sampling,
            session=self.session,
            use_drafter=drafting,
            gate=gate,
            on_event=self.on_event,
            cancelled=self.cancelled,
            shrink=self.shrink,
        )
        tokenizer = model.tokenizer
        return Answer(
            run=run,
            parser=StreamParser(tokenizer.control, tokenizer.stream, prompt.starts_in_thought),
            control=tokenizer.control,
            stop_ids=model.stop_ids,
            receipt=prompt.receipt,
            on_event=self._checked if request.tools else self.on_event,
            thinking_budget=request.thinking_budget,
            repetition_guard=sampling.repetition_guard,
        )

    # --- calls ------------------------------------------------------------------------------

    def _checked(self, event: Event) -> None:
        """Pass an event on; a call with what is wrong with it."""
        if isinstance(event, ToolCallEvent):
            event = replace(event, problem=self._call_problem(event.call))
        self.on_event(event)

    def _call_problem(self, call: ToolCall) -> str:
        tool = _named(self.request.tools, call.name)
        if tool is None:
            return f"There is no tool of the name {call.name}."
        try:
            verdict = self.constraints.judge(declared_schema(tool), dict(call.arguments))
        except RecursionError:
            return f"The declaration of {call.name} is nested too deeply to check a call."
        return f"{call.name}: {verdict.problem}" if verdict.problem else ""

    # --- repairs ----------------------------------------------------------------------------

    def _write_again(
        self, answer: Answer, whole: str, hint: str, part: dict[str, object], attempt: int
    ) -> str | None:
        """Ask for one value of the answer again, in a turn that the conversation does not keep."""
        messages = list(self.request.messages)
        if self.request.continue_last:
            messages.pop()
        messages += [Message("model", (Text(whole),)), Message("user", (Text(hint),))]
        try:
            matcher = self.constraints.schema(part)
            matcher.compiled()
            prompt = self._prepare(messages, continue_last=False)
        except GenerationError:
            return None
        gate = Gate(
            self.model.tokenizer.control,
            self.model.stop_ids,
            self.model.config.text.vocab,
            answer=matcher,
        )
        sampling = _other(self.request.sampling, attempt)
        run = self._answer(prompt, gate, sampling, drafting=False).run
        decoder = self.model.tokenizer.stream()
        pieces: list[str] = []
        for token_id in run.tokens():
            answer.extra_tokens += 1
            if token_id in self.model.stop_ids:
                break
            pieces.append(decoder.push(token_id))
        return "".join((*pieces, decoder.finish())) if gate.is_complete() else None


def with_schema(
    messages: Sequence[Message], schema: dict[str, object] | object
) -> tuple[Message, ...]:
    """The conversation whose system text ends with the schema, so that the model knows it."""
    asked = _ASKED + json.dumps(schema, ensure_ascii=False) if schema else _ASKED_ANY
    first = messages[0] if messages else None
    if isinstance(first, Message) and first.role == "system":
        own = "".join(part.text for part in first.parts if isinstance(part, Text)).strip()
        text = f"{own}\n\n{asked}" if own else asked
        return (replace(first, parts=(Text(text),)), *messages[1:])
    return (Message("system", (Text(asked),)), *messages)


def _other(sampling: Sampling, attempt: int) -> Sampling:
    """Sampling that can come to another value than before, yet to the same each time."""
    seed = attempt if sampling.seed is None else (sampling.seed + attempt * 7919) % 2**63
    if sampling.temperature > 0:
        return replace(sampling, seed=None if sampling.seed is None else seed)
    return replace(sampling, temperature=_REPAIR_TEMPERATURE, seed=seed)


def _named(tools: Sequence[Tool], name: str) -> Tool | None:
    return next((tool for tool in tools if tool.name == name), None)


def _check(request: Request) -> None:
    """Raise GenerationError for a count that no run can have."""
    budget = request.thinking_budget
    for name, value in (("longest answer", request.max_tokens), ("thinking budget", budget)):
        if value is not None and value < 1:
            raise GenerationError(f"The {name} must be at least one token.", "Change the setting.")
    if request.schema is not None and request.sampling.repetition_penalty > 2:
        raise SchemaError(
            "A repetition penalty above 2 and a schema do not go together: JSON repeats its marks.",
            "Lower the penalty.",
        )
