"""What is shown while files hang over the window: what letting go would do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QEvent,
    QIODevice,
    QMimeData,
    QMimeDatabase,
    QObject,
    QPointF,
    QRectF,
    Qt,
)
from PySide6.QtGui import QDropEvent, QImage, QImageWriter, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.core.conversation import Pane
from app.core.kinds import kind_of_name
from app.viewmodels.arrivals import Arrivals
from app.widgets import icons
from app.widgets.theme import Theme

INSET, RADIUS, ICON_PX = 16, 12, 32
WORDS = {
    "image": ("image", "images"),
    "video": ("clip", "clips"),
    "audio": ("recording", "recordings"),
    "document": ("document", "documents"),
    "text": ("text", "texts"),
    "other": ("file", "files"),
}


def kind_of(path: Path) -> str:
    """image, video, audio, document, text or other, by the file's name alone."""
    media_type = QMimeDatabase().mimeTypeForFile(path.name, QMimeDatabase.MatchMode.MatchExtension)
    if media_type.inherits("text/plain") and not media_type.name().startswith("image/"):
        return "text"
    if kind_of_name(path.name) == "document":
        return "document"
    kind = media_type.name().partition("/")[0]
    return kind if kind in WORDS else "other"


PANES: dict[Pane, str] = {"image": "Image", "video": "Video", "audio": "Audio"}


def sentence(paths: Sequence[Path], has_picture: bool, is_new: bool, pane: Pane = "chat") -> str:
    """What letting go would do, with the number of each kind."""
    counts = Counter(kind_of(path) for path in paths)
    if has_picture and not paths:
        counts["image"] = 1
    parts = [
        f"{counts[kind]} {words[0] if counts[kind] == 1 else words[1]}"
        for kind, words in WORDS.items()
        if counts[kind]
    ]
    listed = " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
    if pane != "chat":
        return f"{'Begin with' if is_new else 'Open'} {listed} in {PANES[pane]}"
    where = "a new conversation" if is_new else "this message"
    return f"Add {listed} to {where}"


def dropped_paths(data: QMimeData) -> list[Path]:
    """The files of a drop. Addresses of other places are left out: nothing is fetched."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


class DropVeil(QWidget):
    """Covers the window while something that can be added hangs over it."""

    def __init__(self, window: QWidget, theme: Theme) -> None:
        super().__init__(window)
        self._theme = theme
        self._text = ""
        self._icon = "plus"
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    @property
    def text(self) -> str:
        """The sentence shown."""
        return self._text

    def cover(self, data: QMimeData, is_new: bool, pane: Pane = "chat") -> None:
        """Shows what letting go of this would do, and in which pane."""
        paths = dropped_paths(data)
        self._text = sentence(paths, data.hasImage(), is_new, pane)
        kinds = {kind_of(path) for path in paths} or {"image"}
        only = kinds.pop() if len(kinds) == 1 else "other"
        names = {"image": "image", "video": "clapperboard", "audio": "audio-lines"}
        self._icon = names.get(only, "file-text")
        parent = self.parentWidget()
        if parent is not None:
            self.setGeometry(parent.rect())
        self.setAccessibleName(self._text)
        self.raise_()
        self.show()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The veil, the dashed frame, icon and sentence."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = self._theme.tokens
        painter.setOpacity(0.88)
        painter.fillRect(self.rect(), tokens.win)
        painter.setOpacity(1)
        pen = QPen(tokens.acc, 2)
        pen.setDashPattern([4, 3])
        painter.setPen(pen)
        frame = QRectF(self.rect()).adjusted(INSET, INSET, -INSET, -INSET)
        painter.drawRoundedRect(frame, RADIUS, RADIUS)
        centre = frame.center()
        px = self._theme.px(ICON_PX)
        box = QRectF(centre - QPointF(px / 2, px + 8), centre + QPointF(px / 2, -8))
        icons.draw(painter, self._icon, box, tokens.acc)
        painter.setFont(self._theme.font("title"))
        painter.setPen(tokens.text)
        words = QRectF(frame.left() + 24, centre.y() + 4, frame.width() - 48, self._theme.px(64))
        where = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
        painter.drawText(words, int(where) | int(Qt.TextFlag.TextWordWrap), self._text)


class FileDrops(QObject):
    """Takes files and pictures that are dropped anywhere in a window.

    With Alt (Option on a Mac) they begin a new conversation.
    """

    def __init__(
        self,
        window: QWidget,
        arrivals: Arrivals,
        theme: Theme,
    ) -> None:
        super().__init__(window)
        self._arrivals = arrivals
        self.veil = DropVeil(window, theme)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Shows the veil while something hangs over the window, and takes it when let go."""
        if event.type() == QEvent.Type.DragLeave:
            self.veil.hide()
            return True
        if not isinstance(event, QDropEvent) or not can_take(event.mimeData()):
            return False
        is_new = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        if event.type() == QEvent.Type.Drop:
            self.veil.hide()
            self.take(event.mimeData(), is_new)
        else:
            pane = self._arrivals.pane_for(dropped_paths(event.mimeData()))
            self.veil.cover(event.mimeData(), is_new, pane)
        return True

    def take(self, data: QMimeData, is_new: bool) -> None:
        """Adds what was dropped to the message or the pane."""
        if paths := dropped_paths(data):
            self._arrivals.add_files(paths, is_new=is_new)
        elif data.hasImage():
            image = data.imageData()
            if isinstance(image, QImage):
                self._arrivals.add_picture(png(image), "Dropped picture.png", is_new=is_new)


def can_take(data: QMimeData) -> bool:
    """Files on this computer, or a picture."""
    return bool(dropped_paths(data)) or data.hasImage()


def png(image: QImage) -> bytes:
    """The picture as the bytes of a PNG file."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(buffer.data().data())
