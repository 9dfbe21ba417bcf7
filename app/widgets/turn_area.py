"""Where the messages of a conversation are: only those in sight exist as widgets.

Heights are guessed and corrected when a message comes into sight; the message at the top of the
view keeps its place meanwhile. The end is followed only while it is in sight.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from app.markdown.math import Formulas
from app.widgets.end_button import EndButton
from app.widgets.heights import Heights
from app.widgets.message import BLEED, Message
from app.widgets.motion import SCROLL_MS, animate
from app.widgets.phase_line import PhaseLine
from app.widgets.roles import install_roles
from app.widgets.theme import Theme
from app.widgets.turn_widgets import TurnWidgets

COLUMN, SIDE_ROOM, NARROWEST = 720, 24, 200
TOP, BOTTOM, PHASE_GAP = 20, 24, 14
OVERSCAN = 200  # pixels beyond the view that are ready
NEAR_END = 24
LINE_PX = 60  # of one step of the wheel or an arrow key
MOST_ROUNDS = 6  # of measuring; heights settle after two or three

Anchor = tuple[str, int]  # a turn, and where in the view it begins


class TurnColumn(QWidget):
    """What the messages lie on; a list to assistive programs, of the messages in sight."""


class TurnArea(QAbstractScrollArea):
    """Measures and places the widgets of `turns`, and scrolls. What they say is not its affair."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        install_roles()
        self.setViewport(TurnColumn())
        self.theme = theme
        self.formulas = Formulas(self)
        self.turns = TurnWidgets(theme, self.formulas, self, self.fit_turn)
        self.heights = Heights(TOP, BOTTOM)
        self._is_following = True
        self._is_placing = False
        self.phase = PhaseLine(theme, self.viewport())
        self.phase.hide()
        self._end = EndButton(theme, self)
        self._end.clicked.connect(self.scroll_to_end)
        self._bar_timer = QTimer(self)  # within a layout Qt would show or hide the bar too early
        self._bar_timer.setSingleShot(True)
        self._bar_timer.timeout.connect(self._show_bar)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.verticalScrollBar().setSingleStep(LINE_PX // 3)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)

    # --- scrolling --------------------------------------------------------------------------------

    def column_width(self) -> int:
        """The width of the column that messages share."""
        most = self.theme.px(COLUMN)
        return max(NARROWEST, min(most, self.viewport().width() - 2 * SIDE_ROOM))

    @property
    def is_following(self) -> bool:
        """Whether the end is kept in sight."""
        return self._is_following

    def follow(self, is_following: bool) -> None:
        """Keep the end in sight from the next layout on, or do not."""
        self._is_following = is_following

    def scroll_to_end(self) -> None:
        """Show the end, and follow it from now on."""
        bar = self.verticalScrollBar()
        if self.isVisible() and bar.maximum() - bar.value() < 3 * self.viewport().height():
            animate(bar, "value", bar.maximum(), SCROLL_MS, self.theme)
        else:
            self._is_following = True
            self.layout_turns()

    def show_turn(self, turn_id: str, offset: int = 0) -> Message | None:
        """Scroll to a turn (and `offset` pixels into it); its widget."""
        if turn_id not in self.turns:
            return None
        self._is_following = False
        third = self.viewport().height() // 3
        self.layout_turns((turn_id, third - offset))
        return self.turns.live.get(turn_id)

    def reveal(self, widget: QWidget) -> None:
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

    def own_anchor(self) -> Anchor | None:
        """What keeps its place through a change: nothing while the end is followed."""
        return None if self._is_following else self.anchor()

    def anchor(self) -> Anchor | None:
        """The first turn in sight, and where in the view it begins."""
        top = self.verticalScrollBar().value()
        number = self.heights.at(top)
        if number < 0:
            return None
        return self.turns.views[number].id, self.heights.top(number) - top

    # --- layout -----------------------------------------------------------------------------------

    def layout_turns(self, anchor: Anchor | None = None) -> None:
        """Measure what is in sight until nothing moves, then put it in its place."""
        if self._is_placing:
            return
        self._is_placing = True
        try:
            anchor = anchor or self.own_anchor()
            for _ in range(MOST_ROUNDS):
                self._set_range()
                if self._is_following:
                    self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())
                elif anchor is not None and anchor[0] in self.turns:
                    top = self.heights.top(self.turns.number(anchor[0]))
                    self.verticalScrollBar().setValue(top - anchor[1])
                if not self._bring_into_sight():
                    break
            self._place()
        finally:
            self._is_placing = False

    def fit_turn(self, turn_id: str) -> None:
        """A message may need another height."""
        message = self.turns.live.get(turn_id)
        if message is None or message.view.id != turn_id:
            return
        anchor = self.own_anchor()
        self.measure(message)
        self.layout_turns(anchor)
        message.update()

    def measure(self, message: Message) -> bool:
        """Lay a message out for the column; whether its height is another than before."""
        width = self.column_width()
        height = message.arrange(width)
        message.resize(width + 2 * BLEED, height)
        return self.heights.set(self.turns.number(message.view.id), height)

    def measure_all(self) -> None:
        """Every message that has a widget."""
        for _, message in self.turns:
            self.measure(message)

    def _set_range(self) -> None:
        page = self.viewport().height()
        total = self.heights.total()
        if not self.phase.isHidden():
            total += self.phase.arrange(self.column_width())
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
        first = self.heights.at(top - OVERSCAN)
        last = self.heights.at(top + self.viewport().height() + OVERSCAN)
        return range(max(0, first), last + 1)

    def _bring_into_sight(self) -> bool:
        """Make and measure the widgets in sight; whether a height was other than thought."""
        is_other = False
        for number in self._sight():
            message, is_new = self.turns.bring(number)
            if is_new:
                is_other |= self.measure(message)
        return is_other

    def _place(self) -> None:
        """Move the widgets in sight to their places and put the others away."""
        self.turns.keep_only(self.turns.views[number].id for number in self._sight())
        scroll = self.verticalScrollBar().value()
        width, page = self.column_width(), self.viewport().height()
        left = (self.viewport().width() - width) // 2
        for number, message in self.turns:
            top, height = self.heights.top(number) - scroll, self.heights.height(number)
            message.setGeometry(left - BLEED, top, width + 2 * BLEED, height)
            message.show()
            message.set_exposed(-top - OVERSCAN, page - top + OVERSCAN)
        if not self.phase.isHidden():
            height = self.phase.arrange(width)
            self.phase.setGeometry(left, self.heights.end() + PHASE_GAP - scroll, width, height)
        self._place_end_button()

    def _place_end_button(self) -> None:
        bar = self.verticalScrollBar()
        is_away = bar.maximum() - bar.value() > self.viewport().height() // 3
        self._end.setVisible(is_away and not self._is_following)
        size = self._end.sizeHint()
        area = self.viewport().geometry()
        x = area.center().x() - size.width() // 2
        self._end.setGeometry(QRect(x, area.bottom() - size.height() - 10, *size.toTuple()))

    # --- Qt ---------------------------------------------------------------------------------------

    def _on_scrolled(self, value: int) -> None:
        if not self._is_placing:
            self._is_following = value >= self.verticalScrollBar().maximum() - NEAR_END
            self.layout_turns()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lines break elsewhere when the column has another width."""
        super().resizeEvent(event)
        anchor = self.own_anchor()
        if event.oldSize().width() != event.size().width():
            self.measure_all()
        self.layout_turns(anchor)

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
