"""A workbench with figures beside it, on a played engine."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pytestqt.qtbot import QtBot

from app.core.conversation import Attachment
from app.core.figures.values import FigureTable
from app.viewmodels import turns as make
from app.viewmodels.figures import FiguresViewModel
from app.viewmodels.side_requests import SideRequests
from app.viewmodels.workbench import Workbench
from inference import Image, Text
from tests.fakes.desk import Bench
from tests.fakes.hand_engine import HandJob
from tests.fakes.shelf import Shelf

PICTURE = Attachment("m1", "image", "operations.png", "abc", 10, "image/png", width=400, height=200)
TARGETS = """\
| KPI | Value |
| --- | --- |
| Delivery | 70 % |
| Quality | 55 % |
| Sites | 14 |
"""


@dataclass
class Desktop:
    """A workbench with figures beside it; `table` is what the grid shows."""

    bench: Bench
    work: Workbench
    shelf: Shelf
    side: SideRequests
    figures: FiguresViewModel
    qtbot: QtBot

    @property
    def table(self) -> FigureTable:
        table = self.figures.table
        assert table is not None
        return table

    def state(self, label: str) -> str:
        return next(f.state for f in self.table.figures if f.label == label)

    def answered(self, text: str, **values: object) -> str:
        """An answer about the picture that is already there; gives its id."""
        work = self.work
        question = make.question(None, "Read it.", (replace(PICTURE, **values),))  # type: ignore[arg-type]
        work.desk.add_turn(work.chat.conversation_id, question)
        answer = replace(make.answer(question.id, work.models.current, work.chat.settings),
                         text=text, state="complete")  # fmt: skip
        work.desk.add_turn(work.chat.conversation_id, answer)
        return answer.id

    def job(self, count: int) -> HandJob:
        """The engine's job number `count`, once it is there."""
        self.qtbot.waitUntil(lambda: len(self.bench.engine.jobs) >= count)
        return self.bench.engine.jobs[count - 1]

    def reply(self, count: int, text: str) -> None:
        """Answer the engine's job number `count`."""
        job = self.job(count)
        job.text(text)
        job.finish()
        self.qtbot.waitUntil(lambda: len(self.bench.engine.jobs) > count
                             or not self.figures.is_checking)  # fmt: skip

    def question(self, count: int) -> tuple[Image, str]:
        """What job number `count` was asked."""
        self.job(count)
        image, text = self.bench.engine.requests[count - 1].messages[-1].parts
        assert isinstance(image, Image)
        assert isinstance(text, Text)
        return image, text.text
