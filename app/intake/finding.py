"""Finding words in an attached file, page by page. Run in the worker."""

from __future__ import annotations

from pathlib import Path

from app.intake.texts import read_text

AROUND = 80  # characters before and after what was found
MOST_PAGES = 2_000


def find_words(
    path: Path, kind: str, name: str, wanted: str, most: int
) -> tuple[tuple[tuple[int, str], ...], int]:
    """Where `wanted` stands, whatever its case and line breaks: (page or 0, text around it).

    The second value counts all places, of which at most `most` are given. Raises MediaError.
    """
    needle = _folded(wanted)
    found: list[tuple[int, str]] = []
    total = 0
    if not needle:
        return (), 0
    for number, text in _pages(path, kind, name):
        line = _folded(text)
        at = line.find(needle)
        while at >= 0:
            total += 1
            if len(found) < most:
                start, end = max(0, at - AROUND), at + len(needle) + AROUND
                found.append((number, line[start:end].strip()))
            at = line.find(needle, at + len(needle))
    return tuple(found), total


def _pages(path: Path, kind: str, name: str) -> list[tuple[int, str]]:
    if kind == "document":
        from app.intake.documents import page_texts

        return page_texts(path, name, MOST_PAGES)
    return [(0, read_text(path, name)[0].text)]


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
