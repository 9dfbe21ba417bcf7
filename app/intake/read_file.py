"""A file as it comes back from being read."""

from __future__ import annotations

from dataclasses import dataclass

from app.intake.facts import Facts
from app.intake.wording import Notes
from inference import Audio, Image, Text, Video

Part = Image | Video | Audio | Text


@dataclass(frozen=True, slots=True, eq=False)
class ReadFile:
    """A file as the engine takes it, a small JPEG of it (empty for sound), and its facts.

    `kind` is what it was read as: a film file without pictures is a recording.
    """

    kind: str
    parts: tuple[Part, ...]
    notes: Notes
    thumbnail: bytes
    facts: Facts
