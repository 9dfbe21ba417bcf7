"""The facts of a file's content, as its attachment keeps them."""

from __future__ import annotations

import math
from dataclasses import replace

from app.core.conversation import Attachment
from app.core.costs import text_tokens
from app.intake.read_file import ReadFile
from inference import Audio, Image, Text, Video

SAMPLE_RATE = 16_000
FULL_S = {"video": 59.5, "audio": 29.95}  # as much is read of one that may be longer


def measured(attachment: Attachment, read: ReadFile) -> Attachment:
    """The attachment with size, length and pages; costs come later, with the settings."""
    if attachment.kind == "document":
        texts = sum(text_tokens(part.text) for part in read.parts if isinstance(part, Text))
        return replace(
            attachment,
            pages=read.facts.pages,
            width=read.facts.width,
            height=read.facts.height,
            tokens=texts,
            page_tokens=read.facts.page_tokens,
        )
    if not read.parts:  # a clip of which only the beginning was looked at
        return replace(
            attachment,
            width=read.facts.width,
            height=read.facts.height,
            frames=min(60, math.ceil(read.facts.seconds)),
            seconds=read.facts.seconds,
            has_sound=read.facts.has_sound,
        )
    part = read.parts[0]
    match part:
        case Image():
            height, width, _ = part.pixels.shape
            return replace(attachment, width=width, height=height)
        case Video():
            height, width, _ = part.frames[0].shape
            return replace(
                attachment,
                width=width,
                height=height,
                frames=len(part.frames),
                seconds=_length(read, "video", part.times_s[-1] - part.times_s[0] + 1.0),
                has_sound=part.sound is not None,
            )
        case Audio():
            return replace(
                attachment, seconds=_length(read, "audio", len(part.samples) / SAMPLE_RATE)
            )
        case Text():
            return replace(attachment, tokens=text_tokens(part.text))


def _length(read: ReadFile, kind: str, read_s: float) -> float:
    """Seconds of the whole file; what was read tells it where that was everything."""
    return read_s if read_s < FULL_S[kind] else max(read_s, read.facts.seconds)
