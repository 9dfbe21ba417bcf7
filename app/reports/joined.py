"""Long paragraphs and long code made whole again: the window cuts them so that it stays fluid."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from app.markdown.blocks import Block


def whole(blocks: Iterable[Block]) -> list[Block]:
    """The blocks with pieces that belong together as one."""
    made: list[Block] = []
    for block in blocks:
        if not (block.is_joined and made and made[-1].kind == block.kind):
            made.append(replace(block, is_joined=False))
        elif block.kind == "code":
            made[-1] = replace(made[-1], text=f"{made[-1].text}\n{block.text}")
        else:
            made[-1] = replace(made[-1], runs=made[-1].runs + block.runs)
    return made
