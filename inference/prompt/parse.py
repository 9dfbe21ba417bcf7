"""Generated token ids to events: answer text, thoughts, tool calls, notices.

Structure is told by control ids alone, so text that only spells a control token changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Literal, Protocol

from inference.api import FinishReason, Notice, Thought, TokenText, ToolCallEvent
from inference.prompt.tokenizer import ControlIds
from inference.prompt.toolparse import QUOTE, CallSyntaxError, parse_call
from inference.prompt.values import MAX_SIZE

ParserEvent = TokenText | Thought | ToolCallEvent | Notice

_CHANNEL_NAME = "thought\n"
_THINKING = ("name", "thought")
_State = Literal["text", "name", "thought", "call"]
_UNFINISHED_THOUGHT = {
    "stop": "The model ended its turn while still thinking, so there is no answer.",
    "length": "The token limit was reached while the model was still thinking.",
}


class Decoder(Protocol):
    """An incremental detokenizer; `finish` leaves it as new."""

    def push(self, token_id: int) -> str: ...
    def finish(self) -> str: ...


class StreamParser:
    """A state machine over token ids; no sequence of ids of the vocabulary makes it fail.

    A thought is what stands between the channel marks, without the channel's name and the line
    break before the closing mark. A call that cannot be read becomes text and a notice. The
    events' `tokens` count the ids behind what they show; an empty thought shows nothing.
    """

    def __init__(
        self,
        control: ControlIds,
        new_decoder: Callable[[], Decoder],
        starts_in_thought: bool = False,
    ) -> None:
        self._control = control
        self._marks = frozenset(getattr(control, field.name) for field in fields(control))
        self._decoder = new_decoder()
        self._state: _State = "thought" if starts_in_thought else "text"
        self._pending = 0  # ids that no event has counted yet
        self._name = ""  # beginning of a channel that may still be its name
        self._held = ""  # line break of a thought that may be its last
        self._shown = False  # the open thought has had an event
        self._call: list[str] = []
        self._call_size = 0
        self.thought_tokens = 0  # ids of thoughts so far, with their marks

    def feed(self, token_id: int) -> list[ParserEvent]:
        """Events that are certain after this id. Raises PromptError for an id out of range."""
        self._pending += 1
        before = self._state
        if token_id == self._control.quote:
            events = self._text(self._decoder.finish())
            events += self._text(QUOTE if self._state == "call" else '"')
        elif token_id in self._marks:
            events = self._text(self._decoder.finish())
            events += self._mark(token_id)
        else:
            events = self._text(self._decoder.push(token_id))
        closed = before in _THINKING and token_id == self._control.channel_close
        self.thought_tokens += closed or self._state in _THINKING
        return events

    def finish(self, reason: FinishReason) -> list[ParserEvent]:
        """The last events; nothing may be fed afterwards."""
        events = self._text(self._decoder.finish())
        return events + self._end(reason)

    def _mark(self, token_id: int) -> list[ParserEvent]:
        """Structure. Marks that mean nothing where they stand are passed over."""
        control = self._control
        if token_id == control.call_close and self._state == "call":
            return self._read_call()
        if token_id == control.channel_close and self._state in _THINKING:
            return self._close_thought()
        if token_id in control.stops:
            return self._end("stop")
        events: list[ParserEvent] = []
        if self._state == "call":
            events += self._call_as_text("another token interrupts it")
        if token_id in (control.channel_open, control.call_open):
            if self._state in _THINKING:
                events += self._close_thought()
            self._state = "name" if token_id == control.channel_open else "call"
        return events

    def _end(self, reason: FinishReason) -> list[ParserEvent]:
        if self._state == "call":
            return self._call_as_text("the answer ends inside it")
        if self._state not in _THINKING:
            return []
        self._name = ""  # a channel cut within its name holds nothing
        events = self._close_thought()
        if reason in _UNFINISHED_THOUGHT:
            events.append(Notice(_UNFINISHED_THOUGHT[reason]))
        return events

    def _text(self, text: str) -> list[ParserEvent]:
        if not text:
            return []
        if self._state == "name":
            return self._channel_start(text)
        if self._state == "thought":
            return self._thought_text(text)
        if self._state == "call":
            return self._call_text(text)
        return [TokenText(text, self._take_pending())]

    def _channel_start(self, text: str) -> list[ParserEvent]:
        """Swallow the channel's name; a channel that begins otherwise has none."""
        self._name += text
        if _CHANNEL_NAME.startswith(self._name) and self._name != _CHANNEL_NAME:
            return []
        content, self._name = self._name.removeprefix(_CHANNEL_NAME), ""
        self._state = "thought"
        return self._thought_text(content)

    def _thought_text(self, text: str) -> list[ParserEvent]:
        text = self._held + text
        self._held = text[-1:] if text.endswith("\n") else ""
        text = text.removesuffix("\n")
        if not text:
            return []
        self._shown = True
        return [Thought(text, self._take_pending())]

    def _close_thought(self) -> list[ParserEvent]:
        events: list[ParserEvent] = []
        if self._name != _CHANNEL_NAME.rstrip():
            events += self._thought_text(self._name)
        tokens = self._take_pending()
        if self._shown:
            events.append(Thought("", tokens, closed=True))
        self._name = self._held = ""
        self._shown = False
        self._state = "text"
        return events

    def _call_text(self, text: str) -> list[ParserEvent]:
        self._call.append(text)
        self._call_size += len(text)
        return self._call_as_text("it is too long") if self._call_size > MAX_SIZE else []

    def _read_call(self) -> list[ParserEvent]:
        try:
            call = parse_call("".join(self._call))
        except CallSyntaxError as error:
            return self._call_as_text(error.message)
        self._leave_call()
        self._take_pending()
        return [ToolCallEvent(call)]

    def _call_as_text(self, why: str) -> list[ParserEvent]:
        text = "".join(self._call).replace(QUOTE, '"')
        self._leave_call()
        notice = Notice(f"A tool call could not be used, because {why}; it is shown as text.")
        return [*self._text(text), notice]

    def _leave_call(self) -> None:
        self._state = "text"
        self._call = []
        self._call_size = 0

    def _take_pending(self) -> int:
        pending, self._pending = self._pending, 0
        return pending
