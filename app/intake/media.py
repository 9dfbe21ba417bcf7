"""One entry for all kinds of media files."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from app.intake.clip import read_clip
from app.intake.picture import read_picture
from app.intake.sound import read_sound
from app.intake.wording import Notes
from inference import Audio, Image, Video

MediaKind = Literal["image", "video", "audio"]


def read_media(
    path: Path, kind: MediaKind, first_seconds: float | None = None
) -> tuple[Image | Video | Audio, Notes]:
    """Read `path` as `kind`, and say what was left out or changed. Raises MediaError.

    `first_seconds` allows a longer clip or recording to be cut; it has no meaning for a picture.
    """
    match kind:
        case "image":
            return read_picture(path)
        case "video":
            return read_clip(path, first_seconds)
        case "audio":
            return read_sound(path, first_seconds)
