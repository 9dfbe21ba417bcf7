"""The parts of a receipt that came with questions, without those that tools showed the model."""

from __future__ import annotations

from inference import Receipt, ReceiptItem

_MEDIA = ("image", "video", "audio")


def items_of_questions(receipt: Receipt) -> tuple[ReceiptItem, ...]:
    """All items but the media that stand behind a tool's result: those are the tool's."""
    found: list[ReceiptItem] = []
    is_shown_by_tool = False
    for item in receipt.items:
        if item.kind not in _MEDIA:
            is_shown_by_tool = item.kind == "tool_result"
        if not (is_shown_by_tool and item.kind in _MEDIA):
            found.append(item)
    return tuple(found)
