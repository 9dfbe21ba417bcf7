"""Whether a call runs, waits for the person, or is refused.

Pure tools run at once. Tools that read ask until they are allowed for the conversation or always.
Tools that do anything else ask as well, and what was allowed lapses once the conversation holds
foreign text: a file or the result of a tool that is not pure may give orders in its words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from app.core.conversation import AllowedBy, Attachment, ToolRecord, Turn
from app.core.tools.values import ToolSpec

Permission = Literal["once", "conversation", "always", "never"]
Verdict = Literal["run", "ask", "refuse"]
EVERY: tuple[Permission, ...] = ("once", "conversation", "always", "never")


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a call, and by whose word. `choices` are what the person may say.

    `has_lapsed`: it was allowed, and is asked again because of foreign text.
    """

    verdict: Verdict
    by: AllowedBy = ""
    choices: tuple[Permission, ...] = ()
    has_lapsed: bool = False


def decide(
    spec: ToolSpec,
    standing: Mapping[str, str],
    grants: Iterable[str],
    *,
    has_foreign_text: bool,
) -> Decision:
    """The decision about a call; `standing` are the person's "always" and "never" by key."""
    said = standing.get(spec.key, "")
    if said == "never":
        return Decision("refuse", "never")
    if spec.tool_class == "pure":
        return Decision("run", "class")
    allowed: AllowedBy = ""
    if said == "always":
        allowed = "always"
    elif spec.key in grants:
        allowed = "conversation"
    if spec.tool_class == "write" and has_foreign_text:
        return Decision("ask", choices=("once", "never"), has_lapsed=bool(allowed))
    return Decision("run", allowed) if allowed else Decision("ask", choices=EVERY)


def has_foreign_text(path: Iterable[Turn], materials: Iterable[Attachment] = ()) -> bool:
    """Whether anything in the way of turns was written by neither the person nor the model."""
    return any(True for _ in materials) or any(
        turn.attachments or any(map(_is_foreign, turn.tools)) for turn in path
    )


def _is_foreign(record: ToolRecord) -> bool:
    return record.tool_class != "pure" and record.state in ("done", "failed")
