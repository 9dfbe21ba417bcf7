"""A failure in the transcript: what happened, why, what is safe, one thing to do."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QWidget

from app.core.conversation import ErrorInfo
from app.widgets import icons
from app.widgets.controls import Button, Control, Label
from app.widgets.paint import round_rect
from app.widgets.report_sheet import copy_report
from app.widgets.theme import Theme

RADIUS, PAD, ICON_GROUND, TEXT_LEFT = 10, 16, 32, 60
LONGEST_DETAIL = 190  # pixels high, then it scrolls

# Failures that the person can settle by a choice are amber, the others red.
_CHOICES = {"choose_model", "shorten", "fewer_images", "open_settings", "new_conversation"}


class ErrorCard(QWidget):
    """The card. It says its contents to assistive programs through its name."""

    acted = Signal(str)  # the command of the error's button
    height_changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._error = ErrorInfo("")
        self._what = Label("", theme, "chat_heading", parent=self)
        self._why = Label("", theme, "body", "text2", parent=self)
        self._safe = Label("", theme, "small", "text2", parent=self)
        self._detail = QPlainTextEdit(self)
        self._detail.setReadOnly(True)
        self._detail.setAccessibleName("Details of the error")
        self._detail.hide()
        for label in (self._what, self._why, self._safe):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._action = Button("", theme, "filled", parent=self)
        self._details = Button("Details", theme, "quiet", "chevron-right", parent=self)
        self._details.setCheckable(False)
        self._copy = Button("Copy report", theme, "quiet", "copy", parent=self)
        self._action.clicked.connect(lambda: self.acted.emit(self._error.command))
        self._details.clicked.connect(self._toggle_detail)
        self._copy.clicked.connect(self._copy_report)

    def show_error(self, error: ErrorInfo) -> None:
        """Show this one."""
        if error == self._error:
            return
        self._error = error
        for label, text in (
            (self._what, error.what), (self._why, error.why), (self._safe, error.safe)
        ):  # fmt: skip
            label.setText(text)
            label.setVisible(bool(text))
        self._action.setText(error.action)
        self._action.setAccessibleName(error.action)
        self._action.setVisible(bool(error.action))
        self._details.setVisible(bool(error.detail))
        self._detail.setPlainText(error.detail)
        self._detail.hide()
        self._details.set_icon("chevron-right")
        self.setAccessibleName(
            " ".join(filter(None, ("Error.", error.what, error.why, error.safe)))
        )
        self.update()

    def arrange(self, width: int) -> int:
        """Lay out for a width; gives the height."""
        px = self._theme.px
        left, right = px(TEXT_LEFT), width - PAD
        y = px(14)
        for label in (self._what, self._why, self._safe):
            if label.isHidden():
                continue
            start = left + (px(20) if label is self._safe else 0)
            if label is self._safe:
                y += px(8)
            height = label.heightForWidth(right - start)
            label.setGeometry(start, y, right - start, height)
            y += height + px(3)
        y += px(9)
        if not self._detail.isHidden():
            self._detail.setFont(self._theme.fixed_font("small"))
            height = min(LONGEST_DETAIL, self._detail.fontMetrics().lineSpacing() * (
                1 + self._error.detail.count("\n")) + 24)  # fmt: skip
            self._detail.setGeometry(left, y, right - left, height)
            y += height + px(10)
        return self._place_buttons(left, right, y) + px(14)

    def _place_buttons(self, left: int, right: int, y: int) -> int:
        tallest = 0
        for button in (self._copy, self._details):
            if not button.isHidden():
                size = button.sizeHint()
                right -= size.width()
                button.setGeometry(right, y, size.width(), size.height())
                tallest = max(tallest, size.height())
        if not self._action.isHidden():
            size = self._action.sizeHint()
            self._action.setGeometry(left, y, size.width(), size.height())
            tallest = max(tallest, size.height())
        return y + tallest

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Frame and icons."""
        painter = QPainter(self)
        tokens, px = self._theme.tokens, self._theme.px
        round_rect(painter, QRectF(self.rect()), RADIUS, tokens.raised, tokens.line2)
        is_choice = self._error.command in _CHOICES
        soft, strong = (tokens.warnsoft, tokens.warn) if is_choice else (tokens.badsoft, tokens.bad)
        side = px(ICON_GROUND)
        ground = QRectF(PAD, px(14), side, side)
        round_rect(painter, ground, side / 2, soft)
        inset = side / 4
        name = "triangle-alert" if is_choice else "circle-x"
        icons.draw(painter, name, ground.adjusted(inset, inset, -inset, -inset), strong)
        if not self._safe.isHidden():
            area = self._safe.geometry()
            line = self._safe.fontMetrics().height()
            place = QRectF(px(TEXT_LEFT), area.top(), px(14), line)
            icons.draw(painter, "shield-check", place, tokens.ok)

    def _toggle_detail(self) -> None:
        is_open = self._detail.isHidden()
        self._detail.setVisible(is_open)
        self._details.set_icon("chevron-down" if is_open else "chevron-right")
        self.height_changed.emit()

    def _copy_report(self) -> None:
        copy_report(self._error)


class SettledError(Control):
    """A failure that was settled, as one row."""

    ring_radius = 10.0

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("", theme, parent)
        self._sentence = self._choice = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_words(self, sentence: str, choice: str) -> None:
        """What happened, and what was chosen."""
        self._sentence, self._choice = sentence, choice
        self.setAccessibleName(f"{sentence} {choice}")
        self.update()

    def sizeHint(self) -> QSize:
        """One row of 44."""
        return QSize(200, max(44, self.theme.px(44)))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Icon, sentence, choice, chevron."""
        painter = QPainter(self)
        tokens, px = self.theme.tokens, self.theme.px
        area = QRectF(self.rect())
        round_rect(painter, area, RADIUS, tokens.sunk, tokens.line)
        icons.draw(painter, "triangle-alert", QRectF(14, 0, px(17), area.height()), tokens.warn)
        icons.draw(
            painter, "chevron-right", QRectF(area.right() - 28, 0, px(14), area.height()),
            tokens.text2,
        )  # fmt: skip
        painter.setFont(self.theme.font("caption"))
        painter.setPen(tokens.text3)
        words = area.adjusted(40, 0, -38, 0)
        painter.drawText(
            words, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._choice
        )
        words.setRight(words.right() - painter.fontMetrics().horizontalAdvance(self._choice) - 12)
        painter.setFont(self.theme.font("body_bold"))
        painter.setPen(tokens.text)
        shown = painter.fontMetrics().elidedText(
            self._sentence, Qt.TextElideMode.ElideRight, int(words.width())
        )
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, shown)
