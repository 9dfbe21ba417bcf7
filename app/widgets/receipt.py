"""The receipt under a question, and the sheet "What the model saw" behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.viewmodels.values import ReceiptView
from app.widgets import icons
from app.widgets.control import Control
from app.widgets.controls import Button, Label
from app.widgets.receipt_items import item_widget
from app.widgets.theme import Theme

if TYPE_CHECKING:
    from app.viewmodels.chat import ChatViewModel

HEIGHT = 22
PICTURE_WIDTH = 480


class ReceiptLine(Control):
    """One line that says what was sent and what was not; opens the sheet."""

    ring_radius = 5.0

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("", theme, parent)
        self._view = ReceiptView("", ())
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def set_view(self, view: ReceiptView) -> None:
        """Show this one."""
        self._view = view
        self.setAccessibleName(f"What the model received: {view.line}")
        self.setToolTip("What the model saw")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as its words."""
        self.setFont(self.theme.font("caption"))
        width = self.fontMetrics().horizontalAdvance(self._view.line) + 2 * self.theme.px(17) + 4
        return QSize(width, max(self.theme.px(HEIGHT), self.fontMetrics().height() + 6))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Icon, words, chevron."""
        painter = QPainter(self)
        tokens, px = self.theme.tokens, self.theme.px
        is_warning = self._view.is_warning
        colour = tokens.warn if is_warning else (
            tokens.text2 if self.is_hovered() else tokens.text3
        )  # fmt: skip
        area = QRectF(self.rect())
        icon = px(12)
        name = "triangle-alert" if is_warning else "scan"
        icons.draw(painter, name, QRectF(1, 0, icon, area.height()), colour)
        icons.draw(
            painter, "chevron-right", QRectF(area.right() - icon, 0, icon, area.height()), colour
        )
        painter.setFont(self.theme.font("caption"))
        painter.setPen(colour)
        words = area.adjusted(px(17) + 1, 0, -px(15), 0)
        shown = painter.fontMetrics().elidedText(
            self._view.line, Qt.TextElideMode.ElideRight, int(words.width())
        )
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


class ReceiptSheet(QDialog):
    """What the model saw of one question, part by part, and what it did not see."""

    def __init__(
        self, chat: ChatViewModel, turn_id: str, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, Qt.WindowType.Sheet)
        self.setWindowTitle("What the model saw")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.resize(640, 620)
        self._theme = theme
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.Window, theme.tokens.win)
        self.setPalette(palette)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 18, 0, 14)
        box.setSpacing(10)
        heading = Label("What the model saw", theme, "h1")
        heading.setContentsMargins(24, 0, 24, 0)
        box.addWidget(heading)
        box.addWidget(self._contents(chat, turn_id), 1)
        row = QHBoxLayout()
        row.setContentsMargins(24, 0, 24, 0)
        row.addStretch()
        close = Button("Close", theme, "filled")
        close.clicked.connect(self.accept)
        row.addWidget(close)
        box.addLayout(row)

    def _contents(self, chat: ChatViewModel, turn_id: str) -> QScrollArea:
        theme = self._theme
        inside = QWidget()
        box = QVBoxLayout(inside)
        box.setContentsMargins(24, 4, 24, 8)
        box.setSpacing(12)
        view = chat.turn(turn_id)
        receipt = chat.receipt_of(turn_id)
        if receipt is None:
            box.addWidget(self._line("Nothing was sent yet.", "text2"))
        else:
            files = {attachment.name: attachment for attachment in view.attachments}
            for sentence in receipt.dropped:
                box.addWidget(self._line(f"Not sent: {sentence}", "warn"))
            for item in receipt.items:
                box.addWidget(item_widget(item, files.get(item.name), chat, theme))
            total = f"The whole prompt: {receipt.prompt_tokens:,} tokens."
            box.addWidget(self._line(total, "text2", "body_medium"))
        for attachment in view.attachments:
            for note in attachment.notes:
                box.addWidget(self._line(f"{attachment.name}: {note}", "text2"))
        box.addStretch()
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        area.setAccessibleName("What the model saw")
        return area

    def _line(self, text: str, colour: str, style: str = "body") -> Label:
        label = Label(text, self._theme, style, colour)
        label.setWordWrap(True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return label
