"""Documents and texts for a question: the chosen pages, read by a process that can be ended."""

from __future__ import annotations

from app.cli.arguments import MediaFile
from app.cli.output import Output
from app.core.kinds import kind_of
from app.core.page_choice import parsed
from app.intake.facts import Facts
from app.intake.runner import Job, Runner
from app.intake.selection import PageChoice, Selection, best_mode
from app.intake.source import open_source
from app.intake.texts import read_text
from app.intake.wording import Notes, quoted
from app.intake.worker import Worker
from inference import MediaError, Notice, Part, Text

LONGEST_S = 60.0
LARGEST_BYTES = 500_000_000


def read_document(file: MediaFile, output: Output) -> tuple[Part, ...]:
    """The pages asked for, each under a line that names it; a text file whole.

    Shows what was left out or changed. Raises MediaError.
    """
    name = file.path.name
    open_source(file.path, LARGEST_BYTES)
    kind = kind_of(file.path, name)
    if kind == "text":
        parts, notes = _text(file)
    elif kind == "document":
        runner = Worker()
        try:
            parts, notes = _pages(file, runner)
        finally:
            runner.close()
    else:
        raise MediaError(f"{quoted(file.path)} is no document.", f"Send it with --{kind}.")
    for note in notes:
        output.show(Notice(note))
    return parts


def _text(file: MediaFile) -> tuple[tuple[Part, ...], Notes]:
    if file.pages or file.given_as:
        raise MediaError(f"{quoted(file.path)} is a text without pages.", "Leave --pages out.")
    text, notes = read_text(file.path)
    return (Text(f"{file.path.name}:\n\n{text.text}\n\n"),), notes


def _pages(file: MediaFile, runner: Runner) -> tuple[tuple[Part, ...], Notes]:
    selection = Selection()
    if file.pages or file.given_as:
        selection = _selection(file, runner.call(_job("facts", file)))
    parts, notes = runner.call(_job("selected", file, selection))
    return tuple(parts), tuple(notes)


def _selection(file: MediaFile, facts: Facts) -> Selection:
    try:
        numbers = parsed(file.pages or f"1-{facts.pages}", facts.pages)
    except ValueError as error:
        raise MediaError(f"{quoted(file.path)}: {error}", "Change --pages.") from None
    chosen = []
    for number in numbers:
        usual = best_mode(facts.page_tokens[number - 1]) if facts.width else "text"
        chosen.append(PageChoice(number, file.given_as or usual))
    return Selection(pages=tuple(chosen))


def _job(kind: str, file: MediaFile, *rest: object) -> Job:
    name = file.path.name
    first = (name,) if kind == "facts" else ("document", name)
    return Job(kind, file.path, name, (*first, *rest), LONGEST_S)
