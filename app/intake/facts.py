"""What is true of a whole file, whatever part of it is selected."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Facts:
    """`seconds` and `fps` of 0 are not known. `pages` counts those of a document;
    `page_tokens` are about those of the text of each, 0 where it has none."""

    seconds: float = 0.0
    fps: float = 0.0
    width: int = 0
    height: int = 0
    has_sound: bool = False
    is_hdr: bool = False
    codec: str = ""
    pages: int = 0
    page_tokens: tuple[int, ...] = ()
