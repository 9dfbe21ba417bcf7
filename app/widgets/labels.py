"""Words in a style and a colour of the theme, and the hairline between parts."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.widgets.theme import Theme


class Label(QLabel):
    """Plain text that follows the theme. `elide` cuts it to the width and adds a tooltip.

    The text is never taken for markup: it may come from a model or a file.
    """

    def __init__(
        self,
        text: str,
        theme: Theme,
        style: str = "body",
        colour: str = "text",
        elide: Qt.TextElideMode | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._theme, self._style, self._colour, self._elide = theme, style, colour, elide
        self.setTextFormat(Qt.TextFormat.PlainText)
        if elide is not None:
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._restyle)
        self._restyle()

    def set_colour(self, colour: str) -> None:
        """The token to write in."""
        if colour != self._colour:
            self._colour = colour
            self._restyle()

    def set_style(self, style: str) -> None:
        """The step of the type scale."""
        if style != self._style:
            self._style = style
            self._restyle()

    def minimumSizeHint(self) -> QSize:
        """Elided text needs no width."""
        hint = super().minimumSizeHint()
        return hint if self._elide is None else QSize(0, hint.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """As a label, cut to the width if that was asked for."""
        if self._elide is None:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(self._theme.colour(self._colour))
        area = self.contentsRect()
        shown = self.fontMetrics().elidedText(self.text(), self._elide, area.width())
        self.setToolTip(self.text() if shown != self.text() else "")
        painter.drawText(area, int(self.alignment()), shown)

    def _restyle(self) -> None:
        self.setFont(self._theme.font(self._style))
        palette = QPalette(self.palette())
        for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text):  # selectable: Text
            palette.setColor(role, self._theme.colour(self._colour))
        self.setPalette(palette)
        self.updateGeometry()
        self.update()


class Hairline(QWidget):
    """One logical pixel across, or down."""

    def __init__(
        self, theme: Theme, is_vertical: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        if is_vertical:
            self.setFixedWidth(1)
        else:
            self.setFixedHeight(1)
        theme.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Fills itself."""
        QPainter(self).fillRect(self.rect(), self._theme.tokens.line)
