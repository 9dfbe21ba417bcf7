"""The figures of the open conversation: read from answers, checked, corrected, exported."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Literal

from PySide6.QtCore import QObject, Signal

from app.core.figures import export, questions
from app.core.figures.parse import figures_of_table
from app.core.figures.tables import RawTable
from app.core.figures.values import Figure, FigureTable
from app.viewmodels import figure_files
from app.viewmodels import figure_store as by_hand
from app.viewmodels.answers import Answers
from app.viewmodels.chat import ChatViewModel
from app.viewmodels.desk import Desk
from app.viewmodels.figure_pixels import PixelReader
from app.viewmodels.figures_shown import ShownFigures
from app.viewmodels.materials import MaterialsViewModel
from app.viewmodels.models import BUNDLED_KEY, ModelsViewModel
from app.viewmodels.side_requests import SideRequests

LONGEST_ANSWER = 4096  # tokens of a dashboard analysis


@dataclass(frozen=True, slots=True)
class Copied:
    """Rows for the clipboard."""

    tsv: str
    html: str
    markdown: str


class FiguresViewModel(ShownFigures):
    """What can be done with figures; what is seen of them is in `ShownFigures`."""

    shown = Signal()  # a table is to be looked at
    announced = Signal(str, bool)
    problem = Signal(str)

    def __init__(
        self,
        desk: Desk,
        answers: Answers,
        side: SideRequests,
        models: ModelsViewModel,
        reader: PixelReader,
        chat: ChatViewModel,
        materials: MaterialsViewModel,
        clock: Callable[[], float] = monotonic,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(desk, side, models, reader, chat, clock, parent)
        self._materials = materials
        self._analyses: set[str] = set()  # answers to be checked as soon as they are there
        answers.ended.connect(self._on_ended)
        materials.current_changed.connect(self.changed)
        chat.running_changed.connect(self.changed)
        self._checking.figure_read.connect(self._store.settle)
        self._checking.ended.connect(self._on_check_ended)

    # --- reading -------------------------------------------------------------------------------

    @property
    def can_run(self) -> bool:
        """Whether there is a picture to analyse."""
        return self._materials.current is not None and not self._chat.is_running

    def run(self) -> None:
        """The dashboard analysis of the current material: asked now, checked when it is there."""
        attachment = self._materials.current
        if attachment is None:
            self.problem.emit("Add a picture of a dashboard first.")
            return
        going = () if self._materials.is_sent(attachment) else (attachment,)
        title = f"Dashboard: {attachment.name}"
        current = self._models.current
        if current is not None and current.key == BUNDLED_KEY:
            answer = self._chat.ask(questions.DASHBOARD_SIMPLE, going, title)
        else:
            answer = self._chat.ask(questions.DASHBOARD, going, title, max_tokens=LONGEST_ANSWER)
        if answer:
            self._analyses.add(answer)
        else:
            self.problem.emit("Nothing can be asked right now: stop what runs, or load a model.")

    def open_answer(self, turn_id: str) -> bool:
        """Show the figures of an answer's tables; False when it has none."""
        known = next((t for t in self.tables() if t.turn_id == turn_id), None)
        if known is None:
            known = self._store.made_of_answer(self._id, turn_id)
        if known is None:
            return False
        self.choose_table(known.id)
        self.shown.emit()
        return True

    def open_table(self, turn_id: str, table: RawTable, title: str = "") -> bool:
        """Show the figures of one table of an answer; False when it holds none."""
        figures = figures_of_table(table)
        if not figures:
            return False
        labels = [(f.group, f.label, f.first) for f in figures]
        for known in self.tables():
            same = [(f.group, f.label, f.first) for f in known.figures] == labels
            if known.turn_id == turn_id and same:
                self.choose_table(known.id)
                self.shown.emit()
                return True
        made = self._store.made(self._id, turn_id, figures, title or table.heading)
        if made is None:
            return False
        self.choose_table(made.id)
        self.shown.emit()
        return True

    def check(self, figure_ids: tuple[str, ...] = ()) -> None:
        """Read figures a second time: those given, else all that were not yet."""
        table = self.table
        if table is None or self.why_not_checked:
            self.problem.emit(self.why_not_checked)
            return
        wanted = figure_ids or tuple(f.id for f in table.figures if f.state == "unchecked")
        self._start(self._id, table, wanted)

    def read_again(self, figure_id: str) -> None:
        """Read one figure again."""
        self.check((figure_id,))

    def stop(self) -> None:
        """Stop checking; what was checked stays."""
        self._checking.stop()

    def close(self) -> None:
        """Stop what runs; the last thing to be called."""
        self._checking.stop()

    # --- by hand -------------------------------------------------------------------------------

    def keep(self, figure_id: str) -> None:
        """The person decides for the first reading."""
        self._change(figure_id, by_hand.kept)

    def use_second(self, figure_id: str) -> None:
        """The person decides for the second reading."""
        self._change(figure_id, by_hand.second_taken)

    def edit(self, figure_id: str, value: str) -> None:
        """A value typed by the person."""
        self._change(figure_id, lambda figure: by_hand.edited(figure, value))

    def rename(self, figure_id: str, label: str) -> None:
        """A name typed by the person."""
        self._change(figure_id, lambda figure: by_hand.renamed(figure, label))

    def add(self, after_id: str = "") -> str:
        """A new row under another, or at the end; gives its id."""
        table = self.table
        if table is None:
            return ""
        after, figure_id = by_hand.with_new(table, after_id)
        self._store.replace(self._id, table, after)
        self.choose(figure_id)
        return figure_id

    def remove(self, figure_id: str) -> None:
        """Take a row out; it can be undone."""
        table = self.table
        if table is not None and any(f.id == figure_id for f in table.figures):
            self._store.replace(self._id, table, by_hand.without(table, figure_id))
            if self._chosen == figure_id:
                self.choose("")

    @property
    def can_undo(self) -> bool:
        """Whether the last change by hand can be taken back."""
        return self._store.can_undo(self._id)

    def undo(self) -> None:
        """Take back the last change by hand; second readings that came since are kept."""
        self._store.undo(self._id)

    def _change(self, figure_id: str, change: Callable[[Figure], Figure]) -> None:
        table = self.table
        if table is None or all(f.id != figure_id for f in table.figures):
            return  # a computed row
        figure = table.figure(figure_id)
        changed = change(figure)
        if changed != figure:
            self._store.change(self._id, table, changed)

    # --- out -----------------------------------------------------------------------------------

    def as_file(self, ending: Literal["csv", "xlsx"]) -> bytes:
        """The table as a file; empty without one."""
        return figure_files.as_file(self.table, ending) if self.table else b""

    @property
    def file_name(self) -> str:
        """A name for exported files, without its ending."""
        return figure_files.name_for(self.table) if self.table else "figures"

    def copied(self, row_ids: tuple[str, ...] = ()) -> Copied | None:
        """Chosen rows, all for none, in the forms that programs take from the clipboard."""
        if self.table is None:
            return None
        figures = figure_files.copied(self.table, row_ids)
        return Copied(export.to_tsv(figures), export.to_html(figures), export.to_markdown(figures))

    # --- reactions -----------------------------------------------------------------------------

    def _on_ended(self, conversation_id: str, turn_id: str) -> None:
        is_analysis = turn_id in self._analyses
        self._analyses.discard(turn_id)
        conversation = self._store.conversation(conversation_id)
        if conversation is None or not (is_analysis or conversation.pane == "image"):
            return
        is_whole = self._desk.turn(conversation_id, turn_id).state in ("complete", "length")
        table = self._store.made_of_answer(conversation_id, turn_id)
        if table is None:
            if is_analysis and is_whole:
                self.problem.emit("The answer has no table, so there are no figures to check.")
            return
        if conversation_id == self._id:
            self.choose_table(table.id)
            self.shown.emit()
        if is_analysis and is_whole:
            self._start(conversation_id, table, tuple(f.id for f in table.figures))

    def _on_check_ended(self, conversation_id: str, sentence: str) -> None:
        self._last_words[conversation_id] = sentence
        if conversation_id == self._id:
            words = f"{sentence} {self.summary}." if self.summary else sentence
            self.announced.emit(words, False)
        self._tell()

    def _start(self, conversation_id: str, table: FigureTable, wanted: tuple[str, ...]) -> None:
        attachment = self._store.attachment(conversation_id, table)
        if attachment is not None:
            self._checking.start(conversation_id, table, attachment, wanted)
