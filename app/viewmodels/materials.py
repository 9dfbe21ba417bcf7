"""The files that a pane works on: pictures, documents, clips, recordings of the open conversation.

They are kept with the conversation. The one that is current goes along with the next question,
as it is selected, unless the model has it already from an earlier one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, Signal

from app.core.asking import NEW_TITLE, shortened
from app.core.conversation import Attachment, AttachmentKind, active_path, new_id
from app.core.costs import cost
from app.core.kinds import kind_of_name
from app.core.looking import Look
from app.core.reading import MediaReader, Reading
from app.core.work import Work
from app.intake.selection import Selection
from app.viewmodels.chat import ChatViewModel
from app.viewmodels.composer import ComposerViewModel
from app.viewmodels.desk import Desk
from app.viewmodels.models import ModelsViewModel
from inference import MediaError


@dataclass(frozen=True, slots=True)
class MaterialView:
    """A file of the pane. `attachment` is there when it was read, `problem` when it cannot be."""

    id: str
    name: str
    kind: AttachmentKind
    state: Literal["reading", "ready", "failed"] = "ready"
    problem: str = ""
    attachment: Attachment | None = None


class MaterialsViewModel(QObject):
    """Files of the open conversation's pane, and what was worked out from them."""

    changed = Signal()
    current_changed = Signal()
    work_changed = Signal()
    problem = Signal(str)
    _read = Signal(str, str, object)

    def __init__(
        self,
        desk: Desk,
        reader: MediaReader,
        models: ModelsViewModel,
        chat: ChatViewModel,
        composer: ComposerViewModel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk, self._reader, self._models = desk, reader, models
        self._chat, self._composer = chat, composer
        self._unread: dict[str, list[MaterialView]] = {}  # by conversation: reading or failed
        self._readings: dict[str, Look] = {}  # what is being read, by material
        self._currents: dict[str, str] = {}  # conversation -> material
        self._read.connect(self._on_read)
        chat.reset.connect(self._on_reset)
        chat.settings_changed.connect(self.changed)
        models.changed.connect(self.changed)
        desk.materials_changed.connect(self._on_desk_changed)
        desk.work_changed.connect(self._on_work_changed)
        composer.companions = self.companions

    # --- what is shown -----------------------------------------------------------------------

    def items(self) -> tuple[MaterialView, ...]:
        """The files, those that were read first."""
        return (*map(_ready, self._attachments()), *self._unread.get(self._id, ()))

    @property
    def current_id(self) -> str:
        """The file that is shown, empty for none."""
        ids = [item.id for item in self.items()]
        wanted = self._currents.get(self._id, "")
        return wanted if wanted in ids else (ids[-1] if ids else "")

    @property
    def current(self) -> Attachment | None:
        """The file that is shown, with its selection; None while there is none to be sent."""
        return next((a for a in self._attachments() if a.id == self.current_id), None)

    @property
    def work(self) -> Work:
        """Tables, transcripts and events of the conversation."""
        return self._desk.get(self._id).work if self._id else Work()

    def is_sent(self, attachment: Attachment) -> bool:
        """Whether the model gets the very same with the conversation so far."""
        if not self._id:
            return False
        return any(
            _same(attachment, sent)
            for turn in active_path(self._desk.get(self._id))
            for sent in turn.attachments
        )

    def companions(self) -> tuple[Attachment, ...]:
        """What goes along with the next question: the current file, unless it was sent."""
        current = self.current
        if self._chat.pane == "chat" or current is None or self.is_sent(current):
            return ()
        return (self.costed(current),)

    def costed(self, attachment: Attachment) -> Attachment:
        """The attachment with what it costs as it is selected now."""
        try:
            tokens = cost(attachment, self._chat.settings, self._models.image_tokens)
        except MediaError:  # beyond the engine's limits; it will say so itself
            return attachment
        return replace(attachment, tokens=tokens)

    # --- what is done ------------------------------------------------------------------------

    def select(self, material_id: str) -> None:
        """Show a file."""
        if material_id != self.current_id:
            self._currents[self._id] = material_id
            self.current_changed.emit()
            self._composer.refresh()

    def add_files(self, paths: Sequence[Path]) -> None:
        """Add files and show the first; those that cannot be read say why."""
        for path in paths:
            begun = self._begun(path.name, is_first=path == paths[0])
            self._readings[begun[0]] = self._reader.read_file(path, *begun, is_light=True)

    def add_bytes(self, data: bytes, name: str) -> None:
        """Add what was pasted, captured or recorded."""
        begun = self._begun(name, is_first=True)
        self._readings[begun[0]] = self._reader.read_bytes(data, name, *begun)

    def remove(self, material_id: str) -> None:
        """Take a file away from the pane; questions that were asked about it keep it."""
        if material_id in self._readings:
            self._readings.pop(material_id).cancel()
        unread = self._unread.get(self._id, [])
        self._unread[self._id] = [item for item in unread if item.id != material_id]
        kept = tuple(a for a in self._attachments() if a.id != material_id)
        if len(kept) < len(self._attachments()):
            self._set(kept)
        else:
            self.changed.emit()
        self.current_changed.emit()

    def move(self, material_id: str, place: int) -> None:
        """Put a file at another place, from 0."""
        moved = [a for a in self._attachments() if a.id == material_id]
        others = [a for a in self._attachments() if a.id != material_id]
        if moved:
            self._set((*others[:place], *moved, *others[place:]))

    def set_selection(self, material_id: str, selection: Selection) -> None:
        """Choose which part of a file is sent."""
        self._replace(material_id, lambda old: replace(old, selection=selection))

    def set_budget(self, material_id: str, soft_tokens: int | None) -> None:
        """Choose how finely a picture, page or frame is seen."""
        self._replace(material_id, lambda old: replace(old, soft_tokens=soft_tokens))

    def set_work(self, work: Work) -> None:
        """Keep tables, transcripts or events."""
        if self._id and work != self.work:
            self._desk.set_work(self._id, work)

    # --- own ---------------------------------------------------------------------------------

    @property
    def _id(self) -> str:
        return self._chat.conversation_id

    def _attachments(self) -> tuple[Attachment, ...]:
        return self._desk.get(self._id).materials if self._id else ()

    def _begun(self, name: str, *, is_first: bool) -> tuple[str, Callable[[Reading], None]]:
        conversation_id, material_id = self._id, new_id()
        view = MaterialView(material_id, name, kind_of_name(name) or "text", "reading")
        self._unread.setdefault(conversation_id, []).append(view)
        if is_first:
            self._currents[conversation_id] = material_id
            self.current_changed.emit()
        self.changed.emit()
        return material_id, lambda done: self._read.emit(conversation_id, material_id, done)

    def _on_read(self, conversation_id: str, material_id: str, reading: Reading) -> None:
        self._readings.pop(material_id, None)
        unread = self._unread.get(conversation_id, [])
        at = next((i for i, item in enumerate(unread) if item.id == material_id), None)
        if at is None:
            return  # removed while it was being read
        if reading.attachment is None:
            unread[at] = replace(unread[at], state="failed", problem=reading.problem)
            self.problem.emit(reading.problem)
        else:
            del unread[at]
            try:
                before = self._desk.get(conversation_id).materials
            except KeyError:  # deleted meanwhile
                return
            self._desk.set_materials(conversation_id, (*before, reading.attachment))
            self._name(conversation_id, reading.attachment)
        if conversation_id == self._id:
            self.changed.emit()
            self.current_changed.emit()
            self._composer.refresh()

    def _name(self, conversation_id: str, attachment: Attachment) -> None:
        """A conversation that has no words yet is called after its first file."""
        if self._desk.get(conversation_id).title == NEW_TITLE:
            self._desk.set_title(conversation_id, shortened(Path(attachment.name).stem), own=False)

    def _replace(self, material_id: str, change: Callable[[Attachment], Attachment]) -> None:
        before = self._attachments()
        after = tuple(change(a) if a.id == material_id else a for a in before)
        if after != before:
            self._set(after)

    def _set(self, attachments: tuple[Attachment, ...]) -> None:
        self._desk.set_materials(self._id, attachments)
        self._composer.refresh()

    def _on_desk_changed(self, conversation_id: str) -> None:
        if conversation_id == self._id:
            self.changed.emit()

    def _on_work_changed(self, conversation_id: str) -> None:
        if conversation_id == self._id:
            self.work_changed.emit()

    def _on_reset(self) -> None:
        self.changed.emit()
        self.current_changed.emit()
        self.work_changed.emit()


def _ready(attachment: Attachment) -> MaterialView:
    return MaterialView(attachment.id, attachment.name, attachment.kind, attachment=attachment)


def _same(one: Attachment, other: Attachment) -> bool:
    """Whether the model would get the same of both."""
    return (one.sha256, one.selection, one.soft_tokens) == (
        other.sha256,
        other.selection,
        other.soft_tokens,
    )
