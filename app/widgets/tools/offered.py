"""The list of tools in the inspector: which of them the model is offered in this conversation."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from app.viewmodels.tool_values import CLASS_WORDS, ToolChoice
from app.widgets.labels import Label
from app.widgets.switches import Switch
from app.widgets.theme import Theme


class OfferedTools(QWidget):
    """A switch for each tool, those of one kind together; what each may do stands above them."""

    switched = Signal(str, bool)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._switches: dict[str, Switch] = {}
        self._names: tuple[str, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)

    def show_choices(self, choices: Sequence[ToolChoice]) -> None:
        """These tools, in groups by what they may do."""
        names = tuple(f"{choice.name} {choice.standing}" for choice in choices)
        if names != self._names:
            self._names = names
            self._build(choices)
        for choice in choices:
            self._switches[choice.name].setChecked(choice.is_on)

    def _build(self, choices: Sequence[ToolChoice]) -> None:
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._switches.clear()
        for tool_class in ("pure", "read", "write"):
            group = [choice for choice in choices if choice.tool_class == tool_class]
            if group:
                self._column.addWidget(self._group(CLASS_WORDS[tool_class], group))

    def _group(self, title: str, choices: Sequence[ToolChoice]) -> QWidget:
        part = QWidget(self)
        grid = QGridLayout(part)
        grid.setContentsMargins(0, 0, 0, 4)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(5)
        grid.setColumnStretch(0, 1)
        head = Label(title, self._theme, "caption", "text3")
        head.setWordWrap(True)
        grid.addWidget(head, 0, 0, 1, 2)
        for row, choice in enumerate(choices, start=1):
            by = f" · {choice.server}" if choice.server else ""
            never = " (never allowed)" if choice.standing == "never" else ""
            label = Label(f"{choice.title}{by}{never}", self._theme,
                          elide=Qt.TextElideMode.ElideRight)  # fmt: skip
            label.setToolTip(choice.purpose)
            switch = Switch(f"Offer {choice.title}{by}", self._theme)
            switch.setAccessibleDescription(choice.purpose)
            switch.setToolTip(choice.purpose)
            switch.clicked.connect(lambda on, name=choice.name: self.switched.emit(name, bool(on)))
            self._switches[choice.name] = switch
            grid.addWidget(label, row, 0)
            grid.addWidget(switch, row, 1)
        return part
