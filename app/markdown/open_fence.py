"""A fence that was opened and not closed yet, read line by line. No Qt."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from app.markdown.blocks import Block

LINES_IN_PIECE = 200  # lines of code in one block: so much is built in one step

_OPENING = re.compile(r"(`{3,}|~{3,})")


@dataclass(slots=True)
class OpenFence:
    """`taken` are its finished lines that no finished block holds yet."""

    block: Block
    closing: re.Pattern[str]
    taken: list[str] = field(default_factory=list)
    is_joined: bool = False

    def take(self, text: str) -> tuple[list[Block], list[Block] | None, str]:
        """Read complete lines of `text`.

        Gives finished blocks, the blocks still to be shown (None: the fence was closed) and the
        rest of the text.
        """
        finished: list[Block] = []
        while "\n" in text:
            line, _, text = text.partition("\n")
            if self.closing.match(line):
                return [*finished, *self._piece(self.taken, is_open=False)], None, text
            self.taken.append(line)
            if len(self.taken) > LINES_IN_PIECE:
                finished += self._piece(self.taken[:LINES_IN_PIECE], is_open=False)
                self.taken = self.taken[LINES_IN_PIECE:]
                self.is_joined = True
        is_open = not self.closing.match(text)
        lines = [*self.taken, text] if text and is_open else self.taken
        return finished, code_pieces(self._piece(lines, is_open)), text

    def _piece(self, lines: list[str], is_open: bool) -> list[Block]:
        if not lines and self.is_joined:
            return []
        return [
            replace(self.block, text="\n".join(lines), is_open=is_open, is_joined=self.is_joined)
        ]


def open_fence(block: Block, lines: list[str]) -> OpenFence | None:
    """The fence that `lines`, from its opening to the end of the text, leave open, if they do.

    Only fences at the left edge: the others are read again at every step.
    """
    found = _OPENING.match(lines[0])
    if found is None:
        return None
    mark = found.group(1)
    closing = re.compile(rf" {{0,3}}{re.escape(mark[0])}{{{len(mark)},}}[ \t]*\Z")
    if len(lines) > 1 and closing.match(lines[-1]):
        return None
    return OpenFence(block, closing)


def code_pieces(blocks: list[Block]) -> list[Block]:
    """Long code in pieces that are built one at a time."""
    made: list[Block] = []
    for block in blocks:
        lines = block.text.split("\n")
        for start in range(0, len(lines), LINES_IN_PIECE):
            piece = "\n".join(lines[start : start + LINES_IN_PIECE])
            is_last = start + LINES_IN_PIECE >= len(lines)
            made.append(
                replace(
                    block,
                    text=piece,
                    is_joined=block.is_joined or start > 0,
                    marker=block.marker if start == 0 else "",
                    is_open=block.is_open and is_last,
                )
            )
    return made
