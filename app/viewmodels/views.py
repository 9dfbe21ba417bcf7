"""Turns as widgets show them: pure functions from stored values to views."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.core.conversation import Attachment, Conversation, ToolRecord, Turn, TurnState
from app.core.costs import frames_sent, seconds_sent
from app.viewmodels.errors import interrupted
from app.viewmodels.receipts import pages_said, receipt_view, was_chosen
from app.viewmodels.stats import stats_line
from app.viewmodels.tool_values import ToolView, stored_view
from app.viewmodels.values import AttachmentView, ReceiptView, TurnView
from app.viewmodels.words import clock, count, size_pixels, time_of_day
from inference import IMAGE_BUDGETS, Receipt

CAN_CONTINUE: frozenset[TurnState] = frozenset({"interrupted", "stopped", "length", "failed"})
ThumbnailOf = Callable[[Attachment], bytes]
ToolViewOf = Callable[[Turn, ToolRecord], ToolView]
Places = Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a turn's view needs besides the turn: its versions, what follows it, thumbnails."""

    places: Places
    leaf_id: str | None
    receipts: Mapping[str, Receipt]  # by the id of the question they belong to
    thumbnail: ThumbnailOf
    is_idle: bool = True
    tool_view: ToolViewOf = lambda _turn, record: stored_view(record)


def version_places(conversation: Conversation) -> dict[str, tuple[int, int]]:
    """For each turn: which version it is, from 1, and of how many."""
    groups: dict[tuple[str | None, str], list[str]] = {}
    for turn in conversation.turns:
        groups.setdefault((turn.parent_id, turn.role), []).append(turn.id)
    return {
        turn_id: (place, len(ids))
        for ids in groups.values()
        for place, turn_id in enumerate(ids, start=1)
    }


def receipts_by_question(path: tuple[Turn, ...]) -> dict[str, Receipt]:
    """The receipt of the answer that follows each question of the path."""
    found: dict[str, Receipt] = {}
    question: Turn | None = None
    for turn in path:
        if turn.role == "user":
            question = turn
        elif turn.role == "model" and question is not None and turn.receipt is not None:
            found[question.id] = turn.receipt
    return found


def turn_view(turn: Turn, around: Surroundings) -> TurnView:
    """One turn, ready to be shown."""
    version, versions = around.places.get(turn.id, (1, 1))
    thinks = turn.state == "streaming" and bool(turn.thought) and not turn.text
    has_begun = bool(turn.text or turn.thought or turn.tools)
    ends_here = turn.id == around.leaf_id and around.is_idle
    error = turn.error
    if turn.state == "interrupted" and error is None:
        error = interrupted()
    return TurnView(
        turn.id,
        turn.role,
        turn.text,
        turn.state,
        time=time_of_day(turn.created_at),
        model=turn.model,
        attachments=tuple(attachment_view(a, around.thumbnail) for a in turn.attachments),
        thought=turn.thought,
        thought_tokens=turn.thought_tokens,
        thought_s=turn.thought_s,
        is_thinking=thinks,
        thinking_budget=turn.settings.thinking_budget if turn.settings else None,
        receipt=_receipt(turn, around),
        stats=stats_line(turn.statistics),
        version=version,
        version_count=versions,
        notices=turn.notices,
        tools=tuple(around.tool_view(turn, record) for record in turn.tools),
        error=error,
        can_continue=turn.state in CAN_CONTINUE and has_begun and ends_here,
    )


def attachment_view(
    attachment: Attachment, thumbnail: ThumbnailOf, *, budgets: bool = False
) -> AttachmentView:
    """A card; with `budgets` its budget can still be chosen."""
    is_drawn = attachment.kind in ("image", "video") or bool(
        attachment.kind == "document" and attachment.width
    )
    choosable = budgets and is_drawn
    return AttachmentView(
        attachment.id,
        attachment.kind,
        attachment.name,
        attachment_caption(attachment),
        thumbnail(attachment),
        notes=tuple(n for n in attachment.notes if not was_chosen(attachment, n)),
        budgets=IMAGE_BUDGETS if choosable else (),
        budget=attachment.soft_tokens if choosable else None,
        sha256=attachment.sha256,
    )


def attachment_caption(attachment: Attachment) -> str:
    """`1280 × 800 · 273 tokens`, `0:27.3 · 683 tokens`, `60 frames, 0:58 · 3,960 tokens`."""
    tokens = count(attachment.tokens, "token")
    match attachment.kind:
        case "image":
            return f"{size_pixels(attachment.width, attachment.height)} · {tokens}"
        case "audio":
            whole, tenths = divmod(round(seconds_sent(attachment) * 10), 10)
            return f"{clock(whole)}.{tenths} · {tokens}"
        case "video":
            sound = ", with sound" if attachment.has_sound else ""
            return f"{count(frames_sent(attachment), 'frame')}{sound} · {tokens}"
        case "document":
            pages = f"{pages_said(attachment)} · " if attachment.pages else ""
            return f"{pages}{tokens}"
        case "text":
            return f"Text · {tokens}"


def day_of(moment: datetime) -> str:
    """24 Nov, with the year when it is not this one."""
    local = moment.astimezone()
    this_year = local.year == datetime.now().astimezone().year
    return f"{local.day} {local.strftime('%b' if this_year else '%b %Y')}"


def _receipt(turn: Turn, around: Surroundings) -> ReceiptView | None:
    receipt = around.receipts.get(turn.id)
    return None if receipt is None or turn.role != "user" else receipt_view(turn, receipt)
