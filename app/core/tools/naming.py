"""What files and tables are called in calls: short names that no two of them share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from app.core.conversation import Attachment
from app.core.tools.values import Surroundings, ToolError
from inference import FacetError

TABLES = (".csv", ".tsv", ".tab", ".xlsx", ".xlsm")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class TableRef:
    """A table that can be asked about: a sheet of a file, or `lines` that were worked out."""

    name: str
    attachment: Attachment | None = None
    sheet: int = 0
    title: str = ""
    columns: tuple[tuple[str, str, str, str], ...] = ()  # name, kind, unit, doubt
    rows: int = 0
    notes: tuple[str, ...] = ()
    lines: tuple[tuple[str, ...], ...] = ()


def files_by_name(attachments: Iterable[Attachment]) -> dict[str, Attachment]:
    """Each file once, the newest of those with the same content; a number where names are equal."""
    latest = {each.sha256 + each.kind: each for each in attachments}
    named: dict[str, Attachment] = {}
    for attachment in latest.values():
        base = Path(attachment.name)
        name, number = attachment.name, 1
        while name in named:
            number += 1
            name = f"{base.stem} ({number}){base.suffix}"
        named[name] = attachment
    return named


def found(wanted: str, named: Mapping[str, T], word: str) -> T:
    """What is called so, whatever its case, or begins so as the only one. Raises ToolError."""
    low = wanted.strip().casefold()
    for name, value in named.items():
        if name.casefold() == low:
            return value
    begun = [value for name, value in named.items() if low and name.casefold().startswith(low)]
    if len(begun) == 1:
        return begun[0]
    if not named:
        raise ToolError(f"The conversation has no {word}s.")
    known = ", ".join(list(named)[:30])
    raise ToolError(f"There is no {word} “{wanted[:80]}”. The {word}s are: {known}.")


def tables(around: Surroundings) -> dict[str, TableRef]:
    """Every table of the conversation by the name it has in calls."""
    refs: dict[str, TableRef] = {}
    for name, attachment in files_by_name(around.attachments).items():
        if Path(name).suffix.lower() not in TABLES or around.files is None:
            continue
        try:
            facts = around.files.run(attachment, "table_facts", (attachment.name,))
        except FacetError:
            continue  # it is no table after all, which reading it says
        for sheet, (title, columns, rows, notes) in enumerate(facts):
            base = slug(Path(name).stem)
            if title and len(facts) > 1:
                base = f"{base}_{slug(title)}"
            made = TableRef(base, attachment, sheet, title, tuple(columns), rows, tuple(notes))
            _add(refs, made)
    for table in around.tables:
        if table.figures:
            lines = (("group", "label", "value"),
                     *((f.group, f.label, f.value) for f in table.figures))  # fmt: skip
            columns = tuple((name, "text", "", "") for name in lines[0])
            _add(refs, TableRef(slug(table.title or "figures"), columns=columns,
                                rows=len(lines) - 1, lines=lines))  # fmt: skip
    return refs


def slug(text: str) -> str:
    """A name that needs no quotes in SQL."""
    made = re.sub(r"\W+", "_", text, flags=re.ASCII).strip("_").lower()[:40] or "table"
    return f"t_{made}" if made[0].isdigit() else made


def _add(refs: dict[str, TableRef], table: TableRef) -> None:
    name, number = table.name, 1
    while name in refs:
        number += 1
        name = f"{table.name}_{number}"
    refs[name] = replace(table, name=name)
