"""The bar above the content: model, thinking, title, stop, export, inspector."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.viewmodels.chat import ChatViewModel
from app.viewmodels.models import ModelsViewModel
from app.widgets.buttons import Button, IconButton
from app.widgets.labels import Label
from app.widgets.paint import hairline
from app.widgets.pills import ModelPill, ThinkingPill
from app.widgets.theme import Theme

HEIGHT = 52


class _Title(Label):
    """The conversation's title; a double click renames it."""

    double_clicked = Signal()

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        self.double_clicked.emit()


class Toolbar(QWidget):
    """Pills from the left, the title centred in the rest, icons at the right."""

    sidebar_wanted = Signal()
    inspector_wanted = Signal()
    export_wanted = Signal()
    model_wanted = Signal()
    rename_wanted = Signal()

    def __init__(
        self,
        chat: ChatViewModel,
        models: ModelsViewModel,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._chat = chat
        self._theme = theme
        self._sidebar = IconButton("panel-left", "Show the sidebar", theme)
        self.model = ModelPill(models, theme)
        self.thinking = ThinkingPill(chat, theme)
        self._title = _Title(
            "", theme, "chat_heading", elide=Qt.TextElideMode.ElideRight, parent=self
        )
        self._title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stop = Button("Stop", theme, icon="square", small=True)
        self._export = IconButton("share", "Export report…", theme)
        self._inspector = IconButton("panel-right", "Show the inspector", theme)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._lay_out()
        self._connect()
        self._measure()
        self._on_title()
        self._on_running(chat.is_running)

    def set_sidebar_shown(self, is_shown: bool) -> None:
        """The toggle stands here only while the sidebar, which has its own, is hidden."""
        self._sidebar.setVisible(not is_shown)

    def set_inspector_shown(self, is_shown: bool) -> None:
        """Says what the button would do."""
        name = "Hide the inspector" if is_shown else "Show the inspector"
        self._inspector.set_icon("panel-right", name)

    def set_can_export(self, can_export: bool) -> None:
        """There is nothing to export before the first question."""
        self._export.setEnabled(can_export)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground and the hairline towards the content."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.tokens.bar)
        hairline(painter, 0, self.height() - 1, self.width(), self._theme.tokens.line)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 12, 1)
        row.setSpacing(8)
        row.addWidget(self._sidebar)
        row.addWidget(self.model)
        row.addWidget(self.thinking)
        row.addWidget(self._title, 1)
        row.addWidget(self._stop)
        row.addWidget(self._export)
        row.addWidget(self._inspector)
        self._sidebar.hide()

    def _connect(self) -> None:
        self._sidebar.clicked.connect(self.sidebar_wanted)
        self.model.clicked.connect(self.model_wanted)
        self._stop.clicked.connect(self._chat.stop)
        self._export.clicked.connect(self.export_wanted)
        self._inspector.clicked.connect(self.inspector_wanted)
        self._title.double_clicked.connect(self.rename_wanted)
        self._chat.title_changed.connect(self._on_title)
        self._chat.reset.connect(self._on_title)
        self._chat.running_changed.connect(self._on_running)
        self._theme.changed.connect(self._measure)

    def _measure(self) -> None:
        self.setFixedHeight(max(HEIGHT, self._theme.px(HEIGHT)))
        self.update()

    def _on_title(self) -> None:
        self._title.setText(self._chat.title or "New conversation")

    def _on_running(self, is_running: bool) -> None:
        self._stop.setVisible(is_running)
