"""A report as frozen values: everything is decided, nothing is laid out yet.

HTML, Markdown and PDF are made from the same `Report`, so they say the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FigureKind = Literal["image", "video", "audio", "text", "document"]


@dataclass(frozen=True, slots=True)
class Picture:
    """An encoded picture, made anew from pixels: it carries no metadata of the original."""

    data: bytes
    media_type: str  # image/png or image/jpeg
    width: int
    height: int

    @property
    def suffix(self) -> str:
        """The ending of a file that holds it."""
        return ".png" if self.media_type == "image/png" else ".jpg"


@dataclass(frozen=True, slots=True)
class Figure:
    """A file of a question, numbered through the report.

    `picture` shows it: the picture itself, frames of a clip, the wave of a recording; None if it
    was not wanted or cannot be made, then `missing` says why. `text` is a text file's content.
    """

    number: int
    kind: FigureKind
    name: str
    alt: str
    caption: str  # what the file is
    received: str  # what the model received of it
    sha256: str
    picture: Picture | None = None
    missing: str = ""
    text: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ToolCard:
    """One tool call: what was called with what, and what came back (None: nothing).

    `audit` says who allowed it, how long it took and what came back, in one line.
    """

    name: str
    arguments: str  # JSON
    result: str | None
    audit: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What the person sent, and the receipt of it. `is_warning`: something was not sent."""

    number: int
    time: str
    text: str
    figures: tuple[Figure, ...]
    receipt: tuple[str, ...]
    is_warning: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """What the model wrote (Markdown) in `text`. `state` is empty for a complete answer."""

    time: str
    model: str
    text: str
    state: str = ""
    version: str = ""  # "2 of 3"
    thought: str = ""
    thought_caption: str = ""
    tools: tuple[ToolCard, ...] = ()
    statistics: str = ""
    notices: tuple[str, ...] = ()
    number: int = 0  # of the question it answers


@dataclass(frozen=True, slots=True)
class Remark:
    """A thin line between turns, such as a change of model."""

    text: str


Entry = Question | Answer | Remark


@dataclass(frozen=True, slots=True)
class MethodCell:
    """One column of the method box."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the report's own. `numeric` holds the columns that are set right."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: frozenset[int] = frozenset()
    code: frozenset[int] = frozenset()  # columns set in the fixed-width font


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report. `identity` is a short hash of all but the date and the machine."""

    title: str
    byline: str
    summary: str
    method: tuple[MethodCell, ...]
    instructions: str  # the system prompt
    entries: tuple[Entry, ...]
    media: Table | None
    timings: Table | None
    limits: tuple[str, ...]
    command: str
    reproduction: str  # JSON
    identity: str

    @property
    def answers(self) -> tuple[Answer, ...]:
        """The answers in order."""
        return tuple(entry for entry in self.entries if isinstance(entry, Answer))

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Every file of every question, in order."""
        questions = (entry for entry in self.entries if isinstance(entry, Question))
        return tuple(figure for question in questions for figure in question.figures)
