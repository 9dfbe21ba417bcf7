"""Attached files: read on one plain thread, so that the window never waits for a decoder.

A reading ends as an attachment with its thumbnail, or as a problem in a sentence. The original
bytes go to the store; decoded parts are kept for a while, because every question of a
conversation sends its files again.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from app.core.background import Background
from app.core.conversation import Attachment, AttachmentKind, new_id
from app.core.kinds import kind_of, media_type_of
from app.core.thumbnails import Thumbnails, make_thumbnail
from inference import Audio, FacetError, Image, MediaError, Text, Video

_log = logging.getLogger(__name__)
Part = Image | Video | Audio | Text

FIRST_SECONDS = {"video": 60.0, "audio": 30.0}  # what the model sees and hears at most
LONGEST_TEXT_BYTES = 400_000
CACHE_BYTES = 384 * 1024 * 1024
SAMPLE_RATE = 16_000


class Blobs(Protocol):
    """The part of the store that keeps files."""

    def put_file(self, path: Path) -> str: ...
    def put_bytes(self, data: bytes) -> str: ...
    def blob(self, sha256: str) -> Path: ...


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of a file: `attachment` and `thumbnail`, or a `problem`."""

    attachment: Attachment | None = None
    thumbnail: bytes = b""
    problem: str = ""


class MediaReader:
    """Reads files one after the other; what is given back is called on its thread."""

    def __init__(self, blobs: Blobs, thumbnails: Thumbnails) -> None:
        self.thumbnails = thumbnails
        self._blobs = blobs
        self._parts: OrderedDict[str, Part] = OrderedDict()  # touched by the thread alone
        self._thread = Background("file reader")
        self.call = self._thread.call

    def read_file(self, path: Path, attachment_id: str, done: Callable[[Reading], None]) -> None:
        """Read a file the person named."""
        self.call(lambda: done(self._reading(path, path.name, attachment_id)))

    def read_bytes(
        self, data: bytes, name: str, attachment_id: str, done: Callable[[Reading], None]
    ) -> None:
        """Read what came from the clipboard."""

        def work() -> None:
            try:
                path = self._blobs.blob(self._blobs.put_bytes(data))
            except Exception as error:
                done(_failed(name, error))
                return
            done(self._reading(path, name, attachment_id))

        self.call(work)

    def make_thumbnail(self, attachment: Attachment, done: Callable[[bytes], None]) -> None:
        """Make a thumbnail that the cache has lost; empty when it cannot be made."""

        def work() -> None:
            data = b""
            with suppress(Exception):
                data = self._thumbnail(self.part(attachment))
                self.thumbnails.put(attachment.sha256, data)
            done(data)

        self.call(work)

    def part(self, attachment: Attachment) -> Part:
        """The decoded content; only from work given to `call`. Raises FacetError."""
        key = f"{attachment.kind} {attachment.sha256}"
        if key in self._parts:
            self._parts.move_to_end(key)
            return self._parts[key]
        try:
            path = self._blobs.blob(attachment.sha256)
        except (KeyError, OSError) as error:
            raise MediaError(
                f"The file “{attachment.name}” is missing from Facet's own folder.",
                "Attach it again.",
            ) from error
        part, _notes = _decode(path, attachment.kind)
        self._keep(key, part)
        return part

    def close(self, timeout_s: float) -> bool:
        """Drop what waits and join the thread; False when it did not end in time."""
        return self._thread.close(timeout_s)

    def _reading(self, path: Path, name: str, attachment_id: str) -> Reading:
        try:
            return self._read(path, name, attachment_id)
        except Exception as error:
            return _failed(name, error)

    def _read(self, path: Path, name: str, attachment_id: str) -> Reading:
        kind = kind_of(path, name)
        part, notes = _decode(path, kind)
        sha256 = self._blobs.put_file(path)
        self._keep(f"{kind} {sha256}", part)
        attachment = Attachment(
            attachment_id or new_id(),
            kind,
            name,
            sha256,
            path.stat().st_size,
            media_type=media_type_of(name, kind),
            notes=tuple(note.replace(path.name, name) for note in notes),
        )
        thumbnail = self._thumbnail(part)
        if thumbnail:
            self.thumbnails.put(sha256, thumbnail)
        return Reading(_measured(attachment, part), thumbnail)

    @staticmethod
    def _thumbnail(part: Part) -> bytes:
        return make_thumbnail(part) if isinstance(part, Image | Video) else b""

    def _keep(self, key: str, part: Part) -> None:
        self._parts[key] = part
        self._parts.move_to_end(key)
        while len(self._parts) > 1 and sum(map(_size, self._parts.values())) > CACHE_BYTES:
            self._parts.popitem(last=False)


def _decode(path: Path, kind: AttachmentKind) -> tuple[Part, tuple[str, ...]]:
    if kind == "text":
        return _text(path), ()
    # Imported here: OpenCV and FFmpeg take a while, and this is not the window's thread.
    from app.intake import read_media

    try:
        return read_media(path, kind)
    except MediaError as first:
        limit = FIRST_SECONDS.get(kind)
        if limit is None:
            raise
        try:  # too long? then its beginning, and the note says so
            return read_media(path, kind, limit)
        except MediaError:
            raise first from None


def _text(path: Path) -> Text:
    if path.stat().st_size > LONGEST_TEXT_BYTES:
        raise MediaError(
            f"The text is longer than {LONGEST_TEXT_BYTES // 1000} kB.", "Attach a part of it."
        )
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise MediaError("The file is no text in UTF-8.", "Save it as UTF-8 text.") from error
    if "\0" in text:
        raise MediaError(
            "Facet cannot read files of this kind yet.",
            "Attach a picture, a clip, a recording or a text.",
        )
    if not text.strip():
        raise MediaError("The file holds no text.", "Choose another file.")
    return Text(text)


def _measured(attachment: Attachment, part: Part) -> Attachment:
    """The attachment with the facts of its content; costs come later, with the settings."""
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
                seconds=part.times_s[-1] - part.times_s[0] + 1.0,
                has_sound=part.sound is not None,
            )
        case Audio():
            return replace(attachment, seconds=len(part.samples) / SAMPLE_RATE)
        case Text():
            from app.core.costs import text_tokens

            return replace(attachment, tokens=text_tokens(part.text))


def _size(part: Part) -> int:
    match part:
        case Image():
            return part.pixels.nbytes
        case Video():
            sound = 0 if part.sound is None else part.sound.nbytes
            return sum(frame.nbytes for frame in part.frames) + sound
        case Audio():
            return part.samples.nbytes
        case Text():
            return len(part.text) * 4


def _failed(name: str, error: Exception) -> Reading:
    if isinstance(error, FacetError):
        return Reading(problem=str(error))
    if isinstance(error, MemoryError):
        return Reading(problem=f"There is not enough memory to read “{name}”.")
    if isinstance(error, OSError):
        return Reading(problem=f"“{name}” cannot be read or kept: {error.strerror or error}.")
    _log.error("reading failed: %s", type(error).__name__)
    return Reading(problem=f"“{name}” cannot be read ({type(error).__name__}).")
