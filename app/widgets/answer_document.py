"""A turn's text as a document that is filled a little at a time, so that the window never waits."""

from __future__ import annotations

from collections import OrderedDict
from math import ceil
from time import perf_counter

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QTextDocument, QTextOption

from app.markdown.blocks import Block, Run
from app.markdown.build import Builder
from app.markdown.clean import clean
from app.markdown.formats import BLOCK_GAP, CODE_PAD
from app.markdown.highlight import Highlighter
from app.markdown.math import Formulas
from app.markdown.stream import Change, Stream
from app.markdown.style import DocumentStyle
from app.markdown.tables import is_big

SLICE_S = 0.004
PIECE, SMALLEST_PIECE = 1_200, 100  # characters read and written in one go
PIECE_S = 0.004  # pieces become smaller where one takes longer: short lines are many blocks
MOST_TEXT = 200_000  # characters shown before "show all"
PLAIN_LINES = 30  # lines of plain text in one block


class AnswerDocument(QObject):
    """Text, its blocks and its document. `changed` says that the document may have another height.

    Markdown for the model's turns, plain lines for the person's.
    """

    changed = Signal()

    def __init__(
        self,
        style: DocumentStyle,
        formulas: Formulas | None,
        is_plain: bool = False,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.document = QTextDocument(self)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.document.setDefaultTextOption(option)
        self.builder = Builder(self.document, style, formulas)
        self.text = ""
        self._is_plain = is_plain
        self._stream = Stream()
        self._highlighter = Highlighter(self.builder, self)
        self._read = 0  # characters of the text that were read
        self._limit = MOST_TEXT
        self._piece = PIECE // 3
        self._is_finished = False
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._feed)
        if formulas is not None:
            formulas.drawn.connect(self._on_drawn)

    @property
    def is_cut(self) -> bool:
        """Whether text is held back until "show all"."""
        return len(self.text) > self._limit

    @property
    def is_filled(self) -> bool:
        """Whether everything that may be shown is in the document."""
        return self._read >= min(len(self.text), self._limit)

    def append(self, text: str) -> None:
        """More text; it is shown at once unless much is waiting."""
        self.text += text
        self._is_finished = False
        if not self._timer.isActive():
            self._feed()

    def finish(self) -> None:
        """No more text will come."""
        self._is_finished = True
        if self.is_filled:
            self._end()

    def show_all(self) -> None:
        """Show text beyond the limit too."""
        self._limit = max(self._limit, len(self.text))
        self._feed()

    def fill(self) -> None:
        """Read everything now, however long it takes (for tests and copying)."""
        while not self.is_filled:
            self._take_piece()
        self.finish()
        self._highlighter.finish()
        self._timer.stop()

    def set_width(self, width: int) -> None:
        """Lay out for a width in pixels."""
        if round(self.document.textWidth()) != width:
            self.document.setTextWidth(width)

    def height(self) -> int:
        """The height at the width that was set."""
        height = self.document.size().height()
        last = self.builder.blocks[-1] if self.builder.blocks else None
        if last is not None and last.table is not None and not is_big(last.table):
            height -= self.builder.style.px(BLOCK_GAP)  # the room for a next block
        elif last is not None and last.kind == "code":
            height += self.builder.style.px(CODE_PAD) + 1  # Qt leaves the last margin out
        return ceil(height)

    def blocks(self) -> tuple[Block, ...]:
        """What is in the document."""
        return tuple(self.builder.blocks)

    def _feed(self) -> None:
        end = perf_counter() + SLICE_S
        while not self.is_filled:
            self._take_piece()
            if perf_counter() > end:
                break
        if self.is_filled:
            self._timer.stop()
            if self._is_finished:
                self._end()
        elif not self._timer.isActive():
            self._timer.start()
        self.changed.emit()

    def _end(self) -> None:
        if not self._is_plain:
            self._apply(self._stream.finish())

    def _take_piece(self) -> None:
        if self._is_plain:
            self._take_plain()
            return
        started = perf_counter()
        end = min(self._read + self._piece, self._limit, len(self.text))
        piece = self.text[self._read : end]
        self._read = end
        self._apply(self._stream.append(piece))
        if perf_counter() - started > PIECE_S:
            self._piece = max(SMALLEST_PIECE, self._piece // 2)
        else:
            self._piece = min(PIECE, self._piece * 2)

    def _take_plain(self) -> None:
        """Plain text comes whole, so a piece ends wherever some lines end."""
        end = min(self._read + 2 * PIECE, self._limit, len(self.text))
        line_end = self.text.rfind("\n", self._read, end)
        if end < len(self.text) and line_end > self._read:
            end = line_end + 1
        piece = clean(self.text[self._read : end])
        is_joined = self._read > 0
        if end < len(self.text):
            piece = piece.removesuffix("\n")
        self._read = end
        block = Block("paragraph", runs=(Run(piece),) if piece else (), is_joined=is_joined)
        self.builder.append((block,))

    def _apply(self, change: Change) -> None:
        first = min(change.keep, len(self.builder.blocks))
        self.builder.apply(change)
        if change.blocks:
            self._highlighter.refresh(first)

    def _on_drawn(self, tex: str) -> None:
        if self.builder.formula_drawn(tex):
            self.changed.emit()


class Documents:
    """The documents of a conversation's turns that were used last, ready to be shown again."""

    def __init__(
        self, formulas: Formulas, owner: QObject, most_text: int = 2_000_000, most: int = 80
    ) -> None:
        """`owner` must live longer than whatever shows the documents: Qt does not look whether
        one is still there."""
        self._formulas = formulas
        self._owner = owner
        self._most_text, self._most = most_text, most
        self._kept: OrderedDict[str, AnswerDocument] = OrderedDict()

    def get(self, turn_id: str) -> AnswerDocument | None:
        """The document of a turn, if there is one."""
        if turn_id in self._kept:
            self._kept.move_to_end(turn_id)
        return self._kept.get(turn_id)

    def make(self, turn_id: str, style: DocumentStyle, is_plain: bool) -> AnswerDocument:
        """A new, empty document for a turn."""
        self.drop(turn_id)
        made = AnswerDocument(style, self._formulas, is_plain, self._owner)
        self._kept[turn_id] = made
        return made

    def trim(self, used: set[str]) -> None:
        """Let the longest unused ones go, but none of `used`."""
        size = sum(len(kept.text) for kept in self._kept.values())
        for turn_id in list(self._kept):
            if size <= self._most_text and len(self._kept) <= self._most:
                return
            if turn_id not in used:
                size -= len(self._kept[turn_id].text)
                self.drop(turn_id)

    def drop(self, turn_id: str) -> None:
        """Forget one."""
        found = self._kept.pop(turn_id, None)
        if found is not None:
            found.deleteLater()

    def clear(self) -> None:
        """Forget all."""
        for turn_id in list(self._kept):
            self.drop(turn_id)
