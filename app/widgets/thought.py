"""The line that a thought is folded into, its last lines while it runs, its text when opened."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QWidget

from app.markdown.math import Formulas
from app.viewmodels.values import TurnView
from app.widgets import icons
from app.widgets.answer_document import AnswerDocument
from app.widgets.answer_text import AnswerText
from app.widgets.control import Control
from app.widgets.document_style import thought_style
from app.widgets.indicators import Spinner
from app.widgets.theme import Theme

HEIGHT, LINE = 24, 18
LINES_RUNNING = 3
TAIL = 600  # characters that the last lines are looked for in
INDENT = 19


class ThoughtHeader(Control):
    """Opens and closes the thought. Checked means open, which is what screen readers say."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__("Thought", theme, parent)
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._words = self._amount = ""

    def set_words(self, words: str, amount: str) -> None:
        """What it says: "Thought for 4.2 s" and "212 tokens"."""
        if (words, amount) != (self._words, self._amount):
            self._words, self._amount = words, amount
            self.setAccessibleName(f"{words}, {amount}" if amount else words)
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        """As wide as its words."""
        self.setFont(self.theme.font("small"))
        width = self.fontMetrics().horizontalAdvance(f"{self._words} · {self._amount}") + 30
        return QSize(width, max(self.theme.px(HEIGHT), self.fontMetrics().height() + 6))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Chevron and words."""
        painter = QPainter(self)
        tokens = self.theme.tokens
        name = "chevron-down" if self.isChecked() else "chevron-right"
        rect = QRectF(0, 0, self.theme.px(13), self.height())
        colour = tokens.text if self.is_hovered() else tokens.text2
        icons.draw(painter, name, rect, colour)
        painter.setFont(self.theme.font("small"))
        painter.setPen(colour)
        left = self.theme.px(INDENT)
        area = QRectF(left, 0, self.width() - left, self.height())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, self._words)
        if self._amount:
            area.setLeft(left + painter.fontMetrics().horizontalAdvance(self._words + " "))
            painter.setPen(tokens.text3)
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, f"· {self._amount}")


class Thought(QWidget):
    """The thought of one answer."""

    toggled = Signal(bool)
    height_changed = Signal()

    def __init__(self, theme: Theme, formulas: Formulas, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._formulas = formulas
        self._text = ""
        self._is_running = False
        self._header = ThoughtHeader(theme, self)
        self._header.clicked.connect(self.toggled)
        self._spinner = Spinner(theme, 12, self)
        self._spinner.hide()
        self._body: AnswerText | None = None
        self._document: AnswerDocument | None = None

    @property
    def is_open(self) -> bool:
        """Whether the text is shown."""
        return self._header.isChecked()

    def show_turn(self, view: TurnView, is_open: bool) -> None:
        """Show the thought of a turn."""
        self._is_running = view.is_thinking
        if view.is_thinking:
            done = f"{view.thought_tokens:,}"
            budget = f" of {view.thinking_budget:,}" if view.thinking_budget else " tokens"
            self._header.set_words("Thinking", f"{done}{budget}")
        else:
            amount = f"{view.thought_tokens:,} tokens" if view.thought_tokens > 1 else ""
            self._header.set_words(_duration(view.thought_s), amount)
        self._header.setChecked(is_open)
        self._spinner.setVisible(view.is_thinking and not is_open)
        self._set_text(view.thought)
        self.update()

    def release(self) -> None:
        """Forget the text, for use with another turn."""
        self._text = ""
        self._close_body()

    def arrange(self, width: int, ratio: float) -> int:
        """Lay out for a width; gives the height."""
        theme = self._theme
        size = self._header.sizeHint()
        self._header.setGeometry(0, 0, min(width, size.width()), size.height())
        spin = self._spinner.sizeHint().width()
        self._spinner.setGeometry(size.width() + 2, (size.height() - spin) // 2, spin, spin)
        height = size.height()
        if self.is_open and self._text:
            return height + self._arrange_body(width, height, ratio)
        self._close_body()
        if self._is_running and self._text:
            height += min(LINES_RUNNING, len(self._last_lines(width))) * theme.px(LINE) + 2
        return height

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The bar beside the open text, or the last lines of a running one."""
        painter = QPainter(self)
        theme = self._theme
        top = self._header.height()
        if self._body is not None:
            bar = QRectF(6, top + 4, 2, self.height() - top - 8)
            painter.fillRect(bar, theme.tokens.line2)
        elif self._is_running:
            painter.setFont(theme.font("small"))
            painter.setPen(theme.tokens.text3)
            for number, line in enumerate(self._last_lines(self.width())):
                place = QRectF(
                    theme.px(INDENT), top + number * theme.px(LINE), self.width(), theme.px(LINE)
                )
                painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, line)

    def _set_text(self, text: str) -> None:
        if text == self._text:
            return
        document = self._document
        if document is not None and text.startswith(self._text):
            document.append(text[len(self._text) :])
        elif document is not None:
            self._close_body()
        self._text = text

    def _arrange_body(self, width: int, top: int, ratio: float) -> int:
        if self._body is None:
            self._body = AnswerText(self._theme, self)
            self._body.setAccessibleName("Text of the thought")
            # The document belongs to what shows it, for it must not be deleted first.
            self._document = AnswerDocument(
                thought_style(self._theme, ratio), self._formulas, parent=self._body
            )
            self._document.append(self._text)
            self._document.changed.connect(self.height_changed)
            self._body.show_document(self._document)
        assert self._document is not None
        left = 22
        height = self._body.fit(width - left)
        self._body.setGeometry(left, top + 6, width - left, height)
        self._body.show()
        return height + 14

    def _close_body(self) -> None:
        if self._body is not None:
            self._body.release()
            self._body.hide()
            self._body.deleteLater()
            self._body = self._document = None  # they go together

    def _last_lines(self, width: int) -> list[str]:
        text = " ".join(self._text[-TAIL:].split())
        layout = QTextLayout(text, self._theme.font("small"))
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.beginLayout()
        lines: list[tuple[int, int]] = []
        while True:
            line = layout.createLine()
            if not line.isValid():
                break
            line.setLineWidth(max(40.0, width - self._theme.px(INDENT)))
            line.setPosition(QPointF(0, 0))
            lines.append((line.textStart(), line.textLength()))
        layout.endLayout()
        return [text[start : start + length] for start, length in lines[-LINES_RUNNING:]]


def _duration(seconds: float) -> str:
    if seconds <= 0:
        return "Thought"
    if seconds < 60:
        return f"Thought for {seconds:.1f} s"
    return f"Thought for {int(seconds // 60)} min {round(seconds % 60)} s"
