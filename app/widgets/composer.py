"""Where the person writes: attachments, a growing text field, the cost, Send and Stop."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QStyle, QWidget

from app.viewmodels.chat import ChatViewModel
from app.viewmodels.composer import LONG_PASTE, ComposerViewModel
from app.viewmodels.context_limit import Room
from app.viewmodels.preferences import PreferencesViewModel
from app.widgets import icons
from app.widgets.attachments import AttachmentRow
from app.widgets.context_question import ContextQuestion
from app.widgets.control import Control
from app.widgets.controls import IconButton, Label
from app.widgets.drop_veil import png
from app.widgets.growing_edit import GrowingEdit
from app.widgets.paint import draw_shadow, round_rect
from app.widgets.theme import Theme
from app.widgets.thinking_button import ThinkingButton

MOST_LINES = 8
RADIUS, PAD, BAR, SEND = 13, 14, 46, 30
COMPACT = 440  # narrower frames say less
SHADOW = 18  # room around the frame for its shadow
PASTED_PICTURE = "Pasted picture"
PLACEHOLDER = "Ask Gemma, or drop a file"


class SendButton(Control):
    """Round: an arrow that sends, or a square that stops."""

    ring_radius = SEND / 2

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__("Send", theme, parent)
        self._stops = False

    def set_state(self, stops: bool, is_ready: bool, why_not: str) -> None:
        """What a click does, and whether there is anything to do."""
        self._stops = stops
        name = "Stop" if stops else "Send"
        self.setAccessibleName(name)
        self.setToolTip("Stop and keep the text" if stops else why_not or "Send")
        self.setEnabled(stops or is_ready)
        self.update()

    def sizeHint(self) -> QSize:
        """Round."""
        side = self.theme.px(SEND)
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Disc and sign."""
        painter = QPainter(self)
        tokens = self.theme.tokens
        painter.setOpacity(1.0 if self.isEnabled() else 0.35)
        area = QRectF(self.rect())
        ground = tokens.text if self._stops else tokens.accfill
        round_rect(painter, area, area.width() / 2, ground)
        if self.is_hovered():
            round_rect(painter, area, area.width() / 2, tokens.pressed)
        sign = tokens.win if self._stops else tokens.onfill
        if self._stops:
            side = area.width() * 0.34
            square = QRectF(0, 0, side, side)
            square.moveCenter(area.center())
            round_rect(painter, square, 2, sign)
        else:
            inset = area.width() * 0.22
            icons.draw(painter, "arrow-up", area.adjusted(inset, inset, -inset, -inset), sign)


class Edit(GrowingEdit):
    """The text field; what is pasted and is no short text goes to the composer."""

    pasted = Signal(QMimeData)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Files, pictures and long texts become cards."""
        if source.hasUrls() or source.hasImage() or len(source.text()) > LONG_PASTE:
            self.pasted.emit(source)
        else:
            super().insertFromMimeData(source)

    def canPaste(self) -> bool:
        """Whatever can become text or a card."""
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pasting is offered even where a plain text field would refuse the content."""
        if event.matches(QKeySequence.StandardKey.Paste):
            self.insertFromMimeData(QGuiApplication.clipboard().mimeData())
            return
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The usual menu, without what belongs to formatted text."""
        menu = self.createStandardContextMenu()
        menu.exec(event.globalPos())
        menu.deleteLater()


class Composer(QWidget):
    """Grows upwards with its text; `height_changed` says that it wants another height."""

    height_changed = Signal()
    files_wanted = Signal()

    def __init__(
        self,
        chat: ChatViewModel,
        composer: ComposerViewModel,
        preferences: PreferencesViewModel,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._chat, self._composer, self._preferences = chat, composer, preferences
        self._theme = theme
        self.cards = AttachmentRow(theme, self, is_editable=True, is_right=False)
        self.edit = Edit(theme, MOST_LINES, self)
        self.edit.setPlaceholderText(PLACEHOLDER)
        self.edit.setAccessibleName("Message")
        self.attach = IconButton("plus", "Attach files", theme, 28, 16, self)
        self.thinking = ThinkingButton(chat, theme, self)
        self.cost = Label("", theme, "caption", "text3", elide=Qt.TextElideMode.ElideRight)
        self.cost.setParent(self)
        self.cost.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.send = SendButton(theme, self)
        self._connect()
        self._on_text_replaced(composer.text)
        self._refresh()

    def _connect(self) -> None:
        chat, composer = self._chat, self._composer
        self.edit.submitted.connect(self._submit)
        self.edit.textChanged.connect(lambda: composer.set_text(self.edit.toPlainText()))
        self.edit.height_changed.connect(self.height_changed)
        self.edit.up_in_empty.connect(composer.recall_last)
        self.edit.pasted.connect(self.paste)
        self.attach.clicked.connect(self.files_wanted)
        self.thinking.width_changed.connect(self._arrange)
        self.send.clicked.connect(self._on_send)
        self.cards.removed.connect(composer.remove)
        self.cards.budget_chosen.connect(composer.set_budget)
        composer.text_replaced.connect(self._on_text_replaced)
        composer.attachments_changed.connect(self._on_cards)
        composer.cost_changed.connect(self._refresh)
        composer.can_send_changed.connect(self._refresh)
        chat.running_changed.connect(self._refresh)
        chat.context_changed.connect(self._refresh)
        self._preferences.changed.connect(self._refresh)
        self._theme.changed.connect(self.height_changed)
        self._on_cards()

    def set_place(self, hint: str) -> None:
        """Beside a pane, which has its own way to add files; without a hint, in the chat."""
        self.edit.setPlaceholderText(hint or PLACEHOLDER)
        self.attach.setVisible(not hint)
        self._arrange()

    # --- size ----------------------------------------------------------------------------------

    def wanted_height(self, width: int) -> int:
        """The height for a width, both with the room for the shadow."""
        inner = width - 2 * SHADOW - 2 * PAD
        self.edit.set_text_width(inner)
        height = self.edit.wanted_height() + 2 * PAD + self._theme.px(BAR) - PAD
        cards = self.cards.arrange(inner)
        return height + 2 * SHADOW + (cards + 10 if cards else 0)

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Cards, text, buttons from top to bottom."""
        self._arrange()

    def _arrange(self) -> None:
        frame = self._frame().toRect()
        left, inner = frame.left() + PAD, frame.width() - 2 * PAD
        top = frame.top() + PAD
        cards = self.cards.arrange(inner)
        self.cards.setGeometry(left, top, inner, cards)
        if cards:
            top += cards + 10
        bar = self._theme.px(BAR)
        self.edit.setGeometry(left, top, inner, max(20, frame.bottom() - bar - top + 4))
        self._arrange_bar(frame, frame.bottom() - bar // 2)

    def _arrange_bar(self, frame: QRect, middle: int) -> None:
        """Attach, thinking, cost, Send in the direction of writing."""
        self.thinking.set_compact(frame.width() < self._theme.px(COMPACT))
        send, attach, thinking = (
            widget.sizeHint() for widget in (self.send, self.attach, self.thinking)
        )
        end = frame.right() - 8 - send.width()
        start = frame.left() + 9
        self._put(self.send, frame, end, middle, send)
        if not self.attach.isHidden():
            self._put(self.attach, frame, start, middle, attach)
            start += attach.width() + 4
        self._put(self.thinking, frame, start, middle, thinking)
        start += thinking.width() + 8
        room = QSize(max(0, end - 14 - start), self._theme.px(24))
        self._put(self.cost, frame, start, middle, room)

    def _put(self, widget: QWidget, frame: QRect, x: int, middle: int, size: QSize) -> None:
        place = QRect(x, middle - size.height() // 2, size.width(), size.height())
        widget.setGeometry(QStyle.visualRect(self.layoutDirection(), frame, place))

    def _frame(self) -> QRectF:
        return QRectF(self.rect()).adjusted(SHADOW, SHADOW, -SHADOW, -SHADOW)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Shadow, ground, edge; the edge shows whether the person writes here."""
        painter = QPainter(self)
        tokens = self._theme.tokens
        frame = self._frame()
        draw_shadow(painter, frame, RADIUS, 2, self._theme)
        has_focus = self.edit.hasFocus()
        edge = tokens.acc if has_focus else tokens.line2
        round_rect(painter, frame, RADIUS, tokens.raised, edge)

    # --- what the person does --------------------------------------------------------------------

    def paste(self, source: QMimeData) -> None:
        """Files, a picture or a long text from the clipboard."""
        files = [Path(url.toLocalFile()) for url in source.urls() if url.isLocalFile()]
        if files:
            self._composer.add_files(files)
        elif source.hasImage():
            image = source.imageData()
            if isinstance(image, QImage) and not image.isNull():
                self._composer.add_picture(png(image), PASTED_PICTURE)
        elif len(source.text()) > LONG_PASTE:
            self._composer.add_text(source.text())
        elif source.hasText():
            self.edit.insertPlainText(source.text())

    def _submit(self) -> None:
        if self._composer.can_send:
            room = self.room()
            if room.asks:
                self._ask_first(room)
            else:
                self._chat.send()
        elif self._composer.why_not:
            self._composer.problem.emit(self._composer.why_not)

    def room(self) -> Room:
        """How the next question fits into the context window."""
        return Room(self._composer.next_tokens, self._chat.context.size)

    def _ask_first(self, room: Room) -> None:
        question = ContextQuestion(self.window(), room, self._theme)
        question.send_wanted.connect(self._chat.send)
        question.new_wanted.connect(self._begin_anew)
        question.open_under(self.send)

    def _begin_anew(self) -> None:
        """Ask in a new conversation instead; the question waits there for Send."""
        lifted = self._composer.lift()
        self._chat.command_asked.emit("new_conversation")
        self._composer.put(lifted)

    def _on_send(self) -> None:
        if self._chat.is_running:
            self._chat.stop()
        else:
            self._submit()
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- what the view-models say ---------------------------------------------------------------

    def _on_text_replaced(self, text: str) -> None:
        if text != self.edit.toPlainText():
            self.edit.replace_text(text)
            # What stood here before may belong to another conversation: Undo must not bring it.
            self.edit.document().clearUndoRedoStacks()

    def _on_cards(self) -> None:
        self.cards.set_views(tuple(self._composer.attachments()))
        self.height_changed.emit()
        self._arrange()
        self._refresh()

    def _refresh(self) -> None:
        runs, composer = self._chat.is_running, self._composer
        self.edit.send_key = self._preferences.value.send_key
        self.send.set_state(runs, composer.can_send, composer.why_not)
        is_idle = not composer.text.strip() and not composer.attachments()
        if runs:
            words = "Esc stops and keeps the text"
        else:
            words = "" if is_idle and not composer.why_not else composer.why_not or composer.cost
        room = self.room()
        is_tight = bool(words) and words == composer.cost and room.is_tight
        if is_tight:
            words = f"≈ {room.total:,} of {room.size:,} tokens"
        self.cost.set_colour("warn" if is_tight else "text3")
        self.cost.setText(words)
