"""Messages in the usual dictionary form to `api.Message`; every wrong form is a PromptError.

The result still has to go through `messages.normalise_messages`, which calls this.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from inference.api import (
    Audio,
    Image,
    JsonValue,
    Message,
    Part,
    Role,
    Text,
    ToolCall,
    ToolResult,
    Video,
)
from inference.errors import PromptError
from inference.prompt.values import check_json, check_mapping, parse_json, shorten

_ROLES: Mapping[str, Role] = {
    "system": "system",
    "developer": "system",
    "user": "user",
    "assistant": "model",
    "model": "model",
    "tool": "tool",
}
_MODEL_FIELDS = ("content", "reasoning", "reasoning_content", "tool_calls", "tool_responses")
_FIELDS: Mapping[Role, tuple[str, ...]] = {
    "system": ("content",),
    "user": ("content",),
    "model": _MODEL_FIELDS,
    "tool": ("content", "tool_call_id", "name"),
}


def message_from_dict(entry: Mapping[str, Any], where: str) -> Message:
    """Read one message; `where` names it in errors. Raises PromptError."""
    role = _role(entry, where)
    allowed = (*_FIELDS[role], "role")
    unknown = [key for key, value in entry.items() if key not in allowed and value is not None]
    if unknown:
        raise PromptError(
            f"{where} ({role}) has the field {shorten(unknown[0])}, which is unknown."
        )
    if role == "tool":
        return Message("tool", _tool_parts(entry, where))
    parts = _content_parts(entry.get("content"), where)
    if role == "system":
        return Message("system", (Text(_system_text(entry.get("content"), parts, where)),))
    if role == "user":
        return Message("user", parts)
    calls = tuple(_call(call, where) for call in _entries(entry, "tool_calls", where))
    results = tuple(_response(one, where) for one in _entries(entry, "tool_responses", where))
    # With its results in the same message the text is the answer to them, else it led to the calls.
    ordered = (*calls, *results, *parts) if results else (*parts, *calls)
    thought = _text(entry, "reasoning", where) or _text(entry, "reasoning_content", where)
    return Message("model", ordered, thought)


def _role(entry: Mapping[str, Any], where: str) -> Role:
    role = entry.get("role")
    if not isinstance(role, str) or role not in _ROLES:
        raise PromptError(
            f"{where} has the role {shorten(role)}.", f"Known are {', '.join(_ROLES)}."
        )
    return _ROLES[role]


def _system_text(content: object, parts: Sequence[Part], where: str) -> str:
    """Gemma 4: text is trimmed; a parts list is trimmed part by part, each with a space after."""
    texts = [part.text.strip() for part in parts if isinstance(part, Text)]
    if len(texts) < len(parts):
        raise PromptError(f"{where} (system) may hold text only.")
    return "".join(texts) if isinstance(content, str) else "".join(text + " " for text in texts)


def _content_parts(content: object, where: str) -> tuple[Part, ...]:
    if content is None:
        return ()
    if isinstance(content, str):
        return (Text(content),)
    if not isinstance(content, (list, tuple)):
        raise PromptError(f"The content of {where} must be text or a list of parts.")
    return tuple(_content_part(item, where) for item in content)


def _content_part(item: object, where: str) -> Part:
    if not isinstance(item, Mapping):
        raise PromptError(f"{where} has a part that is not a mapping.")
    name = _text(item, "name", where)
    match item.get("type"):
        case "text":
            return Text(_text(item, "text", where, required=True))
        case "image":
            return Image(_array(item, "image", where), name)
        case "audio":
            return Audio(_array(item, "audio", where), name)
        case "video":
            frames, times = item.get("frames"), item.get("times")
            if not isinstance(frames, (list, tuple)) or not isinstance(times, (list, tuple)):
                raise PromptError(f"A video in {where} needs lists of “frames” and “times”.")
            sound = None if item.get("sound") is None else _array(item, "sound", where)
            return Video(frames, times, name, sound=sound)
        case unknown:
            raise PromptError(
                f"{where} has a part of type {shorten(unknown)}.",
                "Known are text, image, video and audio, with the decoded data.",
            )


def _tool_parts(entry: Mapping[str, Any], where: str) -> tuple[Part, ...]:
    """The result first, then its media; the name may still have to be found by the call's id."""
    content = entry.get("content")
    media: tuple[Part, ...] = ()
    response: str | Mapping[str, JsonValue]
    if isinstance(content, (list, tuple)):
        parts = _content_parts(content, where)
        response = "".join(part.text for part in parts if isinstance(part, Text))
        media = tuple(part for part in parts if not isinstance(part, Text))
    else:
        response = _result_value(content, where)
    name = _text(entry, "name", where)
    return (ToolResult(name, response, _text(entry, "tool_call_id", where)), *media)


def _call(entry: object, where: str) -> ToolCall:
    """An OpenAI-style call (`function` inside, arguments maybe as JSON text) or a plain one."""
    if not isinstance(entry, Mapping):
        raise PromptError(f"{where} has a tool call that is not a mapping.")
    function = entry.get("function", entry)
    if not isinstance(function, Mapping):
        raise PromptError(f"{where} has a tool call whose “function” is not a mapping.")
    arguments = function.get("arguments")
    what = f"{where}: the arguments of a tool call"
    if isinstance(arguments, str):
        try:
            arguments = parse_json(arguments) if arguments.strip() else None
        except ValueError as error:
            raise PromptError(f"{what} are not readable JSON ({error}).") from None
    checked = {} if arguments is None else check_mapping(arguments, what)
    return ToolCall(_text(function, "name", where), checked, _text(entry, "id", where))


def _response(entry: object, where: str) -> ToolResult:
    if not isinstance(entry, Mapping) or "response" not in entry:
        raise PromptError(f"{where} has a tool response without “response”.")
    return ToolResult(_text(entry, "name", where), _result_value(entry["response"], where))


def _result_value(value: object, where: str) -> str | Mapping[str, JsonValue]:
    """Text and mappings as they are; any other JSON value under the key `value`."""
    if isinstance(value, str):
        return value
    check_json(value, f"The tool result of {where}")
    return value if isinstance(value, Mapping) else {"value": value}


def _entries(entry: Mapping[str, Any], key: str, where: str) -> Sequence[object]:
    entries = entry.get(key)
    if entries is None:
        return ()
    if not isinstance(entries, (list, tuple)):
        raise PromptError(f"The field “{key}” of {where} must be a list.")
    return entries


def _text(entry: Mapping[str, Any], key: str, where: str, required: bool = False) -> str:
    value = entry.get(key)
    if value is None and not required:
        return ""
    if not isinstance(value, str):
        raise PromptError(f"The field “{key}” of {where} must be text.")
    return value


def _array(item: Mapping[str, Any], key: str, where: str) -> np.ndarray[Any, Any]:
    value = item.get(key)
    if not isinstance(value, np.ndarray):
        raise PromptError(f"The field “{key}” of {where} must be an array of decoded data.")
    return value
