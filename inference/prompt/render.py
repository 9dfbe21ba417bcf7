"""A checked conversation as prompt segments, in Gemma 4's turn grammar.

`<bos>`, then turns `<|turn>ROLE\\nTEXT<turn|>\\n`. The grammar follows the chat template of July
2026, with one difference: text beside tool calls stands before them, where the model wrote it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from inference.api import (
    Audio,
    Image,
    ItemKind,
    Message,
    Part,
    Text,
    Tool,
    ToolCall,
    ToolResult,
    Video,
)
from inference.errors import PromptError
from inference.prompt.messages import Conversation
from inference.prompt.segments import THOUGHT, MediaKind, Origin, Segment, SegmentWriter
from inference.prompt.tokenizer import CONTENTS, ControlIds
from inference.prompt.tools import check_tools, write_call, write_declaration, write_result

_Tail = Literal["text", "call", "result"]  # what a model message ends with


@dataclass(frozen=True, slots=True)
class Rendered:
    """A prompt as segments.

    `starts_in_thought`: generation begins inside a thought that the prompt has opened.
    `dropped`: sentences on what of the conversation is not in it.
    """

    segments: tuple[Segment, ...]
    starts_in_thought: bool
    dropped: tuple[str, ...] = ()


def render(
    messages: Conversation,
    *,
    tools: Sequence[Tool] = (),
    thinking: bool = False,
    empty_thought: bool = False,
    control: ControlIds,
    add_generation_prompt: bool = True,
    continue_last: bool = False,
) -> Rendered:
    """Render `messages` (from `normalise_messages`) and open the model's turn.

    `empty_thought`: the model wants a closed, empty thought when thinking is off (the two large
    sizes). `continue_last`: the last message is the beginning of the model's turn; what it holds
    is rendered as the model wrote it, and nothing is closed after it: neither the turn nor, when
    there is no text, the thought. Raises PromptError for unusable tools and for a last message
    that cannot be continued.
    """
    check_tools(tools)
    if continue_last:
        _check_begun(messages)
    renderer = _Renderer(control, messages)
    renderer.system_turn(tools, thinking)
    if continue_last:
        renderer.turns(messages[:-1])
        starts_in_thought = renderer.begun_turn(empty_thought and not thinking)
    else:
        renderer.turns(messages)
        starts_in_thought = renderer.end(thinking, empty_thought, add_generation_prompt)
    return Rendered(tuple(renderer.out.segments), starts_in_thought, renderer.dropped())


class _Renderer:
    def __init__(self, control: ControlIds, messages: Conversation) -> None:
        self.out = SegmentWriter(control)
        self._control = control
        self._messages = messages
        users = [i for i, message in enumerate(messages) if message.role == "user"]
        self._last_user = users[-1] if users else -1
        self._media = 0
        self._tail: _Tail = "text"
        self._left_out = 0
        self.out.mark(control.bos)

    def system_turn(self, tools: Sequence[Tool], thinking: bool) -> None:
        """Thinking flag, system text and tool declarations; no turn if there is none of them."""
        first = self._messages[0]
        if not (first.role == "system" or tools or thinking):
            return
        self._open_turn("system")
        if thinking:
            self.out.mark(self._control.think)
            self.out.plain("\n")
        if first.role == "system":
            for part, item in enumerate(first.parts):
                if isinstance(item, Text):
                    self._within("text", "system", 0, part).foreign(item.text)
        for index, tool in enumerate(tools):
            write_declaration(self._within("tools", tool.name, -1, index), tool)
        self._close_turn()

    def turns(self, messages: Sequence[Message]) -> None:
        """These turns but the system's; the last model turn is left for `end` to close."""
        previous = ""
        for index, message in enumerate(messages):
            if message.role == "user":
                self._close_model_turn(previous)
                self._open_turn("user")
                self._parts(index, message)
                self._close_turn()
            elif message.role == "model":
                if previous not in ("model", "tool"):
                    self._open_turn("model")
                self._tail = "text"
                self._thought(index, message)
                self._parts(index, message)
            elif message.role == "tool":
                self._parts(index, message)
            previous = message.role

    def end(self, thinking: bool, empty_thought: bool, add_generation_prompt: bool) -> bool:
        """What follows the last message; True if generation starts inside a thought."""
        open_turn = self._messages[-1].role in ("model", "tool")
        if open_turn and self._tail == "call":
            self.out.mark(self._control.response_open)
            return False
        if open_turn and self._tail == "result":
            if not (thinking and add_generation_prompt):
                return False
            self._open_thought()
            return True
        self._close_model_turn(self._messages[-1].role)
        if add_generation_prompt:
            self._open_turn("model")
            if empty_thought and not thinking:
                self._open_thought()
                self.out.mark(self._control.channel_close)
        return False

    def begun_turn(self, empty_thought: bool) -> bool:
        """The beginning of an answer, kept open; True if generation starts inside its thought."""
        message, index = self._messages[-1], len(self._messages) - 1
        if index == 0 or self._messages[index - 1].role not in ("model", "tool"):
            self._open_turn("model")
        text = "".join(part.text for part in message.parts if isinstance(part, Text))
        if message.thought:
            out = self._within("text", "thought", index, THOUGHT)
            out.mark(self._control.channel_open)
            out.plain("thought\n")
            out.foreign(message.thought)
            if not text:
                return True
            out.plain("\n")
            out.mark(self._control.channel_close)
        elif empty_thought:
            self._open_thought()
            self.out.mark(self._control.channel_close)
        self._within("text", "model", index, 0).foreign(strip_thoughts(text))
        return False

    def dropped(self) -> tuple[str, ...]:
        """One sentence on the reasoning that was left out, if any was."""
        count = self._left_out
        if not count:
            return ()
        whose = "an earlier answer" if count == 1 else f"{count} earlier answers"
        return (f"the reasoning of {whose}: Gemma 4 reads it only until the next question.",)

    def _thought(self, index: int, message: Message) -> None:
        """A thought is kept only after the last user message: within the current tool loop."""
        if not message.thought:
            return
        if index < self._last_user:
            self._left_out += 1
            return
        out = self._within("text", "thought", index, THOUGHT)
        out.mark(self._control.channel_open)
        out.plain("thought\n")
        out.foreign(message.thought)
        out.plain("\n")
        out.mark(self._control.channel_close)

    def _parts(self, index: int, message: Message) -> None:
        for place, part in enumerate(message.parts):
            self._part(index, place, part, message.role)

    def _part(self, index: int, place: int, part: Part, role: str) -> None:
        match part:
            case Text():
                self._text(part, self._within("text", role, index, place), role)
            case ToolCall():
                write_call(self._within("tool_call", part.name, index, place), part)
                self._tail = "call"
            case ToolResult():
                write_result(self._within("tool_result", part.name, index, place), part)
                self._tail = "result"
            case Image():
                self._slot("image", part.name, index, place)
            case Audio():
                self._slot("audio", part.name, index, place)
            case Video():
                self._slot("video", part.name, index, place)
                if part.sound is not None:
                    self._slot("audio", part.name, index, place)

    def _text(self, part: Text, out: SegmentWriter, role: str) -> None:
        text = part.text
        if role == "model":
            text = strip_thoughts(text)
            self._left_out += text != part.text
        text = text.strip()
        out.foreign(text)
        if text:
            self._tail = "text"

    def _slot(self, kind: MediaKind, name: str, index: int, place: int) -> None:
        self._within(kind, name, index, place).slot(self._media, kind)
        self._media += 1

    def _within(self, kind: ItemKind, name: str, index: int, place: int) -> SegmentWriter:
        return self.out.within(Origin(kind, name, index, place))

    def _open_turn(self, role: str) -> None:
        self.out.mark(self._control.turn_open)
        self.out.plain(role + "\n")

    def _close_turn(self) -> None:
        self.out.mark(self._control.turn_close)
        self.out.plain("\n")

    def _close_model_turn(self, previous: str) -> None:
        if previous in ("model", "tool"):
            self._close_turn()

    def _open_thought(self) -> None:
        self.out.mark(self._control.channel_open)
        self.out.plain("thought\n")


def _check_begun(messages: Conversation) -> None:
    last = messages[-1]
    if last.role != "model" or not all(isinstance(part, Text) for part in last.parts):
        raise PromptError(
            "Only an answer of text can be continued, and it must be the last message.",
            "Ask again instead.",
        )


def strip_thoughts(text: str) -> str:
    """Earlier answers without what stands between the channel marks, spelled as text.

    A mark without its partner goes too; an unclosed thought ends with the text.
    """
    pieces = text.split(CONTENTS["channel_close"])
    return "".join(piece.split(CONTENTS["channel_open"])[0] for piece in pieces)
