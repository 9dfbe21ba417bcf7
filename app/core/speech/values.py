"""Transcripts as frozen values: pieces of a recording and what was heard in each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

# silent: nothing is said there, so the model is not asked.
PieceState = Literal["waiting", "running", "done", "failed", "stopped", "silent"]


@dataclass(frozen=True, slots=True)
class Piece:
    """Seconds `[start_s, end_s)` of a recording and the answer about them.

    Pieces overlap a little. `shares_words`: the cut before it went through speech, so that its
    first words may be the last ones of the piece before.
    """

    start_s: float
    end_s: float
    state: PieceState = "waiting"
    text: str = ""
    problem: str = ""
    shares_words: bool = False


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was heard in the attachment `source_id`, piece by piece, by a preset named `task`.

    `language` is the spoken one, empty for any; `target` the one translated into.
    """

    id: str
    source_id: str
    task: str = ""
    language: str = ""
    model: str = ""
    pieces: tuple[Piece, ...] = ()
    target: str = ""
