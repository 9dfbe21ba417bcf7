"""The context window by kind of content, from the receipt of the last answer."""

from __future__ import annotations

from app.core.conversation import Turn
from app.viewmodels.values import ContextKind, ContextUse
from inference import Receipt

_ORDER: tuple[ContextKind, ...] = (
    "system", "tools", "text", "images", "frames", "sound", "thoughts",
)  # fmt: skip
_MEDIA: dict[str, ContextKind] = {"image": "images", "video": "frames", "audio": "sound"}


def context_use(path: tuple[Turn, ...], size: int) -> ContextUse:
    """What the conversation takes up now: the last prompt, and the answer to it."""
    answers = [turn for turn in path if turn.role == "model" and turn.receipt is not None]
    if not answers:
        return ContextUse((), size)
    last = answers[-1]
    assert last.receipt is not None
    used = _by_kind(last.receipt)
    if last.statistics is not None:
        loop, loop_thoughts = _written_before(last.receipt)
        thought = max(0, last.statistics.thought_tokens - loop_thoughts)
        written = max(0, last.statistics.generated_tokens - loop)
        used["thoughts"] = used.get("thoughts", 0) + thought
        used["text"] = used.get("text", 0) + max(0, written - thought)
    return ContextUse(tuple((kind, used[kind]) for kind in _ORDER if used.get(kind)), size)


def _by_kind(receipt: Receipt) -> dict[ContextKind, int]:
    """Tokens of the prompt by kind; the marks of turns count as text."""
    used: dict[ContextKind, int] = {}
    for item in receipt.items:
        kind: ContextKind = "text"
        if item.kind in _MEDIA:
            kind = _MEDIA[item.kind]
        elif item.kind != "text":
            kind = "tools"
        elif item.name == "system":
            kind = "system"
        elif item.name == "thought":
            kind = "thoughts"
        used[kind] = used.get(kind, 0) + item.tokens
    marks = receipt.prompt_tokens - sum(item.tokens for item in receipt.items)
    used["text"] = used.get("text", 0) + max(0, marks)
    return used


def _written_before(receipt: Receipt) -> tuple[int, int]:
    """Tokens that the answer itself had written before its last request, and those of thoughts.

    They stand in the prompt after the question: calls of tools, and what was said beside them.
    """
    written = thoughts = 0
    for item in reversed(receipt.items):
        if item.kind == "text" and item.name == "user":
            break
        if item.kind == "tool_call" or (item.kind == "text" and item.name in ("model", "thought")):
            written += item.tokens
            thoughts += item.tokens if item.name == "thought" and item.kind == "text" else 0
    return written, thoughts
