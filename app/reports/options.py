"""What a person chooses about a report, and the names of its files."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from inference import FacetError

ReportFormat = Literal["html", "markdown", "pdf"]
Pictures = Literal["none", "small", "full"]
Paper = Literal["A4", "Letter"]

SUFFIXES: dict[ReportFormat, str] = {"html": ".html", "markdown": ".md", "pdf": ".pdf"}
LONGEST_NAME, LONGEST_NAME_BYTES = 80, 200  # file systems allow 255 bytes with the ending

# Called with the share done; raises Cancelled when the person has stopped the export.
Progress = Callable[[float], None]


class ReportError(FacetError):
    """A report could not be made or written; no file was left behind."""


class Cancelled(Exception):  # noqa: N818 - not an error: the person wanted it
    """The export was stopped; no file was left behind."""


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """How a report is made. An empty `title` takes the conversation's; `author` may be empty.

    `thoughts` adds the model's working. `pictures` says how large they are embedded: small is at
    most 480 pixels wide, full 1,600. `paper` matters to PDF alone.
    """

    format: ReportFormat = "html"
    title: str = ""
    author: str = ""
    thoughts: bool = False
    pictures: Pictures = "full"
    paper: Paper = "A4"


def format_of(suffix: str) -> ReportFormat | None:
    """The format that a file name's ending asks for; None for an unknown one."""
    known: dict[str, ReportFormat] = {
        ".html": "html",
        ".htm": "html",
        ".md": "markdown",
        ".markdown": "markdown",
        ".pdf": "pdf",
    }
    return known.get(suffix.lower())


def suggested_name(title: str, model: str, made_at: datetime) -> str:
    """A file name without ending, like "2026-09-12 Q3 dashboard – Gemma 4 E4B"."""
    parts = f"{made_at:%Y-%m-%d} {title}" + (f" – {model}" if model else "")
    return safe_name(parts)


def safe_name(text: str) -> str:
    """`text` as a file name on every system: no separators, controls or reserved characters."""
    plain = unicodedata.normalize("NFC", text)
    visible = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in plain)
    name = re.sub(r'[\\/:*?"<>|]+', " ", visible)
    name = re.sub(r"\s+", " ", name).strip(" .")
    name = name[:LONGEST_NAME]
    while len(name.encode("utf-8", "replace")) > LONGEST_NAME_BYTES:
        name = name[:-1]
    return name.rstrip(" .") or "Report"
