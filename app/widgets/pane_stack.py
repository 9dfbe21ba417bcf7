"""The panes of the window, one shown at a time; each is made when it is first wanted."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedLayout, QWidget

from app.core.conversation import Pane
from app.viewmodels.chat import ChatViewModel
from app.widgets.ask_panel import AskPanel
from app.widgets.chat_pane import ChatPane
from app.widgets.mode_rows import Place

HINTS: dict[Pane, str] = {
    "image": "Ask about the picture",
    "video": "Ask about the clip",
    "audio": "Ask about the recording",
}
PaneMaker = Callable[[AskPanel], QWidget]


class PaneStack(QWidget):
    """Shows the pane of the open conversation, or a place that belongs to none."""

    place_changed = Signal()

    def __init__(
        self, chat_pane: ChatPane, chat: ChatViewModel, makers: Mapping[Pane, PaneMaker]
    ) -> None:
        super().__init__()
        self.chat_pane = chat_pane
        self._chat = chat
        self._makers = makers
        self._panes: dict[Pane, QWidget] = {}
        self._panels: dict[Pane, AskPanel] = {}
        self._shown: Pane | None = None
        self._places: dict[Place, QWidget] = {}
        self._place: Place | None = None
        self._stack = QStackedLayout(self)
        self._home = AskPanel(chat_pane, "")
        self._stack.addWidget(self._home)
        chat.reset.connect(self.show_current)
        self.show_current()

    @property
    def shown(self) -> Place:
        """What is shown."""
        return self._place or self._shown or "chat"

    def add_place(self, name: Place, widget: QWidget) -> None:
        """A place that belongs to no conversation."""
        self._places[name] = widget
        self._stack.addWidget(widget)

    def show_place(self, name: Place) -> None:
        """Show a place until a conversation or a pane is wanted. Raises KeyError."""
        self._stack.setCurrentWidget(self._places[name])
        if name != self._place:
            self._place = name
            self.place_changed.emit()

    def leave_place(self) -> None:
        """Back to the open conversation."""
        if self._place is not None:
            self._place = self._shown = None
            self.show_current()
            self.place_changed.emit()

    def pane(self, name: Pane) -> QWidget:
        """A pane other than the chat, made if need be. Raises KeyError for one that is not here."""
        if name not in self._panes:
            panel = AskPanel(self.chat_pane, HINTS[name])
            self._panels[name] = panel
            self._panes[name] = self._makers[name](panel)
            self._stack.addWidget(self._panes[name])
        return self._panes[name]

    def show_current(self) -> None:
        """Show the pane of the open conversation; one that is not here is shown as a chat."""
        if self._place is not None:  # the conversation is shown when the place is left
            return
        wanted = self._chat.pane if self._chat.pane in self._makers else "chat"
        if wanted == self._shown:
            return
        shown = self._home if wanted == "chat" else self.pane(wanted)
        for panel in (self._home, *self._panels.values()):
            panel.leave()
        self._shown = wanted
        self._stack.setCurrentWidget(shown)
        (self._home if wanted == "chat" else self._panels[wanted]).take()

    def choose_files(self) -> None:
        """Ask for files, for the message or for the pane."""
        self.leave_place()
        pane = self._panes.get(self._shown) if self._shown else None
        choose = getattr(pane, "choose_files", None)
        (choose or self.chat_pane.choose_files)()
