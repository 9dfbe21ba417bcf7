"""Where the frames of the strip lie: rows of 30, or of 20 where there is little width."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF

PER_ROW, PER_NARROW_ROW = 30, 20
NARROW = 760  # points; below this rows have 20 frames
FRAME_HEIGHT, LOW_HEIGHT = 34, 27  # the latter where the pane is low
GAP = 1
TICK_HEIGHT = 16  # the times above a row
ROW_GAP = 4
TICK_EVERY = 5  # seconds


@dataclass(frozen=True, slots=True)
class StripGeometry:
    """Measures for `count` frames in `width` points; numbers count frames from 0."""

    width: float
    count: int
    scale: float = 1.0
    frame_height: float = FRAME_HEIGHT
    is_mirrored: bool = False

    @property
    def per_row(self) -> int:
        """Frames in a full row."""
        return PER_NARROW_ROW if self.width < NARROW else PER_ROW

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return max(1, -(-self.count // self.per_row))

    @property
    def frame_width(self) -> float:
        """The same in every row, full or not."""
        return (self.width - (self.per_row - 1) * GAP) / self.per_row

    @property
    def tick_height(self) -> float:
        """Room for the times above each row."""
        return round(TICK_HEIGHT * self.scale)

    @property
    def row_height(self) -> float:
        """From the top of one row to the top of the next."""
        return self.tick_height + self.frame_height + ROW_GAP

    @property
    def height(self) -> float:
        """Of the whole strip."""
        return self.rows * self.row_height - ROW_GAP

    def rect(self, number: int) -> QRectF:
        """The place of a frame."""
        row, column = divmod(number, self.per_row)
        left = round(column * (self.frame_width + GAP))
        right = round((column + 1) * (self.frame_width + GAP)) - GAP
        if self.is_mirrored:
            left, right = round(self.width) - right, round(self.width) - left
        return QRectF(
            left, row * self.row_height + self.tick_height, right - left, self.frame_height
        )

    def tick_rect(self, number: int) -> QRectF:
        """The place of the time above a frame; wider than the frame."""
        frame = self.rect(number)
        width = 5 * (self.frame_width + GAP)
        left = frame.right() - width if self.is_mirrored else frame.left()
        return QRectF(left, frame.top() - self.tick_height, width, self.tick_height)

    def at(self, x: float, y: float) -> int | None:
        """The frame under a point; the gap above a row belongs to nobody."""
        row = int(y // self.row_height)
        if y < 0 or not 0 <= x < self.width or y - row * self.row_height < self.tick_height:
            return None
        across = self.width - x if self.is_mirrored else x
        column = min(int(across / (self.frame_width + GAP)), self.per_row - 1)
        number = row * self.per_row + column
        return number if 0 <= number < self.count else None

    def nearest(self, x: float, y: float) -> int:
        """The frame under a point or nearest to it, for a pointer that is dragging."""
        row = min(max(0, int(y // self.row_height)), self.rows - 1)
        inside = min(max(0.0, x), self.width - 1)
        across = self.width - inside if self.is_mirrored else inside
        column = min(int(across / (self.frame_width + GAP)), self.per_row - 1)
        return min(max(0, row * self.per_row + column), self.count - 1)
