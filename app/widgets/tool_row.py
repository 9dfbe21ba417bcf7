"""A tool call of an answer: a card while it asks, afterwards one quiet row that can be opened."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from app.viewmodels.tool_values import ToolView
from app.widgets import icons
from app.widgets.control import Control
from app.widgets.controls import Button, Label
from app.widgets.indicators import Spinner
from app.widgets.paint import round_rect
from app.widgets.theme import Theme
from app.widgets.tools.choices import Choices

HEIGHT, PAD, ICON_GROUND, TEXT_LEFT, RADIUS = 40, 14, 28, 54, 10
SHORT_RESULT = 600  # characters that are shown before "Show all"
TALLEST = 320
STATE_WORDS = {
    "waiting": "not run",
    "running": "running",
    "failed": "failed",
    "refused": "not run",
    "stopped": "stopped",
    "limit": "not run",
}


class ToolHeader(Control):
    """The row: what was done and what came of it. Checked means open."""

    ring_radius = RADIUS

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__("Tool call", theme, parent)
        self.setCheckable(True)
        self._view = ToolView("", "", "", "", "done")

    def set_view(self, view: ToolView) -> None:
        """Show this call."""
        self._view = view
        self.setAccessibleName(f"{view.title}: {view.words}. {self._outcome()[:200]}")
        self.setToolTip(f"{view.words}\n{view.audit}")
        self.update()

    def sizeHint(self) -> QSize:
        """One row."""
        return QSize(200, max(HEIGHT, self.theme.px(HEIGHT)))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Icon, call, outcome, chevron."""
        painter = QPainter(self)
        tokens, px = self.theme.tokens, self.theme.px
        area = QRectF(self.rect())
        if self.is_hovered():
            round_rect(painter, area, RADIUS, tokens.hover)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        start, end = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        if mirrored:
            start, end = end, start
        middle = Qt.AlignmentFlag.AlignVCenter
        side = px(15)
        name, colour = self._icon()
        left = area.width() - 12 - side if mirrored else 12
        icons.draw(painter, name, QRectF(left, 0, side, area.height()), colour)
        chevron = "chevron-down" if self.isChecked() else "chevron-right"
        right = 12 if mirrored else area.width() - 12 - px(13)
        icons.draw(painter, chevron, QRectF(right, 0, px(13), area.height()), tokens.text3)
        inner = area.adjusted(px(36), 0, -px(34), 0)
        if mirrored:
            inner = area.adjusted(px(34), 0, -px(36), 0)
        painter.setFont(self.theme.font("small"))
        painter.setPen(tokens.text2)
        outcome = painter.fontMetrics().elidedText(
            self._outcome(), Qt.TextElideMode.ElideRight, int(inner.width() * 0.4)
        )
        painter.drawText(inner, int(end | middle), outcome)
        taken = painter.fontMetrics().horizontalAdvance(outcome) + 14
        words = inner.adjusted(taken, 0, 0, 0) if mirrored else inner.adjusted(0, 0, -taken, 0)
        painter.setFont(self.theme.font("small_medium"))
        painter.setPen(tokens.text)
        said = painter.fontMetrics().elidedText(
            self._view.words, Qt.TextElideMode.ElideRight, int(words.width())
        )
        painter.drawText(words, int(start | middle), said)

    def _outcome(self) -> str:
        view = self._view
        if view.state == "done":
            return " ".join((view.result or "not run")[:300].split())
        return STATE_WORDS[view.state]

    def _icon(self) -> tuple[str, QColor]:
        tokens = self.theme.tokens
        if self._view.state == "failed":
            return "circle-alert", tokens.warn
        if self._view.state in ("refused", "limit", "stopped", "waiting"):
            return "hand", tokens.text2
        return "wrench", tokens.text2


class ToolRow(QWidget):
    """One call. `answered` carries the person's word about one that asks."""

    answered = Signal(str)
    height_changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._view = ToolView("", "", "", "", "done")
        self._shows_all = False
        self._header = ToolHeader(theme, self)
        self._header.toggled.connect(lambda _on: self.height_changed.emit())
        self._spinner = Spinner(theme, 14, self)
        self._title = Label("", theme, "small", "text2", parent=self)
        self._words = Label("", theme, "body_bold", parent=self)
        self._arguments = Label("", theme, "small", "text2", parent=self)
        self._note = Label("", theme, "small", "text2", parent=self)
        self._audit = Label("", theme, "caption", "text3", parent=self)
        for label in (self._words, self._arguments, self._note, self._audit):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._result = QPlainTextEdit(self)
        self._result.setReadOnly(True)
        self._result.setAccessibleName("Result of the tool")
        self._result.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self._all = Button("Show all", theme, "quiet", small=True, parent=self)
        self._all.clicked.connect(self._show_all)
        self._choices = Choices(theme, self)
        self._choices.chosen.connect(self.answered)

    @property
    def asks(self) -> bool:
        """Whether the person can answer."""
        return bool(self._view.choices)

    def set_view(self, view: ToolView, is_other: bool = False) -> None:
        """Show this call; `is_other`: of another answer, so nothing is open."""
        if is_other:
            self._shows_all = False
            self._header.setChecked(False)
        self._view = view
        self._header.set_view(view)
        by = f"{view.title} · {view.server}" if view.server else view.title
        self._title.setText(f"{by} asks")
        self._words.setText(view.words)
        self._arguments.setText(self._arguments_shown())
        self._note.setText(view.note)
        self._audit.setText(view.audit)
        self._choices.show_view(view)
        self._fill_result()
        self.setAccessibleName(self._spoken())
        self.update()

    def arrange(self, width: int) -> int:
        """Lay out for a width; gives the height."""
        asks = self.asks
        is_open = not asks and self._header.isChecked()
        self._header.setVisible(not asks)
        self._spinner.setVisible(self._view.state == "running")
        self._title.setVisible(asks)
        self._words.setVisible(asks)
        self._note.setVisible(asks and bool(self._view.note))
        self._choices.setVisible(asks)
        self._arguments.setVisible((asks or is_open) and bool(self._arguments.text()))
        self._audit.setVisible(is_open)
        has_result = is_open and bool(self._view.result)
        self._result.setVisible(has_result)
        self._all.setVisible(has_result and self._is_long() and not self._shows_all)
        return self._arrange_card(width) if asks else self._arrange_row(width, is_open)

    def _arrange_card(self, width: int) -> int:
        px = self._theme.px
        left, y = px(TEXT_LEFT), px(12)
        inner = width - left - PAD
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        x = PAD if mirrored else left
        for part, gap in (
            (self._title, 1), (self._words, 4), (self._arguments, 6), (self._note, 6)
        ):  # fmt: skip
            if not part.isHidden():
                height = part.heightForWidth(inner) if part.wordWrap() else part.sizeHint().height()
                part.setGeometry(x, y, inner, height)
                y += height + px(gap)
        y += px(6)
        height = self._choices.arrange(inner)
        self._choices.setGeometry(x, y, inner, height)
        return y + height + px(13)

    def _arrange_row(self, width: int, is_open: bool) -> int:
        px = self._theme.px
        tall = self._header.sizeHint().height()
        self._header.setGeometry(0, 0, width, tall)
        side = self._spinner.sizeHint().width()
        self._spinner.setGeometry(width - px(34) - side - px(60), (tall - side) // 2, side, side)
        if not is_open:
            return tall
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        left = px(36)
        inner = width - left - PAD
        x = PAD if mirrored else left
        y = tall + px(2)
        if not self._arguments.isHidden():
            height = self._arguments.heightForWidth(inner)
            self._arguments.setGeometry(x, y, inner, height)
            y += height + px(8)
        if not self._result.isHidden():
            height = self._result_height(inner)
            self._result.setGeometry(x, y, inner, height)
            y += height + px(6)
        if not self._all.isHidden():
            size = self._all.sizeHint()
            self._all.setGeometry(x, y, size.width(), size.height())
            y += size.height() + px(6)
        height = self._audit.heightForWidth(inner)
        self._audit.setGeometry(x, y, inner, height)
        return y + height + px(12)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Frame, and the icon of a card."""
        painter = QPainter(self)
        tokens, px = self._theme.tokens, self._theme.px
        area = QRectF(self.rect())
        if not self.asks:
            round_rect(painter, area, RADIUS, edge=tokens.line)
            if not self._result.isHidden():
                ground = QRectF(self._result.geometry()).adjusted(-8, -2, 8, 2)
                round_rect(painter, ground, 6, tokens.sunk)
            return
        round_rect(painter, area, RADIUS, tokens.raised, tokens.line2)
        side = px(ICON_GROUND)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        ground = QRectF(area.width() - PAD - side if mirrored else PAD, px(13), side, side)
        is_risky = self._view.usual is None
        soft, strong = (tokens.warnsoft, tokens.warn) if is_risky else (tokens.accsoft, tokens.acc)
        round_rect(painter, ground, side / 2, soft)
        inset = side / 4
        icons.draw(painter, "wrench", ground.adjusted(inset, inset, -inset, -inset), strong)

    def _arguments_shown(self) -> str:
        """All of them; in the card of a harmless call those that its words do not say already."""
        view = self._view
        if not view.choices or view.usual is None:
            return view.arguments
        lines = view.arguments.split("\n")
        return "\n".join(line for line in lines if line.partition(": ")[2] not in view.words)

    def _fill_result(self) -> None:
        text = self._view.result or ""
        shown = text if self._shows_all or not self._is_long() else text[:SHORT_RESULT] + "…"
        if self._result.toPlainText() != shown:
            self._result.setPlainText(shown)
        self._result.setFont(self._theme.fixed_font("small"))
        palette = QPalette(self._result.palette())
        palette.setColor(QPalette.ColorRole.Base, self._theme.tokens.sunk)
        palette.setColor(QPalette.ColorRole.Text, self._theme.tokens.text)
        self._result.setPalette(palette)
        self._all.setText(f"Show all ({len(text):,} characters)")

    def _is_long(self) -> bool:
        return len(self._view.result or "") > SHORT_RESULT + 100

    def _result_height(self, width: int) -> int:
        """As tall as its text, up to where it scrolls."""
        document = self._result.document()
        per_line = max(1, (width - 12) // max(1, self._result.fontMetrics().averageCharWidth()))
        blocks = self._result.toPlainText().split("\n")
        lines = sum(max(1, -(-len(block) // per_line)) for block in blocks[:200])
        margin = 2 * int(document.documentMargin()) + 6
        spacing = self._result.fontMetrics().lineSpacing()
        return min(self._theme.px(TALLEST), lines * spacing + margin)

    def _show_all(self) -> None:
        self._shows_all = True
        self._fill_result()
        self.height_changed.emit()

    def _spoken(self) -> str:
        view = self._view
        if self.asks:
            return f"{view.title} asks for permission: {view.words}. {view.note}"
        return f"Tool call: {view.words}. {view.audit}"
