"""Tools as values: a declaration for the model, words for the person, and what runs it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from app.core.conversation import Attachment, ToolClass
from app.core.figures.values import FigureTable
from app.intake.runner import Job
from inference import Tool

Arguments = Mapping[str, Any]
LONGEST_RESULT = 64 * 1024  # bytes that go to the model
LIMIT_S = 10.0
MOST_ROUNDS = 8  # of calls in one answer
MOST_CALLS = 8  # made together


class ToolError(ValueError):
    """The call cannot be carried out; the sentence goes back to the model."""


class Files(Protocol):
    """What runs jobs about the conversation's files, in a process that can be ended."""

    def run(self, attachment: Attachment, kind: str, rest: tuple[object, ...]) -> Any:
        """What the job gives. Raises FacetError, and CalledOffError when it was stopped."""

    def path(self, attachment: Attachment) -> Any:
        """Where the file lies. Raises FacetError."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a call may look at: the files of the conversation, its tables of figures, the time."""

    attachments: tuple[Attachment, ...] = ()
    tables: tuple[FigureTable, ...] = ()
    files: Files | None = None
    now: Callable[[], datetime] = lambda: datetime.now().astimezone()
    is_called_off: Callable[[], bool] = lambda: False
    image_tokens: int = 280


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a tool gives: text, and what else the model is shown."""

    text: str
    media: tuple[Attachment, ...] = ()


Run = Callable[[Arguments, Surroundings], Outcome]
Say = Callable[[Arguments], str]


@dataclass(frozen=True, slots=True, eq=False)
class ToolSpec:
    """One tool. `title` and `purpose` are for people, `say` puts a call into plain words.

    `tool` is what the model is told. `server` names the program that runs it, empty for Facet.
    """

    tool: Tool
    title: str
    purpose: str
    tool_class: ToolClass
    run: Run
    say: Say
    server: str = ""
    version: str = ""  # of a foreign declaration: another one has to be allowed anew
    limit_s: float = LIMIT_S

    @property
    def name(self) -> str:
        """The name that the model calls."""
        return self.tool.name

    @property
    def key(self) -> str:
        """What a permission is kept under."""
        return f"{self.name}#{self.version}" if self.version else self.name


@dataclass(frozen=True, slots=True)
class Toolbox:
    """All tools that there are, by name."""

    specs: Mapping[str, ToolSpec] = field(default_factory=dict)

    def offered(self, names: tuple[str, ...]) -> tuple[ToolSpec, ...]:
        """The tools of these names that exist, in their own order."""
        return tuple(spec for name, spec in self.specs.items() if name in names)


def job_of(kind: str, path: Any, attachment: Attachment, rest: tuple[object, ...]) -> Job:
    """A job about a file of the conversation, within the time that a call may take."""
    return Job(kind, path, attachment.name, rest, LIMIT_S)
