"""Where messages are: heights, guessed until they are measured, and what can be seen. No Qt."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate

from app.viewmodels.values import TurnView

AFTER_QUESTION, BETWEEN_TURNS = 14, 28
MOST_GUESSED = 200_000  # characters; more is not shown at first


def guessed(view: TurnView, width: int, scale: float) -> int:
    """A likely height, from the length of the text alone."""
    if view.role == "note":
        return round(20 * scale)
    size = min(len(view.text), MOST_GUESSED)
    per_line = max(20.0, width / (7.2 * scale))
    breaks = view.text.count("\n", 0, MOST_GUESSED)
    lines = max(1.0, size / per_line + 0.6 * breaks)
    extra = 46 if view.role == "user" else 34
    extra += 52 if view.attachments else 0
    return round((lines * 22 + extra) * scale)


class Heights:
    """Heights of messages in order, with gaps between them."""

    def __init__(self, top: int, bottom: int) -> None:
        self._top, self._bottom = top, bottom
        self._heights: list[int] = []
        self._gaps: list[int] = []
        self._tops: list[int] | None = None

    def reset(self, views: list[TurnView], width: int, scale: float) -> None:
        """Guess all."""
        self._heights = [guessed(view, width, scale) for view in views]
        self._gaps = [_gap(view) for view in views]
        self._tops = None

    def append(self, view: TurnView, width: int, scale: float) -> None:
        """One more at the end."""
        self._heights.append(guessed(view, width, scale))
        self._gaps.append(_gap(view))
        self._tops = None

    def set(self, number: int, height: int) -> bool:
        """A measured height; whether it differs from before."""
        if height == self._heights[number]:
            return False
        self._heights[number] = height
        self._tops = None
        return True

    def __len__(self) -> int:
        return len(self._heights)

    def height(self, number: int) -> int:
        """The height of one."""
        return self._heights[number]

    def top(self, number: int) -> int:
        """Where one begins."""
        return self._all_tops()[number]

    def total(self) -> int:
        """The height of everything, without what is below the last message."""
        tops = self._all_tops()
        return (tops[-1] if tops else self._top) + self._bottom

    def end(self) -> int:
        """Where the last message ends."""
        if not self._heights:
            return self._top
        return self._all_tops()[len(self._heights) - 1] + self._heights[-1]

    def at(self, y: int) -> int:
        """The number of the message at a height, -1 without messages."""
        if not self._heights:
            return -1
        return min(max(0, bisect_right(self._all_tops(), y) - 1), len(self._heights) - 1)

    def _all_tops(self) -> list[int]:
        if self._tops is None:
            steps = (height + gap for height, gap in zip(self._heights, self._gaps, strict=True))
            self._tops = list(accumulate(steps, initial=self._top))
        return self._tops


def _gap(view: TurnView) -> int:
    return AFTER_QUESTION if view.role == "user" else BETWEEN_TURNS
