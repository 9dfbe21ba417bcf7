"""What kind of attachment a file is: by its name where that is plain, else by its first bytes."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from app.core.conversation import AttachmentKind
from app.intake.source import TS_PACKET

_SUFFIXES: dict[AttachmentKind, str] = {
    "image": ".png .jpg .jpeg .jpe .heic .heif .webp .gif .tif .tiff .bmp .avif .ppm .jp2 .ico",
    "video": ".mp4 .mov .m4v .mkv .webm .avi .mpg .mpeg .flv .wmv .m2ts .mts .3gp",
    "audio": ".wav .m4a .m4b .mp3 .flac .aiff .aif .ogg .oga .opus .aac .ac3 .caf .amr .wma .mka "
    ".weba .au .w64 .rf64",
    "document": ".pdf .docx .docm .doc .xlsx .xlsm .xls .pptx .pptm .ppt",
    "text": ".txt .md .csv .tsv .json .xml .yaml .yml .toml .py .swift .js .html .css .log .tex",
}
_KINDS = {suffix: kind for kind, line in _SUFFIXES.items() for suffix in line.split()}
_HEAD_BYTES = 192
_MAGIC: tuple[tuple[bytes, int, AttachmentKind], ...] = (
    (b"\x89PNG", 0, "image"),
    (b"\xff\xd8\xff", 0, "image"),
    (b"GIF8", 0, "image"),
    (b"II*\0", 0, "image"),
    (b"MM\0*", 0, "image"),
    (b"WEBP", 8, "image"),
    (b"ftypheic", 4, "image"),
    (b"ftypmif1", 4, "image"),
    (b"ftypavif", 4, "image"),
    (b"ftypM4A", 4, "audio"),
    (b"ftypM4B", 4, "audio"),
    (b"ftyp", 4, "video"),
    (b"moov", 4, "video"),
    (b"\x1aE\xdf\xa3", 0, "video"),
    (b"AVI ", 8, "video"),
    (b"WAVE", 8, "audio"),
    (b"fLaC", 0, "audio"),
    (b"OggS", 0, "audio"),
    (b"ID3", 0, "audio"),
    (b"FORM", 0, "audio"),
    (b"%PDF-", 0, "document"),
    (b"caff", 0, "audio"),
    (b"\xff\xfb", 0, "audio"),  # MP3 without a title
    (b"FLV\x01", 0, "video"),
    (b"\x30\x26\xb2\x75", 0, "video"),  # Windows Media; without pictures it is a recording
)


def kind_of_name(name: str) -> AttachmentKind | None:
    """The kind that a file name promises, None when it promises nothing we know."""
    return _KINDS.get(Path(name).suffix.lower())


def kind_of(path: Path, name: str) -> AttachmentKind:
    """The kind to read a file as; what looks like no media is read as text."""
    promised = kind_of_name(name)
    if promised is not None:
        return promised
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except OSError:
        return "text"  # the reader says what is wrong with it
    if head[:1] == b"G" and head[TS_PACKET : TS_PACKET + 1] == b"G":
        return "video"  # the name .ts is also that of TypeScript
    for magic, place, kind in _MAGIC:
        if head[place : place + len(magic)] == magic:
            return kind
    return "text"


def media_type_of(name: str, kind: AttachmentKind) -> str:
    """The MIME type by the name, a general one where the name tells nothing."""
    general = {
        "image": "image/*",
        "video": "video/*",
        "audio": "audio/*",
        "text": "text/plain",
        "document": "application/octet-stream",
    }
    return mimetypes.guess_type(name, strict=False)[0] or general[kind]
