"""Files as the engine takes them, in the part that was selected."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from app.intake.clip import MAX_FRAME_PIXELS, read_clip
from app.intake.film import film
from app.intake.frames import clip_facts
from app.intake.picture import read_picture
from app.intake.selection import WHOLE, Crop, Selection
from app.intake.sound import MAX_SECONDS, RATE_HZ, read_sound, read_span
from app.intake.source import open_source
from app.intake.streams import Samples
from app.intake.wording import Notes, quoted
from inference import Audio, Image, MediaError, Video

WINDOW_S = 60.0  # what the model watches at most
MAX_CLIP_BYTES = 8_000_000_000
PEAK = 1.0


def read_selected(
    path: Path, kind: str, selection: Selection = WHOLE
) -> tuple[tuple[Image | Video | Audio, ...], Notes]:
    """Read the selected part of a picture, clip or recording. Raises MediaError.

    Without a selection a clip gives its first 60 s and a recording its first 30 s, and the notes
    say so. A clip's sound beyond 30 s is a second part. Times stay those of the file.
    """
    match kind:
        case "image":
            picture, notes = read_picture(path)
            return (_cropped(picture, selection.crop, path),), notes
        case "video":
            return _clip(path, selection)
        case "audio":
            return _recording(path, selection)
    raise MediaError(f"{quoted(path)} is no picture, clip or recording.", "Attach another file.")


def _cropped(picture: Image, crop: Crop | None, path: Path) -> Image:
    if crop is None:
        return picture
    left, top, right, bottom = crop
    height, width, _ = picture.pixels.shape
    if not (0 <= left < right <= width and 0 <= top < bottom <= height):
        raise MediaError(
            f"The part of {quoted(path)} lies outside of its {width} x {height} pixels.",
            "Choose another part.",
        )
    return Image(np.ascontiguousarray(picture.pixels[top:bottom, left:right]), name=picture.name)


def _clip(path: Path, selection: Selection) -> tuple[tuple[Video | Audio, ...], Notes]:
    if selection == WHOLE:
        try:
            video, notes = read_clip(path)
        except MediaError as first:
            try:  # too long? then its beginning, and the note says so
                video, notes = read_clip(path, WINDOW_S)
            except MediaError:
                raise first from None
        return _with_rest(path, video, 0.0, video.times_s[-1] + 1.0, notes)
    source = open_source(path, MAX_CLIP_BYTES)
    start = selection.start_s
    end = min(start + WINDOW_S, selection.end_s or start + WINDOW_S)
    frames = list(
        film(
            source,
            start,
            end,
            max_pixels=MAX_FRAME_PIXELS,
            left_out=frozenset(selection.left_out),
        )
    )
    if not frames:
        raise MediaError(
            f"No frame of {quoted(path)} is left to be sent.", "Take some frames in again."
        )
    video = Video(
        tuple(frame.pixels for frame in frames), tuple(frame.time_s for frame in frames), path.name
    )
    if not selection.with_sound or not clip_facts(source).has_sound:
        return (video,), ()
    try:
        sound = read_span(path, start, end)
    except MediaError:
        return (video,), (f"The sound track of {quoted(path)} could not be read and was left out.",)
    return _with_sound(path, video, sound, ())


def _with_rest(
    path: Path, video: Video, start: float, end: float, notes: Notes
) -> tuple[tuple[Video | Audio, ...], Notes]:
    """A whole clip, with the sound beyond its first 30 s."""
    if video.sound is None or end - start <= MAX_SECONDS:
        return (video,), notes
    try:
        sound = read_span(path, start, end)
    except MediaError:
        return (video,), notes
    kept = tuple(note for note in notes if not note.startswith("Of the sound track"))
    return _with_sound(path, video, sound, kept)


def _with_sound(
    path: Path, video: Video, sound: Samples, notes: Notes
) -> tuple[tuple[Video | Audio, ...], Notes]:
    first = round(MAX_SECONDS * RATE_HZ)
    if not len(sound):
        return (video,), notes
    heard = Video(video.frames, video.times_s, video.name, sound=sound[:first])
    rest = sound[first : 2 * first]
    if len(rest) < RATE_HZ // 50:  # an end without a sound token
        return (heard,), notes
    return (heard, Audio(rest, name=path.name)), notes


def _recording(path: Path, selection: Selection) -> tuple[tuple[Audio, ...], Notes]:
    if selection == WHOLE:
        try:
            audio, notes = read_sound(path)
        except MediaError as first:
            try:
                audio, notes = read_sound(path, MAX_SECONDS)
            except MediaError:
                raise first from None
        return (audio,), notes
    end = selection.end_s
    length = MAX_SECONDS if end is None else min(MAX_SECONDS, max(0.0, end - selection.start_s))
    audio, notes = read_sound(path, length or MAX_SECONDS, start_s=selection.start_s)
    if end is not None:  # a part that was chosen is not a part that was lost
        notes = ()
    if selection.gain_db:
        factor = np.float32(10 ** (selection.gain_db / 20))
        louder = np.clip(audio.samples * factor, -PEAK, PEAK).astype(np.float32)
        audio = Audio(louder, name=audio.name)
    return (audio,), notes
