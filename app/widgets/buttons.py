"""Buttons with words and buttons with an icon alone."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.widgets import icons
from app.widgets.control import Control
from app.widgets.paint import round_rect
from app.widgets.theme import Theme

Kind = Literal["plain", "filled", "quiet", "danger"]

HEIGHT, SMALL_HEIGHT, LARGE_HEIGHT = 28, 24, 32
PADDING, GAP = 11, 6
DISABLED_OPACITY = 0.45


class Button(Control):
    """A button with words, and an icon if one is named. At most one filled button per pane."""

    def __init__(
        self,
        text: str,
        theme: Theme,
        kind: Kind = "plain",
        icon: str = "",
        small: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, theme, parent)
        self._kind: Kind = kind
        self._icon = icon
        self._is_small = small
        self._height = SMALL_HEIGHT if small else HEIGHT
        self.setText(text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_kind(self, kind: Kind) -> None:
        """Another weight, for instance filled once it is the next thing to do."""
        self._kind = kind
        self.update()

    def set_icon(self, icon: str) -> None:
        """Another icon; "" for none."""
        self._icon = icon
        self.updateGeometry()
        self.update()

    def set_large(self) -> None:
        """The larger size of first run."""
        self._height = LARGE_HEIGHT
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """As wide as its words; never wrapped, never cut."""
        style = self._style()
        font = self.theme.font(style)
        self.setFont(font)
        metrics = self.fontMetrics()
        width = metrics.horizontalAdvance(self.text()) + 2 * self.theme.px(PADDING) + 2
        if self._icon:
            width += self._icon_px() + GAP
        return QSize(width, max(self._height, metrics.height() + 8))

    def minimumSizeHint(self) -> QSize:
        """The same: a button is never cut."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground, hover, icon, words."""
        painter = QPainter(self)
        if not self.isEnabled():
            painter.setOpacity(DISABLED_OPACITY)
        rect = QRectF(self.rect())
        self._paint_ground(painter, rect)
        painter.setFont(self.theme.font(self._style()))
        colour = self._text_colour()
        painter.setPen(colour)
        if not self._icon:
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self.text())
            return
        px = self._icon_px()
        words = self.fontMetrics().horizontalAdvance(self.text())
        left = (rect.width() - px - GAP - words) / 2
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        icon_left = left + words + GAP if is_mirrored else left
        text_left = left if is_mirrored else left + px + GAP
        icons.draw(painter, self._icon, QRectF(icon_left, 0, px, rect.height()), colour)
        painter.drawText(
            QRectF(text_left, 0, words + 2, rect.height()),
            Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft,
            self.text(),
        )

    def _paint_ground(self, painter: QPainter, rect: QRectF) -> None:
        tokens = self.theme.tokens
        radius = 6.0 if not self._is_small else 5.0
        if self._kind == "plain":
            painter.save()
            painter.setClipRect(rect)
            round_rect(painter, rect.translated(0, 0.6), radius, tokens.softline)
            painter.restore()
            round_rect(painter, rect, radius, tokens.control, tokens.line2)
        elif self._kind == "filled":
            round_rect(painter, rect, radius, tokens.accfill)
        elif self._kind == "danger":
            round_rect(painter, rect, radius, tokens.recfill)
        if self.isDown() or self.isChecked():
            round_rect(painter, rect, radius, tokens.pressed)
        elif self.is_hovered():
            round_rect(painter, rect, radius, tokens.hover)

    def _text_colour(self) -> QColor:
        tokens = self.theme.tokens
        if self._kind in ("filled", "danger"):
            return tokens.onfill
        return tokens.text2 if self._kind == "quiet" else tokens.text

    def _style(self) -> str:
        if self._is_small:
            return "small_medium"
        return "body_bold" if self._kind in ("filled", "danger") else "body_medium"

    def _icon_px(self) -> int:
        return self.theme.px(14 if self._is_small else 15)


class IconButton(Control):
    """A button that is an icon. `name` is its accessible name and tooltip.

    Checkable ones show their state by the accent on its soft ground.
    """

    def __init__(
        self,
        icon: str,
        name: str,
        theme: Theme,
        size: int = 28,
        icon_px: int = 16,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(name, theme, parent)
        self._icon = icon
        self._size = size
        self._icon_px = icon_px
        self.setToolTip(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_icon(self, icon: str, name: str = "") -> None:
        """Another icon, and another name where what it does changes."""
        self._icon = icon
        if name:
            self.setAccessibleName(name)
            self.setToolTip(name)
        self.update()

    def sizeHint(self) -> QSize:
        """A square that grows with the text."""
        side = max(24, self.theme.px(self._size))
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        """The same."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground where hovered or on, then the icon."""
        painter = QPainter(self)
        tokens = self.theme.tokens
        rect = QRectF(self.rect())
        colour = tokens.text2
        if not self.isEnabled():
            painter.setOpacity(DISABLED_OPACITY)
            colour = tokens.text3
        elif self.isChecked():
            round_rect(painter, rect, 6, tokens.accsoft)
            colour = tokens.acc
        if self.isDown():
            round_rect(painter, rect, 6, tokens.pressed)
        elif self.is_hovered():
            round_rect(painter, rect, 6, tokens.hover)
            colour = tokens.acc if self.isChecked() else tokens.text
        icons.draw(painter, self._icon, _centred(rect, self.theme.px(self._icon_px)), colour)


def _centred(rect: QRectF, px: int) -> QRectF:
    return QRectF(rect.x() + (rect.width() - px) / 2, rect.y() + (rect.height() - px) / 2, px, px)
