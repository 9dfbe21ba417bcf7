"""Tools and calls as widgets show them: ready words, no decisions left."""

from __future__ import annotations

import json
from dataclasses import dataclass

from app.core.conversation import CallState, ToolClass, ToolRecord
from app.core.tools.audit import audit_line
from app.core.tools.permissions import Permission

CLASS_WORDS: dict[ToolClass, str] = {
    "pure": "Works with what it is given",
    "read": "Reads this conversation's files",
    "write": "Runs another program",
}


@dataclass(frozen=True, slots=True)
class ToolView:
    """One call. `words` says it plainly, `arguments` in full; `choices` is what can be answered.

    `usual` is the choice under the Return key, empty for "Don't". `note` is what the person has to
    know before allowing it.
    """

    name: str
    title: str
    words: str
    arguments: str
    state: CallState
    result: str | None = None
    note: str = ""
    audit: str = ""
    choices: tuple[Permission, ...] = ()
    usual: Permission | None = None
    server: str = ""


@dataclass(frozen=True, slots=True)
class ToolChoice:
    """A tool in the list of those that can be offered. `standing` is "always", "never" or ""."""

    name: str
    key: str
    title: str
    purpose: str
    tool_class: ToolClass
    is_on: bool = False
    standing: str = ""
    server: str = ""


def arguments_said(record: ToolRecord) -> str:
    """One line for each argument; texts as they are, other values as JSON."""
    return "\n".join(
        f"{key}: {value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}"
        for key, value in record.arguments.items()
    )


def stored_view(record: ToolRecord) -> ToolView:
    """A call of an answer that is not being made any more."""
    line = " ".join(arguments_said(record).split())
    return ToolView(
        record.name,
        record.name,
        f"{record.name}({line})" if line else record.name,
        arguments_said(record),
        record.state,
        record.result,
        audit=audit_line(record),
        server=record.server,
    )
