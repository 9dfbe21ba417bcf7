"""What the transcript shows for a turn. Messages are reused: `show_turn` may come many times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QWidget

from app.markdown.math import Formulas
from app.viewmodels.values import TurnView
from app.widgets.answer_document import AnswerDocument
from app.widgets.answer_text import AnswerText
from app.widgets.theme import Theme

if TYPE_CHECKING:
    from app.widgets.message_actions import MessageActions

BLEED = 8  # the widget is so much wider than its column at each side: icons stand out by a bit
LONGEST_NAME = 400  # characters of a turn that its accessible name holds


@dataclass(frozen=True, slots=True)
class Setting:
    """What a message needs besides its turn."""

    is_last: bool = False
    is_thought_open: bool = False
    shows_stats: bool = True
    can_edit: bool = True


class Message(QWidget):
    """Base of everything in the transcript: a turn, its document, and a height for a width.

    `acted` carries what the person wants: the turn's id, the name of the action, a value.
    """

    height_changed = Signal(str)
    acted = Signal(str, str, object)

    def __init__(self, theme: Theme, formulas: Formulas, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme = theme
        self.formulas = formulas
        self.view = TurnView("", "note", "")
        self.setting = Setting()
        self.row: MessageActions | None = None
        self.text: AnswerText | None = None

    def show_turn(self, view: TurnView, setting: Setting, document: AnswerDocument | None) -> None:
        """Show a turn; the same one with other values, or another one."""
        is_other = view.id != self.view.id
        self.view, self.setting = view, setting
        self.setAccessibleName(self.spoken())
        self.fill(is_other, document)
        self.update_actions()

    def fill(self, is_other: bool, document: AnswerDocument | None) -> None:
        """Put the turn into the parts. Subclasses do."""

    def arrange(self, width: int) -> int:
        """Lay out for a width; gives the height. Subclasses do."""
        raise NotImplementedError

    def release(self) -> None:
        """Let go of the turn before the message is reused."""
        if self.text is not None:
            self.text.release()
        self.view = TurnView("", "note", "")

    def unfold(self) -> None:
        """Show what is folded away of its text. Subclasses that fold do."""

    def is_held(self) -> bool:
        """Whether it must stay although it is out of sight: it holds a selection, say."""
        return self.text is not None and self.text.textCursor().hasSelection()

    def set_exposed(self, top: int, bottom: int) -> None:
        """The part that can be seen, in its own coordinates."""
        if self.text is not None:
            offset = self.text.y()
            self.text.set_exposed(top - offset, bottom - offset)

    def spoken(self) -> str:
        """The message in one line for assistive programs."""
        who = {"user": "You", "model": "Gemma"}.get(self.view.role, "")
        text = " ".join(self.view.text[: 2 * LONGEST_NAME].split())[:LONGEST_NAME]
        return f"{who}: {text}" if who else text

    def act(self, name: str, value: object = None) -> None:
        """Tell the transcript what the person wants."""
        self.acted.emit(self.view.id, name, value)

    # --- hover and focus bring the icons ----------------------------------------------------------

    def enterEvent(self, event: QEnterEvent) -> None:
        """The pointer came."""
        super().enterEvent(event)
        self.update_actions()

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer left."""
        super().leaveEvent(event)
        self.update_actions()

    def update_actions(self) -> None:
        """Show the icons while the pointer or the focus is here; under the last answer always."""
        if self.row is None:
            return
        focus = self.window().focusWidget()
        has_focus = focus is not None and self.isAncestorOf(focus)
        is_hovered = self.testAttribute(Qt.WidgetAttribute.WA_UnderMouse)
        is_last = self.setting.is_last and self.view.role == "model"
        self.row.set_shown(has_focus or is_hovered or is_last)
