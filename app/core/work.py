"""What was worked out in a conversation besides its messages, stored with it."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.clip_events import ClipEvent
from app.core.comparison.values import Comparison
from app.core.figures.values import FigureTable
from app.core.speech.values import Transcript


@dataclass(frozen=True, slots=True)
class Work:
    """Tables of checked figures, transcripts of recordings, events of clips, comparisons."""

    tables: tuple[FigureTable, ...] = ()
    transcripts: tuple[Transcript, ...] = ()
    events: tuple[ClipEvent, ...] = ()
    comparisons: tuple[Comparison, ...] = ()


NO_WORK = Work()
