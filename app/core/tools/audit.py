"""The audit line of a call: what it was, who allowed it, how long it took, what came back."""

from __future__ import annotations

from app.core.conversation import AllowedBy, ToolRecord

_CLASSES = {
    "pure": "works with its arguments alone",
    "read": "reads files of the conversation",
    "write": "may do anything",
}
_ALLOWED: dict[AllowedBy, str] = {
    "class": "needs no permission",
    "once": "allowed once by the user",
    "conversation": "allowed by the user for this conversation",
    "always": "always allowed by the user",
    "never": "never allowed by the user",
    "person": "refused by the user",
}
_STATES = {
    "waiting": "not run: nobody allowed it",
    "running": "not finished",
    "failed": "failed",
    "refused": "not run",
    "stopped": "stopped by the user",
    "limit": "not run: too many rounds of calls",
}


def audit_line(record: ToolRecord) -> str:
    """One line for the message and the report. The arguments stand beside it."""
    parts = [record.name]
    if record.server:
        parts.append(f"by {record.server}")
    parts.append(_CLASSES.get(record.tool_class or "", "not known"))
    if record.allowed_by:
        parts.append(_ALLOWED[record.allowed_by])
    if record.state in _STATES:
        parts.append(_STATES[record.state])
    if record.state in ("done", "failed") and (record.seconds or record.tool_class):
        parts.append(f"{record.seconds:.3f} s")
    if record.sha256:
        cut = ", cut" if record.is_cut else ""
        parts.append(f"{record.size_bytes:,} bytes{cut}")
        parts.append(f"SHA-256 {record.sha256[:16]}")
    parts += [f"shows {media.name}" for media in record.media]
    return " · ".join(parts)
