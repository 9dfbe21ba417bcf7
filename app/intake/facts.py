"""What is true of a whole file, whatever part of it is selected."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Facts:
    """`seconds` of 0 are not known. `rotation` is what a player turns a clip by, in degrees
    clockwise. `pages` counts those of a document, `page_tokens` are about those of each one's text,
    0 where it has none."""

    seconds: float = 0.0
    fps: float = 0.0
    width: int = 0
    height: int = 0
    has_sound: bool = False
    is_hdr: bool = False
    rotation: int = 0
    codec: str = ""
    pages: int = 0
    page_tokens: tuple[int, ...] = ()
