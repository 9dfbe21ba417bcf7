"""Attached files: read by a process of their own, so that no decoder can stop or end the window.

Plain threads wait for it. A reading ends as an attachment with its thumbnail, or as a problem in a
sentence. The original bytes go to the store; decoded parts are kept for a while, because every
question of a conversation sends its files again.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from app.core.background import Background
from app.core.conversation import Attachment, AttachmentKind, new_id
from app.core.kinds import kind_of, media_type_of
from app.core.looking import Look, Looks
from app.core.measuring import measured
from app.core.thumbnails import Thumbnails
from app.intake.documents.pages import is_locked, locked
from app.intake.read_file import ReadFile
from app.intake.runner import CalledOffError, Job, Runner, never
from app.intake.wording import quoted
from app.intake.worker import Worker
from inference import Audio, FacetError, Image, MediaError, Text, Video

_log = logging.getLogger(__name__)
Part = Image | Video | Audio | Text
Parts = tuple[Part, ...]

CACHE_BYTES = 384 * 1024 * 1024
# A file that takes longer has something wrong with it.
LIMIT_S: dict[AttachmentKind, float] = {
    "image": 30.0,
    "audio": 60.0,
    "video": 60.0,
    "document": 60.0,
    "text": 10.0,
}


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


Answer = Callable[[str | None], None]  # the password, None for none
OnLocked = Callable[[str, bool, Answer], None]  # the file's name, whether one was wrong already


class MediaReader:
    """Reads files one after the other; what is given back is called on its thread."""

    def __init__(
        self, blobs: Blobs, thumbnails: Thumbnails, make_runner: Callable[[], Runner] = Worker
    ) -> None:
        self.thumbnails = thumbnails
        # Asks for a file's password: called on the reader's thread, may answer from any.
        self.on_locked: OnLocked | None = None
        self._blobs = blobs
        self._runner = make_runner()
        self._parts: OrderedDict[str, Parts] = OrderedDict()  # touched by the thread alone
        self._thread = Background("file reader")
        self.call = self._thread.call
        # What is looked at must not wait for what is asked about, nor the other way round.
        self._looks = Looks(blobs, make_runner())
        self.picture = self._looks.picture
        self.page = self._looks.page
        self.page_text = self._looks.page_text
        self.frames = self._looks.frames
        self.wave = self._looks.wave
        self.samples = self._looks.samples

    def warm(self) -> None:
        """Make ready for the first file, without waiting."""
        self.call(self._runner.warm)

    def read_file(
        self,
        path: Path,
        attachment_id: str,
        done: Callable[[Reading], None],
        *,
        is_light: bool = False,
    ) -> Look:
        """Read a file the person named; `done` is not called once the reading is cancelled.

        With `is_light` only the beginning of a clip is looked at, so that it is there at once.
        """
        look = Look()
        self._looks.warm()  # it will be looked at next
        self.call(lambda: self._read_into(done, look, path, path.name, attachment_id, is_light))
        return look

    def read_bytes(
        self, data: bytes, name: str, attachment_id: str, done: Callable[[Reading], None]
    ) -> Look:
        """Read what came from the clipboard; `done` as in `read_file`."""
        look = Look()

        def work() -> None:
            try:
                path = self._blobs.blob(self._blobs.put_bytes(data))
            except Exception as error:
                done(_failed(name, error))
                return
            self._read_into(done, look, path, name, attachment_id)

        self.call(work)
        return look

    def make_thumbnail(self, attachment: Attachment, done: Callable[[bytes], None]) -> None:
        """Make a thumbnail that the cache has lost; empty when it cannot be made."""

        def work() -> None:
            data = b""
            with suppress(Exception):
                rest = attachment.kind, attachment.name
                data = self._runner.call(self._job("thumbnail", attachment, rest))
                self.thumbnails.put(attachment.sha256, data)
            done(data)

        self.call(work)

    def parts(self, attachment: Attachment, is_called_off: Callable[[], bool] = never) -> Parts:
        """What is sent of the attachment; only from work given to `call`.

        Raises FacetError, and CalledOffError when nobody wants it any more.
        """
        key = _key(attachment)
        if key not in self._parts:
            self._parts[key] = self._selected(attachment, is_called_off)
            self._forget_oldest()
        self._parts.move_to_end(key)
        return self._parts[key]

    def close(self, timeout_s: float) -> bool:
        """End what is being read and join the threads; False when one did not end in time."""
        self._runner.abort()
        is_over = self._looks.close(timeout_s / 2) & self._thread.close(timeout_s / 2)
        if is_over:
            self._runner.close()
        return is_over

    def _selected(self, attachment: Attachment, is_called_off: Callable[[], bool]) -> Parts:
        rest = attachment.kind, attachment.name, attachment.selection
        parts, _notes = self._runner.call(self._job("selected", attachment, rest), is_called_off)
        return tuple(parts)

    def _job(self, kind: str, attachment: Attachment, rest: tuple[object, ...]) -> Job:
        return Job(kind, self._blob(attachment), attachment.name, rest, LIMIT_S[attachment.kind])

    def _blob(self, attachment: Attachment) -> Path:
        try:
            return self._blobs.blob(attachment.sha256)
        except (KeyError, OSError) as error:
            raise MediaError(
                f"The file “{attachment.name}” is missing from Facet's own folder.",
                "Attach it again.",
            ) from error

    def _read_into(
        self,
        done: Callable[[Reading], None],
        look: Look,
        path: Path,
        name: str,
        attachment_id: str,
        is_light: bool = False,
    ) -> None:
        if look.is_cancelled:
            return
        try:
            reading = self._reading(path, name, attachment_id or new_id(), look, is_light)
        except CalledOffError:
            return
        except Exception as error:
            if self.on_locked is not None and is_locked(error):
                retry = partial(self._read_into, done, look)
                self._unlock(path, name, look, done, lambda copy: retry(copy, name, attachment_id))
                return
            reading = _failed(name, error)
        if not look.is_cancelled:
            done(reading)

    def _unlock(
        self,
        path: Path,
        name: str,
        look: Look,
        done: Callable[[Reading], None],
        go_on: Callable[[Path], None],
        *,
        was_wrong: bool = False,
    ) -> None:
        """Ask for the password and go on with a copy without it; only the copy is kept."""

        def work(password: str | None) -> None:
            if look.is_cancelled:
                return
            try:
                if password is None:
                    raise locked(Path(name))
                job = Job("unlocked", path, name, (name, password), LIMIT_S["document"])
                copy = self._blobs.put_bytes(self._runner.call(job, lambda: look.is_cancelled))
                go_on(self._blobs.blob(copy))
            except CalledOffError:
                return
            except Exception as error:
                if password is not None and is_locked(error):
                    self._unlock(path, name, look, done, go_on, was_wrong=True)
                else:
                    done(_failed(name, error))

        assert self.on_locked is not None
        self.on_locked(name, was_wrong, lambda password: self.call(lambda: work(password)))

    def _reading(
        self, path: Path, name: str, attachment_id: str, look: Look, is_light: bool
    ) -> Reading:
        kind = kind_of(path, name)
        job = Job("survey" if is_light else "read", path, name, (kind, name), LIMIT_S[kind])
        read: ReadFile = self._runner.call(job, lambda: look.is_cancelled)
        if kind == "video" and read.kind == "audio":  # a film file without pictures
            kind = "audio"
        sha256 = self._blobs.put_file(path)
        if read.thumbnail:
            self.thumbnails.put(sha256, read.thumbnail)
        attachment = Attachment(
            attachment_id,
            kind,
            name,
            sha256,
            path.stat().st_size,
            media_type=media_type_of(name, kind),
            notes=tuple(note.replace(quoted(path), quoted(Path(name))) for note in read.notes),
        )
        if read.parts:
            self._parts[_key(attachment)] = read.parts
            self._forget_oldest()
        return Reading(measured(attachment, read), read.thumbnail)

    def _forget_oldest(self) -> None:
        while len(self._parts) > 1 and sum(map(_sizes, self._parts.values())) > CACHE_BYTES:
            self._parts.popitem(last=False)


def _key(attachment: Attachment) -> str:
    return f"{attachment.kind} {attachment.sha256} {attachment.selection}"


def _sizes(parts: Parts) -> int:
    return sum(map(_size, parts))


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
