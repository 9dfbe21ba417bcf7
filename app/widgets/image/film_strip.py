"""The strip of pictures and documents at the side of the image pane."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QEnterEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QFrame, QMenu, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from app.markdown.clean import name as shown_name
from app.viewmodels.image import ImageViewModel
from app.viewmodels.materials import MaterialView
from app.widgets import icons
from app.widgets.attachments import draw_picture, picture
from app.widgets.controls import Control, IconButton
from app.widgets.paint import round_rect, vertical_hairline
from app.widgets.theme import Theme

WIDTH, NARROW_WIDTH = 88, 64
PICTURE = QSize(62, 47)
NARROW_PICTURE = QSize(46, 35)
RADIUS, LINE = 6, 2
_STEPS = {
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_PageUp: -1,
    Qt.Key.Key_PageDown: 1,
}


class FilmCard(Control):
    """One picture or document with its number; the shown one has the accent around it."""

    ring_radius = RADIUS + 2.0
    removed = Signal(str)
    stepped = Signal(int)
    moved = Signal(str, int)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__("Picture", theme, parent)
        self.item: MaterialView | None = None
        self._thumbnail = b""
        self._number = 0
        self._is_narrow = False
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._remove = IconButton("x", "Remove", theme, 24, 12, self)
        self._remove.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Delete does the same
        self._remove.clicked.connect(self._on_remove)
        self._remove.hide()

    def show_item(
        self, item: MaterialView, number: int, thumbnail: bytes, is_shown: bool, is_narrow: bool
    ) -> None:
        """Show this one."""
        self.item, self._number, self._thumbnail = item, number, thumbnail
        self._is_narrow = is_narrow
        self.setChecked(is_shown)
        # One stop for Tab; arrow keys go through the strip.
        shown = Qt.FocusPolicy.StrongFocus if is_shown else Qt.FocusPolicy.ClickFocus
        self.setFocusPolicy(shown)
        name = shown_name(item.name)
        state = {"reading": ", being read", "failed": ", could not be read"}.get(item.state, "")
        self.setAccessibleName(f"{number}, {name}{state}")
        self.setToolTip(item.problem or name)
        self._remove.set_icon("x", f"Remove {name}")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Picture and number; narrow strips have no numbers."""
        size = self._picture_size()
        caption = 0 if self._is_narrow else round(self.theme.line_height("small")) + 4
        return QSize(size.width() + 2 * LINE, size.height() + 2 * LINE + caption)

    def minimumSizeHint(self) -> QSize:
        """The same."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The picture, its frame, its number."""
        painter = QPainter(self)
        tokens = self.theme.tokens
        size = self._picture_size()
        frame = QRectF(0, 0, size.width() + 2 * LINE, size.height() + 2 * LINE)
        frame.moveLeft((self.width() - frame.width()) / 2)
        self._paint_picture(painter, frame.adjusted(LINE, LINE, -LINE, -LINE))
        if self.isChecked():
            round_rect(painter, frame, RADIUS, edge=tokens.acc, width=LINE)
        elif self.is_hovered():
            round_rect(painter, frame, RADIUS, tokens.hover)
        if not self._is_narrow:
            painter.setFont(self.theme.font("small_medium" if self.isChecked() else "small"))
            painter.setPen(tokens.text if self.isChecked() else tokens.text2)
            words = QRectF(0, frame.bottom() + 2, self.width(), self.height() - frame.bottom() - 2)
            painter.drawText(words, Qt.AlignmentFlag.AlignCenter, str(self._number))

    def enterEvent(self, event: QEnterEvent) -> None:
        """The button that removes shows under the pointer."""
        super().enterEvent(event)
        self._remove.show()

    def leaveEvent(self, event: QEvent) -> None:
        """And only there."""
        super().leaveEvent(event)
        self._remove.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The button stays in its corner."""
        super().resizeEvent(event)
        hint = self._remove.sizeHint()
        self._remove.setGeometry(self.width() - hint.width(), 0, hint.width(), hint.height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete removes, arrows go on, with Alt they take it along."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and not event.modifiers():
            self._on_remove()
            return
        step = _STEPS.get(Qt.Key(event.key()))
        if step and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._move(step)
            return
        if step:
            self.stepped.emit(step)
            return
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done to it."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Move up\tAlt+Up").triggered.connect(lambda: self._move(-1))
        menu.addAction("Move down\tAlt+Down").triggered.connect(lambda: self._move(1))
        menu.addSeparator()
        menu.addAction("Remove from the conversation").triggered.connect(self._on_remove)
        menu.popup(event.globalPos())

    def _picture_size(self) -> QSize:
        size = NARROW_PICTURE if self._is_narrow else PICTURE
        return QSize(self.theme.px(size.width()), self.theme.px(size.height()))

    def _paint_picture(self, painter: QPainter, area: QRectF) -> None:
        tokens = self.theme.tokens
        shown = picture(self._thumbnail)
        if shown is not None:
            draw_picture(painter, shown, area, RADIUS - LINE)
            if not self.isChecked():
                round_rect(painter, area, RADIUS - LINE, edge=tokens.line2)
            return
        is_bad = self.item is not None and self.item.state == "failed"
        round_rect(painter, area, RADIUS - LINE, tokens.badsoft if is_bad else tokens.accsoft)
        is_document = self.item is not None and self.item.kind == "document"
        name = "triangle-alert" if is_bad else ("file-text" if is_document else "image")
        sign = QRectF(0, 0, self.theme.px(18), self.theme.px(18))
        sign.moveCenter(area.center())
        icons.draw(painter, name, sign, tokens.bad if is_bad else tokens.acc)

    def _move(self, by: int) -> None:
        if self.item is not None:
            self.moved.emit(self.item.id, by)

    def _on_remove(self) -> None:
        if self.item is not None:
            self.removed.emit(self.item.id)


class AddCard(Control):
    """A dashed place for a further file."""

    ring_radius = float(RADIUS)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__("Add pictures or documents…", theme, parent)
        self._is_narrow = False
        self.setToolTip("Add pictures or documents")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_narrow(self, is_narrow: bool) -> None:
        """Smaller."""
        self._is_narrow = is_narrow
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """As a picture."""
        size = NARROW_PICTURE if self._is_narrow else PICTURE
        return QSize(self.theme.px(size.width()), self.theme.px(size.height()))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Dashes and a plus."""
        painter = QPainter(self)
        tokens = self.theme.tokens
        area = QRectF(self.rect())
        if self.is_hovered() or self.isDown():
            round_rect(painter, area, RADIUS, tokens.hover)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(tokens.line2, 1)
        pen.setDashPattern([3, 3])
        painter.setPen(pen)
        painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        sign = QRectF(0, 0, self.theme.px(16), self.theme.px(16))
        sign.moveCenter(area.center())
        icons.draw(painter, "plus", sign, tokens.text2)


class FilmStrip(QScrollArea):
    """The cards below each other, and a place for more at the end."""

    add_wanted = Signal()

    def __init__(self, vm: ImageViewModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._vm, self._theme = vm, theme
        self._is_narrow = False
        self._body = QWidget()
        self._cards: list[FilmCard] = []
        self.add = AddCard(theme, self._body)
        self._column = QVBoxLayout(self._body)
        self._column.setSpacing(10)
        self._column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignHCenter)
        self._column.addStretch(1)
        self.setWidget(self._body)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Pictures and documents")
        self.viewport().setAutoFillBackground(False)
        self._body.setAutoFillBackground(False)
        self.add.clicked.connect(self.add_wanted)
        vm.changed.connect(self.refresh)
        theme.changed.connect(self._measure)
        self._measure()
        self.refresh()

    @property
    def cards(self) -> list[FilmCard]:
        """The cards, in order."""
        return [card for card in self._cards if not card.isHidden()]

    def set_narrow(self, is_narrow: bool) -> None:
        """Smaller pictures without numbers."""
        if is_narrow != self._is_narrow:
            self._is_narrow = is_narrow
            self.add.set_narrow(is_narrow)
            self._measure()
            self.refresh()

    def refresh(self) -> None:
        """Show what the conversation holds."""
        items = self._vm.items()
        while len(self._cards) < len(items):
            self._add_card()
        for number, card in enumerate(self._cards):
            if number < len(items):
                item = items[number]
                is_shown = item.id == self._vm.current_id
                thumbnail = self._vm.thumbnail(item)
                card.show_item(item, number + 1, thumbnail, is_shown, self._is_narrow)
            card.setVisible(number < len(items))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground and the hairline towards the canvas."""
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), self._theme.tokens.bar)
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        x = 0 if is_mirrored else self.viewport().width() - 1
        vertical_hairline(painter, x, 0, self.viewport().height(), self._theme.tokens.line)
        painter.end()
        super().paintEvent(event)

    def _add_card(self) -> None:
        card = FilmCard(self._theme, self._body)
        self._column.insertWidget(len(self._cards), card, 0, Qt.AlignmentFlag.AlignHCenter)
        self._cards.append(card)
        card.clicked.connect(lambda _=False, c=card: self._choose(c))
        card.removed.connect(self._vm.remove)
        card.stepped.connect(self._on_stepped)
        card.moved.connect(self._on_moved)

    def _choose(self, card: FilmCard) -> None:
        card.setChecked(True)
        if card.item is not None:
            self._vm.select(card.item.id)

    def _on_stepped(self, by: int) -> None:
        self._vm.step(by)
        for card in self.cards:
            if card.isChecked():
                card.setFocus(Qt.FocusReason.TabFocusReason)
                self.ensureWidgetVisible(card)

    def _on_moved(self, material_id: str, by: int) -> None:
        self._vm.select(material_id)
        self._vm.move(material_id, by)
        self._on_stepped(0)

    def _measure(self) -> None:
        self.setFixedWidth(self._theme.px(NARROW_WIDTH if self._is_narrow else WIDTH))
        side = 4 if self._is_narrow else 8
        self._column.setContentsMargins(side, 11 if self._is_narrow else 13, side + 1, 12)
        self._column.setSpacing(7 if self._is_narrow else 10)
        self.viewport().update()
