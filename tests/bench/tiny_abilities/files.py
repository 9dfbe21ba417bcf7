"""Media of a sample as real files, read back the way the application reads a person's files."""

from __future__ import annotations

import wave
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from PIL import Image as PillowImage

from app.intake.media import read_media
from assets.tiny.train.samples import Clip, Media, Picture, Sound
from inference import Audio, Image, Video

RATE = 16_000  # samples a second
FILM_RATE = 5  # pictures a second in a clip's file; a frame of the sample stands for several


def through_files(media: list[Media], folder: Path) -> list[Image | Video | Audio]:
    """Writes a PNG, MP4 or WAV for each medium and returns what app.intake reads from them."""
    read: list[Image | Video | Audio] = []
    for number, medium in enumerate(media):
        match medium:
            case Picture():
                path = folder / f"picture{number}.png"
                PillowImage.fromarray(medium.pixels).save(path)
                read.append(read_media(path, "image")[0])
            case Clip():
                path = folder / f"clip{number}.mp4"
                write_clip(medium, path)
                read.append(read_media(path, "video")[0])
            case Sound():
                path = folder / f"recording{number}.wav"
                write_sound(medium, path)
                read.append(read_media(path, "audio")[0])
    return read


def write_sound(sound: Sound, path: Path) -> None:
    """16 bit mono WAV at 16 kHz."""
    pcm = np.round(np.clip(sound.pcm, -1, 1) * 32767).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(pcm.tobytes())


def write_clip(clip: Clip, path: Path) -> None:
    """H.264 at FILM_RATE pictures a second; each frame stays until the next one's time.

    The last one stays for a second.
    """
    height, width = clip.frames[0].shape[:2]
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=FILM_RATE, options={"crf": "16"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for number in range(round((clip.times[-1] + 1) * FILM_RATE)):
            shown = shown_at(clip.times, number / FILM_RATE)
            picture = av.VideoFrame.from_ndarray(clip.frames[shown], format="rgb24")
            picture.pts, picture.time_base = number, Fraction(1, FILM_RATE)
            container.mux(stream.encode(picture))
        container.mux(stream.encode())


def shown_at(times: tuple[float, ...], moment: float) -> int:
    """Index of the frame on show at `moment`: the last that has begun, at least the first."""
    begun = sum(time <= moment + 1e-6 for time in times)
    return max(0, begun - 1)
