"""Foreign files to plain arrays for the engine. Every limit is a parameter; nothing is written."""

from app.intake.clip import read_clip
from app.intake.media import MediaKind, read_media
from app.intake.picture import read_picture
from app.intake.sound import read_sound
from app.intake.wording import Notes

__all__ = ["MediaKind", "Notes", "read_clip", "read_media", "read_picture", "read_sound"]
