"""What the file reader's process does: each job is a pure function from a path to values.

A job that is a generator gives its values one by one and can be stopped between two of them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from app.intake.clip import MAX_FRAME_PIXELS, hdr_note
from app.intake.facts import Facts
from app.intake.film import film
from app.intake.film_frame import FilmFrame
from app.intake.finding import find_words
from app.intake.frames import Pixels, is_only_heard
from app.intake.looks import facts_of, picture, wave
from app.intake.media import MediaKind, read_media
from app.intake.read_file import Part, ReadFile
from app.intake.selected import MAX_CLIP_BYTES, read_selected
from app.intake.selection import Selection
from app.intake.sound import read_span
from app.intake.source import open_source
from app.intake.streams import Samples
from app.intake.tables.query import column_figures, query_tables, table_facts
from app.intake.texts import read_text
from app.intake.thumbnail import thumbnail_of
from app.intake.wording import Notes
from inference import Image, Video

THUMBNAIL_PX = 640  # of a page, before it is made small


def read(path: Path, kind: str, name: str) -> ReadFile:
    """A file that was just added. Raises MediaError."""
    if kind == "video" and is_only_heard(open_source(path, MAX_CLIP_BYTES)):
        kind = "audio"
    parts, notes = selected(path, kind, name, Selection())
    if kind == "document":
        shown = _document_thumbnail(path, name)
        return ReadFile(kind, parts, notes, shown, facts(path, name))
    known = _with_size(facts_of(path, kind), parts)
    return ReadFile(kind, parts, notes, _thumbnail(parts), known)


def survey(path: Path, kind: str, name: str) -> ReadFile:
    """As `read`, but of a clip no more than its first picture: a pane shows the rest by frames.

    Raises MediaError.
    """
    source = open_source(path, MAX_CLIP_BYTES)
    if kind != "video" or is_only_heard(source):
        return read(path, kind, name)
    known = facts_of(path, kind)
    first = next(film(source, 0.0, math.inf, max_pixels=MAX_FRAME_PIXELS), None)
    if first is None:
        return read(path, kind, name)  # which says what is wrong
    height, width, _ = first.pixels.shape
    notes = (hdr_note(path),) if known.is_hdr else ()
    seen = replace(known, height=height, width=width)
    return ReadFile(kind, (), notes, thumbnail_of(Image(first.pixels)), seen)


def facts(path: Path, name: str) -> Facts:
    """What is true of a whole document. Raises MediaError."""
    from app.intake.documents import document_facts

    return document_facts(path, name)


def selected(
    path: Path, kind: str, name: str, selection: Selection
) -> tuple[tuple[Part, ...], Notes]:
    """The selected part of a file that was read before. Raises MediaError."""
    if kind == "document":
        from app.intake.documents import document_parts

        return document_parts(path, name, selection)
    if kind == "text":
        text, cuts = read_text(path, name)
        return (text,), cuts
    parts, notes = read_selected(path, kind, selection)
    return tuple(replace(part, name=name) for part in parts), notes


def media(path: Path, kind: MediaKind, first_seconds: float | None) -> tuple[Part, Notes]:
    """A picture, clip or recording, whole or its first seconds. Raises MediaError."""
    return read_media(path, kind, first_seconds)


def page(path: Path, name: str, number: int, max_px: int) -> Pixels:
    """The picture of a page, counted from 1, its longer side `max_px`. Raises MediaError."""
    from app.intake.documents import page_picture

    return page_picture(path, name, number, max_px)


def page_words(path: Path, name: str, number: int) -> str:
    """The words of a page, counted from 1. Raises MediaError."""
    from app.intake.documents import page_text

    return page_text(path, name, number)


def unlocked(path: Path, name: str, password: str) -> bytes:
    """A PDF without its password. Raises MediaError."""
    from app.intake.documents.pdf import unlocked as opened

    return opened(path, Path(name), password)


def frames(path: Path, start_s: float, end_s: float, max_px: int) -> Iterator[FilmFrame]:
    """A frame for each second of [start_s, end_s), its longer side at most `max_px`."""
    source = open_source(path, MAX_CLIP_BYTES)
    return film(source, start_s, end_s, max_px=max_px)


def samples(path: Path, start_s: float, end_s: float) -> Samples:
    """The sound of a part of a file: float32 mono at 16 kHz. Raises MediaError."""
    return read_span(path, start_s, end_s)


def thumbnail(path: Path, kind: str, name: str) -> bytes:
    """A small JPEG, empty for what has none. Raises MediaError."""
    if kind == "document":
        return _document_thumbnail(path, name)
    return _thumbnail(selected(path, kind, name, Selection())[0])


JOBS: dict[str, Callable[..., object]] = {
    job.__name__: job
    for job in (
        *(read, survey, facts, selected, media, page, page_words, unlocked),
        *(frames, samples, thumbnail, picture, wave),
        *(table_facts, query_tables, column_figures, find_words),
    )
}


def _thumbnail(parts: tuple[Part, ...]) -> bytes:
    shown = next((part for part in parts if isinstance(part, Image | Video)), None)
    return b"" if shown is None else thumbnail_of(shown)


def _with_size(facts: Facts, parts: tuple[Part, ...]) -> Facts:
    """Width and height as the parts have them: turned, and never only a header's claim."""
    shown = next((part for part in parts if isinstance(part, Image | Video)), None)
    if shown is None:
        return facts
    pixels = np.asarray(shown.pixels if isinstance(shown, Image) else shown.frames[0])
    return replace(facts, height=pixels.shape[0], width=pixels.shape[1])


def _document_thumbnail(path: Path, name: str) -> bytes:
    from app.intake.documents import first_picture

    shown = first_picture(path, name, THUMBNAIL_PX)
    return b"" if shown is None else thumbnail_of(Image(shown))
