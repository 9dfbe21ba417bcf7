"""The row above the canvas: task, page, part, boxes, zoom; in narrow panes the budgets as well."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QSpacerItem, QWidget

from app.viewmodels.image import ImageViewModel
from app.widgets.controls import Control, IconButton, Label
from app.widgets.image.budget_bar import BudgetBar
from app.widgets.image.canvas import Canvas
from app.widgets.image.task_menu import TaskPill
from app.widgets.paint import hairline, round_rect, vertical_hairline
from app.widgets.theme import Theme

HEIGHT = 44
ZOOMS = (0.25, 0.5, 1.0, 2.0, 4.0)


class CanvasBar(QWidget):
    """Buttons for what keys do on the canvas, so that nothing has to be known by heart."""

    def __init__(
        self, vm: ImageViewModel, canvas: Canvas, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._vm, self._canvas, self._theme = vm, canvas, theme
        self._budget: BudgetBar | None = None
        self._has_picker = False
        self.task = TaskPill(vm, theme)
        self.back = IconButton("chevron-left", "Page before", theme, 24, 14)
        self.page = Label("", theme, "body", "text2")
        self.on = IconButton("chevron-right", "Next page", theme, 24, 14)
        self.crop = IconButton("crop", "Ask about a part", theme)
        self.crop.setCheckable(True)
        self.boxes = IconButton("eye", "Show where figures were read", theme)
        self.boxes.setCheckable(True)
        self.boxes.setChecked(True)
        self._line = _Divider(theme)
        self.out = IconButton("zoom-out", "Zoom out", theme)
        self.zoom = ZoomLabel(canvas, theme)
        self.into = IconButton("zoom-in", "Zoom in", theme)
        self._row = QHBoxLayout(self)
        self._spring = QSpacerItem(1, 1, QSizePolicy.Policy.Expanding)
        self._lay_out()
        self._connect()
        self._measure()
        self.refresh()

    def leave_pages_to_picker(self) -> None:
        """Pages are turned elsewhere."""
        self._has_picker = True
        self.refresh()

    def take_budget(self, bar: BudgetBar | None) -> None:
        """Show the budgets in this row, or leave them to the row below."""
        if bar is not None and self._budget is None:
            self._row.insertWidget(1, bar, 1)
        elif bar is None and self._budget is not None:
            self._row.removeWidget(self._budget)
        self._budget = bar
        policy = QSizePolicy.Policy.Expanding if bar is None else QSizePolicy.Policy.Fixed
        self._spring.changeSize(1 if bar is None else 0, 1, policy)
        side = 12 if bar is None else 8
        self._row.setContentsMargins(side, 0, side, 1)
        self._row.setSpacing(6 if bar is None else 4)
        self.refresh()
        self._row.invalidate()

    def refresh(self) -> None:
        """Show what can be done with what is shown."""
        vm = self._vm
        is_ready = vm.state == "ready"
        has_pages = is_ready and vm.is_document and not self._has_picker
        attachment = vm.attachment
        pages = attachment.pages if attachment is not None else 0
        for part in (self.back, self.page, self.on):
            part.setVisible(has_pages and pages > 1)
        self.page.setText(f"{vm.page} of {pages}")
        self.back.setEnabled(vm.page > 1)
        self.on.setEnabled(vm.page < pages)
        self.task.setEnabled(is_ready)
        self.crop.setVisible(not vm.page_text)
        self.crop.setEnabled(vm.can_crop)
        has_crop = vm.crop is not None
        self.crop.setChecked(has_crop)
        self.crop.set_icon("crop", "Ask about the whole picture" if has_crop else CROP_TIP)
        self.boxes.setVisible(bool(vm.boxes))
        self.boxes.setChecked(self._canvas.are_boxes_shown)
        is_wide = self._budget is None
        for control in (self._line, self.out, self.zoom, self.into):
            control.setVisible(not vm.page_text and (is_wide or control is self.into))
            control.setEnabled(is_ready)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground, and the hairline towards the canvas."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.tokens.bar)
        hairline(painter, 0, self.height() - 1, self.width(), self._theme.tokens.line)

    def _lay_out(self) -> None:
        self._row.setContentsMargins(12, 0, 12, 1)
        self._row.setSpacing(6)
        self._row.addWidget(self.task)
        self._row.addItem(self._spring)
        for part in (self.back, self.page, self.on, self.crop, self.boxes, self._line):
            self._row.addWidget(part)
        for control in (self.out, self.zoom, self.into):
            self._row.addWidget(control)

    def _connect(self) -> None:
        vm, canvas = self._vm, self._canvas
        self.back.clicked.connect(lambda: vm.show_page(vm.page - 1))
        self.on.clicked.connect(lambda: vm.show_page(vm.page + 1))
        self.crop.clicked.connect(self._on_crop)
        self.boxes.clicked.connect(canvas.show_boxes)
        self.out.clicked.connect(canvas.zoom_out)
        self.into.clicked.connect(canvas.zoom_in)
        vm.changed.connect(self.refresh)
        vm.boxes_changed.connect(self.refresh)
        self._theme.changed.connect(self._measure)

    def _on_crop(self, is_on: bool) -> None:
        if is_on:
            self._vm.start_crop()
            self._canvas.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self._vm.clear_crops()
        self.refresh()

    def _measure(self) -> None:
        self.setFixedHeight(max(HEIGHT, self._theme.px(HEIGHT)))
        self.update()


CROP_TIP = "Ask about a part: drag on the picture, or press here and use the arrow keys"


class ZoomLabel(Control):
    """How large the picture is shown; opens sizes to choose from."""

    def __init__(self, canvas: Canvas, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("Zoom", theme, parent)
        self._canvas = canvas
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._open)
        canvas.zoom_changed.connect(self._say)
        self._say()

    def sizeHint(self) -> QSize:
        """Wide enough for every number, so that nothing beside it moves."""
        self.setFont(self.theme.font("body"))
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance("3200 %") + 4, max(28, metrics.height() + 8))

    def minimumSizeHint(self) -> QSize:
        """The same."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The number."""
        painter = QPainter(self)
        if self.is_hovered() or self.isDown():
            round_rect(painter, self.rect().toRectF(), 6, self.theme.tokens.hover)
        painter.setFont(self.theme.font("body"))
        painter.setPen(self.theme.tokens.text2 if self.isEnabled() else self.theme.tokens.text3)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._words())

    def menu(self) -> QMenu:
        """Fit, the part, and fixed sizes."""
        menu = QMenu(self)
        menu.addAction("Fit\t0").triggered.connect(lambda: self._canvas.fit())
        part = menu.addAction("Fit the part\tZ")
        part.setEnabled(self._canvas.has_crop)
        part.triggered.connect(lambda: self._canvas.fit_crop())
        menu.addSeparator()
        for zoom in ZOOMS:
            entry = menu.addAction(f"{zoom:.0%}".replace("%", " %"))
            entry.triggered.connect(lambda _=False, z=zoom: self._canvas.set_zoom(z))
        return menu

    def _open(self) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.mapToGlobal(QPoint(0, self.height() + 2)))

    def _words(self) -> str:
        return f"{round(self._canvas.zoom * 100)} %"

    def _say(self) -> None:
        self.setAccessibleName(f"Zoom: {self._words()}")
        self.setToolTip("How large the picture is shown")
        self.update()


class _Divider(QWidget):
    """A short line between groups of buttons."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFixedSize(9, 18)
        theme.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        vertical_hairline(QPainter(self), 4, 0, self.height(), self._theme.tokens.line2)
