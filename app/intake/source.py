"""A foreign file before it is decoded: is it one, is it small enough, what do its bytes say it is.

File names are never trusted. FFmpeg is told the container found here, so that no file can make it
guess a playlist or another kind that opens further files or addresses.
"""

from __future__ import annotations

import stat
from dataclasses import dataclass
from pathlib import Path

from app.intake.wording import megabytes, quoted
from inference import MediaError

HEAD_BYTES = 512
TS_PACKET = 188

# First bytes of a file, and FFmpeg's name for the container.
_CONTAINERS = (
    (b"\x1aE\xdf\xa3", "matroska"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"OggS", "ogg"),
    (b"FLV\x01", "flv"),
    (b"\x00\x00\x01\xba", "mpeg"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "asf"),
    (b"ID3", "mp3"),
    (b"\x0b\x77", "ac3"),
    (b"#!AMR", "amr"),
)
_ISO_BOXES = {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"}


@dataclass(frozen=True, slots=True)
class Source:
    """A regular file within the size limit. `container` is FFmpeg's name, None if unknown."""

    path: Path
    container: str | None


def open_source(path: Path, max_bytes: int) -> Source:
    """Look at a file. Raises MediaError if it is missing, no file, empty or too large."""
    if not _is_text(str(path.absolute())):  # OpenCV 5.0 crashes on such names
        raise MediaError(f"The name or folder of {quoted(path)} is not text.", "Rename it.")
    try:
        facts = path.stat()
        if not stat.S_ISREG(facts.st_mode):  # before opening: a pipe would wait for ever
            raise MediaError(f"{quoted(path)} is not a file.", "Choose a file.")
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the name
        raise MediaError(
            f"{quoted(path)} cannot be opened: it is missing or may not be read.",
            "Check its place and its permissions.",
        ) from error
    if not head:
        raise MediaError(f"{quoted(path)} is empty.", "Choose another file.")
    if facts.st_size > max_bytes:
        raise MediaError(
            f"{quoted(path)} has {megabytes(facts.st_size)}; the limit is {megabytes(max_bytes)}.",
            "Choose a smaller file.",
        )
    return Source(path.absolute(), container(head))


def container(head: bytes) -> str | None:
    """FFmpeg's name for the container that starts with `head`, None if it is not a known one."""
    for magic, name in _CONTAINERS:
        if head.startswith(magic):
            return name
    # The first box of a film file is small; a text disguised as a box would claim a huge one.
    if head[4:8] in _ISO_BOXES and head[0] == 0:
        return "mov"
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:
        return "mp3" if head[1] & 0x06 else "aac"  # the layer, which AAC leaves 0
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        return "avi"
    if head[:1] == b"G" and head[TS_PACKET : TS_PACKET + 1] == b"G":
        return "mpegts"
    return None


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:  # bytes of another encoding, kept by Python as lone surrogates
        return False
    return True
