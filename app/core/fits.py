"""The combination of frames and detail that comes nearest to the wanted one and still fits."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.clips import FRAME_BUDGETS
from app.core.costs import frame_tokens


@dataclass(frozen=True, slots=True)
class Fit:
    """`frames` at `budget` soft tokens each take `tokens`, the sound included."""

    frames: int
    budget: int
    tokens: int


def nearest_fit(
    height: int, width: int, frames: int, budget: int, sound: int, room: int
) -> Fit | None:
    """What fits into `room` tokens beside `sound` tokens of sound.

    Fewer soft tokens for each frame come before fewer frames. None where not even one frame fits.
    """
    for smaller in sorted((b for b in FRAME_BUDGETS if b <= budget), reverse=True):
        tokens = frames * frame_tokens(height, width, smaller) + sound
        if tokens <= room:
            return Fit(frames, smaller, tokens)
    each = frame_tokens(height, width, FRAME_BUDGETS[0])
    fewer = (room - sound) // each
    if fewer < 1:
        return None
    return Fit(fewer, FRAME_BUDGETS[0], fewer * each + sound)
