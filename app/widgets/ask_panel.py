"""The place in a pane where questions are asked and answers are read.

There is one transcript with its composer for the whole window: it moves into the panel of the pane
that is shown, so that an answer is laid out once however many panes there are.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from app.widgets.chat_pane import ChatPane

NARROWEST = 320


class AskPanel(QWidget):
    """Holds the transcript and composer while its pane is shown."""

    time_clicked = Signal(float)  # a time in an answer, in seconds of the clip or recording
    time_hovered = Signal(object)  # the same while the pointer is over it, else None

    def __init__(self, chat_pane: ChatPane, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chat_pane = chat_pane
        self._hint = hint
        self._times_until = 0.0
        self._is_here = False
        self.setMinimumWidth(NARROWEST)
        chat_pane.time_clicked.connect(self._on_time)
        chat_pane.time_hovered.connect(self._on_hover)

    def sizeHint(self) -> QSize:
        """A side panel."""
        return QSize(392, 400)

    def take(self) -> None:
        """The pane is shown: transcript and composer come here."""
        self._is_here = True
        self._chat_pane.setParent(self)
        self._chat_pane.set_place(self._hint)
        self._chat_pane.transcript.set_times_until(self._times_until)
        self._chat_pane.setGeometry(self.rect())
        self._chat_pane.show()

    def leave(self) -> None:
        """Another pane is shown."""
        self._is_here = False

    def set_hint(self, hint: str) -> None:
        """What the empty message field says: "Ask about 0:42–1:42"."""
        if hint != self._hint:
            self._hint = hint
            if self._is_here:
                self._chat_pane.set_place(hint)

    def set_times_until(self, seconds: float) -> None:
        """Times up to this in answers are links; 0 for none."""
        self._times_until = seconds
        if self._is_here:
            self._chat_pane.transcript.set_times_until(seconds)

    def focus_composer(self) -> None:
        """Put the keyboard into the message field."""
        self._chat_pane.focus_composer()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Everything is theirs."""
        super().resizeEvent(event)
        if self._is_here:
            self._chat_pane.setGeometry(self.rect())

    def _on_time(self, seconds: float) -> None:
        if self._is_here:
            self.time_clicked.emit(seconds)

    def _on_hover(self, seconds: object) -> None:
        if self._is_here:
            self.time_hovered.emit(seconds)
