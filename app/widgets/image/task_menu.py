"""The pill that asks a ready question about the picture, and the card for fields of one's own."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPlainTextEdit, QSizePolicy, QWidget

from app.core.tasks import TaskKey
from app.viewmodels.image import ImageViewModel
from app.viewmodels.image_values import TaskView
from app.widgets import icons
from app.widgets.controls import Button, Control, Label, Popover
from app.widgets.paint import round_rect
from app.widgets.pills import paint_pill
from app.widgets.theme import Theme

RADIUS, HEIGHT = 7, 28
WORDS = "Tasks"
ICONS = {
    "describe": "image",
    "read": "file-text",
    "table": "table-2",
    "chart": "chart-column",
    "dashboard": "scan-text",
    "compare": "columns-2",
    "problems": "circle-alert",
    "schema": "braces",
}


class TaskPill(Control):
    """Opens the tasks; one that is chosen is asked at once, and named here afterwards."""

    ring_radius = float(RADIUS)
    asked = Signal(str)  # the key of the task

    def __init__(self, vm: ImageViewModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(WORDS, theme, parent)
        self._vm = vm
        self._last: TaskView | None = None
        self._card: FieldsCard | None = None
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setToolTip("Ask a ready question about this picture")
        self.clicked.connect(self._open)
        self._say()

    def sizeHint(self) -> QSize:
        """Icon, words, chevron."""
        px = self.theme.px
        metrics = QFontMetrics(self.theme.font("body_medium"))
        width = 10 + px(16) + 7 + metrics.horizontalAdvance(self._words()) + 9 + px(13) + 11
        return QSize(width, max(px(HEIGHT), metrics.height() + 8))

    def minimumSizeHint(self) -> QSize:
        """The icon and the chevron stay."""
        px = self.theme.px
        return QSize(10 + px(16) + 9 + px(13) + 11, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The pill."""
        painter = QPainter(self)
        tokens, px = self.theme.tokens, self.theme.px
        rect = QRectF(self.rect())
        paint_pill(painter, rect, self.theme)
        if self.isDown() or self.is_hovered():
            round_rect(painter, rect, RADIUS, tokens.pressed if self.isDown() else tokens.hover)
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft

        def part(left: float, wide: float) -> QRectF:
            start = rect.width() - left - wide if is_mirrored else left
            return QRectF(start, 0, wide, rect.height())

        sign = ICONS[self._last.key] if self._last else "scan-text"
        icons.draw(painter, sign, part(10, px(16)), tokens.acc)
        painter.setFont(self.theme.font("body_medium"))
        painter.setPen(tokens.text)
        lead = 17 + px(16)
        room = rect.width() - lead - 20 - px(13)
        words = painter.fontMetrics().elidedText(
            self._words(), Qt.TextElideMode.ElideRight, round(room + 2)
        )
        painter.drawText(part(lead, room + 2), Qt.AlignmentFlag.AlignCenter, words)
        icons.draw(painter, "chevron-down", part(rect.width() - 11 - px(13), px(13)), tokens.text2)

    def menu(self) -> QMenu:
        """Every task; what cannot be asked now says why."""
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        for task in self._vm.tasks():
            sign = icons.icon(ICONS[task.key], self.theme)
            others = self._vm.others()
            if task.key == "compare" and len(others) > 1 and not task.why_not:
                inner = menu.addMenu(sign, "Compare with")
                for other in others:
                    entry = inner.addAction(other.name.replace("&", "&&"))
                    entry.triggered.connect(
                        lambda _=False, t=task, o=other.id: self._run(t, other_id=o)
                    )
                continue
            entry = menu.addAction(sign, task.title)
            entry.setEnabled(not task.why_not)
            entry.setToolTip(task.why_not or task.title)
            if task.key == "schema":
                entry.triggered.connect(lambda _=False: self.ask_for_fields())
            else:
                entry.triggered.connect(lambda _=False, t=task: self._run(t))
        return menu

    def ask_for_fields(self) -> None:
        """Open the card for fields of one's own."""
        if self._card is None:
            self._card = FieldsCard(self.window(), self.theme)
            self._card.done.connect(self._ask_fields)
        self._card.open_under(self)

    def _open(self) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.mapToGlobal(QPoint(0, self.height() + 2)))

    def _ask_fields(self, fields: str) -> None:
        task = next(task for task in self._vm.tasks() if task.key == "schema")
        self._run(task, fields=fields)

    def _run(self, task: TaskView, *, fields: str = "", other_id: str = "") -> None:
        key: TaskKey = task.key
        if self._vm.run_task(key, fields=fields, other_id=other_id):
            self._last = task
            self._say()
            self.asked.emit(key)

    def _words(self) -> str:
        return self._last.title.rstrip("…") if self._last else WORDS

    def _say(self) -> None:
        self.setAccessibleName(f"{WORDS}: {self._words()}" if self._last else WORDS)
        self.updateGeometry()
        self.update()


class FieldsCard(Popover):
    """Names of fields, one a line; the model answers with one JSON object."""

    done = Signal(str)

    def __init__(self, window: QWidget, theme: Theme) -> None:
        super().__init__(window, "Own fields", theme, 320)
        self.edit = _FieldsEdit(self.card)
        self.edit.setAccessibleName("Fields to look for, one a line")
        self.edit.setPlaceholderText("invoice number\ndate\ntotal")
        self.edit.setTabChangesFocus(True)
        self.edit.setFixedHeight(theme.px(112))
        hint = Label("One field a line. The answer is JSON.", theme, "caption", "text3")
        hint.setWordWrap(True)
        self._ask = Button("Ask", theme, "filled")
        row = QHBoxLayout()
        row.addWidget(hint, 1)
        row.addWidget(self._ask)
        self.body.setContentsMargins(12, 12, 12, 12)
        self.body.setSpacing(8)
        self.body.addWidget(Label("Which fields?", theme, "body_bold"))
        self.body.addWidget(self.edit)
        self.body.addLayout(row)
        self._ask.clicked.connect(self._finish)
        self.edit.finished.connect(self._finish)
        self.edit.textChanged.connect(self._on_text)
        self._on_text()

    def _on_text(self) -> None:
        self._ask.setEnabled(bool(self.edit.toPlainText().strip()))

    def _finish(self) -> None:
        if self._ask.isEnabled():
            self.close_card()
            self.done.emit(self.edit.toPlainText())


class _FieldsEdit(QPlainTextEdit):
    """Ctrl-Return finishes."""

    finished = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_return = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_return and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.finished.emit()
            return
        super().keyPressEvent(event)
