"""Shows a document: selection, links that ask first, copying, grounds of code and tables."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, QRectF, QSize, Qt, QUrl, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPalette,
    QTextCursor,
    QTextDocument,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QMenu, QTextBrowser, QWidget

from app.markdown.times import second_of
from app.widgets import copying
from app.widgets.answer_document import AnswerDocument
from app.widgets.answer_ground import AnswerGround
from app.widgets.code_buttons import CodeButtons
from app.widgets.theme import Theme


class AnswerText(QTextBrowser):
    """The text of one turn. It has no scroll bars: its parent gives it its whole height.

    It loads nothing: pictures in a document are formulas that were put there by us.
    """

    link_clicked = Signal(str)
    table_opened = Signal(object)  # a Table
    time_hovered = Signal(object)  # the second that a link leads to, None when the pointer left it

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shown: AnswerDocument | None = None
        self._is_waiting = False  # `_shown` is not yet Qt's document
        self._nothing = QTextDocument(self)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setUndoRedoEnabled(False)
        self.setAcceptDrops(False)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.LinksAccessibleByMouse
            | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self.viewport().setAutoFillBackground(False)
        self.setAutoFillBackground(False)
        self._ground = AnswerGround(theme)
        self._buttons = CodeButtons(self, theme)
        self.anchorClicked.connect(self._on_anchor)
        self._hovered: int | None = None
        self.highlighted.connect(self._on_hovered)
        # Lines break where `fit` says, whatever width the widget has at that moment: without
        # this Qt lays the document out anew for the width of a widget that was never shown.
        self.setLineWrapMode(QTextBrowser.LineWrapMode.FixedPixelWidth)
        # Qt scrolls to its cursor while the document grows and the widget has not followed yet.
        self.verticalScrollBar().valueChanged.connect(lambda: self.verticalScrollBar().setValue(0))
        self.setPalette(self._palette())

    # --- the document ---------------------------------------------------------------------------

    def show_document(self, document: AnswerDocument) -> None:
        """Show this one, from the next `fit` on."""
        if self._shown is document:
            return
        self._shown = document
        self._is_waiting = True
        self.setPalette(self._palette())
        self._buttons.clear()

    def shown(self) -> AnswerDocument | None:
        """What is shown."""
        return self._shown

    def release(self) -> None:
        """Let go of the document before it is deleted or shown elsewhere."""
        if self._shown is not None:
            cursor = self.textCursor()
            if cursor.hasSelection():
                cursor.clearSelection()
                self.setTextCursor(cursor)
            self._shown = None
            self._is_waiting = False
            self._buttons.clear()
            self.setDocument(self._nothing)

    def fit(self, width: int) -> int:
        """Lay the document out for a width in pixels; the height it then has, 0 without one."""
        if self._shown is None:
            return 0
        if self.lineWrapColumnOrWidth() != width:
            self.setLineWrapColumnOrWidth(width)
        if self._is_waiting:  # set at another width it would be laid out twice
            self._is_waiting = False
            self.setDocument(self._shown.document)
        self._shown.set_width(width)
        return self._shown.height()

    def set_exposed(self, top: int, bottom: int) -> None:
        """The part of it that can be seen: buttons are made for that only."""
        if self._shown is not None:
            self._buttons.place(self._shown, top, bottom)

    def sizeHint(self) -> QSize:
        """The parent sets the size."""
        return QSize(0, 0)

    def minimumSizeHint(self) -> QSize:
        """None."""
        return QSize(0, 0)

    def loadResource(self, _type: int, _name: QUrl) -> object:  # type: ignore[override]
        """Nothing is loaded from anywhere."""
        return None

    # --- painting -------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Grounds first, then the text."""
        if self._shown is not None:
            painter = QPainter(self.viewport())
            self._ground.paint(painter, self._shown, QRectF(event.rect()))
            painter.end()
        super().paintEvent(event)

    def _palette(self) -> QPalette:
        palette = QPalette(self.palette())
        clear = self._theme.colour("win")
        clear.setAlpha(0)
        palette.setColor(QPalette.ColorRole.Base, clear)
        tokens = self._theme.tokens
        palette.setColor(QPalette.ColorRole.Text, tokens.text)
        for group in (QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive):
            palette.setColor(group, QPalette.ColorRole.Highlight, self._selection_colour())
            palette.setColor(group, QPalette.ColorRole.HighlightedText, tokens.text)
        return palette

    def _selection_colour(self) -> QColor:
        colour = self._theme.colour("acc")
        colour.setAlphaF(0.32 if self._theme.is_dark else 0.22)
        return colour

    # --- keys, wheel, menus -----------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy and select all; keys that scroll belong to the transcript."""
        if event.matches(QKeySequence.StandardKey.Copy) and self.textCursor().hasSelection():
            self.copy()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.selectAll()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
        else:
            event.ignore()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The transcript scrolls."""
        event.ignore()

    def event(self, event: QEvent) -> bool:
        """Shortcuts that belong to the window are left to it."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if event.matches(QKeySequence.StandardKey.Copy) and self.textCursor().hasSelection():
                event.accept()
                return True
            event.ignore()
            return False
        return super().event(event)

    def createMimeDataFromSelection(self) -> QMimeData:
        """The selection as rich and plain text; tables as HTML and tab-separated values."""
        cursor = self.textCursor()
        if self._shown is None:
            return QMimeData()
        start, end = cursor.selectionStart(), cursor.selectionEnd()
        return copying.mime(copying.selected(self._shown.builder, start, end))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Copy what is selected or pointed at."""
        menu = self.make_menu(event.pos().x(), event.pos().y())
        menu.exec(event.globalPos())
        menu.deleteLater()

    def make_menu(self, x: int, y: int) -> QMenu:
        """The context menu for a place."""
        menu = QMenu(self)
        copied = menu.addAction("Copy", self.copy)
        copied.setEnabled(self.textCursor().hasSelection())
        link = self.anchorAt(QRectF(x, y, 1, 1).center().toPoint())
        if link and second_of(link) is None:
            menu.addAction("Copy link", lambda: QGuiApplication.clipboard().setText(link))
        self._add_block_actions(menu, x, y)
        menu.addSeparator()
        menu.addAction("Select all", self.selectAll)
        return menu

    def _add_block_actions(self, menu: QMenu, x: int, y: int) -> None:
        if self._shown is None:
            return
        place = QRectF(x, y, 1, 1).center()
        position = self.document().documentLayout().hitTest(place, Qt.HitTestAccuracy.FuzzyHit)
        block = copying.block_at(self._shown.builder, position)
        if block is None:
            return
        if block.kind == "code":
            code = copying.whole_code(self._shown.builder, position)
            menu.addAction("Copy code", lambda: QGuiApplication.clipboard().setText(code))
        if block.table is not None:
            table = (block,)
            menu.addAction(
                "Copy table",
                lambda: QGuiApplication.clipboard().setMimeData(copying.mime(table)),
            )
            menu.addAction("Open table", lambda: self.table_opened.emit(block.table))

    def _on_anchor(self, url: QUrl) -> None:
        # A drag that ends on a link does not come here; a click has selected the link's own text.
        self.link_clicked.emit(url.toString(QUrl.ComponentFormattingOption.FullyEncoded))

    def _on_hovered(self, url: QUrl) -> None:
        second = second_of(url.toString())
        if second != self._hovered:
            self._hovered = second
            self.time_hovered.emit(second)

    def select(self, start: int, end: int) -> QRectF:
        """Select a stretch of the document; the place of its beginning."""
        cursor = QTextCursor(self.document())
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)
        first = QTextCursor(self.document())
        first.setPosition(start)
        return QRectF(self.cursorRect(first))
