"""Frozen values that view-models hand to widgets: ready words and numbers, no decisions left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.core.conversation import (
    AttachmentKind,
    ErrorInfo,
    Pane,
    TurnRole,
    TurnState,
)
from app.viewmodels.tool_values import ToolView

ModelState = Literal["none", "loading", "ready", "failed"]
ContextKind = Literal["system", "tools", "text", "images", "frames", "sound", "thoughts"]


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """The line under a person's turn.

    `details` are sentences on what was left out or changed; the whole receipt is the
    conversation's to give. `is_warning`: something was not sent; then `line` begins with that.
    """

    line: str
    details: tuple[str, ...]
    is_warning: bool = False


@dataclass(frozen=True, slots=True)
class AttachmentView:
    """A card: `thumbnail` is a picture file (PNG or JPEG) as bytes, empty for none.

    `caption` is like "528 x 288 · 66 tokens". `state`: reading, ready or failed with `problem`.
    `budgets` are the soft-token budgets that can be chosen (empty: none), `budget` the one in use.
    """

    id: str
    kind: AttachmentKind
    name: str
    caption: str
    thumbnail: bytes = b""
    state: Literal["reading", "ready", "failed"] = "ready"
    progress: float = 1.0
    problem: str = ""
    notes: tuple[str, ...] = ()
    budgets: tuple[int, ...] = ()
    budget: int | None = None
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class TurnView:
    """One turn as shown. `version` and `version_count` count from 1; 1 of 1 shows no switch."""

    id: str
    role: TurnRole
    text: str
    state: TurnState = "complete"
    time: str = ""
    model: str = ""
    attachments: tuple[AttachmentView, ...] = ()
    thought: str = ""
    thought_tokens: int = 0
    thought_s: float = 0.0
    is_thinking: bool = False  # the thought is being written now
    thinking_budget: int | None = None
    receipt: ReceiptView | None = None  # on the person's turn
    stats: str = ""
    version: int = 1
    version_count: int = 1
    notices: tuple[str, ...] = ()
    tools: tuple[ToolView, ...] = ()
    error: ErrorInfo | None = None
    can_continue: bool = False


@dataclass(frozen=True, slots=True)
class Phase:
    """What is going on: `text` "Reading image", `amount` "2 of 4", `time` "about 9 s".

    `share` is 0..1 where known. `hint` appears when nothing has changed for ten seconds.
    """

    text: str = "Ready"
    amount: str = ""
    time: str = ""
    share: float | None = None
    is_busy: bool = False
    hint: str = ""


@dataclass(frozen=True, slots=True)
class ContextUse:
    """Tokens in the context window by kind, and the window's size."""

    used: tuple[tuple[ContextKind, int], ...] = ()
    size: int = 0

    @property
    def total(self) -> int:
        """All tokens in use."""
        return sum(tokens for _, tokens in self.used)


@dataclass(frozen=True, slots=True)
class Status:
    """The right half of the status bar. Memory in bytes; `memory_limit` 0 when unknown."""

    tokens_per_s: float = 0.0
    memory_used: int = 0
    memory_limit: int = 0


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """A model that can be picked. `key` is what preferences remember."""

    key: str
    name: str
    bits: str  # "4-bit", "bf16", ""
    note: str = ""  # one line under the name
    sees: bool = True
    hears: bool = True
    size_bytes: int = 0
    is_removable: bool = False  # a folder the person added
    fit: str = ""  # "fits", "slow", "wont_fit"; "" where it was not judged
    fit_text: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the sidebar. `caption` is like "14:32 · 3 images"."""

    id: str
    title: str
    caption: str
    is_pinned: bool = False
    is_unread: bool = False
    is_running: bool = False
    folder_id: str | None = None
    pane: Pane = "chat"


@dataclass(frozen=True, slots=True)
class Section:
    """Rows under one label: "Pinned", "Today", a folder's name, "Trash", "Found in text"."""

    title: str
    rows: tuple[Row, ...]
    folder_id: str | None = None
