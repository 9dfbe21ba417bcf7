"""A conversation checked and brought into one form, so that rendering cannot fail on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NewType

from inference.api import Audio, Image, Message, Part, Role, Text, ToolCall, ToolResult, Video
from inference.errors import PromptError
from inference.prompt.dicts import message_from_dict
from inference.prompt.values import check_mapping, check_tool_name, shorten

Conversation = NewType("Conversation", tuple[Message, ...])

_PARTS: Mapping[Role, tuple[type[Part], ...]] = {
    "system": (Text,),
    "user": (Text, Image, Video, Audio),
    "model": (Text, ToolCall, ToolResult),
    "tool": (ToolResult, Image, Video, Audio),
}
UNKNOWN_TOOL = "unknown"  # Gemma 4: the name of a result that names no call


def normalise_messages(messages: Sequence[Message | Mapping[str, Any]]) -> Conversation:
    """Check messages, given as dataclasses or in the usual dictionary form, and order their parts.

    A system text is final afterwards. In a model's turn, text goes before the calls it led to.
    Every tool result has a name, and every call but those of the last message has a result.
    Raises PromptError naming the first thing that is wrong.
    """
    if isinstance(messages, (str, Mapping)) or not isinstance(messages, Sequence):
        raise PromptError("A conversation must be a list of messages.")
    if not messages:
        raise PromptError("The conversation is empty.", "Write a message first.")
    read = [_read(entry, f"Message {index + 1}") for index, entry in enumerate(messages)]
    for index, message in enumerate(read):
        if index and message.role == "system":
            raise PromptError(
                f"Message {index + 1} is a system message; only the first message may be one."
            )
    calls = _OpenCalls()
    done = [calls.follow(message, f"Message {i + 1}") for i, message in enumerate(read)]
    calls.end()
    return Conversation(tuple(done))


def media_parts(messages: Conversation) -> tuple[Image | Video | Audio, ...]:
    """Pictures, clips and recordings in prompt order; a clip's sound follows it as a recording."""
    found: list[Image | Video | Audio] = []
    for message in messages:
        for part in message.parts:
            if isinstance(part, (Image, Video, Audio)):
                found.append(part)
            if isinstance(part, Video) and part.sound is not None:
                found.append(Audio(part.sound, part.name))
    return tuple(found)


def _read(entry: Message | Mapping[str, Any], where: str) -> Message:
    if isinstance(entry, Message):
        message = _system_message(entry, where) if entry.role == "system" else entry
    elif isinstance(entry, Mapping):
        message = message_from_dict(entry, where)
    else:
        raise PromptError(f"{where} is neither a message nor a mapping.")
    _check(message, where)
    return message


def _system_message(message: Message, where: str) -> Message:
    """One text, trimmed; several are trimmed one by one, each with a space after (Gemma 4)."""
    texts = [part.text.strip() for part in message.parts if isinstance(part, Text)]
    if len(texts) < len(message.parts):
        raise PromptError(f"{where} (system) may hold text only.")
    text = texts[0] if len(texts) == 1 else "".join(text + " " for text in texts)
    return replace(message, parts=(Text(text),))


def _check(message: Message, where: str) -> None:
    if message.role not in _PARTS:
        raise PromptError(f"{where} has the role {shorten(message.role)}.")
    if message.thought and message.role != "model":
        raise PromptError(f"{where} ({message.role}) has a thought; only the model thinks.")
    for part in message.parts:
        if not isinstance(part, _PARTS[message.role]):
            raise PromptError(
                f"{where} ({message.role}) holds a part of the kind {type(part).__name__}, "
                "which does not belong there."
            )
        _check_part(part, where)
    if message.role == "tool" and not (message.parts and isinstance(message.parts[0], ToolResult)):
        raise PromptError(f"{where} (tool) does not begin with a result.")


def _check_part(part: Part, where: str) -> None:
    if isinstance(part, Text) and not isinstance(part.text, str):
        raise PromptError(f"{where} has a text part that is not text.")
    if isinstance(part, ToolCall):
        check_tool_name(part.name, where)
        check_mapping(part.arguments, f"{where}: the arguments of {part.name}")
    if isinstance(part, ToolResult):
        check_tool_name(part.name or UNKNOWN_TOOL, where)
        if not isinstance(part.response, str):
            check_mapping(part.response, f"{where}: the result of {part.name or UNKNOWN_TOOL}")


class _OpenCalls:
    """Follows a conversation message by message, matching results to calls."""

    def __init__(self) -> None:
        self._calls: list[ToolCall] = []  # the group the next results belong to
        self._answered = 0
        self._caller = ""  # the message that made the calls

    def follow(self, message: Message, where: str) -> Message:
        """Check `message` against what came before; return it with ordered parts and names."""
        parts = _ordered(message.parts)
        if not (parts and isinstance(parts[0], ToolResult)):
            self._expect_none_open()
        done: list[Part] = []
        for part in parts:
            if isinstance(part, ToolCall):
                self._call(part, where)
            done.append(self._answer(part, where) if isinstance(part, ToolResult) else part)
        return replace(message, parts=tuple(done))

    def end(self) -> None:
        """The last calls may all be open, but not some of them."""
        if self._answered:
            self._expect_none_open()

    def _call(self, call: ToolCall, where: str) -> None:
        if self._answered or where != self._caller:
            self._expect_none_open()
            self._calls, self._answered, self._caller = [], 0, where
        self._calls.append(call)

    def _answer(self, result: ToolResult, where: str) -> ToolResult:
        if self._answered == len(self._calls):
            raise PromptError(
                f"{where} has a tool result that answers no call.",
                "A result follows the model's message that made the call.",
            )
        self._answered += 1
        return replace(result, name=self._name_for(result))

    def _name_for(self, result: ToolResult) -> str:
        if result.call_id:
            named = [call.name for call in self._calls if call.call_id == result.call_id]
            return (named or [result.name or UNKNOWN_TOOL])[0]
        if result.name:
            return result.name
        return self._calls[0].name if len(self._calls) == 1 else UNKNOWN_TOOL

    def _expect_none_open(self) -> None:
        if self._answered < len(self._calls):
            call = self._calls[self._answered]
            raise PromptError(
                f"The call of {call.name} in {self._caller} has no result.",
                "Add a tool message with its result.",
            )


def _ordered(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Between results, text goes before calls: that is how the model writes them."""
    done: list[Part] = []
    calls: list[Part] = []
    for part in parts:
        if isinstance(part, ToolCall):
            calls.append(part)
            continue
        if isinstance(part, ToolResult):
            done += calls
            calls = []
        done.append(part)
    return tuple(done + calls)
