"""The pages of a document: a range, the rows, how the selected ones are sent, the cost."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.viewmodels.pages import PageMode, PagesViewModel
from app.widgets.controls import IconButton, Label, Segmented
from app.widgets.framed import Framed
from app.widgets.page_list import MODES, PageList, PageModel
from app.widgets.paint import hairline, vertical_hairline
from app.widgets.theme import Theme

HEADER = 44
SUMMARY_LINE = 15


class PagePicker(QWidget):
    """A range, the pages, how the selected ones are sent, and what all of it costs."""

    def __init__(self, vm: PagesViewModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._vm, self._theme = vm, theme
        self.range = QLineEdit()
        self.range.setAccessibleName("Pages to send, like 1-3, 7")
        self.range.setPlaceholderText("1-3, 7")
        self.every = IconButton("rotate-ccw", "Send every page", theme, 24, 14)
        self.model = PageModel(vm, theme, self)
        self.list = PageList(self.model, lambda: vm.can_draw, theme)
        self.modes = Segmented("Send as", [name for _, name in MODES], theme)
        self.summary = Label("", theme, "caption", "text2")
        self.summary.setWordWrap(True)
        self.summary.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeading)
        self.summary.setMinimumHeight(theme.px(3 * SUMMARY_LINE))
        self._lay_out()
        self._connect()
        self.refresh()

    def refresh(self) -> None:
        """Show what is chosen."""
        if not self.range.hasFocus() or not self._vm.problem:
            self.range.setText(self._vm.range_text)
        self.modes.setVisible(self._vm.can_draw)
        self.summary.setText(self._vm.problem or self._vm.summary.replace(" · ", "\n"))
        self.summary.set_colour("warn" if self._vm.problem else "text2")
        self._show_mode()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground, and the lines towards the canvas and between the parts."""
        painter, tokens = QPainter(self), self._theme.tokens
        painter.fillRect(self.rect(), tokens.bar)
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        vertical_hairline(
            painter, 0 if is_mirrored else self.width() - 1, 0, self.height(), tokens.line
        )
        hairline(painter, 0, self._theme.px(HEADER) - 1, self.width(), tokens.line)

    def _lay_out(self) -> None:
        px = self._theme.px
        head = QHBoxLayout()
        head.setContentsMargins(12, 0, 10, 1)
        head.setSpacing(8)
        head.addWidget(Label("Pages", self._theme, "body", "text2"))
        head.addWidget(Framed(self.range, self._theme), 1)
        head.addWidget(self.every)
        header = QWidget()
        header.setLayout(head)
        header.setFixedHeight(px(HEADER))
        foot = QVBoxLayout()
        foot.setContentsMargins(12, 8, 12, 10)
        foot.setSpacing(6)
        foot.addWidget(self.modes)
        foot.addWidget(self.summary)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 1, 0)
        column.setSpacing(0)
        column.addWidget(header)
        column.addWidget(self.list, 1)
        column.addLayout(foot)

    def _connect(self) -> None:
        self.range.editingFinished.connect(self._on_range)
        self.every.clicked.connect(self._vm.choose_all)
        self.list.clicked.connect(self._on_shown)
        self.list.activated.connect(self._on_shown)
        self.list.selectionModel().currentChanged.connect(self._on_shown)
        self.list.selectionModel().selectionChanged.connect(self._show_mode)
        self.list.mode_wanted.connect(self._set_mode)
        self.modes.chosen.connect(lambda number: self._set_mode(MODES[number][0]))
        self._vm.changed.connect(self.refresh)

    def _on_range(self) -> None:
        if self.range.text().strip() != self._vm.range_text:
            self._vm.set_range(self.range.text())

    def _on_shown(self, index: QModelIndex, _before: object = None) -> None:
        if index.isValid():
            self._vm.show(self.model.page(index.row()).number)

    def _set_mode(self, mode: PageMode) -> None:
        rows = self.list.rows() or [
            row for row in range(self.model.rowCount()) if self.model.page(row).is_shown
        ]
        self._vm.set_mode([self.model.page(row).number for row in rows], mode)

    def _show_mode(self) -> None:
        rows = self.list.rows() or [
            row for row in range(self.model.rowCount()) if self.model.page(row).is_shown
        ]
        modes = {self.model.page(row).mode for row in rows if row < self.model.rowCount()}
        if len(modes) == 1:
            names = [mode for mode, _ in MODES]
            self.modes.set_index(names.index(modes.pop()))
