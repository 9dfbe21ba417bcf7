"""The turns of a conversation with their documents, and a widget for each turn in sight."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from PySide6.QtWidgets import QAbstractScrollArea

from app.markdown.math import Formulas
from app.markdown.style import DocumentStyle
from app.viewmodels.values import TurnView
from app.widgets.answer_document import AnswerDocument, Documents
from app.widgets.document_style import bubble_style, document_style
from app.widgets.message import Message, Setting
from app.widgets.message_pool import MessagePool
from app.widgets.theme import Theme


class TurnWidgets:
    """Knows which turn is which number and brings values into widgets and documents.

    `on_height` is called with a turn's id when its widget may need another height.
    """

    def __init__(
        self,
        theme: Theme,
        formulas: Formulas,
        area: QAbstractScrollArea,
        on_height: Callable[[str], None],
    ) -> None:
        self._theme = theme
        self._parent = area.viewport()
        self._on_height = on_height
        # The area outlives its viewport and with it every widget that shows a document.
        self._documents = Documents(formulas, area)
        self.pool = MessagePool(theme, formulas, self._parent)
        self.views: list[TurnView] = []
        self.live: dict[str, Message] = {}
        self.shows_stats = True
        self.opens_thoughts = False
        self._open_thoughts: dict[str, bool] = {}
        self._numbers: dict[str, int] = {}
        self._styles: dict[tuple[bool, float], DocumentStyle] = {}
        self._times_until = 0.0

    def __contains__(self, turn_id: str) -> bool:
        return turn_id in self._numbers

    def __iter__(self) -> Iterator[tuple[int, Message]]:
        """The widgets that exist, with their numbers.

        Putting one away can move the focus, so this is asked while others still wait for it.
        """
        return (
            (self._numbers[turn_id], message)
            for turn_id, message in list(self.live.items())
            if turn_id in self._numbers
        )

    def number(self, turn_id: str) -> int:
        """The place of a turn. Raises KeyError."""
        return self._numbers[turn_id]

    def view(self, turn_id: str) -> TurnView:
        """A turn. Raises KeyError."""
        return self.views[self._numbers[turn_id]]

    # --- turns ----------------------------------------------------------------------------------

    def reset(self, views: list[TurnView], keeps: bool) -> None:
        """Other turns; with `keeps` the widgets and documents of those that stay are kept."""
        if not keeps:
            self.clear()
            self._open_thoughts.clear()
        self.views = list(views)
        self._numbers = {view.id: number for number, view in enumerate(views)}
        for turn_id in [key for key in self.live if key not in self._numbers]:
            self.retire(turn_id)
        for turn_id, message in list(self.live.items()):
            self.fill(message, self.view(turn_id))

    def add(self, view: TurnView) -> None:
        """One more at the end; the one that was last is not any more."""
        self._numbers[view.id] = len(self.views)
        self.views.append(view)

    def set(self, view: TurnView) -> None:
        """Other values of a turn."""
        self.views[self._numbers[view.id]] = view
        document = self._documents.get(view.id)
        if document is not None:
            self._bring_text(document, view)

    def clear(self) -> None:
        """Put all widgets away and forget the documents."""
        for turn_id in list(self.live):
            self.retire(turn_id)
        self._documents.clear()

    def set_times_until(self, seconds: float) -> bool:
        """Moments in answers before `seconds` are links from now on; whether that is new."""
        if seconds == self._times_until:
            return False
        self._times_until = seconds
        self._styles.clear()
        return True

    def restyle(self) -> None:
        """Other fonts or colours: everything is made anew."""
        self.clear()
        self.pool.clear()
        self._styles.clear()

    # --- widgets ----------------------------------------------------------------------------------

    def bring(self, number: int) -> tuple[Message, bool]:
        """The widget of a turn, and whether it was filled just now."""
        view = self.views[number]
        message = self.live.get(view.id)
        if message is not None:
            return message, False
        message = self.pool.take(view.role)
        self.live[view.id] = message
        self.fill(message, view)
        return message, True

    def fill(self, message: Message, view: TurnView) -> None:
        """Put a turn into a widget."""
        setting = Setting(
            is_last=self._numbers[view.id] == len(self.views) - 1,
            is_thought_open=self._open_thoughts.get(view.id, self.opens_thoughts),
            shows_stats=self.shows_stats,
        )
        document = None if view.role == "note" else self.document(view.id)
        message.show_turn(view, setting, document)

    def keep_only(self, turn_ids: Iterable[str]) -> None:
        """Put away the widgets of other turns, unless one is being edited or holds a selection."""
        kept = set(turn_ids)
        for turn_id in [key for key in self.live if key not in kept]:
            if not self.live[turn_id].is_held():
                self.retire(turn_id)
        self._documents.trim(set(self.live))

    def retire(self, turn_id: str) -> None:
        """Put one away."""
        self.pool.give_back(self.live.pop(turn_id))

    def open_thought(self, turn_id: str, is_open: bool) -> None:
        """Remember the person's choice for a thought."""
        self._open_thoughts[turn_id] = is_open

    def open_thoughts(self, are_open: bool) -> None:
        """The same for all."""
        self._open_thoughts = {view.id: are_open for view in self.views if view.thought}

    # --- documents --------------------------------------------------------------------------------

    def has_document(self, turn_id: str) -> bool:
        """Whether a turn's document exists."""
        return self._documents.get(turn_id) is not None

    def document(self, turn_id: str) -> AnswerDocument:
        """A turn's document, made now if need be."""
        view = self.view(turn_id)
        document = self._documents.get(turn_id)
        if document is None:
            is_plain = view.role == "user"
            document = self._documents.make(turn_id, self._style(is_plain), is_plain)
            self._bring_text(document, view)
            document.changed.connect(lambda: self._on_height(turn_id))
        return document

    def _style(self, is_plain: bool) -> DocumentStyle:
        """The look of documents, which is the same until theme or screen are others."""
        ratio = self._parent.devicePixelRatioF()
        key = (is_plain, ratio)
        if key not in self._styles:
            make_style = bubble_style if is_plain else document_style
            style = make_style(self._theme, ratio)
            self._styles[key] = replace(style, times_until=0.0 if is_plain else self._times_until)
        return self._styles[key]

    def _bring_text(self, document: AnswerDocument, view: TurnView) -> None:
        """The text of a turn into its document, as little of it as is new."""
        if document.text != view.text:
            if not view.text.startswith(document.text):
                self._replace_document(view)
                return
            document.append(view.text[len(document.text) :])
        if view.state != "streaming":
            document.finish()

    def _replace_document(self, view: TurnView) -> None:
        message = self.live.get(view.id)
        if message is not None:
            message.release()
        self._documents.drop(view.id)
