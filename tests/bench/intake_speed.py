"""How soon files are seen: first thumbnails of a 4K clip, and a ten-minute recording in pieces.

python -m tests.bench.intake_speed

The clip is 10 s of H.264 at 3840 x 2160 and 30 frames a second with a key frame each second, as
telephones write it. The reader's process is warm, as it is once a file was dropped.
"""

from __future__ import annotations

import hashlib
import queue
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter

import av
import numpy as np
import soundfile
from av.video.stream import VideoStream

from app.core.conversation import Attachment
from app.core.reading import MediaReader, Reading
from app.core.speech.splitting import split
from app.core.thumbnails import Thumbnails
from tests.bench import noise

ROUNDS = 5
STRIP_PX = 160
FIRST = 6  # frames that fill the strip as far as one sees it
CLIP_S, RECORDING_S = 10, 600
THUMBNAILS_MS, SPLIT_S = 500.0, 5.0


class Folder:
    """Keeps files by their digest."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put_file(self, path: Path) -> str:
        """A link is enough: nothing is changed here."""
        name = hashlib.sha256(path.name.encode()).hexdigest()
        shutil.copyfile(path, self._folder / name)
        return name

    def put_bytes(self, data: bytes) -> str:
        """Not needed here."""
        raise NotImplementedError

    def blob(self, sha256: str) -> Path:
        """Where the file lies."""
        return self._folder / sha256


def write_4k(path: Path, seconds: int = CLIP_S, fps: int = 30) -> Path:
    """A moving scene, encoded with the fastest settings: its length is what matters."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=fps)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = 3840, 2160, "yuv420p"
        stream.codec_context.gop_size = fps
        stream.options = {"preset": "ultrafast", "crf": "30"}
        rng = np.random.default_rng(1)
        scene = np.kron(rng.integers(0, 256, (270, 480, 3), np.uint8), np.ones((8, 8, 1), np.uint8))
        for number in range(seconds * fps):
            frame = av.VideoFrame.from_ndarray(np.roll(scene, number * 8, axis=1))
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def write_speech(path: Path, seconds: int = RECORDING_S, rate: int = 44_100) -> Path:
    """Bursts of noise with pauses of every length, as somebody talks."""
    rng = np.random.default_rng(2)
    sound = np.zeros(seconds * rate, np.float32)
    at = 0
    while at < len(sound):
        talk, pause = int(rng.uniform(1, 9) * rate), int(rng.uniform(0.2, 1.2) * rate)
        piece = sound[at : at + talk]
        piece += rng.standard_normal(len(piece)).astype(np.float32) * np.float32(0.1)
        at += talk + pause
    soundfile.write(path, sound, rate, format="MP3" if path.suffix == ".mp3" else None)
    return path


@contextmanager
def opened(folder: Path) -> Iterator[MediaReader]:
    """A reader with warm processes."""
    files = folder / "files"
    files.mkdir(exist_ok=True)
    reader = MediaReader(Folder(files), Thumbnails(folder / "thumbnails"))
    reader.warm()
    try:
        yield reader
    finally:
        reader.close(10.0)


def attach(reader: MediaReader, path: Path) -> Attachment:
    """The file as an attachment. Raises ValueError."""
    got: queue.Queue[Reading] = queue.Queue()
    reader.read_file(path, path.name, got.put)
    reading = got.get()
    if reading.attachment is None:
        raise ValueError(reading.problem)
    return reading.attachment


def thumbnails(reader: MediaReader, clip: Attachment) -> tuple[float, float, float]:
    """Milliseconds until the first frame, the first six, all of them."""
    times: list[float] = []
    over: queue.Queue[str] = queue.Queue()
    began = perf_counter()

    def on_frame(_index: int, _time_s: float, _pixels: object) -> None:
        times.append((perf_counter() - began) * 1_000)

    reader.frames(clip, 0.0, float(CLIP_S), STRIP_PX, on_frame, over.put)
    problem = over.get()
    if problem:
        raise ValueError(problem)
    return times[0], times[min(FIRST, len(times)) - 1], times[-1]


def splitting(reader: MediaReader, recording: Attachment) -> float:
    """Seconds until the pieces of a recording are known."""
    got: queue.Queue[tuple[object, float, str]] = queue.Queue()
    began = perf_counter()
    reader.wave(recording, lambda *made: got.put(made))
    wave, seconds, problem = got.get()
    if not isinstance(wave, np.ndarray):
        raise ValueError(problem)
    pieces = split(wave, seconds)
    taken = perf_counter() - began
    assert len(pieces) >= RECORDING_S / 30
    assert all(piece.end_s - piece.start_s <= 30.0 for piece in pieces)
    return taken


def main() -> None:
    """Print the figures."""
    noise.pin()
    print(noise.measure())
    with tempfile.TemporaryDirectory() as name, opened(Path(name)) as reader:
        clip_file = write_4k(Path(name) / "clip.mp4")
        began = perf_counter()
        clip = attach(reader, clip_file)
        print(f"4K clip of {CLIP_S} s read as the model gets it: {perf_counter() - began:.1f} s")
        rounds = [thumbnails(reader, clip) for _ in range(ROUNDS)]
        first, six, last = (median(each) for each in zip(*rounds, strict=True))
        print(f"4K thumbnails: first {first:.0f} ms, {FIRST} of them {six:.0f} ms, "
              f"all {last:.0f} ms (target: first < {THUMBNAILS_MS:.0f} ms)")  # fmt: skip
        for ending in ("wav", "mp3"):
            recording = attach(reader, write_speech(Path(name) / f"talk.{ending}"))
            seconds = median(splitting(reader, recording) for _ in range(ROUNDS))
            print(f"{RECORDING_S} s of {ending} in pieces: {seconds:.2f} s (target < {SPLIT_S:g})")


if __name__ == "__main__":
    main()
