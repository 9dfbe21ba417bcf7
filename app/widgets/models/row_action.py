"""The end of a row: the one thing to do with a copy now, or how its download goes."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.viewmodels.model_values import CopyView, ProgressView
from app.widgets import icons
from app.widgets.buttons import Button, IconButton
from app.widgets.indicators import Bar, Spinner
from app.widgets.labels import Label
from app.widgets.theme import Theme

BAR_WIDTH, GAP = 196, 8


class ProgressLine(QWidget):
    """What has arrived, how long it will take, the bar; pause or go on, and cancel."""

    acted = Signal(str)  # pause, resume, cancel

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.line = Label("", theme, "caption", "text2", Qt.TextElideMode.ElideRight)
        self.time = Label("", theme, "caption", "text3")
        self.bar = Bar(theme, height=6)
        self.hold = IconButton("pause", "Pause the download", theme, size=26, icon_px=15)
        self.end = IconButton("x", "Cancel the download", theme, size=26, icon_px=15)
        self._holds = True
        self.hold.clicked.connect(lambda: self.acted.emit("pause" if self._holds else "resume"))
        self.end.clicked.connect(lambda: self.acted.emit("cancel"))
        words = QHBoxLayout()
        words.setSpacing(8)
        words.addWidget(self.line, 1)
        words.addWidget(self.time)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addStretch(1)
        column.addLayout(words)
        column.addWidget(self.bar)
        column.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addLayout(column, 1)
        row.addSpacing(6)
        row.addWidget(self.hold)
        row.addWidget(self.end)

    def sizeHint(self) -> QSize:
        """The bar and two buttons."""
        return QSize(self._theme.px(BAR_WIDTH + 78), self._theme.px(40))

    def set_progress(self, progress: ProgressView, name: str) -> None:
        """How far it is now; `name` is what is worked on."""
        self.line.setText(progress.line)
        self.line.set_colour("warn" if progress.is_warning else "text2")
        self.time.setText(progress.time)
        self.time.setVisible(bool(progress.time))
        self.bar.set_share(progress.share, "text3" if progress.is_paused else "accfill")
        self._holds = not progress.can_resume
        if progress.can_resume:
            self.hold.set_icon("play", f"Go on with {name}")
        else:
            self.hold.set_icon("pause", f"Pause {name}")
        self.hold.setVisible(progress.can_pause or progress.can_resume)
        self.end.setVisible(progress.can_cancel)
        self.end.set_icon("x", f"Cancel {name}")
        self.bar.setAccessibleName(f"{name}: {progress.line} {progress.time}".strip())


class InUse(QWidget):
    """A mark in place of the button, or a turning ring while the model loads."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._text, self._colour, self._icon = "In use", "ok", "check"
        self._spinner = Spinner(theme, 13, self)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_words("In use", is_busy=False)

    def set_words(self, text: str, is_busy: bool) -> None:
        """ "In use", "Loading", or what is being done with the copy."""
        self._text = text
        self._colour = "text2" if is_busy else "ok"
        self._spinner.setVisible(is_busy)
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Mark and word."""
        self.setFont(self._theme.font("body_medium"))
        width = self.fontMetrics().horizontalAdvance(self._text) + self._theme.px(14) + 8
        return QSize(width, self._theme.px(24))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Mark and word."""
        painter = QPainter(self)
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        px = self._theme.px(14)
        colour = self._theme.colour(self._colour)
        left = self.width() - px if is_mirrored else 0
        mark = QRect(left, (self.height() - px) // 2, px, px)
        if self._spinner.isHidden():
            icons.draw(painter, self._icon, mark.toRectF(), colour)
        else:
            self._spinner.setGeometry(mark)
        words = self.rect().adjusted(0, 0, -px - 6, 0) if is_mirrored else self.rect().adjusted(
            px + 6, 0, 0, 0
        )  # fmt: skip
        painter.setFont(self._theme.font("body_medium"))
        painter.setPen(colour)
        painter.drawText(
            words, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading), self._text
        )


class RowAction(QWidget):
    """Shows one of: Get, Use, In use, a download, or a failure with what helps."""

    acted = Signal(str)  # get, use, pause, resume, cancel, or a problem's own command

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._copy: CopyView | None = None
        self.note = Label("", theme, "caption", "text2", Qt.TextElideMode.ElideRight)
        self.note.setAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
        self.button = Button("Get", theme, icon="download")
        self.in_use = InUse(theme)
        self.progress = ProgressLine(theme)
        self._command = "get"
        self.button.clicked.connect(lambda: self.acted.emit(self._command))
        self.progress.acted.connect(self.acted)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        row.addStretch(1)
        row.addWidget(self.note, 10)
        row.addWidget(self.in_use)
        row.addWidget(self.button)
        row.addWidget(self.progress, 100)

    def set_copy(self, copy: CopyView) -> None:
        """What can be done with this copy now."""
        self._copy = copy
        text, icon, command = _button(copy)
        self._command = command
        if (text, command) != (self.button.text(), ""):
            self.button.setText(text)
            self.button.set_icon(icon)
            self.button.setAccessibleName(f"{text} {copy.name}")
        self.button.setVisible(bool(text))
        self.button.setEnabled(command != "get" or copy.fit.word != "wont_fit")
        is_busy = copy.state == "loading"
        is_chosen = copy.state in ("in_use", "loading")
        self.in_use.setVisible(is_chosen and copy.progress is None)
        self.in_use.set_words("Loading" if is_busy else "In use", is_busy)
        self.progress.setVisible(copy.progress is not None)
        if copy.progress is not None:
            self.progress.set_progress(copy.progress, copy.name)
        note = copy.fit.note if copy.state == "absent" else ""
        self.note.setText(note)
        self.note.setVisible(bool(note) and copy.problem is None)


def _button(copy: CopyView) -> tuple[str, str, str]:
    """Words, icon and command of the one button; no words for none."""
    if copy.problem is not None and copy.problem.action:
        return copy.problem.action, "", copy.problem.command
    if copy.progress is not None:
        return "", "", ""
    if copy.state == "absent":
        return "Get", "download", "get"
    return ("Use", "", "use") if copy.state == "installed" else ("", "", "")
