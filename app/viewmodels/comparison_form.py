"""What is to be compared: a question, files, and two copies of models."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.core.comparison.report import comparison_of
from app.core.conversation import Attachment, new_id
from app.core.reading import Reading
from app.viewmodels.values import AttachmentView, ModelChoice
from app.viewmodels.views import attachment_view
from app.viewmodels.workbench import Workbench


class ComparisonForm(QObject):
    """Filled from what is open, and changed by the person."""

    changed = Signal()
    problem = Signal(str)  # a file could not be read
    _read = Signal(str, object)

    def __init__(self, work: Workbench, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work, self._desk, self._models = work, work.desk, work.models
        self.question = ""
        self.attachments: tuple[Attachment, ...] = ()
        self._reading: dict[str, str] = {}  # files on their way: id -> name
        self._keys = ("", "")
        self._read.connect(self._on_read)
        self._models.changed.connect(self.changed)
        work.pictures.found.connect(lambda _sha: self.changed.emit())

    @property
    def choices(self) -> list[ModelChoice]:
        """The copies that can be compared."""
        return self._models.choices()

    @property
    def keys(self) -> tuple[str, str]:
        """The two copies that are chosen, "" for none."""
        known = [choice.key for choice in self.choices]
        first, second = (key if key in known else "" for key in self._keys)
        return first, second

    @property
    def files(self) -> list[AttachmentView]:
        """What is sent with the question."""
        thumbnail = self._work.pictures.thumbnail
        ready = [attachment_view(each, thumbnail) for each in self.attachments]
        return ready + [
            AttachmentView(file_id, "text", name, "Reading…", state="reading")
            for file_id, name in self._reading.items()
        ]

    @property
    def missing(self) -> str:
        """A sentence saying what is missing, "" when everything is there."""
        first, second = self.keys
        if len(self.choices) < 2:
            return "There is only one copy on this computer. Get another one to compare it with."
        if not first or not second or first == second:
            return "Choose two different copies."
        if self._reading:
            return "A file is still being read."
        if not self.question.strip() and not self.attachments:
            return "Write a question or add a file."
        return ""

    def prepare(self, key: str = "") -> None:
        """Fill the form: what stands in the composer, else the last question; `key` is one copy."""
        self._work.composer.save_draft()
        question, files = self._material()
        self.question, self.attachments = question, files
        current = self._models.current
        first = current.key if current is not None else ""
        others = [choice.key for choice in self.choices if choice.key != first]
        second = key if key in others else self._nearest(first, others)
        self._keys = (first, second)
        self.changed.emit()

    def choose(self, first: str, second: str) -> None:
        """Which two copies."""
        self._keys = (first, second)
        self.changed.emit()

    def set_question(self, text: str) -> None:
        """The person typed."""
        self.question = text
        self.changed.emit()

    def add_files(self, paths: Sequence[Path]) -> None:
        """Send these as well."""
        for path in paths:
            file_id = new_id()
            self._reading[file_id] = path.name
            self._work.reader.read_file(path, file_id, self._done(file_id))
        self.changed.emit()

    def remove_file(self, file_id: str) -> None:
        """Do not send this one."""
        self.attachments = tuple(each for each in self.attachments if each.id != file_id)
        self._reading.pop(file_id, None)
        self.changed.emit()

    def chosen(self) -> tuple[ModelChoice, ModelChoice]:
        """The two copies. Raises KeyError while they are not chosen."""
        by_key = {choice.key: choice for choice in self.choices}
        first, second = self.keys
        return by_key[first], by_key[second]

    def _material(self) -> tuple[str, tuple[Attachment, ...]]:
        """What the open conversation would ask, or has asked last."""
        conversation_id = self._work.chat.conversation_id
        if not conversation_id:
            return "", ()
        conversation = self._desk.get(conversation_id)
        companions = self._work.composer.companions()
        draft = conversation.draft
        if draft.text.strip() or draft.attachments:
            return draft.text.strip("\n"), (*companions, *draft.attachments)
        asked = [turn for turn in conversation.turns if turn.role == "user"]
        compared = comparison_of(conversation)
        if compared is not None:
            asked = [turn for turn in asked if turn.id == compared.question_id]
        return (asked[-1].text, asked[-1].attachments) if asked else ("", companions)

    def _nearest(self, first: str, others: list[str]) -> str:
        """Another copy of the same size if there is one, such as 8-bit beside 4-bit."""
        names = {choice.key: choice.name for choice in self.choices}
        same = [key for key in others if names[key] == names.get(first)]
        return next(iter(same or others), "")

    def _done(self, file_id: str) -> Callable[[Reading], None]:
        return lambda reading: self._read.emit(file_id, reading)

    def _on_read(self, file_id: str, reading: Reading) -> None:
        if self._reading.pop(file_id, None) is None:
            return  # removed
        if reading.attachment is not None:
            self.attachments = (*self.attachments, reading.attachment)
        else:
            self.problem.emit(reading.problem)
        self.changed.emit()
