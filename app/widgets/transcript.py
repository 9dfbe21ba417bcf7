"""The conversation as a list of messages, of which only those in sight exist as widgets.

Heights are guessed and corrected when a message comes into sight; the message at the top of the
view keeps its place meanwhile. The end is followed only while it is in sight.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPalette, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QFrame, QWidget

from app.markdown.math import Formulas
from app.viewmodels.values import Phase, TurnView
from app.widgets.answer_document import AnswerDocument
from app.widgets.end_button import EndButton
from app.widgets.heights import Heights
from app.widgets.message import BLEED, Message
from app.widgets.motion import SCROLL_MS, animate
from app.widgets.phase_line import PhaseLine
from app.widgets.theme import Theme
from app.widgets.turn_widgets import TurnWidgets

COLUMN, SIDE_ROOM, NARROWEST = 720, 24, 200
TOP, BOTTOM, PHASE_GAP = 20, 24, 14
OVERSCAN = 200  # pixels beyond the view that are ready
NEAR_END = 24
LINE_PX = 60  # of one step of the wheel or an arrow key
MOST_ROUNDS = 6  # of measuring; heights settle after two or three

_Anchor = tuple[str, int]  # a turn, and where in the view it begins


class Transcript(QAbstractScrollArea):
    """Shows turns. `acted` carries what the person wants of one: id, action, value."""

    acted = Signal(str, str, object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.formulas = Formulas(self)
        self.turns = TurnWidgets(theme, self.formulas, self.viewport(), self._on_height_changed)
        self.turns.pool.on_new = self._adopt
        self._heights = Heights(TOP, BOTTOM)
        self._is_following = True
        self._is_placing = False
        self._phase = PhaseLine(theme, self.viewport())
        self._phase.hide()
        self._end = EndButton(theme, self)
        self._end.clicked.connect(self.scroll_to_end)
        self._bar_timer = QTimer(self)  # within a layout Qt would show or hide the bar too early
        self._bar_timer.setSingleShot(True)
        self._bar_timer.timeout.connect(self._show_bar)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Conversation")
        self.verticalScrollBar().setSingleStep(LINE_PX // 3)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus)
        theme.changed.connect(self._on_theme)
        self._restyle()

    # --- turns ------------------------------------------------------------------------------------

    def set_turns(self, views: list[TurnView], keeps_place: bool = False) -> None:
        """Show a conversation from its end; or the same one, changed, from where it was."""
        anchor = self._anchor() if keeps_place else None
        self.turns.reset(views, keeps=keeps_place)
        self._heights.reset(views, self.column_width(), self._theme.scale)
        self._is_following = anchor is None or self._is_following
        for _, message in self.turns:
            self._measure(message)
        self._layout(anchor)

    def add_turn(self, view: TurnView) -> None:
        """One more at the end. After a question the end is followed."""
        if view.id in self.turns:
            self.change_turn(view)
            return
        self.turns.add(view)
        self._heights.append(view, self.column_width(), self._theme.scale)
        self._is_following |= view.role == "user"
        for _, message in self.turns:
            if message.setting.is_last:
                self.turns.fill(message, message.view)
                self._measure(message)
        self._layout()

    def change_turn(self, view: TurnView) -> None:
        """Other values of a turn; nothing for a turn that is not shown."""
        if view.id not in self.turns:
            return
        self.turns.set(view)
        message = self.turns.live.get(view.id)
        if message is not None:
            anchor = self._own_anchor()
            self.turns.fill(message, view)
            self._measure(message)
            self._layout(anchor)

    def append_text(self, view: TurnView) -> None:
        """A turn's text has grown."""
        if view.id not in self.turns:
            return
        message = self.turns.live.get(view.id)
        is_simple = bool(self.turns.view(view.id).text) and self.turns.has_document(view.id)
        if message is None or not is_simple:
            self.change_turn(view)
            return
        message.view = view
        self.turns.set(view)  # the document's `changed` leads to a layout

    def append_thought(self, view: TurnView) -> None:
        """A turn's thought has grown."""
        self.change_turn(view)

    def set_phase(self, phase: Phase, is_shown: bool) -> None:
        """What is going on, shown below the last turn."""
        was_shown = not self._phase.isHidden()
        self._phase.set_phase(phase)
        self._phase.setVisible(is_shown)
        if was_shown != is_shown:
            self._layout()

    def set_options(self, shows_stats: bool, opens_thoughts: bool) -> None:
        """Preferences that change how turns are shown."""
        turns = self.turns
        if (shows_stats, opens_thoughts) != (turns.shows_stats, turns.opens_thoughts):
            turns.shows_stats, turns.opens_thoughts = shows_stats, opens_thoughts
            self._refill()

    def open_thoughts(self, are_open: bool) -> None:
        """Open or close the thoughts of all turns."""
        self.turns.open_thoughts(are_open)
        self._refill()

    def views(self) -> list[TurnView]:
        """The turns shown."""
        return self.turns.views

    def document_of(self, turn_id: str) -> AnswerDocument:
        """A turn's document, made now if need be."""
        return self.turns.document(turn_id)

    def message(self, turn_id: str) -> Message | None:
        """The widget of a turn, if it is in sight."""
        return self.turns.live.get(turn_id)

    def messages(self) -> list[Message]:
        """The widgets that exist, from top to bottom."""
        return [message for _, message in sorted(self.turns, key=lambda pair: pair[0])]

    def close_formulas(self) -> None:
        """Stop drawing formulas."""
        self.formulas.close()

    # --- scrolling --------------------------------------------------------------------------------

    def column_width(self) -> int:
        """The width of the column that messages share."""
        most = self._theme.px(COLUMN)
        return max(NARROWEST, min(most, self.viewport().width() - 2 * SIDE_ROOM))

    @property
    def is_following(self) -> bool:
        """Whether the end is kept in sight."""
        return self._is_following

    def scroll_to_end(self) -> None:
        """Show the end, and follow it from now on."""
        bar = self.verticalScrollBar()
        if self.isVisible() and bar.maximum() - bar.value() < 3 * self.viewport().height():
            animate(bar, "value", bar.maximum(), SCROLL_MS, self._theme)
        else:
            self._is_following = True
            self._layout()

    def show_turn(self, turn_id: str, offset: int = 0) -> Message | None:
        """Scroll to a turn (and `offset` pixels into it); its widget."""
        if turn_id not in self.turns:
            return None
        self._is_following = False
        third = self.viewport().height() // 3
        self._layout((turn_id, third - offset))
        return self.turns.live.get(turn_id)

    def _own_anchor(self) -> _Anchor | None:
        return None if self._is_following else self._anchor()

    def _anchor(self) -> _Anchor | None:
        """The first turn in sight, and where in the view it begins."""
        top = self.verticalScrollBar().value()
        number = self._heights.at(top)
        if number < 0:
            return None
        return self.turns.views[number].id, self._heights.top(number) - top

    # --- layout -----------------------------------------------------------------------------------

    def _layout(self, anchor: _Anchor | None = None) -> None:
        """Measure what is in sight until nothing moves, then put it in its place."""
        if self._is_placing:
            return
        self._is_placing = True
        try:
            anchor = anchor or self._own_anchor()
            for _ in range(MOST_ROUNDS):
                self._set_range()
                if self._is_following:
                    self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())
                elif anchor is not None and anchor[0] in self.turns:
                    top = self._heights.top(self.turns.number(anchor[0]))
                    self.verticalScrollBar().setValue(top - anchor[1])
                if not self._bring_into_sight():
                    break
            self._place()
        finally:
            self._is_placing = False

    def _set_range(self) -> None:
        page = self.viewport().height()
        total = self._heights.total()
        if not self._phase.isHidden():
            total += self._phase.arrange(self.column_width())
        bar = self.verticalScrollBar()
        bar.setPageStep(page)
        was_needed = bar.maximum() > 0
        bar.setRange(0, max(0, total - page))
        if was_needed != (bar.maximum() > 0):
            self._bar_timer.start(0)

    def _show_bar(self) -> None:
        is_needed = self.verticalScrollBar().maximum() > 0
        policy = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(
            policy.ScrollBarAlwaysOn if is_needed else policy.ScrollBarAlwaysOff
        )

    def _sight(self) -> range:
        """The numbers of the turns in sight."""
        top = self.verticalScrollBar().value()
        first = self._heights.at(top - OVERSCAN)
        last = self._heights.at(top + self.viewport().height() + OVERSCAN)
        return range(max(0, first), last + 1)

    def _bring_into_sight(self) -> bool:
        """Make and measure the widgets in sight; whether a height was other than thought."""
        is_other = False
        for number in self._sight():
            message, is_new = self.turns.bring(number)
            if is_new:
                is_other |= self._measure(message)
        return is_other

    def _measure(self, message: Message) -> bool:
        width = self.column_width()
        height = message.arrange(width)
        message.resize(width + 2 * BLEED, height)
        return self._heights.set(self.turns.number(message.view.id), height)

    def _place(self) -> None:
        """Move the widgets in sight to their places and put the others away."""
        self.turns.keep_only(self.turns.views[number].id for number in self._sight())
        scroll = self.verticalScrollBar().value()
        width, page = self.column_width(), self.viewport().height()
        left = (self.viewport().width() - width) // 2
        for number, message in self.turns:
            top, height = self._heights.top(number) - scroll, self._heights.height(number)
            message.setGeometry(left - BLEED, top, width + 2 * BLEED, height)
            message.show()
            message.set_exposed(-top - OVERSCAN, page - top + OVERSCAN)
        if not self._phase.isHidden():
            height = self._phase.arrange(width)
            self._phase.setGeometry(left, self._heights.end() + PHASE_GAP - scroll, width, height)
        self._place_end_button()

    def _place_end_button(self) -> None:
        bar = self.verticalScrollBar()
        is_away = bar.maximum() - bar.value() > self.viewport().height() // 3
        self._end.setVisible(is_away and not self._is_following)
        size = self._end.sizeHint()
        area = self.viewport().geometry()
        x = area.center().x() - size.width() // 2
        self._end.setGeometry(QRect(x, area.bottom() - size.height() - 10, *size.toTuple()))

    # --- reactions --------------------------------------------------------------------------------

    def _adopt(self, message: Message) -> None:
        """A new widget: listen to it."""
        message.height_changed.connect(self._on_height_changed)
        message.acted.connect(self._on_acted)

    def _on_height_changed(self, turn_id: str) -> None:
        message = self.turns.live.get(turn_id)
        if message is None or message.view.id != turn_id:
            return
        anchor = self._own_anchor()
        self._measure(message)
        self._layout(anchor)
        message.update()

    def _on_acted(self, turn_id: str, name: str, value: object) -> None:
        if name != "thought":
            self.acted.emit(turn_id, name, value)
            return
        self.turns.open_thought(turn_id, bool(value))
        self.turns.fill(self.turns.live[turn_id], self.turns.view(turn_id))
        # What was opened stays where it is, even at the end.
        self._is_following = False
        self._on_height_changed(turn_id)

    def _on_scrolled(self, value: int) -> None:
        if not self._is_placing:
            self._is_following = value >= self.verticalScrollBar().maximum() - NEAR_END
            self._layout()

    def _on_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        for _, message in self.turns:
            message.update_actions()
        if new is not None and self.viewport().isAncestorOf(new):
            self._reveal(new)

    def _reveal(self, widget: QWidget) -> None:
        """Scroll to a control that the keyboard has reached."""
        page = self.viewport().height()
        if widget.height() > page:
            return
        top = widget.mapTo(self.viewport(), widget.rect().topLeft()).y()
        bar = self.verticalScrollBar()
        if top < 0:
            bar.setValue(bar.value() + top - 12)
        elif top + widget.height() > page:
            bar.setValue(bar.value() + top + widget.height() - page + 12)

    def _refill(self) -> None:
        anchor = self._own_anchor()
        for _, message in self.turns:
            self.turns.fill(message, message.view)
            self._measure(message)
        self._layout(anchor)

    def _on_theme(self) -> None:
        anchor = self._own_anchor()
        self._restyle()
        self.turns.restyle()
        self._heights.reset(self.turns.views, self.column_width(), self._theme.scale)
        self._layout(anchor)

    def _restyle(self) -> None:
        palette = QPalette(self.viewport().palette())
        palette.setColor(QPalette.ColorRole.Window, self._theme.tokens.win)
        palette.setColor(QPalette.ColorRole.Base, self._theme.tokens.win)
        self.viewport().setPalette(palette)
        self.viewport().setAutoFillBackground(True)
        self.viewport().setForegroundRole(QPalette.ColorRole.WindowText)  # labels inherit it

    # --- Qt ---------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lines break elsewhere when the column has another width."""
        super().resizeEvent(event)
        anchor = self._own_anchor()
        if event.oldSize().width() != event.size().width():
            for _, message in self.turns:
                self._measure(message)
        self._layout(anchor)

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        """`_on_scrolled` places everything."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """By pixels where the device says pixels."""
        pixels = event.pixelDelta().y() or event.angleDelta().y() * LINE_PX // 120
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() - pixels)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Home, End, pages and lines."""
        bar = self.verticalScrollBar()
        page = self.viewport().height() - 40
        steps = {
            Qt.Key.Key_PageUp: -page,
            Qt.Key.Key_PageDown: page,
            Qt.Key.Key_Up: -LINE_PX,
            Qt.Key.Key_Down: LINE_PX,
            Qt.Key.Key_Space: page,
        }
        key = Qt.Key(event.key())
        if key in steps:
            bar.setValue(bar.value() + steps[key])
        elif key == Qt.Key.Key_Home:
            bar.setValue(0)
        elif key == Qt.Key.Key_End:
            self.scroll_to_end()
        else:
            event.ignore()

    def viewportEvent(self, event: QEvent) -> bool:
        """Children ask for a layout that there is none of here."""
        if event.type() == QEvent.Type.LayoutRequest:
            return True
        return super().viewportEvent(event)
