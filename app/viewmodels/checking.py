"""Checks the figures of one table: finds their places, then reads each again, blind.

A reading is a request of its own without the conversation: the picture and one question that does
not name the first value. What was checked is told at once, so that stopping loses nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from time import monotonic

from PySide6.QtCore import QObject, Signal

from app.core.asking import draw_seed
from app.core.conversation import Attachment
from app.core.figures import questions
from app.core.figures.compare import value_of, verdict
from app.core.figures.values import Crop, Figure, FigureTable, SecondReading, with_figure
from app.core.pyramid import Pixels
from app.core.tasks import fine_budget
from app.viewmodels.figure_pixels import FigurePixels, cut
from app.viewmodels.models import BUNDLED_KEY, ModelsViewModel
from app.viewmodels.side_requests import SideAnswer, SideRequests
from inference import IMAGE_BUDGETS, Image, Message, Request, Sampling, Text

FOLD_FROM = 4  # values of a chart that have one place, and one row in the grid, together
LONGEST_VALUE, LONGEST_PLACES = 64, 2400  # tokens of an answer
FINEST = IMAGE_BUDGETS[-1]
PUBLISHED_BUDGET = 280  # what all published models take for a picture
KEPT_ANSWER = 400  # characters of a side answer that are stored


@dataclass(slots=True)
class _Check:
    conversation_id: str
    table: FigureTable
    attachment: Attachment
    wanted: list[str]  # ids still to be read, the one being read first
    total: int
    began: float
    places: dict[str, Crop] = field(default_factory=dict)
    pixels: Pixels | None = None


def settled(figure: Figure, second: SecondReading, place: Crop | None) -> Figure:
    """The figure after a second reading. One that a person wrote stays theirs."""
    is_own = figure.state == "by hand" and figure.value != figure.first
    state = "by hand" if is_own else verdict(figure.value, second.value)
    return replace(figure, second=second, crop=place, state=state, remark="")


class Checking(QObject):
    """One check at a time. `figure_read` tells of each figure as soon as it is settled."""

    figure_read = Signal(str, str, object)  # conversation id, table id, Figure
    progressed = Signal()
    ended = Signal(str, str)  # conversation id, a sentence

    def __init__(
        self,
        side: SideRequests,
        pixels: FigurePixels,
        models: ModelsViewModel,
        clock: Callable[[], float] = monotonic,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._side, self._pixels, self._models = side, pixels, models
        self._clock = clock
        self._check: _Check | None = None
        self._count = 0
        self._owner = ""
        self._is_placing = False

    @property
    def is_running(self) -> bool:
        """Whether figures are being read."""
        return self._check is not None

    @property
    def table_id(self) -> str:
        """The table being checked, "" for none."""
        return "" if self._check is None else self._check.table.id

    @property
    def is_placing(self) -> bool:
        """Whether places are being looked for."""
        return self._is_placing

    @property
    def is_held_up(self) -> bool:
        """Whether an answer comes first."""
        return self._check is not None and self._side.is_waiting

    @property
    def progress(self) -> tuple[int, int]:
        """How many figures were read, of how many."""
        check = self._check
        return (0, 0) if check is None else (check.total - len(check.wanted), check.total)

    @property
    def reading_id(self) -> str:
        """The figure being read again right now, "" for none."""
        check = self._check
        if check is None or self._is_placing or check.pixels is None or not check.wanted:
            return ""
        return check.wanted[0]

    def start(
        self,
        conversation_id: str,
        table: FigureTable,
        attachment: Attachment,
        figure_ids: tuple[str, ...],
    ) -> None:
        """Check these figures of a table; a check that runs is stopped."""
        self.stop()
        if not figure_ids:
            return
        check = _Check(
            conversation_id, table, attachment, list(figure_ids), len(figure_ids), self._clock()
        )
        self._check = check
        self._count += 1
        self._owner = f"check {self._count}"
        self.progressed.emit()

        def done(pixels: Pixels | None, problem: str) -> None:
            if self._check is not check:
                return
            if pixels is None:
                self._end(f"The figures were not checked: {problem}")
                return
            check.pixels = pixels
            self._find_places(check)

        self._pixels.get(attachment, table.page, done)

    def stop(self) -> None:
        """End the check; what was read stays."""
        if self._check is not None:
            done, total = self.progress
            self._end(f"Checking was stopped after {done} of {total} figures.")

    # --- places --------------------------------------------------------------------------------

    @property
    def _is_simple(self) -> bool:
        current = self._models.current
        return current is not None and current.key == BUNDLED_KEY

    def _find_places(self, check: _Check) -> None:
        known = {f.id: f.crop for f in check.table.figures if f.crop is not None}
        check.places = {i: crop for i in check.wanted if (crop := known.get(i)) is not None}
        missing = [f for f in check.table.figures if f.id in check.wanted and f.crop is None]
        if self._is_simple and len(check.wanted) > 1:
            self._read_all(check)  # the demonstration model knows no places
            return
        wanted = () if self._is_simple else questions.spots(missing, FOLD_FROM)
        if not wanted:
            self._read_next(check)
            return
        self._is_placing = True
        region = self._region(check)

        def done(answer: SideAnswer) -> None:
            if self._check is not check:
                return
            self._is_placing = False
            boxes = questions.boxes_of(answer.text, len(wanted))
            for number, box in boxes.items():
                crop = questions.crop_of(box, region)
                for figure_id in wanted[number - 1].figure_ids:
                    check.places[figure_id] = crop
            self._read_next(check)

        question = questions.places_question(wanted)
        self._ask(check, region, question, LONGEST_PLACES, done)
        self.progressed.emit()

    # --- readings --------------------------------------------------------------------------------

    def _read_next(self, check: _Check) -> None:
        if not check.wanted:
            seconds = max(1, round(self._clock() - check.began))
            figures = "figure" if check.total == 1 else "figures"
            self._end(f"Checked {check.total} {figures} in {seconds} s.")
            return
        # Figures of one place follow each other: their picture is in the engine's cache then.
        order = {f.id: n for n, f in enumerate(check.table.figures)}
        check.wanted.sort(key=lambda i: (check.places.get(i, (0, 0, 0, 0)), order.get(i, 0)))
        self._read(check, check.places.get(check.wanted[0]))
        self.progressed.emit()

    def _read_all(self, check: _Check) -> None:
        """All values again in another form; what that leaves out is asked for one by one."""
        region, seed = self._region(check), draw_seed()
        question = questions.SECOND_SIMPLE_ALL

        def done(answer: SideAnswer) -> None:
            if self._check is not check:
                return
            if answer.problem:
                self._end(f"The check ended: {answer.problem}")
                return
            figures = [check.table.figure(figure_id) for figure_id in check.wanted]
            for figure_id, value in questions.values_by_label(answer.text, figures).items():
                second = self._second(value, None, region, question, seed, answer)
                self._settle(check, check.table.figure(figure_id), second, None)
            if self._check is check:
                self._read_next(check)

        self._ask(check, region, question, LONGEST_PLACES, done, seed)
        self.progressed.emit()

    def _read(self, check: _Check, place: Crop | None) -> None:
        figure = check.table.figure(check.wanted[0])
        region = self._region(check)
        sent = region if place is None else questions.with_margin(place, region)
        question = questions.second_question(figure, is_simple=self._is_simple)
        seed = draw_seed()

        def done(answer: SideAnswer) -> None:
            if self._check is check:
                self._take(check, figure, place, sent, question, seed, answer)

        self._ask(check, sent, question, LONGEST_VALUE, done, seed)

    def _take(
        self,
        check: _Check,
        figure: Figure,
        place: Crop | None,
        sent: Crop,
        question: str,
        seed: int,
        answer: SideAnswer,
    ) -> None:
        if answer.problem:
            self._end(f"The check ended: {answer.problem}")
            return
        value = value_of(answer.text)
        if not value and place is not None:
            # The place came from the model as well and may be wrong: look at all of it.
            check.places.pop(figure.id, None)
            self._read(check, None)
            return
        second = self._second(value, place, sent, question, seed, answer)
        self._settle(check, figure, second, place)
        if self._check is check:
            self._read_next(check)

    def _settle(
        self, check: _Check, figure: Figure, second: SecondReading, place: Crop | None
    ) -> None:
        read = settled(figure, second, place)
        check.wanted.remove(figure.id)
        check.table = with_figure(check.table, read)
        self.figure_read.emit(check.conversation_id, check.table.id, read)

    def _second(
        self,
        value: str,
        place: Crop | None,
        sent: Crop,
        question: str,
        seed: int,
        answer: SideAnswer,
    ) -> SecondReading:
        current = self._models.current
        return SecondReading(
            value,
            None if place is None else sent,
            self._budget(sent),
            question,
            answer.text.strip()[:KEPT_ANSWER],
            current.name if current else "",
            seed,
            answer.receipt,
        )

    def _ask(
        self,
        check: _Check,
        crop: Crop,
        question: str,
        max_tokens: int,
        done: Callable[[SideAnswer], None],
        seed: int | None = None,
    ) -> None:
        assert check.pixels is not None
        picture = Image(
            cut(check.pixels, crop, self._size(check)), check.attachment.name, self._budget(crop)
        )
        request = Request(
            [Message("user", (picture, Text(question)))],
            max_tokens=max_tokens,
            sampling=Sampling(temperature=0.0, seed=seed),
            session=self._owner,  # figures of one crop share its cache, and nothing else does
        )
        self._side.ask(request, done, self._owner)

    def _budget(self, crop: Crop) -> int:
        """As fine as the published models can see; what the demonstration model was made for."""
        own = self._models.image_tokens or PUBLISHED_BUDGET
        if own >= PUBLISHED_BUDGET:
            return FINEST
        return fine_budget(max(1, crop[3] - crop[1]), max(1, crop[2] - crop[0]), own)

    def _size(self, check: _Check) -> tuple[int, int]:
        """Width and height that crops are measured in."""
        attachment = check.attachment
        if not check.table.page and attachment.width and attachment.height:
            return attachment.width, attachment.height
        assert check.pixels is not None
        return check.pixels.shape[1], check.pixels.shape[0]

    def _region(self, check: _Check) -> Crop:
        width, height = self._size(check)
        return check.table.region or (0, 0, width, height)

    def _end(self, sentence: str) -> None:
        check, self._check = self._check, None
        self._is_placing = False
        self._side.drop(self._owner)
        if check is not None:
            self.ended.emit(check.conversation_id, sentence)
        self.progressed.emit()
