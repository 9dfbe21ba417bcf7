"""One file of the corpus: how it is made, and what reading it must give."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.intake.read_file import ReadFile

Write = Callable[[Path], object]
Check = Callable[[ReadFile], None]


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A good file has a `check`, a bad one words of its `refusal`.

    With both the file is damaged in a way that decoders may or may not mend: either it passes the
    check or it is refused.
    """

    name: str
    kind: str
    write: Write
    check: Check | None = None
    refusal: str = ""


def written(data: bytes) -> Write:
    """Writes these bytes."""
    return lambda path: path.write_bytes(data)


def cut(write: Write, share: float) -> Write:
    """Writes only the first part of a file."""

    def cut_off(path: Path) -> None:
        write(path)
        data = path.read_bytes()
        path.write_bytes(data[: max(1, int(len(data) * share))])

    return cut_off


def flipped(write: Write, places: int, spare: int = 64) -> Write:
    """Writes a file with every bit turned over in some bytes after the first `spare`."""

    def flip(path: Path) -> None:
        write(path)
        data = bytearray(path.read_bytes())
        step = max(1, (len(data) - spare) // places)
        for place in range(spare, len(data), step):
            data[place] ^= 0xFF
        path.write_bytes(data)

    return flip
