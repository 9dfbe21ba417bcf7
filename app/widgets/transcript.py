"""The conversation as a list of messages: what is shown, and how it changes while it is written."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QWidget

from app.markdown.lexers import LEXERS
from app.viewmodels.values import Phase, TurnView
from app.widgets.answer_document import AnswerDocument
from app.widgets.message import Message
from app.widgets.theme import Theme
from app.widgets.turn_area import TurnArea

USUAL_LANGUAGES = ("python", "json", "bash", "sql", "javascript", "html")


class Transcript(TurnArea):
    """Shows turns. `acted` carries what the person wants of one: id, action, value."""

    acted = Signal(str, str, object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.turns.pool.on_new = self._adopt
        self.setAccessibleName("Conversation")
        self.viewport().setAccessibleName("Messages")
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus)
        theme.changed.connect(self._on_theme)
        self._restyle()

    # --- turns ------------------------------------------------------------------------------------

    def set_turns(self, views: list[TurnView], keeps_place: bool = False) -> None:
        """Show a conversation from its end; or the same one, changed, from where it was."""
        anchor = self.anchor() if keeps_place else None
        self.turns.reset(views, keeps=keeps_place)
        self.heights.reset(views, self.column_width(), self.theme.scale)
        self.follow(anchor is None or self.is_following)
        self.measure_all()
        self.layout_turns(anchor)

    def add_turn(self, view: TurnView) -> None:
        """One more at the end. After a question the end is followed."""
        if view.id in self.turns:
            self.change_turn(view)
            return
        self.turns.add(view)
        self.heights.append(view, self.column_width(), self.theme.scale)
        self.follow(self.is_following or view.role == "user")
        for _, message in self.turns:
            if message.setting.is_last:
                self.turns.fill(message, message.view)
                self.measure(message)
        self.layout_turns()

    def change_turn(self, view: TurnView) -> None:
        """Other values of a turn; nothing for a turn that is not shown."""
        if view.id not in self.turns:
            return
        self.turns.set(view)
        message = self.turns.live.get(view.id)
        if message is not None:
            anchor = self.own_anchor()
            self.turns.fill(message, view)
            self.measure(message)
            self.layout_turns(anchor)

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
        was_shown = not self.phase.isHidden()
        self.phase.set_phase(phase)
        self.phase.setVisible(is_shown)
        if was_shown != is_shown:
            self.layout_turns()

    def set_options(self, shows_stats: bool, opens_thoughts: bool) -> None:
        """Preferences that change how turns are shown."""
        turns = self.turns
        if (shows_stats, opens_thoughts) != (turns.shows_stats, turns.opens_thoughts):
            turns.shows_stats, turns.opens_thoughts = shows_stats, opens_thoughts
            self._refill()

    def set_times_until(self, seconds: float) -> None:
        """The length of the clip or recording that answers are about, 0 without one.

        Moments before it, such as 1:20, are links: `acted` says "link" with a target that
        `app.markdown.times.second_of` understands, and "time_hover" with the second under the
        pointer or None.
        """
        if self.turns.set_times_until(seconds):
            anchor = self.own_anchor()
            self.turns.clear()
            self.layout_turns(anchor)

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

    def warm(self) -> None:
        """Load what code and formulas need, on threads: else the first to come would wait."""
        for language in USUAL_LANGUAGES:
            LEXERS.is_ready(language)
        self.formulas.is_known("x", float(self.theme.text_px), is_display=False)

    def close_formulas(self) -> None:
        """Stop drawing formulas."""
        self.formulas.close()

    # --- reactions --------------------------------------------------------------------------------

    def _adopt(self, message: Message) -> None:
        """A new widget: listen to it."""
        message.height_changed.connect(self.fit_turn)
        message.acted.connect(self._on_acted)

    def _on_acted(self, turn_id: str, name: str, value: object) -> None:
        if name != "thought":
            self.acted.emit(turn_id, name, value)
            return
        self.turns.open_thought(turn_id, bool(value))
        self.turns.fill(self.turns.live[turn_id], self.turns.view(turn_id))
        # What was opened stays where it is, even at the end.
        self.follow(False)
        self.fit_turn(turn_id)

    def _on_focus(self, old: QWidget | None, new: QWidget | None) -> None:
        for _, message in self.turns:
            message.update_actions()
        # A click is where the eyes are already, and a window that comes back has not moved.
        is_by_keyboard = old is not None and not QApplication.mouseButtons()
        if is_by_keyboard and new is not None and self.viewport().isAncestorOf(new):
            self.reveal(new)

    def _refill(self) -> None:
        anchor = self.own_anchor()
        for _, message in self.turns:
            self.turns.fill(message, message.view)
            self.measure(message)
        self.layout_turns(anchor)

    def _on_theme(self) -> None:
        anchor = self.own_anchor()
        self._restyle()
        self.turns.restyle()
        self.heights.reset(self.turns.views, self.column_width(), self.theme.scale)
        self.layout_turns(anchor)

    def _restyle(self) -> None:
        tokens = self.theme.tokens
        palette = QPalette(self.viewport().palette())
        palette.setColor(QPalette.ColorRole.Window, tokens.win)
        palette.setColor(QPalette.ColorRole.Base, tokens.win)
        self.viewport().setPalette(palette)
        self.viewport().setAutoFillBackground(True)
        self.viewport().setForegroundRole(QPalette.ColorRole.WindowText)  # labels inherit it
