"""Where the parts of a row stand: the same places in every card and in the heading."""

from __future__ import annotations

from dataclasses import dataclass

from app.widgets.theme import Theme

WIDEST = 900
NARROW = 780  # below it the speed is left out
STACKED = 600  # below it a row takes two lines
ROW, STACKED_ROW = 52, 84
PAD_START, PAD_END = 16, 15


@dataclass(frozen=True, slots=True)
class Columns:
    """Distances from the start of a card, in pixels. A `speed` below 0 is not shown."""

    name: int
    size_end: int
    fit: int
    senses: int
    speed: int
    row_height: int
    is_stacked: bool = False

    @property
    def action_start(self) -> int:
        """Where the place of the buttons begins in a row of one line."""
        return self.senses


def columns(width: int, theme: Theme) -> Columns:
    """The places for a card of that width."""
    px = theme.px
    if width < px(STACKED):
        return Columns(px(PAD_START), px(86), px(100), px(214), -1, px(STACKED_ROW), True)
    if width < px(NARROW):
        return Columns(px(PAD_START), px(214), px(228), px(344), -1, px(ROW))
    return Columns(px(PAD_START), px(248), px(270), px(398), px(510), px(ROW))
