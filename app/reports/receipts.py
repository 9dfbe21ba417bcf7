"""What the model received of one question, taken from the receipt of its answer."""

from __future__ import annotations

import re

from app.core.conversation import Attachment, Turn
from app.core.sent import items_of_questions
from inference import Receipt, ReceiptItem

MEDIA_KINDS = ("image", "video", "audio")
_PAGE = re.compile(r", (?:page|sheet|slide) \d+\Z")  # after the name of a document


def received_items(
    attachments: tuple[Attachment, ...], receipt: Receipt | None
) -> dict[str, ReceiptItem]:
    """Receipt items by attachment id.

    A receipt covers the whole prompt, so the items of this question are the last ones of their
    kind and name.
    """
    if receipt is None:
        return {}
    free = [item for item in items_of_questions(receipt) if item.kind in MEDIA_KINDS]
    found: dict[str, ReceiptItem] = {}
    for attachment in reversed(attachments):
        for item in reversed(free):
            if attachment.kind != "document" and (item.kind, item.name) == (
                attachment.kind,
                attachment.name,
            ):
                found[attachment.id] = item
                free.remove(item)
                break
    return found


def item_sentence(item: ReceiptItem) -> str:
    """What the model received of one part, as the receipt itself says it."""
    return Receipt((item,), item.tokens).lines()[0]


def receipt_sentences(
    question: Turn, answer: Turn | None, items: dict[str, ReceiptItem]
) -> tuple[tuple[str, ...], bool]:
    """The receipt under a question, and whether something was not sent."""
    receipt = None if answer is None else answer.receipt
    if answer is None:
        return ("Not answered, so nothing is known of what the model received.",), False
    if receipt is None:
        return ("The model had not confirmed what it received.",), False
    left_out = tuple(f"Left out: {what}" for what in receipt.dropped)
    absent = tuple(
        f"{attachment.name} does not appear in what the model received."
        for attachment in question.attachments
        if attachment.kind not in ("text", "document") and attachment.id not in items
    )
    own = [items[a.id] for a in question.attachments if a.id in items]
    own += _pages(question.attachments, receipt)
    typed = [item for item in receipt.items if (item.kind, item.name) == ("text", "user")]
    said = tuple(item_sentence(item) for item in (*own, *typed[-1:]))
    notes = tuple(note for item in own for note in item.notes)
    whole = _whole_prompt(receipt, answer)
    return (*left_out, *absent, *said, *notes, whole), bool(left_out or absent)


def received_sentence(
    attachment: Attachment, item: ReceiptItem | None, receipt: Receipt | None
) -> str:
    """What the model received of a file; empty when that is not known."""
    if item is not None:
        return item_sentence(item)
    if receipt is None or attachment.kind not in ("text", "document"):
        return ""
    pictures = [item_sentence(page) for page in _pages((attachment,), receipt)]
    return " ".join(pictures) or "Its words, as a part of the question."


def _pages(attachments: tuple[Attachment, ...], receipt: Receipt) -> list[ReceiptItem]:
    """The pictures of pages of these documents. Earlier questions may have sent the same ones."""
    names = {each.name for each in attachments if each.kind == "document"}
    found: dict[str, ReceiptItem] = {}
    for item in items_of_questions(receipt):
        if item.kind == "image" and _PAGE.sub("", item.name) in names and _PAGE.search(item.name):
            found[item.name] = item
    return list(found.values())


def _whole_prompt(receipt: Receipt, answer: Turn) -> str:
    reused = 0 if answer.statistics is None else answer.statistics.reused_tokens
    before = f", {reused:,} of them kept from earlier turns" if reused else ""
    nothing = "" if receipt.dropped else " Nothing was dropped."
    return f"The whole prompt: {receipt.prompt_tokens:,} tokens{before}.{nothing}"
