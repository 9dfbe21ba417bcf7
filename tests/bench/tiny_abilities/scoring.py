"""Is an answer right, and how much of it: pure functions of what was wanted and what came."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from assets.tiny.train.words import edits


@dataclass(frozen=True, slots=True)
class Score:
    """`right` of `total` units are right; a unit is a table row, a spoken word, a thing, an answer.

    `exact`: nothing is wrong, missing or too much.
    """

    exact: bool
    right: int
    total: int


def score(kind: str, wanted: str, got: str) -> Score:
    """Compares by the form that answers of this kind have."""
    if wanted.startswith(("| ", "## ")):
        return score_table(wanted, got)
    if wanted.startswith("{"):
        return score_json(wanted, got)
    if kind.startswith("audio."):
        return score_words(wanted.split(), got.split())
    if kind == "video.order":
        return score_words(_listed(wanted), _listed(got))
    return score_text(wanted, got)


def score_text(wanted: str, got: str) -> Score:
    """Letter by letter."""
    same = wanted.strip() == got.strip()
    return Score(same, int(same), 1)


def score_words(wanted: Sequence[str], got: Sequence[str]) -> Score:
    """Units wanted less the fewest insertions, deletions and replacements that mend the answer."""
    wrong = edits(wanted, got)
    return Score(wrong == 0, max(0, len(wanted) - wrong), len(wanted))


def score_table(wanted: str, got: str) -> Score:
    """Rows of a Markdown table, each found at its own labels with the right value."""
    rows, found = table_rows(wanted), table_rows(got)
    values = {row[:-1]: row[-1] for row in found}
    right = sum(values.get(row[:-1]) == row[-1] for row in rows)
    return Score(rows == found, right, len(rows))


def score_json(wanted: str, got: str) -> Score:
    """Keys of one JSON object with the right value."""
    entries = json.loads(wanted)
    try:
        found = json.loads(got)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        return Score(False, 0, len(entries))
    right = sum(found.get(key) == value for key, value in entries.items())
    return Score(found == entries, right, len(entries))


def score_use(result: str, got: str) -> Score:
    """Whether a tool's result stands in the answer, not as a piece of a longer number or word."""
    used = re.search(rf"(?<![\w.-]){re.escape(result)}(?!\w|\.\d)", got) is not None
    return Score(used, int(used), 1)


def table_rows(text: str) -> list[tuple[str, ...]]:
    """Cells of every row of Markdown tables but the line under the header, after their title."""
    rows: list[tuple[str, ...]] = []
    title: tuple[str, ...] = ()
    is_header = True
    for line in map(str.strip, text.splitlines()):
        if line.startswith("## "):
            title, is_header = (line[3:].strip(),), True
        if line.startswith("|"):
            cells = tuple(cell.strip() for cell in line.strip("|").split("|"))
            if not is_header and set("".join(cells)) - set("-: "):
                rows.append(title + cells)
            is_header = False
    return rows


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",")]
