"""The tables of figures of all conversations: made from answers, changed by hand, undone, kept."""

from __future__ import annotations

from dataclasses import replace

from app.core.conversation import Attachment, Conversation
from app.core.figures.parse import figures_of
from app.core.figures.values import Figure, FigureTable, new_id, with_figure
from app.viewmodels.checking import settled
from app.viewmodels.desk import Desk
from app.viewmodels.figures_source import source_of, stored_attachment, title_for

MOST_UNDO = 100
LONGEST = 400  # characters typed into a cell


class FigureStore:
    """Changes go to the desk at once; who shows them listens to its `work_changed`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._undo: list[tuple[str, FigureTable]] = []

    def tables(self, conversation_id: str) -> tuple[FigureTable, ...]:
        """All tables of a conversation, oldest first; none of one that was deleted."""
        conversation = self.conversation(conversation_id)
        return () if conversation is None else conversation.work.tables

    def conversation(self, conversation_id: str) -> Conversation | None:
        """The conversation, None when there is none of that id any more."""
        try:
            return self._desk.get(conversation_id) if conversation_id else None
        except KeyError:
            return None

    def attachment(self, conversation_id: str, table: FigureTable) -> Attachment | None:
        """The picture or document that a table was read from."""
        conversation = self.conversation(conversation_id)
        return None if conversation is None else stored_attachment(conversation, table.source_id)

    def put(self, conversation_id: str, table: FigureTable) -> None:
        """Keep a table, new or changed."""
        conversation = self.conversation(conversation_id)
        if conversation is None:
            return
        old = conversation.work.tables
        if any(each.id == table.id for each in old):
            tables = tuple(table if each.id == table.id else each for each in old)
        else:
            tables = (*old, table)
        self._desk.set_work(conversation_id, replace(conversation.work, tables=tables))

    # --- made from answers -----------------------------------------------------------------------

    def made_of_answer(self, conversation_id: str, turn_id: str) -> FigureTable | None:
        """A table of all figures of an answer, kept; None when it has none.

        Of an answer that was continued, what was checked already stays so.
        """
        conversation = self.conversation(conversation_id)
        if conversation is None:
            return None
        turn = self._desk.turn(conversation_id, turn_id)
        if turn.role != "model":
            return None
        figures = figures_of(turn.text)
        old = next((t for t in conversation.work.tables if t.turn_id == turn_id), None)
        if old is None or not figures:
            return self.made(conversation_id, turn_id, figures)
        known = {(f.group, f.label, f.first): f for f in old.figures}
        merged = tuple(known.get((f.group, f.label, f.first), f) for f in figures)
        is_whole = turn.state == "complete"
        table = replace(old, figures=merged, notes=() if is_whole else old.notes)
        self.put(conversation_id, table)
        return table

    def made(
        self, conversation_id: str, turn_id: str, figures: tuple[Figure, ...], title: str = ""
    ) -> FigureTable | None:
        """A table of these figures of an answer, kept; None without figures."""
        conversation = self.conversation(conversation_id)
        if not figures or conversation is None:
            return None
        turn = self._desk.turn(conversation_id, turn_id)
        source, page, region = source_of(conversation, turn)
        is_cut_off = turn.state not in ("complete", "streaming")
        table = FigureTable(
            new_id(),
            title or title_for(conversation, source),
            figures,
            turn_id,
            source.id if source is not None else "",
            page,
            region,
            turn.model,
            ("The answer was cut off; figures may be missing.",) if is_cut_off else (),
        )
        self.put(conversation_id, table)
        return table

    def settle(self, conversation_id: str, table_id: str, read: Figure) -> None:
        """Take over a second reading. What the person changed since the check began counts."""
        table = next((t for t in self.tables(conversation_id) if t.id == table_id), None)
        stored = next((f for f in table.figures if f.id == read.id), None) if table else None
        if table is not None and stored is not None and read.second is not None:
            figure = settled(stored, read.second, read.crop)
            self.put(conversation_id, with_figure(table, figure))

    # --- by hand ---------------------------------------------------------------------------------

    def change(self, conversation_id: str, table: FigureTable, figure: Figure) -> None:
        """Replace a figure by one that a person changed."""
        self.replace(conversation_id, table, with_figure(table, figure))

    def replace(self, conversation_id: str, before: FigureTable, after: FigureTable) -> None:
        """Replace a table by one that a person changed."""
        self._undo.append((conversation_id, before))
        del self._undo[:-MOST_UNDO]
        self.put(conversation_id, after)

    def can_undo(self, conversation_id: str) -> bool:
        """Whether a change by hand can be taken back."""
        return any(where == conversation_id for where, _ in self._undo)

    def undo(self, conversation_id: str) -> None:
        """Take back the last change by hand; second readings that came since are kept."""
        places = [n for n, (where, _) in enumerate(self._undo) if where == conversation_id]
        if not places:
            return
        _, before = self._undo.pop(places[-1])
        now = {
            f.id: f for t in self.tables(conversation_id) if t.id == before.id for f in t.figures
        }
        figures = tuple(_undone(old, now.get(old.id)) for old in before.figures)
        self.put(conversation_id, replace(before, figures=figures))


def kept(figure: Figure) -> Figure:
    """The person decided for the first reading."""
    return replace(figure, state="by hand", remark="The first reading was kept by hand.")


def second_taken(figure: Figure) -> Figure:
    """The person decided for the second reading, if that found a value."""
    if figure.second is None or not figure.second.value:
        return figure
    remark = "The second reading was taken by hand."
    return replace(figure, value=figure.second.value, state="by hand", remark=remark)


def edited(figure: Figure, value: str) -> Figure:
    """A value typed by the person."""
    value = " ".join(value.split())[:LONGEST]
    return figure if value == figure.value else replace(
        figure, value=value, state="by hand", remark=""
    )  # fmt: skip


def renamed(figure: Figure, label: str) -> Figure:
    """A name typed by the person."""
    return replace(figure, label=" ".join(label.split())[:LONGEST] or figure.label)


def with_new(table: FigureTable, after_id: str) -> tuple[FigureTable, str]:
    """The table with a new row under another, or at the end; and the row's id."""
    at = next((n + 1 for n, f in enumerate(table.figures) if f.id == after_id), len(table.figures))
    group = table.figures[at - 1].group if table.figures else ""
    figure = Figure(new_id(), "New figure", "", group, "by hand")
    figures = (*table.figures[:at], figure, *table.figures[at:])
    return replace(table, figures=figures), figure.id


def without(table: FigureTable, figure_id: str) -> FigureTable:
    """The table without one of its rows."""
    return replace(table, figures=tuple(f for f in table.figures if f.id != figure_id))


def _undone(old: Figure, now: Figure | None) -> Figure:
    if now is None or now.second is None or now.second == old.second:
        return old
    return settled(old, now.second, now.crop)
