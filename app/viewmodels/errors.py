"""Failures in the one form that cards show: what, why, what is safe, one thing to do."""

from __future__ import annotations

from app.core.conversation import ErrorInfo
from inference import Failed

KEPT = "Your question and everything written so far are saved."
# Words of the engine's own sentences, and the button that fits.
_ACTIONS = (
    (("no model is loaded",), "Choose a model", "choose_model"),
    (("not enough memory",), "Try again", "retry"),
    (("at most", "the model can hold"), "New conversation", "new_conversation"),
    (("cannot be used", "no hearing"), "Choose another model", "choose_model"),
    (("cannot be used", "no vision"), "Choose another model", "choose_model"),
    (("unexpected error",), "Load the model anew", "reload_model"),
    (("loading was stopped",), "Choose a model", "choose_model"),
)


def answer_error(failed: Failed) -> ErrorInfo:
    """A failed answer."""
    what, why = _halves(failed.message)
    if _reads_too_long(failed.message):
        return ErrorInfo(
            "The conversation is too long for this model.",
            f"{failed.message} {failed.action}".strip(),
            KEPT,
            "New conversation",
            "new_conversation",
            failed.detail,
        )
    action, command = _action(failed.message)
    why = f"{why} {failed.action}".strip()
    return ErrorInfo(what, why, KEPT, action, command, failed.detail)


def load_error(failed: Failed, name: str) -> ErrorInfo:
    """A model that could not be loaded."""
    return ErrorInfo(
        f"{name} could not be loaded.",
        f"{failed.message} {failed.action}".strip(),
        "Nothing was changed on the disk; your conversations are safe.",
        "Choose another model",
        "choose_model",
        failed.detail,
    )


def interrupted() -> ErrorInfo:
    """An answer that the end of the program cut off."""
    return ErrorInfo(
        "Facet ended during this answer.",
        "",
        "Everything up to that moment is here.",
        "Continue reply",
        "continue",
    )


def file_error(message: str) -> ErrorInfo:
    """A file of the conversation that cannot be read any more."""
    return ErrorInfo(
        "A file of this conversation cannot be read.", message, KEPT, "Try again", "retry"
    )


def _reads_too_long(message: str) -> bool:
    return "The prompt has" in message and "at most" in message


def _halves(message: str) -> tuple[str, str]:
    """The first sentence and the rest."""
    head, mark, rest = message.partition(". ")
    if mark:
        return head + ".", rest
    head, mark, rest = message.partition("; ")
    return (head + ".", rest[:1].upper() + rest[1:]) if mark else (message, "")


def _action(message: str) -> tuple[str, str]:
    low = message.lower()
    for words, label, command in _ACTIONS:
        if all(word in low for word in words):
            return label, command
    return "Try again", "retry"
