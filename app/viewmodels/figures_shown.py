"""The table of figures that is shown: its rows, the chosen figure, boxes, how its check goes."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from PySide6.QtCore import QObject, Signal

from app.core.conversation import active_path
from app.core.figures.sums import Finding
from app.core.figures.values import FigureTable
from app.core.pyramid import Pixels
from app.viewmodels.chat import ChatViewModel
from app.viewmodels.checking import Checking
from app.viewmodels.desk import Desk
from app.viewmodels.figure_pixels import FigurePixels, PixelReader, cut
from app.viewmodels.figure_rows import (
    DetailView,
    GridRow,
    boxes_of,
    detail_of,
    findings_of,
    rows_of,
    summary_of,
)
from app.viewmodels.figure_store import FigureStore
from app.viewmodels.image_values import EvidenceBox
from app.viewmodels.models import ModelsViewModel
from app.viewmodels.side_requests import SideRequests


class ShownFigures(QObject):
    """One table is shown at a time: that of the newest answer shown, or the one chosen.

    `changed` says that rows, state or sums are others; `boxes_changed` that places are.
    """

    changed = Signal()
    chosen_changed = Signal()  # another figure, or its picture has come
    boxes_changed = Signal()

    def __init__(
        self,
        desk: Desk,
        side: SideRequests,
        models: ModelsViewModel,
        reader: PixelReader,
        chat: ChatViewModel,
        clock: Callable[[], float] = monotonic,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk, self._models, self._chat = desk, models, chat
        self._store = FigureStore(desk)
        self._pixels = FigurePixels(reader, self)
        self._checking = Checking(side, self._pixels, models, clock, self)
        self._table_id = ""
        self._chosen = ""
        self._opened: frozenset[str] = frozenset()
        self._closed: frozenset[str] = frozenset()
        self._last_words: dict[str, str] = {}  # by conversation, how its last check ended
        self._shown_boxes: tuple[EvidenceBox, ...] = ()
        chat.reset.connect(self._on_reset)
        models.changed.connect(self.changed)
        desk.work_changed.connect(self._on_work_changed)
        self._checking.progressed.connect(self._tell)

    def tables(self) -> tuple[FigureTable, ...]:
        """All tables of the open conversation, oldest first."""
        return self._store.tables(self._id)

    @property
    def table(self) -> FigureTable | None:
        """The table shown: the chosen one, else that of the newest answer shown."""
        tables = self.tables()
        chosen = next((t for t in tables if t.id == self._table_id), None)
        if chosen is not None or not tables:
            return chosen
        path = [turn.id for turn in active_path(self._desk.get(self._id))]
        on_path = [t for t in tables if t.turn_id in path]
        return (on_path or list(tables))[-1]

    def rows(self) -> tuple[GridRow, ...]:
        """The rows of the grid."""
        table = self.table
        if table is None:
            return ()
        pending = "Waiting" if self._checking.table_id == table.id else ""
        return rows_of(table, self._closed, self._opened, self._checking.reading_id, pending)

    @property
    def summary(self) -> str:
        """Like "21 confirmed · 1 differs · 1 not found"."""
        return summary_of(self.table.figures) if self.table else ""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What code says of sums and shares."""
        return findings_of(self.table).findings if self.table else ()

    @property
    def notes(self) -> tuple[str, ...]:
        """What has to be said about the table as a whole."""
        table = self.table
        if table is None:
            return ()
        why = self.why_not_checked
        return (*table.notes, *([why] if why and not self.is_checking else []))

    @property
    def unchecked(self) -> int:
        """How many figures were not read a second time."""
        return sum(f.state == "unchecked" for f in self.table.figures) if self.table else 0

    @property
    def has_conflicts(self) -> bool:
        """Whether a person has something to decide."""
        return self.table is not None and any(
            f.state in ("differs", "not found") for f in self.table.figures
        )

    @property
    def boxes(self) -> tuple[EvidenceBox, ...]:
        """Where figures were read; figures of one chart share a box in their worst state."""
        table = self.table
        return boxes_of(table, self._checking.reading_id) if table is not None else ()

    @property
    def source_id(self) -> str:
        """The material that the table shown was read from."""
        return self.table.source_id if self.table else ""

    def choose_table(self, table_id: str) -> None:
        """Show another table."""
        self._table_id, self._chosen = table_id, ""
        self._tell()
        self.chosen_changed.emit()

    # --- the chosen figure -----------------------------------------------------------------------

    @property
    def chosen(self) -> str:
        """The id of the chosen row, "" for none."""
        return self._chosen

    def choose(self, row_id: str) -> None:
        """Choose a row; its card and box are lit. One in a folded group unfolds that."""
        if row_id == self._chosen:
            return
        self._chosen = row_id
        table = self.table
        if row_id and table is not None and all(row.id != row_id for row in self.rows()):
            self._opened |= {figure.group for figure in table.figures if figure.id == row_id}
            self.changed.emit()
        self.chosen_changed.emit()

    @property
    def chosen_box(self) -> str:
        """The id of the box that the chosen figure stands in, "" for none."""
        table = self.table
        figure = next((f for f in table.figures if f.id == self._chosen), None) if table else None
        if figure is None or figure.crop is None:
            return ""
        return next((box.id for box in self.boxes if box.crop == figure.crop), "")

    @property
    def detail(self) -> DetailView | None:
        """The card of the chosen figure."""
        table = self.table
        if table is None or not self._chosen:
            return None
        everything = (*table.figures, *findings_of(table).figures)
        figure = next((f for f in everything if f.id == self._chosen), None)
        return None if figure is None else detail_of(table, figure, self.why_not_checked)

    def detail_pixels(self) -> Pixels | None:
        """The crop of the chosen figure, uint8 RGB; None until `chosen_changed` brings it."""
        table, detail = self.table, self.detail
        if table is None or detail is None or detail.crop is None:
            return None
        attachment = self._store.attachment(self._id, table)
        if attachment is None:
            return None
        held = self._pixels.held(attachment, table.page)
        if held is None:
            self._pixels.get(attachment, table.page, lambda *_: self.chosen_changed.emit())
            return None
        size = (attachment.width, attachment.height)
        whole = size if not table.page and all(size) else (held.shape[1], held.shape[0])
        return cut(held, detail.crop, whole)

    def toggle(self, group: str) -> None:
        """Open or close a group."""
        is_open = any(row.id == group and row.is_open for row in self.rows() if row.kind == "group")
        self._opened = self._opened - {group} if is_open else self._opened | {group}
        self._closed = self._closed | {group} if is_open else self._closed - {group}
        self.changed.emit()

    # --- the check -------------------------------------------------------------------------------

    @property
    def why_not_checked(self) -> str:
        """Why the table shown cannot be checked, in a sentence; empty when it can."""
        table = self.table
        if table is None:
            return "There are no figures yet."
        if self._store.attachment(self._id, table) is None:
            return (
                "These figures cannot be checked: no single picture or page goes with their answer."
            )
        if self._models.current is None:
            return "Get a model to check figures."
        if not self._models.senses.sees:
            return "The model in use cannot see, so it cannot check figures."
        if self._models.state == "failed":
            return "The model could not be loaded. Choose another one to check figures."
        return ""

    @property
    def is_checking(self) -> bool:
        """Whether the table shown is being checked."""
        table = self.table
        return table is not None and self._checking.table_id == table.id

    @property
    def status(self) -> str:
        """What is going on, or how the last check ended."""
        if not self.is_checking:
            return self._last_words.get(self._id, "")
        if self._checking.is_held_up:
            return "Waiting for the answer to finish"
        if self._checking.is_placing:
            return "Looking for the places of the figures"
        done, total = self._checking.progress
        return f"Checking figure {min(done + 1, total)} of {total}"

    @property
    def share(self) -> float | None:
        """How much of the check is done, None while that is not known."""
        done, total = self._checking.progress
        return done / total if total and not self._checking.is_placing else None

    # --- reactions -------------------------------------------------------------------------------

    def _on_work_changed(self, conversation_id: str) -> None:
        if conversation_id == self._id:
            self._tell()
            self.chosen_changed.emit()

    def _on_reset(self) -> None:
        """Another conversation, or another way through this one."""
        self._table_id = self._chosen = ""
        self._tell()
        self.chosen_changed.emit()

    @property
    def _id(self) -> str:
        return self._chat.conversation_id

    def _tell(self) -> None:
        self.changed.emit()
        boxes = self.boxes
        if boxes != self._shown_boxes:
            self._shown_boxes = boxes
            self.boxes_changed.emit()
