"""New turns for a conversation's tree: questions, answers to be written, notes, branches."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from app.core.asking import draw_seed
from app.core.conversation import (
    Attachment,
    Conversation,
    Settings,
    Turn,
    active_path,
    new_id,
)
from app.viewmodels.values import ModelChoice

BRANCH_MARK = " (branch)"


def question(parent_id: str | None, text: str, attachments: tuple[Attachment, ...]) -> Turn:
    """A turn of the person's."""
    return Turn(new_id(), parent_id, "user", datetime.now(UTC), text=text, attachments=attachments)


def answer(parent_id: str | None, model: ModelChoice | None, settings: Settings) -> Turn:
    """An answer to be written, with the seed it will be drawn with."""
    return Turn(
        new_id(),
        parent_id,
        "model",
        datetime.now(UTC),
        state="streaming",
        model=model.name if model else "",
        model_key=model.key if model else "",
        settings=settings,
        seed=draw_seed() if settings.seed is None else settings.seed,
    )


def note(parent_id: str | None, text: str) -> Turn:
    """A thin line."""
    return Turn(new_id(), parent_id, "note", datetime.now(UTC), text=text)


def begun_again(turn: Turn) -> Turn:
    """An answer that is being written on: its text stays, its ending goes."""
    return replace(turn, state="streaming", finish=None, error=None)


def emptied(turn: Turn) -> Turn:
    """A failed answer as it was before anything was written."""
    return replace(
        begun_again(turn),
        text="",
        thought="",
        thought_tokens=0,
        thought_s=0.0,
        statistics=None,
        receipt=None,
        notices=(),
        tools=(),
    )


def branch(conversation: Conversation, turn_id: str) -> Conversation:
    """A new conversation with everything from the root to `turn_id`. Raises KeyError."""
    ends = replace(conversation, active_leaf=turn_id)
    path = active_path(ends)
    if not path:
        raise KeyError(turn_id)
    copies: list[Turn] = []
    for turn in path:
        parent_id = copies[-1].id if copies else None
        state = "stopped" if turn.state == "streaming" else turn.state
        copies.append(replace(turn, id=new_id(), parent_id=parent_id, state=state))
    now = datetime.now(UTC)
    title = conversation.title.removesuffix(BRANCH_MARK) + BRANCH_MARK
    return Conversation(
        new_id(),
        title,
        now,
        now,
        conversation.settings,
        tuple(copies),
        copies[-1].id,
        folder_id=conversation.folder_id,
        has_own_title=True,
        pane=conversation.pane,
        materials=conversation.materials,
        work=conversation.work,
    )


def last_answer(path: tuple[Turn, ...]) -> Turn | None:
    """The newest answer of a path."""
    return next((turn for turn in reversed(path) if turn.role == "model"), None)
