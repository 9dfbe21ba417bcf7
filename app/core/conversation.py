"""Conversations as frozen values: turns in a tree, attachments, settings. No files, no Qt.

A conversation is a tree of turns. Editing or regenerating adds a sibling; the way from the root
to `active_leaf` is what is shown and sent. Nothing is ever overwritten by a new version.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import uuid4

from app.core.work import NO_WORK, Work
from app.intake.selection import WHOLE, Selection
from inference import FinishReason, Receipt, Statistics

AttachmentKind = Literal["image", "audio", "video", "text", "document"]
Pane = Literal["chat", "image", "video", "audio"]  # where a conversation is shown
TurnRole = Literal["user", "model", "note"]
# streaming: being written now. interrupted: the program ended meanwhile. stopped: by the person.
# length: the token limit was reached. failed: the engine gave an error; the text so far is kept.
TurnState = Literal["complete", "streaming", "interrupted", "stopped", "length", "failed"]
# pure: from the arguments alone. read: reads files of the conversation. write: anything else.
ToolClass = Literal["pure", "read", "write"]
# waiting: for the person. refused: not run, and the model is told. limit: one call too many.
CallState = Literal["waiting", "running", "done", "failed", "refused", "stopped", "limit"]
# What allowed a call, or forbade it: its class, or the person for so long.
AllowedBy = Literal["", "class", "once", "conversation", "always", "never", "person"]


def new_id() -> str:
    """A fresh identifier for a conversation, turn, folder or attachment."""
    return uuid4().hex


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file the person added. Its bytes lie in the store under `sha256`.

    `soft_tokens` is the budget chosen for it, None for the conversation's. `tokens` is the
    estimated cost. `notes` say what the reader changed or left out. A clip may keep its sound.
    `seconds`, `pages`, `width` and `height` are the whole file's; `selection` is what is sent.
    `page_tokens` are those of each page's text, 0 for a page that has none.
    """

    id: str
    kind: AttachmentKind
    name: str
    sha256: str
    size_bytes: int
    media_type: str = ""
    width: int = 0
    height: int = 0
    seconds: float = 0.0
    frames: int = 0
    has_sound: bool = False
    soft_tokens: int | None = None
    tokens: int = 0
    notes: tuple[str, ...] = ()
    pages: int = 0
    selection: Selection = WHOLE
    page_tokens: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """How answers of a conversation are made. The sampling defaults are the model card's.

    `image_tokens` None takes the model's own default budget. `seed` None draws a new one for
    every answer; the seed used is kept with the answer.
    """

    system_prompt: str = ""
    thinking: bool = False
    thinking_budget: int | None = None
    temperature: float = 1.0
    top_p: float = 0.95
    top_k: int = 64
    max_tokens: int = 2048
    seed: int | None = None
    image_tokens: int | None = None
    video_tokens: int = 70
    tools: tuple[str, ...] = ()  # names of the tools the model is offered


@dataclass(frozen=True, slots=True)
class ErrorInfo:
    """A failure in the form every error has: what happened, why, what is safe, one action."""

    what: str
    why: str = ""
    safe: str = ""
    action: str = ""  # label of the one main button, empty for none
    command: str = ""  # what the button does: "retry", "choose_model", "continue", ...
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ToolRecord:
    """One tool call of an answer: what was asked, who allowed it, what came of it.

    `arguments` are JSON values; `result` is what the model gets, None while there is none. Calls
    of one `round` were made together, after so many characters of the turn's text and thought.
    `size_bytes` and `sha256` are of the whole result, `is_cut` says that the model gets less of
    it. `media` are shown to the model with the result. `server` is empty for Facet's own tools.
    """

    name: str
    arguments: dict[str, Any]
    result: str | None = None
    call_id: str = ""
    state: CallState = "done"
    round: int = 0
    text_at: int = 0
    thought_at: int = 0
    tool_class: ToolClass | None = None
    allowed_by: AllowedBy = ""
    server: str = ""
    seconds: float = 0.0
    size_bytes: int = 0
    sha256: str = ""
    is_cut: bool = False
    media: tuple[Attachment, ...] = ()
    problem: str = ""  # why the call cannot be run as it was written


@dataclass(frozen=True, slots=True)
class Turn:
    """One message. `role` "note" is a thin line such as a change of model.

    For model turns: `thought` is the reasoning, `model` the name shown, `settings` and `seed`
    what it was made with, `receipt` what the model received for it.
    """

    id: str
    parent_id: str | None
    role: TurnRole
    created_at: datetime  # aware, UTC
    text: str = ""
    state: TurnState = "complete"
    attachments: tuple[Attachment, ...] = ()
    thought: str = ""
    thought_tokens: int = 0
    thought_s: float = 0.0
    model: str = ""
    model_key: str = ""
    model_digest: str = ""  # which weights answered, see app/core/model_digest.py
    settings: Settings | None = None
    seed: int | None = None
    receipt: Receipt | None = None
    statistics: Statistics | None = None
    finish: FinishReason | None = None
    notices: tuple[str, ...] = ()
    tools: tuple[ToolRecord, ...] = ()
    error: ErrorInfo | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in the composer of a conversation and was not sent yet."""

    text: str = ""
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of the sidebar."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """A whole conversation as loaded; `turns` in order of creation, every branch included.

    `materials` are the files that a pane other than the chat works on, asked about or not yet.
    A branch begins without grants.
    """

    id: str
    title: str
    created_at: datetime
    updated_at: datetime
    settings: Settings = Settings()
    turns: tuple[Turn, ...] = ()
    active_leaf: str | None = None
    draft: Draft = field(default_factory=Draft)
    folder_id: str | None = None
    is_pinned: bool = False
    trashed_at: datetime | None = None
    has_own_title: bool = False  # given by the person: never replaced by a made one
    pane: Pane = "chat"
    materials: tuple[Attachment, ...] = ()
    work: Work = NO_WORK
    grants: tuple[str, ...] = ()  # tools that the person allowed for this conversation


@dataclass(frozen=True, slots=True)
class Summary:
    """A conversation's row in the sidebar, cheap to list by the thousand."""

    id: str
    title: str
    updated_at: datetime
    folder_id: str | None = None
    is_pinned: bool = False
    is_trashed: bool = False
    is_unread: bool = False
    caption: str = ""  # what was in it: "3 images", "60 s clip", ""
    pane: Pane = "chat"


@dataclass(frozen=True, slots=True)
class Hit:
    """A search result: where, and a snippet with the found words between `start` marks."""

    conversation_id: str
    turn_id: str | None  # None: found in the title
    snippet: str
    spans: tuple[tuple[int, int], ...] = ()  # [start, end) of found words in `snippet`


def active_path(conversation: Conversation) -> tuple[Turn, ...]:
    """The turns from the root to the active leaf, in order."""
    by_id = {turn.id: turn for turn in conversation.turns}
    path: list[Turn] = []
    at = conversation.active_leaf
    while at is not None and at in by_id and len(path) <= len(by_id):
        path.append(by_id[at])
        at = by_id[at].parent_id
    return tuple(reversed(path))


def versions(conversation: Conversation, turn_id: str) -> tuple[str, ...]:
    """Ids of the turn and its siblings, oldest first. Raises KeyError for an unknown id."""
    by_id = {turn.id: turn for turn in conversation.turns}
    wanted = by_id[turn_id]
    return tuple(
        turn.id
        for turn in conversation.turns
        if turn.parent_id == wanted.parent_id and turn.role == wanted.role
    )


def leaf_under(conversation: Conversation, turn_id: str) -> str:
    """The newest leaf reachable from `turn_id`: where showing that version ends."""
    newest_child: dict[str | None, str] = {}
    for turn in conversation.turns:
        newest_child[turn.parent_id] = turn.id
    at = turn_id
    for _ in conversation.turns:
        if at not in newest_child:
            break
        at = newest_child[at]
    return at
