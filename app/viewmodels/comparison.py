"""Compare on my file: one question through two copies in turn, the model in use afterwards back.

Kept as a conversation whose two answers are versions of each other, so that it can be opened,
searched, exported and gone on with like any other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from time import monotonic

from PySide6.QtCore import QObject, Signal

from app.core.asking import draw_seed
from app.core.comparison.figures import Findings, findings
from app.core.comparison.report import comparison_of, markdown
from app.core.comparison.values import ComparedCopy, Comparison
from app.core.conversation import Conversation
from app.viewmodels import turns as make
from app.viewmodels.borrowing import Borrowing
from app.viewmodels.comparison_form import ComparisonForm
from app.viewmodels.comparison_run import ComparisonRun, Side
from app.viewmodels.comparison_values import SideView, side_view
from app.viewmodels.values import AttachmentView, ModelChoice
from app.viewmodels.views import attachment_view
from app.viewmodels.workbench import Workbench

FAMILY = "Gemma 4 "  # said nowhere in a title: every copy is one


class ComparisonViewModel(QObject):
    """A form, and the comparison that was made last or is looked at again."""

    changed = Signal()  # the form, or what is known of the comparison
    progressed = Signal()  # a piece of an answer came
    ended = Signal(str)  # a sentence
    _found = Signal(str, object)

    def __init__(
        self,
        work: Workbench,
        borrowing: Borrowing,
        clock: Callable[[], float] = monotonic,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._work, self._borrowing, self._clock = work, borrowing, clock
        self._desk, self._models = work.desk, work.models
        self.form = ComparisonForm(work, self)
        self._run: ComparisonRun | None = None
        self._id = ""  # the conversation that is shown
        self._findings: Findings | None = None
        self._last = ""
        self._found.connect(self._on_found)
        self.form.changed.connect(self.changed)
        self._desk.forgotten.connect(self._on_forgotten)

    @property
    def why_not(self) -> str:
        """A sentence saying why nothing can be compared now, "" when it can."""
        if self.is_running:
            return "Two copies are being compared."
        if not self._borrowing.is_free:
            return "Another copy is being tested. Compare afterwards."
        return self.form.missing

    # --- comparing -----------------------------------------------------------------------------

    @property
    def is_running(self) -> bool:
        """Whether a comparison is being made."""
        return self._run is not None

    @property
    def is_held_up(self) -> bool:
        """Whether an answer comes first."""
        return self._run is not None and self._run.is_held_up

    @property
    def conversation_id(self) -> str:
        """The conversation of the comparison that is shown, "" for none."""
        return self._id

    @property
    def outcome(self) -> str:
        """How the last comparison ended, "" while it runs or when it is an older one."""
        return self._last

    def start(self) -> None:
        """Ask both copies. Ignored while `why_not` says something."""
        if self.why_not:
            return
        settings = replace(self._work.chat.settings, temperature=0.0, seed=draw_seed(), tools=())
        conversation = self._desk.new(settings)
        question = make.question(None, self.form.question.strip("\n"), self.form.attachments)
        sides = tuple(self._side(key, question.id, conversation) for key in self.form.keys)
        first, second = self.form.chosen()
        copies = tuple(
            ComparedCopy(side.name, choice.size_bytes)
            for side, choice in zip(sides, (first, second), strict=True)
        )
        record = Comparison(question.id, tuple(side.turn.id for side in sides), copies)
        self._desk.set_title(conversation.id, _title(first, second), own=True)
        self._desk.add_turn(conversation.id, question)
        work = self._desk.get(conversation.id).work
        self._desk.set_work(conversation.id, replace(work, comparisons=(record,)))
        self._id, self._findings, self._last = conversation.id, None, ""
        run = self._run = ComparisonRun(
            conversation,
            question,
            sides,
            self._desk,
            self._borrowing,
            self._work.reader,
            self._clock,
            self,
        )
        run.progressed.connect(self.progressed)
        run.ended.connect(self._on_ended)
        run.start()
        self.changed.emit()

    def stop(self) -> None:
        """End it; what was answered is kept, and the model in use comes back."""
        if self._run is not None:
            self._run.stop()

    def close(self) -> None:
        """The last thing to be called."""
        self.stop()

    def _side(self, key: str, question_id: str, conversation: Conversation) -> Side:
        choice = next(each for each in self.form.choices if each.key == key)
        folder = self._models.folder_of(key)
        assert folder is not None
        name = f"{choice.name} {choice.bits}".strip()
        turn = make.answer(question_id, choice, conversation.settings)
        return Side(name, folder, replace(turn, model=name))

    def _on_forgotten(self, conversation_id: str) -> None:
        if conversation_id != self._id:
            return
        self._id, self._findings = "", None
        if self._run is not None:
            self._run.abandon()
        self.changed.emit()

    def _on_ended(self, sentence: str) -> None:
        run, self._run = self._run, None
        if run is not None:
            run.deleteLater()
        self._last = sentence
        self._look()
        self.ended.emit(sentence)
        self.changed.emit()

    # --- what came of it -----------------------------------------------------------------------

    def is_comparison(self, conversation_id: str) -> bool:
        """Whether a conversation holds a comparison."""
        try:
            return comparison_of(self._desk.get(conversation_id)) is not None
        except KeyError:
            return False

    def show(self, conversation_id: str) -> None:
        """Look at a comparison that was made before."""
        if self.is_running or not self.is_comparison(conversation_id):
            return
        self._id, self._findings, self._last = conversation_id, None, ""
        self._look()
        self.changed.emit()

    @property
    def asked(self) -> tuple[str, list[AttachmentView]]:
        """The question that is shown, with its files."""
        if not self._id:
            return "", []
        record, conversation = self._record()
        turn = next((t for t in conversation.turns if t.id == record.question_id), None)
        if turn is None:
            return "", []
        thumbnail = self._work.pictures.thumbnail
        return turn.text, [attachment_view(each, thumbnail) for each in turn.attachments]

    @property
    def sides(self) -> tuple[SideView, ...]:
        """The copies with their answers, in order."""
        if not self._id:
            return ()
        record, conversation = self._record()
        turns = {turn.id: turn for turn in conversation.turns}
        made = []
        for number, copy in enumerate(record.copies):
            state, live = self._run.live(number) if self._run is not None else (None, None)
            made.append(side_view(copy, live or turns.get(record.answer_ids[number]), state))
        return tuple(made)

    @property
    def findings(self) -> Findings | None:
        """What differs; None until both have answered and were looked at."""
        return self._findings

    def markdown(self) -> str:
        """The comparison as Markdown, for the clipboard."""
        return markdown(self._record()[1]) if self._id else ""

    def _record(self) -> tuple[Comparison, Conversation]:
        conversation = self._desk.get(self._id)
        record = comparison_of(conversation)
        assert record is not None
        return record, conversation

    def _look(self) -> None:
        """Compare the answers on a thread that may take its time."""
        texts = [side.text for side in self.sides if side.text.strip()]
        conversation_id = self._id
        if len(texts) == 2:
            self._work.reader.call(
                lambda: self._found.emit(conversation_id, findings(texts[0], texts[1]))
            )

    def _on_found(self, conversation_id: str, found: Findings) -> None:
        if conversation_id == self._id and not self.is_running:
            self._findings = found
            self.changed.emit()


def _title(first: ModelChoice, second: ModelChoice) -> str:
    """Like "Compare E4B 4-bit and 8-bit"."""
    one = f"{first.name.removeprefix(FAMILY)} {first.bits}".strip()
    other = f"{second.name.removeprefix(FAMILY)} {second.bits}".strip()
    if first.name == second.name and second.bits:
        other = second.bits
    return f"Compare {one} and {other}"
