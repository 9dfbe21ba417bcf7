"""The panel at the right: how this conversation's answers are made, and what fills its context."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.viewmodels.chat import ChatViewModel
from app.widgets.buttons import IconButton
from app.widgets.context_parts import ContextParts
from app.widgets.generation_form import GenerationForm
from app.widgets.labels import Hairline, Label
from app.widgets.paint import vertical_hairline
from app.widgets.theme import Theme
from app.widgets.tools.offered import OfferedTools

NARROWEST, WIDTH, WIDEST = 280, 320, 420
HEADER_HEIGHT, PADDING = 44, 16


class Inspector(QWidget):
    """Shows and changes the settings of the open conversation."""

    hide_wanted = Signal()

    def __init__(self, chat: ChatViewModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chat = chat
        self._theme = theme
        self.form = GenerationForm(theme)
        self.tools = OfferedTools(theme)
        self._parts = ContextParts(theme)
        self._total = Label("", theme, "caption", "text3")
        self._lay_out()
        self.form.changed.connect(self._on_changed)
        self.tools.switched.connect(chat.offer_tool)
        chat.settings_changed.connect(self._show)
        chat.reset.connect(self._on_reset)
        chat.context_changed.connect(self._show_context)
        theme.changed.connect(self._restyle)
        self._restyle()
        self._show()
        self._show_context()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground and the hairline towards the content."""
        painter = QPainter(self)
        tokens = self._theme.tokens
        painter.fillRect(self.rect(), tokens.bar)
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        x = self.width() - 1 if is_mirrored else 0
        vertical_hairline(painter, x, 0, self.height(), tokens.line)

    def _lay_out(self) -> None:
        self._header = QWidget()
        header = QHBoxLayout(self._header)
        header.setContentsMargins(PADDING, 0, 8, 0)
        header.addWidget(Label("This conversation", self._theme, "body_bold"), 1)
        close = IconButton("x", "Hide the inspector", self._theme, icon_px=14)
        close.clicked.connect(self.hide_wanted)
        header.addWidget(close)
        body = QWidget()
        inner = QVBoxLayout(body)
        inner.setContentsMargins(PADDING, 14, PADDING, PADDING)
        inner.setSpacing(8)
        inner.addWidget(self.form)
        inner.addSpacing(8)
        inner.addWidget(Hairline(self._theme))
        inner.addSpacing(4)
        inner.addWidget(Label("Tools", self._theme, "body_medium"))
        inner.addWidget(self.tools)
        inner.addSpacing(8)
        inner.addWidget(Hairline(self._theme))
        inner.addSpacing(4)
        inner.addWidget(Label("Context", self._theme, "body_medium"))
        inner.addWidget(self._total)
        inner.addWidget(self._parts)
        inner.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(body)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header)
        column.addWidget(Hairline(self._theme))
        column.addWidget(self._scroll, 1)

    def _restyle(self) -> None:
        self._header.setFixedHeight(max(HEADER_HEIGHT, self._theme.px(HEADER_HEIGHT)))
        palette = QPalette(self._scroll.palette())
        palette.setColor(QPalette.ColorRole.Window, self._theme.tokens.bar)
        self._scroll.setPalette(palette)
        self.update()

    def _on_reset(self) -> None:
        self._show()
        self._show_context()

    def _show(self) -> None:
        self.form.show_settings(self._chat.settings)
        self.tools.show_choices(self._chat.tools.choices(self._chat.settings))

    def _show_context(self) -> None:
        use = self._chat.context
        self._parts.set_use(use)
        known = f"{use.total:,} of {use.size:,} tokens"
        self._total.setText(known if use.size else "Known once a model is ready")

    def _on_changed(self, changes: dict[str, Any]) -> None:
        self._chat.change_settings(**changes)
        self._show()  # again, since a value may have been refused
