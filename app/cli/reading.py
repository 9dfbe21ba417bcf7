"""Files for a question, in the chosen part, read by a process of their own that can be ended."""

from __future__ import annotations

from types import TracebackType
from typing import Any

from app.cli.files import MediaFile
from app.cli.output import Output
from app.core.costs import LONGEST_S as MOST_S
from app.core.kinds import kind_of
from app.core.page_choice import parsed
from app.intake.facts import Facts
from app.intake.runner import Job, Runner
from app.intake.selection import PageChoice, Selection, best_mode
from app.intake.source import open_source
from app.intake.wording import Notes, quoted
from app.intake.worker import Worker
from inference import MediaError, Notice, Part, Text

LONGEST_S = 60.0  # for reading one file
LARGEST_BYTES = 8_000_000_000
Read = tuple[tuple[Part, ...], Notes]


class FileReading:
    """Reads files one after the other; a context, because the process has to be ended.

    `first_seconds` allows a longer clip or recording to be cut.
    """

    def __init__(self, first_seconds: float | None, output: Output) -> None:
        self._first_seconds = first_seconds
        self._output = output
        self._runner: Runner = Worker()

    def __enter__(self) -> FileReading:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._runner.close()

    def parts(self, file: MediaFile) -> tuple[Part, ...]:
        """What is sent of the file; what was left out or changed is shown. Raises MediaError."""
        self._output.phase(f"Opening {file.path.name}")
        open_source(file.path, LARGEST_BYTES)
        parts, notes = self._document(file) if file.kind == "document" else self._media(file)
        for note in notes:
            self._output.show(Notice(note))
        return parts

    def _media(self, file: MediaFile) -> Read:
        if file.start_s is None and file.end_s is None:
            first = None if file.kind == "image" else self._first_seconds
            part, notes = self._run("media", file, file.kind, first)
            return (part,), notes
        parts, notes = self._run("selected", file, file.kind, file.path.name, _span(file))
        if file.end_s is None:
            most = f"{quoted(file.path)}: at most {MOST_S[file.kind]:g} s from --from on are sent."
            notes = (*notes, most)
        return tuple(parts), tuple(notes)

    def _document(self, file: MediaFile) -> Read:
        """The pages asked for, each under a line that names it; a text file whole."""
        name = file.path.name
        kind = kind_of(file.path, name)
        if kind == "text":
            if file.pages or file.given_as:
                problem = f"{quoted(file.path)} is a text without pages."
                raise MediaError(problem, "Leave --pages out.")
            parts, notes = self._run("selected", file, kind, name, Selection())
            return tuple(_titled(part, name) for part in parts), tuple(notes)
        if kind != "document":
            raise MediaError(f"{quoted(file.path)} is no document.", f"Send it with --{kind}.")
        selection = Selection()
        if file.pages or file.given_as:
            selection = _pages(file, self._run("facts", file, name))
        parts, notes = self._run("selected", file, kind, name, selection)
        return tuple(parts), tuple(notes)

    def _run(self, kind: str, file: MediaFile, *rest: object) -> Any:
        return self._runner.call(Job(kind, file.path, file.path.name, rest, LONGEST_S))


def _span(file: MediaFile) -> Selection:
    start, most = file.start_s or 0.0, MOST_S[file.kind]
    end = start + most if file.end_s is None else file.end_s
    if end - start > most:
        raise MediaError(
            f"The part of {quoted(file.path)} has {end - start:g} s; "
            f"{most:g} s can be sent at once.",
            "Choose a shorter part with --from and --to.",
        )
    return Selection(start_s=start, end_s=end)


def _titled(part: Part, name: str) -> Part:
    return Text(f"{name}:\n\n{part.text}\n\n") if isinstance(part, Text) else part


def _pages(file: MediaFile, facts: Facts) -> Selection:
    try:
        numbers = parsed(file.pages or f"1-{facts.pages}", facts.pages)
    except ValueError as error:
        raise MediaError(f"{quoted(file.path)}: {error}", "Change --pages.") from None
    chosen = []
    for number in numbers:
        usual = best_mode(facts.page_tokens[number - 1]) if facts.width else "text"
        chosen.append(PageChoice(number, file.given_as or usual))
    return Selection(pages=tuple(chosen))
