"""Cards of attached files, in the composer and in a turn."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QImage, QPainter, QPainterPath, QPaintEvent, QPixmap
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from app.markdown.clean import name as shown_name
from app.viewmodels.values import AttachmentView
from app.widgets import icons
from app.widgets.controls import Control, IconButton
from app.widgets.paint import round_rect
from app.widgets.theme import Theme

HEIGHT, TURN_HEIGHT = 48, 44
WIDTH, NARROWEST = 250, 160
THUMBNAIL = 36
GAP = 8
MOST_PIXELS = 4_000_000  # of a thumbnail; more is not one
_ICONS = {
    "image": "image", "audio": "audio-lines", "video": "clapperboard", "text": "file-text",
    "document": "file-text",
}  # fmt: skip


@lru_cache(maxsize=64)
def picture(data: bytes) -> QPixmap | None:
    """A thumbnail's bytes as a picture."""
    if not data:
        return None
    image = QImage.fromData(data)
    if image.isNull() or image.width() * image.height() > MOST_PIXELS:
        return None
    return QPixmap.fromImage(image)


@lru_cache(maxsize=64)
def _filling(pixmap: QPixmap, size: QSize, ratio: float) -> QPixmap:
    """The middle of a picture, so large that it fills a size; scaled well, once."""
    wanted = QSize(round(size.width() * ratio), round(size.height() * ratio))
    scaled = pixmap.scaled(
        wanted,
        Qt.AspectRatioMode.KeepAspectRatioByExpanding,
        Qt.TransformationMode.SmoothTransformation,
    )
    left = (scaled.width() - wanted.width()) // 2
    top = (scaled.height() - wanted.height()) // 2
    made = scaled.copy(left, top, wanted.width(), wanted.height())
    made.setDevicePixelRatio(ratio)
    return made


def draw_picture(painter: QPainter, pixmap: QPixmap, area: QRectF, radius: float) -> None:
    """A picture that fills a rounded area, cut at the sides that are too long."""
    painter.save()
    painter.setRenderHints(
        QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
    )
    path = QPainterPath()
    path.addRoundedRect(area, radius, radius)
    painter.setClipPath(path)
    device = painter.device()
    ratio = device.devicePixelRatio() if device else 1.0
    painter.drawPixmap(area.topLeft(), _filling(pixmap, area.size().toSize(), ratio))
    painter.restore()


class AttachmentCard(Control):
    """One file. In the composer it can be removed and its budget chosen; a click opens it."""

    ring_radius = 9.0
    removed = Signal(str)
    budget_chosen = Signal(str, int)
    opened = Signal(str)

    def __init__(
        self, view: AttachmentView, theme: Theme, parent: QWidget | None, is_editable: bool
    ) -> None:
        super().__init__(view.name, theme, parent)
        self._view = view
        self._is_editable = is_editable
        self._is_fit = not is_editable
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._remove = self._budget = None
        if is_editable:
            self._remove = IconButton("x", "Remove", theme, 24, 14, self)
            self._remove.clicked.connect(lambda: self.removed.emit(self._view.id))
            self._budget = IconButton("chevron-down", "Detail", theme, 24, 14, self)
            self._budget.clicked.connect(self._choose_budget)
        self.clicked.connect(lambda: self.opened.emit(self._view.id))
        self.set_view(view)

    def set_view(self, view: AttachmentView) -> None:
        """Other words for the same file."""
        self._view = view
        name = shown_name(view.name)
        words = view.problem if view.state == "failed" else view.caption
        self.setAccessibleName(f"{name}, {words}" if words else name)
        self.setToolTip("\n".join([name, *view.notes]))
        if self._remove is not None and self._budget is not None:
            self._remove.setAccessibleName(f"Remove {name}")
            self._budget.setAccessibleName(f"Detail of {name}")
            self._budget.setVisible(bool(view.budgets) and view.state == "ready")
        self._place_buttons()
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as its words in a turn, always the same in the composer."""
        height = max(
            self.theme.px(HEIGHT if self._is_editable else TURN_HEIGHT),
            self._line("small_medium") + self._line("caption") + 12,
        )
        if self._is_editable:
            return QSize(self.theme.px(WIDTH), height)
        self.setFont(self.theme.font("small_medium"))
        words = self.fontMetrics().horizontalAdvance(shown_name(self._view.name))
        self.setFont(self.theme.font("caption"))
        words = max(words, self.fontMetrics().horizontalAdvance(self._view.caption))
        width = words + self.theme.px(THUMBNAIL) + 32
        return QSize(min(self.theme.px(WIDTH), max(self.theme.px(NARROWEST), width)), height)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground, thumbnail, name, caption, progress."""
        painter = QPainter(self)
        tokens, px = self.theme.tokens, self.theme.px
        area = QRectF(self.rect())
        is_bad = self._view.state == "failed"
        ground = tokens.badsoft if is_bad else (tokens.sunk if self._is_editable else tokens.win)
        round_rect(painter, area, 9, ground, None if is_bad else tokens.line)
        side = min(px(THUMBNAIL), area.height() - 12)
        place = QRectF(6, (area.height() - side) / 2, side, side)
        self._paint_thumbnail(painter, place, is_bad)
        left = place.right() + px(9)
        right = area.width() - 10 - self._buttons_width()
        first, second = self._line("small_medium"), self._line("caption")
        top = (area.height() - first - second) / 2
        self._write(painter, QRectF(left, top, right - left, first), "small_medium", "text",
                    shown_name(self._view.name), Qt.TextElideMode.ElideMiddle)  # fmt: skip
        words = self._view.problem if is_bad else self._view.caption
        colour = "bad" if is_bad else ("warn" if self._view.notes else "text3")
        self._write(painter, QRectF(left, top + first, right - left, second), "caption", colour,
                    words, Qt.TextElideMode.ElideRight)  # fmt: skip
        if self._view.state == "reading":
            self._paint_progress(painter, area)

    def resizeEvent(self, _event: object) -> None:
        """Buttons at the right."""
        self._place_buttons()

    def _place_buttons(self) -> None:
        right = self.width() - 6
        for button in (self._remove, self._budget):
            if button is not None and not button.isHidden():
                size = button.sizeHint()
                right -= size.width()
                button.setGeometry(
                    right, (self.height() - size.height()) // 2, size.width(), size.height()
                )

    def enterEvent(self, event: QEnterEvent) -> None:
        """Hover changes the ground."""
        super().enterEvent(event)
        self.update()

    def _buttons_width(self) -> int:
        buttons = (self._remove, self._budget)
        return sum(b.sizeHint().width() for b in buttons if b is not None and not b.isHidden())

    def _line(self, style: str) -> int:
        return round(self.theme.line_height(style))

    def _write(
        self, painter: QPainter, area: QRectF, style: str, colour: str, text: str,
        elide: Qt.TextElideMode,
    ) -> None:  # fmt: skip
        painter.setFont(self.theme.font(style))
        painter.setPen(self.theme.colour(colour))
        shown = painter.fontMetrics().elidedText(text, elide, int(area.width()))
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)

    def _paint_thumbnail(self, painter: QPainter, place: QRectF, is_bad: bool) -> None:
        pixmap = picture(self._view.thumbnail)
        if pixmap is not None:
            draw_picture(painter, pixmap, place, 7)
            round_rect(painter, place, 7, edge=self.theme.tokens.line)
            return
        tokens = self.theme.tokens
        round_rect(painter, place, 7, tokens.badsoft if is_bad else tokens.accsoft)
        name = "triangle-alert" if is_bad else _ICONS[self._view.kind]
        inset = place.width() / 4
        colour = tokens.bad if is_bad else tokens.acc
        icons.draw(painter, name, place.adjusted(inset, inset, -inset, -inset), colour)

    def _paint_progress(self, painter: QPainter, area: QRectF) -> None:
        path = QPainterPath()
        path.addRoundedRect(area, 9, 9)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipPath(path)
        share = max(0.05, min(1.0, self._view.progress))
        bar = QRectF(0, area.height() - 2, area.width() * share, 2)
        painter.fillRect(bar, self.theme.tokens.accfill)

    def budget_menu(self) -> QMenu:
        """The soft-token budgets that can be chosen."""
        menu = QMenu(self)
        for budget in self._view.budgets:
            action = menu.addAction(f"{budget:,} tokens")
            action.setCheckable(True)
            action.setChecked(budget == self._view.budget)
            action.triggered.connect(
                lambda _=False, n=budget: self.budget_chosen.emit(self._view.id, n)
            )
        return menu

    def _choose_budget(self) -> None:
        assert self._budget is not None
        menu = self.budget_menu()
        menu.exec(self._budget.mapToGlobal(QPoint(0, self._budget.height())))
        menu.deleteLater()


class AttachmentRow(QWidget):
    """Cards in rows, as many beside each other as fit."""

    removed = Signal(str)
    budget_chosen = Signal(str, int)
    opened = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget, is_editable: bool, is_right: bool) -> None:
        super().__init__(parent)
        self._theme = theme
        self._is_editable, self._is_right = is_editable, is_right
        self._cards: dict[str, AttachmentCard] = {}

    def set_views(self, views: tuple[AttachmentView, ...]) -> None:
        """Show these; cards of files that stay are kept."""
        for gone in [key for key in self._cards if key not in {view.id for view in views}]:
            card = self._cards.pop(gone)
            card.hide()
            card.deleteLater()
        made: dict[str, AttachmentCard] = {}
        for view in views:
            known = self._cards.get(view.id)
            if known is None:
                card = AttachmentCard(view, self._theme, self, self._is_editable)
                card.removed.connect(self.removed)
                card.budget_chosen.connect(self.budget_chosen)
                card.opened.connect(self.opened)
                card.show()
            else:
                card = known
                card.set_view(view)
            made[view.id] = card
        self._cards = made

    def cards(self) -> list[AttachmentCard]:
        """The cards, in order."""
        return list(self._cards.values())

    def arrange(self, width: int) -> int:
        """Lay out for a width; gives the height."""
        rows: list[list[tuple[AttachmentCard, QSize]]] = []
        used = 0
        for card in self._cards.values():
            size = card.sizeHint()
            size.setWidth(min(size.width(), width))
            if not rows or used + size.width() > width:
                rows.append([])
                used = 0
            rows[-1].append((card, size))
            used += size.width() + GAP
        y = 0
        for row in rows:
            total = sum(size.width() for _, size in row) + GAP * (len(row) - 1)
            is_right = self._is_right != (self.layoutDirection() == Qt.LayoutDirection.RightToLeft)
            x = width - total if is_right else 0
            for card, size in row:
                card.setGeometry(x, y, size.width(), size.height())
                x += size.width() + GAP
            y += max(size.height() for _, size in row) + GAP
        return max(0, y - GAP)
