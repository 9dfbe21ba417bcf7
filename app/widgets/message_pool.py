"""Message widgets that are out of use, by kind: making one takes longer than filling one."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.core.conversation import TurnRole
from app.markdown.math import Formulas
from app.widgets.answer_message import AnswerMessage
from app.widgets.message import Message
from app.widgets.note_message import NoteMessage
from app.widgets.question_message import QuestionMessage
from app.widgets.theme import Theme

MOST_IDLE = 12
_KINDS: dict[TurnRole, type[Message]] = {
    "user": QuestionMessage, "model": AnswerMessage, "note": NoteMessage
}  # fmt: skip


class MessagePool:
    """Gives messages out and takes them back. `on_new` is called for each that was made."""

    def __init__(self, theme: Theme, formulas: Formulas, parent: QWidget) -> None:
        self._theme, self._formulas, self._parent = theme, formulas, parent
        self._idle: dict[type[Message], list[Message]] = {}
        self.on_new: Callable[[Message], None] = lambda _message: None

    def take(self, role: TurnRole) -> Message:
        """A message for a turn of this role."""
        kind = _KINDS[role]
        idle = self._idle.setdefault(kind, [])
        if idle:
            return idle.pop()
        made = kind(self._theme, self._formulas, self._parent)
        self.on_new(made)
        return made

    def give_back(self, message: Message) -> None:
        """A message that is not needed any more."""
        message.hide()
        message.release()
        idle = self._idle.setdefault(type(message), [])
        if len(idle) < MOST_IDLE:
            idle.append(message)
        else:
            message.deleteLater()

    def clear(self) -> None:
        """Delete those that are idle."""
        for idle in self._idle.values():
            for message in idle:
                message.deleteLater()
            idle.clear()
