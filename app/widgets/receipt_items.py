"""The parts of "What the model saw": pictures at the model's size, frames with times, text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImageReader, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.markdown.clean import name as shown_name
from app.viewmodels.values import AttachmentView
from app.widgets.attachments import picture
from app.widgets.controls import Label
from app.widgets.paint import round_rect
from app.widgets.theme import Theme

if TYPE_CHECKING:
    from app.viewmodels.chat import ChatViewModel

WIDEST, HIGHEST = 560, 380
MOST_PIXELS = 120_000_000
_KINDS = {
    "text": "Text", "image": "Picture", "video": "Clip", "audio": "Sound", "tools": "Tools",
    "tool_call": "Tool call", "tool_result": "Result of a tool",
}  # fmt: skip


class SeenPicture(QWidget):
    """A picture with exactly as many pixels as the model received, scaled to the sheet."""

    def __init__(self, pixmap: QPixmap, size: QSize, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme = theme
        self._pixmap = pixmap.scaled(
            size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        shown = QSize(size)
        shown.scale(
            min(WIDEST, size.width()), min(HIGHEST, size.height()),
            Qt.AspectRatioMode.KeepAspectRatio,
        )  # fmt: skip
        self.setFixedSize(shown)
        self.setAccessibleName(name)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The picture and a hairline around it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(self.rect(), self._pixmap)
        round_rect(painter, QRectF(self.rect()), 2, edge=self._theme.tokens.line2)


def item_widget(
    item: Any, attachment: AttachmentView | None, chat: ChatViewModel, theme: Theme
) -> QWidget:
    """One part of a receipt."""
    made = QWidget()
    box = QVBoxLayout(made)
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(4)
    box.addWidget(Label(_title(item), theme, "body_bold"))
    if item.kind == "image" and attachment is not None:
        seen = _seen_picture(item, attachment, chat, theme)
        if seen is not None:
            box.addWidget(seen)
    elif item.kind == "video" and attachment is not None:
        still = picture(attachment.thumbnail)
        if still is not None:
            size = QSize(item.model_width or still.width(), item.model_height or still.height())
            box.addWidget(SeenPicture(still, size, theme, "First frame"))
    for text in _facts(item):
        label = Label(text, theme, "small", "text2")
        label.setWordWrap(True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        box.addWidget(label)
    for note in item.notes:
        label = Label(note, theme, "small", "warn")
        label.setWordWrap(True)
        box.addWidget(label)
    return made


def _title(item: Any) -> str:
    kind: str = _KINDS.get(item.kind, item.kind)
    if item.kind == "text":
        whose = {"user": "Your text", "system": "System prompt", "model": "Earlier answer"}
        return whose.get(item.name, kind)
    return f"{kind} {shown_name(item.name)}" if item.name else kind


def _facts(item: Any) -> list[str]:
    facts = []
    if item.model_width:
        given = f"{item.width:,} × {item.height:,} pixels given, " if item.width else ""
        facts.append(f"{given}{item.model_width:,} × {item.model_height:,} seen")
    if item.soft_tokens:
        facts.append(f"{item.soft_tokens:,} soft tokens, {item.tokens:,} tokens with brackets")
    else:
        facts.append(f"{item.tokens:,} tokens")
    if item.frames:
        facts.append(f"{item.frames:,} frames")
    if item.times_s:
        facts.append("Times: " + ", ".join(_clock(at) for at in item.times_s))
    elif item.seconds:
        facts.append(f"{item.seconds:.1f} s heard")
    if item.sha256:
        facts.append(
            f"SHA-256 of its {'samples' if item.kind == 'audio' else 'pixels'}: {item.sha256}"
        )
    return facts


def _clock(seconds: float) -> str:
    return f"{int(seconds // 60)}:{seconds % 60:04.1f}"


def _seen_picture(
    item: Any, attachment: AttachmentView, chat: ChatViewModel, theme: Theme
) -> QWidget | None:
    """The file's own pixels at the model's size; its thumbnail where it cannot be read again."""
    pixmap = None
    try:
        reader = QImageReader(str(chat.image_seen(attachment.sha256)))
        reader.setDecideFormatFromContent(True)
        reader.setAutoTransform(True)
        size = reader.size()
        if size.isValid() and size.width() * size.height() <= MOST_PIXELS:
            image = reader.read()
            pixmap = None if image.isNull() else QPixmap.fromImage(image)
    except (KeyError, OSError):
        pixmap = None
    pixmap = pixmap or picture(attachment.thumbnail)
    if pixmap is None or not item.model_width:
        return None
    size = QSize(item.model_width, item.model_height)
    return SeenPicture(pixmap, size, theme, f"{shown_name(item.name)} as the model saw it")
