"""Text files, tables with separators and code: decoded, in part where they are long."""

from __future__ import annotations

import re
from pathlib import Path

from app.intake.charset import decode
from app.intake.selection import LONGEST_TEXT
from app.intake.source import open_source
from app.intake.wording import Notes, quoted
from inference import MediaError, Text

LARGEST_BYTES = 20_000_000
MOST_ROWS = 5_000  # of a table
TABLES = (".csv", ".tsv", ".tab")
_LINE_END = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")


def read_text(path: Path, name: str = "") -> tuple[Text, Notes]:
    """The words of a text file, with what was guessed or left out. Raises MediaError.

    `name` is the file's own when `path` is not; it tells tables from prose.
    """
    shown = Path(name or path.name)
    _check(path, shown)
    decoded = decode(path.read_bytes())
    if decoded is None:
        raise MediaError(
            f"{quoted(shown)} is of a kind that Facet cannot read.",
            "Attach a picture, a clip, a recording, a document or a text.",
        )
    text = _LINE_END.sub("\n", decoded.text).removeprefix("\ufeff")
    if not text.strip():
        raise MediaError(f"{quoted(shown)} holds no text.", "Choose another file.")
    notes: list[str] = []
    if decoded.charset:
        notes.append(
            f"{quoted(shown)} was read as {decoded.charset}, which is a guess: "
            "save it as UTF-8 if letters are wrong."
        )
    is_table = shown.suffix.lower() in TABLES
    kept, lines, total = shortened(text, is_table=is_table)
    if len(kept) < len(text):
        unit = "rows" if is_table else "lines"
        part = f"{lines:,} of {total:,} {unit}"
        if not lines:
            part = f"{len(kept):,} of {len(text):,} characters"
        notes.append(f"Of {quoted(shown)} only the first {part} were read.")
    return Text(kept), tuple(notes)


def _check(path: Path, shown: Path) -> None:
    try:
        open_source(path, LARGEST_BYTES)
    except MediaError as error:  # the sentence names the file as the person knows it
        said = error.message.replace(quoted(path), quoted(shown))
        raise MediaError(said, error.action) from error


def shortened(
    text: str, *, is_table: bool = False, longest: int = LONGEST_TEXT, most_rows: int = MOST_ROWS
) -> tuple[str, int, int]:
    """The beginning of a text that may be sent, its whole lines, and those of all of it.

    It ends with a whole line, or row of a table (where quotes may hold line ends); when the first
    one is too long already, it is cut and 0 are whole.
    """
    ends = _row_ends(text) if is_table else [m.end() for m in re.finditer("\n", text)]
    if not ends or ends[-1] < len(text):
        ends.append(len(text))
    fits = [end for end in ends[: most_rows if is_table else None] if end <= longest]
    if not fits:
        return text[:longest], 0, len(ends)
    return text[: fits[-1]], len(fits), len(ends)


def _row_ends(text: str) -> list[int]:
    """Where rows end: at line ends outside of quotes, if every quote that begins ends."""
    if text.count('"') % 2:
        return [match.end() for match in re.finditer("\n", text)]
    ends: list[int] = []
    is_quoted = False
    for match in re.finditer('["\n]', text):
        if match[0] == '"':
            is_quoted = not is_quoted
        elif not is_quoted:
            ends.append(match.end())
    return ends
