"""Whether a copy fits: a chip that opens the sum behind its word."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from app.viewmodels.model_values import FitView
from app.widgets import icons
from app.widgets.control import Control
from app.widgets.labels import Hairline, Label
from app.widgets.paint import round_rect
from app.widgets.popover import Popover
from app.widgets.theme import Theme

LOOKS = {
    "fits": ("circle-check", "oksoft", "ok"),
    "slow": ("triangle-alert", "warnsoft", "warn"),
    "wont_fit": ("circle-x", "badsoft", "bad"),
    "unknown": ("circle-dashed", "sunk", "text2"),
}


class FitChip(Control):
    """The verdict in a word. Hovering tells the sum, a press opens it with what would help."""

    ring_radius = 5.0

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("", theme, parent)
        self._fit = FitView()
        self._popover: Popover | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._open)

    def set_fit(self, fit: FitView, text: str = "") -> None:
        """Another verdict; `text` in place of its usual word."""
        shown = text or fit.text
        if fit == self._fit and shown == self.text():
            return
        self._fit = fit
        self.setText(shown)
        self.setAccessibleName(f"Fit: {shown}")
        self.setAccessibleDescription(_spoken(fit))
        self.setToolTip(_spoken(fit))
        self.setEnabled(bool(fit.lines or fit.advice))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as its word; a target of 24 pixels."""
        self.setFont(self.theme.font("small_medium"))
        width = self.fontMetrics().horizontalAdvance(self.text()) + self.theme.px(12)
        width += self.theme.px(12) + 4
        return QSize(width, max(24, self.theme.px(24)))

    def minimumSizeHint(self) -> QSize:
        """The same."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground, icon, word."""
        painter = QPainter(self)
        icon, soft, strong = LOOKS[self._fit.word]
        ground, colour = self.theme.colour(soft), self.theme.colour(strong)
        rect = QRectF(self.rect()).adjusted(0, 2, 0, -2)
        edge = colour if self.theme.is_contrast_high else None
        if self._fit.word == "unknown" and edge is None:
            edge = self.theme.tokens.line
        round_rect(painter, rect, 5, ground, edge)
        if self.is_hovered() or self.isDown():
            round_rect(painter, rect, 5, self.theme.tokens.hover)
        px, pad = self.theme.px(12), self.theme.px(6)
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        left = rect.width() - pad - px if is_mirrored else float(pad)
        icons.draw(painter, icon, QRectF(left, rect.top(), px, rect.height()), colour)
        lead = pad + px + 4
        words = rect.adjusted(pad, 0, -lead, 0) if is_mirrored else rect.adjusted(lead, 0, 0, 0)
        painter.setFont(self.theme.font("small_medium"))
        painter.setPen(colour)
        painter.drawText(
            words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading, self.text()
        )

    def _open(self) -> None:
        popover = Popover(self.window(), f"Fit: {self._fit.text}", self.theme, width=300)
        popover.closed.connect(popover.deleteLater)
        fill_sum(popover, self._fit, self.theme)
        self._popover = popover
        popover.open_under(self)


def fill_sum(popover: Popover, fit: FitView, theme: Theme) -> None:
    """The sum of a verdict, its limit, and what would help."""
    popover.body.setContentsMargins(14, 12, 14, 14)
    popover.body.setSpacing(8)
    _, _, colour = LOOKS[fit.word]
    popover.body.addWidget(Label(fit.text, theme, "body_bold", colour))
    sheet = QWidget()
    grid = QGridLayout(sheet)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(4)
    grid.setColumnStretch(0, 1)
    end = Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter
    for row, (name, amount) in enumerate(fit.lines):
        grid.addWidget(Label(name, theme, "small", "text2"), row, 0)
        grid.addWidget(Label(amount, theme, "small"), row, 1, end)
    if fit.total:
        last = len(fit.lines)
        grid.addWidget(Hairline(theme), last, 0, 1, 2)
        grid.addWidget(Label("Needs about", theme, "small_bold"), last + 1, 0)
        grid.addWidget(Label(fit.total, theme, "small_bold"), last + 1, 1, end)
        grid.addWidget(Label("The GPU can use", theme, "small", "text2"), last + 2, 0)
        grid.addWidget(Label(fit.limit, theme, "small"), last + 2, 1, end)
    popover.body.addWidget(sheet)
    if fit.advice:
        advice = Label(fit.advice, theme, "small", "text2")
        advice.setWordWrap(True)
        popover.body.addWidget(advice)


def _spoken(fit: FitView) -> str:
    lines = [f"{name} {amount}" for name, amount in fit.lines]
    if fit.total:
        lines.append(f"together about {fit.total} of {fit.limit} that the GPU can use")
    return ". ".join(part for part in (", ".join(lines), fit.advice) if part)
