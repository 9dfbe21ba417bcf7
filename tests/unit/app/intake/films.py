"""Small clips and recordings with known content: each frame shows its own number."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.stream import VideoStream
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Samples = NDArray[np.float32]

CELL = 32  # a frame is 2 x 4 cells, black or white, the highest bit first
HEIGHT, WIDTH = 2 * CELL, 4 * CELL


def numbered(number: int) -> Pixels:
    """A frame that shows `number`, 0 to 255, in black and white cells."""
    bits = np.array([number >> bit & 1 for bit in range(7, -1, -1)], dtype=np.uint8).reshape(2, 4)
    cells = np.kron(bits * np.uint8(200) + np.uint8(20), np.ones((CELL, CELL), np.uint8))
    return np.asarray(np.repeat(cells[..., None], 3, axis=2), dtype=np.uint8)


def number_in(frame: Pixels) -> int:
    """The number that a frame shows, whatever its size and compression."""
    height, width, _ = frame.shape
    number = 0
    for row in (1, 3):
        for column in (1, 3, 5, 7):
            bit = frame[height * row // 4, width * column // 8].mean() > 120
            number = number * 2 + bool(bit)
    return number


def tone(seconds: float, rate_hz: int, frequency_hz: float = 440.0) -> Samples:
    """A sine of amplitude 0.5."""
    t = np.arange(round(seconds * rate_hz)) / rate_hz
    return (0.5 * np.sin(2 * np.pi * frequency_hz * t)).astype(np.float32)


def loudest_hz(samples: Samples, rate_hz: int = 16_000) -> float:
    """The strongest frequency."""
    spectrum = np.abs(np.fft.rfft(samples))
    return float(spectrum.argmax() * rate_hz / len(samples))


def write_steady(path: Path, numbers: Sequence[int], fps: float, fourcc: str = "MJPG") -> Path:
    """A clip of constant frame rate, written by OpenCV."""
    code = cv2.VideoWriter.fourcc(*fourcc)
    writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, code, fps, (WIDTH, HEIGHT))
    assert writer.isOpened()
    for number in numbers:
        writer.write(numbered(number))
    writer.release()
    return path


def write_timed(
    path: Path,
    frames: Sequence[tuple[float, Pixels]],
    *,
    codec: str = "mjpeg",
    pixel_format: str = "yuvj420p",
    transfer: int | None = None,
    sound: Samples | None = None,
    sound_rate_hz: int = 44_100,
) -> Path:
    """A clip whose frames begin at the given seconds, with an AAC sound track if wanted."""
    height, width, _ = frames[0][1].shape
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=25)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = width, height, pixel_format
        stream.codec_context.time_base = Fraction(1, 1000)
        if transfer is not None:
            stream.codec_context.color_trc = transfer
        track = None if sound is None else _aac_track(container, sound_rate_hz)
        for seconds, pixels in frames:
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24").reformat(format=pixel_format)
            frame.pts, frame.time_base = round(seconds * 1000), Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
        if track is not None and sound is not None:
            _write_track(container, track, sound)
    return path


def write_aac(path: Path, sound: Samples, rate_hz: int) -> Path:
    """A file with nothing but an AAC track."""
    with av.open(str(path), "w") as container:
        _write_track(container, _aac_track(container, rate_hz), sound)
    return path


def _aac_track(container: OutputContainer, rate_hz: int) -> AudioStream:
    return container.add_stream("aac", rate=rate_hz, layout="mono")


def _write_track(container: OutputContainer, track: AudioStream, sound: Samples) -> None:
    part = av.AudioFrame.from_ndarray(sound[None], format="fltp", layout="mono")
    part.sample_rate = track.rate
    container.mux(track.encode(part))
    container.mux(track.encode(None))


def turn_clockwise(path: Path) -> Path:
    """Rewrite the display matrix of an MP4 so that players turn it by 90 degrees clockwise."""
    data = bytearray(path.read_bytes())
    matrix = data.index(b"tkhd") + 44
    quarter = [0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30]
    data[matrix : matrix + 36] = b"".join(n.to_bytes(4, "big", signed=True) for n in quarter)
    path.write_bytes(data)
    return path
