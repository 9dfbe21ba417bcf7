"""How finely the picture is seen: the five budgets, what they come to, and how that looks."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.viewmodels.image import ImageViewModel
from app.viewmodels.image_values import BUDGET_NAMES, CostView
from app.viewmodels.words import about, count, size_pixels
from app.widgets.controls import IconButton, Label, Segmented
from app.widgets.paint import hairline
from app.widgets.theme import Theme

HEIGHT = 56
TIGHT = 440  # a row below this width has no room for all its words


class BudgetBar(QWidget):
    """The row under the canvas; in narrow panes it becomes part of the row above."""

    def __init__(self, vm: ImageViewModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._vm, self._theme = vm, theme
        self._is_compact = self._is_tight = False
        self._title = Label("Detail", theme, "body", "text2")
        self.segments = Segmented("Detail", [f"{budget}" for budget in vm.budgets], theme)
        self.seen = IconButton("scan-eye", "Show as the model gets it", theme)
        self.seen.setCheckable(True)
        end = Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter
        self._size = Label("", theme, "small_medium")
        self._cost = Label("", theme, "caption", "text3", elide=Qt.TextElideMode.ElideRight)
        self._size.setAlignment(end)
        self._cost.setAlignment(end)
        self._row = QHBoxLayout(self)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addStretch(1)
        words.addWidget(self._size)
        words.addWidget(self._cost)
        words.addStretch(1)
        self._row.addWidget(self._title)
        self._row.addWidget(self.segments)
        self._row.addWidget(self.seen)
        self._row.addLayout(words, 1)
        self.segments.chosen.connect(lambda number: vm.set_budget(vm.budgets[number]))
        self.seen.clicked.connect(vm.show_seen)
        vm.changed.connect(self.refresh)
        vm.seen_changed.connect(self.refresh)
        theme.changed.connect(self._measure)
        self._measure()
        self.refresh()

    def set_compact(self, is_compact: bool) -> None:
        """One line with the cost alone, for the row above the canvas."""
        self._is_compact = is_compact
        self._measure()

    def refresh(self) -> None:
        """Show the budget in force and what it comes to."""
        cost = self._vm.cost
        self.setEnabled(cost is not None)
        self.seen.setChecked(self._vm.is_seen_shown)
        tips = []
        for budget in self._vm.budgets:
            would = self._vm.cost_of(budget)
            size = f", {size_pixels(would.width, would.height)}" if would else ""
            tips.append(f"{BUDGET_NAMES[budget]}{size}")
        self.segments.set_tips(tips)
        if cost is None:
            self._size.setText("")
            self._cost.setText("")
            return
        self.segments.set_index(self._vm.budgets.index(cost.budget))
        size = size_pixels(cost.width, cost.height)
        self._size.setText(size if self._is_tight else f"{cost.name} · {size}")
        self._cost.setText(cost_words(cost))
        chosen = "chosen" if cost.is_chosen else "follows from the model and the picture's size"
        self._fit_words()
        for label in (self._size, self._cost):
            label.setToolTip(f"The model gets {size} pixels. This budget is {chosen}.")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fewer words where there is little room."""
        super().resizeEvent(event)
        self._fit_words()
        is_tight = not self._is_compact and self.width() < self._theme.px(TIGHT)
        if is_tight != self._is_tight:
            self._is_tight = is_tight
            self._measure()
            self.refresh()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground, and the hairline towards the canvas."""
        if not self._is_compact:
            painter = QPainter(self)
            painter.fillRect(self.rect(), self._theme.tokens.bar)
            hairline(painter, 0, 0, self.width(), self._theme.tokens.line)

    def _fit_words(self) -> None:
        """In one row the cost stands there as a whole or not at all; its tip says it anyway."""
        if self._is_compact:
            used = self.segments.sizeHint().width() + self.seen.sizeHint().width() + 24
            words = self._cost.fontMetrics().horizontalAdvance(self._cost.text())
            self._cost.setVisible(self.width() - used >= words)

    def _measure(self) -> None:
        self._title.setVisible(not self._is_compact and not self._is_tight)
        self._size.setVisible(not self._is_compact)
        self._cost.setVisible(True)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        if self._is_compact:
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            self.setMinimumHeight(0)
            self.setMaximumHeight(self._theme.px(44))
        else:
            self._row.setContentsMargins(14, 1, 14, 0)
            self._row.setSpacing(8 if self._is_tight else 12)
            self.setFixedHeight(max(HEIGHT, self._theme.px(HEIGHT)))


def cost_words(cost: CostView) -> str:
    """266 tokens · ≈ 1.3 s; the time only where it was measured."""
    words = count(cost.tokens, "token")
    if cost.seconds is None:
        return words
    shown = about(cost.seconds).removeprefix("about ")
    return f"{words} · ≈ {cost.seconds:.1f} s" if cost.seconds < 10 else f"{words} · ≈ {shown}"
