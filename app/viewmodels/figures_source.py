"""Which picture an answer's figures are from."""

from __future__ import annotations

from pathlib import PurePath

from app.core.conversation import Attachment, Conversation, Turn
from app.core.figures.values import Crop

SEEN = ("image", "document")


def source_of(
    conversation: Conversation, answer: Turn
) -> tuple[Attachment | None, int, Crop | None]:
    """The newest picture or document on the way to an answer, its page from 1, and its crop.

    A document with several pages sent has no one page that figures are from: then there is none.
    """
    by_id = {turn.id: turn for turn in conversation.turns}
    at = answer.parent_id
    for _ in conversation.turns:
        turn = by_id.get(at or "")
        if turn is None:
            break
        for attachment in reversed(turn.attachments):
            if attachment.kind in SEEN:
                return _place(attachment)
        at = turn.parent_id
    return None, 0, None


def _place(attachment: Attachment) -> tuple[Attachment | None, int, Crop | None]:
    selection = attachment.selection
    if attachment.kind == "image":
        return attachment, 0, selection.crop if selection is not None else None
    pages = selection.pages if selection is not None else ()
    if len(pages) == 1:
        return attachment, pages[0].number, pages[0].crop
    return (attachment, 1, None) if attachment.pages == 1 else (None, 0, None)


def stored_attachment(conversation: Conversation, attachment_id: str) -> Attachment | None:
    """An attachment of the conversation by its id."""
    if not attachment_id:
        return None
    for turn in conversation.turns:
        for attachment in turn.attachments:
            if attachment.id == attachment_id:
                return attachment
    return next((a for a in conversation.materials if a.id == attachment_id), None)


def title_for(conversation: Conversation, source: Attachment | None) -> str:
    """A table is called like its picture, else like its conversation."""
    return PurePath(source.name).stem if source is not None else conversation.title
