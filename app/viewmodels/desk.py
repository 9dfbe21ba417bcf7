"""The conversations in use: one value of each, changed here and nowhere else, saved by the writer.

Reading from the store does not see what the writer has still to write, so what is in use is
never read again.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from datetime import UTC, datetime

from PySide6.QtCore import QObject, Signal

from app.core.asking import NEW_TITLE
from app.core.conversation import (
    Attachment,
    Conversation,
    Draft,
    Pane,
    Settings,
    Turn,
    new_id,
)
from app.core.store import Store, Writer
from app.core.work import Work

KEPT = 24  # conversations that stay in memory besides the ones that are busy


class Desk(QObject):
    """Live conversations by id."""

    changed = Signal(str)  # the conversation's row in the sidebar is out of date
    materials_changed = Signal(str)
    work_changed = Signal(str)
    forgotten = Signal(str)  # deleted for good: never to be asked for again

    def __init__(self, store: Store, writer: Writer, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._writer = writer
        self._live: OrderedDict[str, Conversation] = OrderedDict()
        self._unsaved: set[str] = set()
        self._busy: set[str] = set()

    def new(self, settings: Settings, pane: Pane = "chat") -> Conversation:
        """An empty conversation; it reaches the store with its first content."""
        now = datetime.now(UTC)
        conversation = Conversation(new_id(), NEW_TITLE, now, now, settings, pane=pane)
        self._live[conversation.id] = conversation
        self._unsaved.add(conversation.id)
        return conversation

    def add(self, conversation: Conversation) -> None:
        """A conversation that was made elsewhere, such as a branch."""
        self._live[conversation.id] = conversation
        self._write(self._store.create, conversation)
        self.changed.emit(conversation.id)

    def get(self, conversation_id: str) -> Conversation:
        """The conversation, read from the store on first use. Raises KeyError."""
        if conversation_id not in self._live:
            self._live[conversation_id] = self._store.load(conversation_id)
            self._forget_old()
        self._live.move_to_end(conversation_id)
        return self._live[conversation_id]

    def turn(self, conversation_id: str, turn_id: str) -> Turn:
        """One turn. Raises KeyError."""
        for turn in reversed(self.get(conversation_id).turns):
            if turn.id == turn_id:
                return turn
        raise KeyError(turn_id)

    def is_saved(self, conversation_id: str) -> bool:
        """Whether the conversation has reached the store."""
        return conversation_id not in self._unsaved

    def set_busy(self, conversation_id: str, busy: bool) -> None:
        """Keep a conversation in memory while an answer is being made in it."""
        (self._busy.add if busy else self._busy.discard)(conversation_id)

    def add_turn(self, conversation_id: str, turn: Turn) -> None:
        """Append a turn and make it the active leaf."""
        self._save_new(conversation_id)
        conversation = self.get(conversation_id)
        self._live[conversation_id] = replace(
            conversation, turns=(*conversation.turns, turn), active_leaf=turn.id
        )
        self._write(self._store.add_turn, conversation_id, turn)
        self.changed.emit(conversation_id)

    def update_turn(self, conversation_id: str, turn: Turn) -> None:
        """Replace a turn by its newer self."""
        conversation = self.get(conversation_id)
        turns = tuple(turn if old.id == turn.id else old for old in conversation.turns)
        self._live[conversation_id] = replace(conversation, turns=turns)
        self._write(self._store.update_turn, conversation_id, turn)

    def stream(self, turn: Turn) -> None:
        """Save the text of a turn that is being written; the value here follows at its end."""
        self._write(self._store.stream, turn.id, turn.text, turn.thought, turn.thought_tokens)

    def set_leaf(self, conversation_id: str, turn_id: str) -> None:
        """Show another branch."""
        self._live[conversation_id] = replace(self.get(conversation_id), active_leaf=turn_id)
        self._write(self._store.set_active_leaf, conversation_id, turn_id)

    def set_settings(self, conversation_id: str, settings: Settings) -> None:
        """Change how answers are made."""
        self._live[conversation_id] = replace(self.get(conversation_id), settings=settings)
        if self.is_saved(conversation_id):
            self._write(self._store.set_settings, conversation_id, settings)

    def set_title(self, conversation_id: str, title: str, own: bool) -> None:
        """Rename; `own` titles are the person's and never replaced."""
        self._live[conversation_id] = replace(
            self.get(conversation_id), title=title, has_own_title=own
        )
        self._save_new(conversation_id)
        self._write(self._store.rename, conversation_id, title, own)
        self.changed.emit(conversation_id)

    def save_draft(self, conversation_id: str, draft: Draft) -> None:
        """Keep what stands in the composer."""
        is_empty = not draft.text and not draft.attachments
        if is_empty and not self.is_saved(conversation_id):
            return
        self._live[conversation_id] = replace(self.get(conversation_id), draft=draft)
        self._save_new(conversation_id)
        self._write(self._store.save_draft, conversation_id, draft)

    def set_materials(self, conversation_id: str, materials: tuple[Attachment, ...]) -> None:
        """Change the files that a pane works on."""
        self._save_new(conversation_id)
        conversation = self.get(conversation_id)
        self._live[conversation_id] = replace(conversation, materials=materials)
        self._write(self._store.set_materials, conversation_id, materials)
        self.materials_changed.emit(conversation_id)
        self.changed.emit(conversation_id)

    def set_work(self, conversation_id: str, work: Work) -> None:
        """Change what was worked out; may be called for a conversation that is not open."""
        self._save_new(conversation_id)
        self._live[conversation_id] = replace(self.get(conversation_id), work=work)
        self._write(self._store.set_work, conversation_id, work)
        self.work_changed.emit(conversation_id)

    def set_grants(self, conversation_id: str, grants: tuple[str, ...]) -> None:
        """Change which tools the person allowed for a conversation."""
        self._save_new(conversation_id)
        self._live[conversation_id] = replace(self.get(conversation_id), grants=grants)
        self._write(self._store.set_grants, conversation_id, grants)

    def forget(self, conversation_id: str) -> None:
        """Let go of a conversation that was deleted."""
        self._live.pop(conversation_id, None)
        self._unsaved.discard(conversation_id)
        self.forgotten.emit(conversation_id)

    def _save_new(self, conversation_id: str) -> None:
        if conversation_id in self._unsaved:
            self._unsaved.discard(conversation_id)
            self._write(self._store.create, self.get(conversation_id))
            self.changed.emit(conversation_id)

    def _write(self, function: object, *args: object) -> None:
        if not self._store.is_read_only:  # said once, in the store's notices
            self._writer.call(function, *args)  # type: ignore[arg-type]

    def _forget_old(self) -> None:
        for conversation_id in list(self._live)[:-KEPT]:
            if conversation_id not in self._busy and conversation_id not in self._unsaved:
                del self._live[conversation_id]
