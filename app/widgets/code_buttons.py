"""Copy buttons on code and tables on large tables, for the part of an answer that can be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QTextBlock
from PySide6.QtWidgets import QWidget

from app.markdown.properties import Kind, Property
from app.widgets import copying
from app.widgets.answer_document import AnswerDocument
from app.widgets.answer_ground import code_frame
from app.widgets.buttons import IconButton
from app.widgets.table_block import TableBlock
from app.widgets.theme import Theme

if TYPE_CHECKING:
    from app.widgets.answer_text import AnswerText

SAID_MS = 1_500


class CopyButton(IconButton):
    """Copies text and says so for a moment."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__("copy", "Copy code", theme, 24, 14, parent)
        self.text_to_copy = ""
        self.clicked.connect(self._copy)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(lambda: self.set_icon("copy", "Copy code"))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text_to_copy)
        self.set_icon("check", "Copied")
        self._timer.start(SAID_MS)


class CodeButtons:
    """The widgets that lie on one `AnswerText`."""

    def __init__(self, view: AnswerText, theme: Theme) -> None:
        self._view = view
        self._theme = theme
        self._buttons: dict[int, CopyButton] = {}
        self._tables: dict[int, TableBlock] = {}

    def clear(self) -> None:
        """Take all away."""
        for widget in (*self._buttons.values(), *self._tables.values()):
            widget.hide()
            widget.deleteLater()
        self._buttons.clear()
        self._tables.clear()

    def place(self, shown: AnswerDocument, top: int, bottom: int) -> None:
        """Widgets between `top` and `bottom`; those elsewhere go."""
        document = shown.document
        layout = document.documentLayout()
        start = layout.hitTest(QPointF(1, max(0, top)), Qt.HitTestAccuracy.FuzzyHit)
        block = document.findBlock(max(0, start))
        seen: set[int] = set()
        while block.isValid():
            if layout.blockBoundingRect(block).top() > bottom:
                break
            look = block.blockFormat()
            kind = look.intProperty(Property.KIND)
            if kind == Kind.CODE:
                block = self._place_button(shown, block, seen)
                continue
            if kind == Kind.BIG_TABLE:
                self._place_table(shown, block, seen)
            block = block.next()
        for kept in (self._buttons, self._tables):
            for number in [n for n in kept if n not in seen]:
                widget = kept.pop(number)
                widget.hide()
                widget.deleteLater()

    def _place_button(self, shown: AnswerDocument, block: QTextBlock, seen: set[int]) -> QTextBlock:
        number = block.blockFormat().intProperty(Property.BLOCK)
        while number > 0 and shown.builder.blocks[number].is_joined:
            number -= 1
        seen.add(number)
        frame, following = code_frame(shown, block, self._theme)
        button = self._buttons.get(number)
        if button is None:
            button = CopyButton(self._theme, self._view.viewport())
            button.setCursor(Qt.CursorShape.ArrowCursor)
            self._buttons[number] = button
        button.text_to_copy = copying.whole_code(shown.builder, block.position())
        size = button.sizeHint()
        button.setGeometry(
            QRect(round(frame.right()) - size.width() - 4, round(frame.top()) + 4,
                  size.width(), size.height())
        )  # fmt: skip
        button.show()
        return following

    def _place_table(self, shown: AnswerDocument, block: QTextBlock, seen: set[int]) -> None:
        number = block.blockFormat().intProperty(Property.BLOCK)
        table = shown.builder.blocks[number].table
        if table is None:
            return
        seen.add(number)
        widget = self._tables.get(number)
        if widget is None:
            widget = TableBlock(self._theme, self._view.viewport())
            widget.opened.connect(self._view.table_opened)
            self._tables[number] = widget
        widget.set_table(table)
        area = shown.document.documentLayout().blockBoundingRect(block)
        left = round(area.left())
        width = round(shown.document.textWidth()) - left
        widget.setGeometry(left, round(area.top()), width, round(area.height()))
        widget.show()
