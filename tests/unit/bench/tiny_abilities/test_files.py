"""Media of samples survive being written to files and read as the application reads them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assets.tiny.train.samples import Clip, Picture, Sound
from inference import Audio, Image, Video
from tests.bench.tiny_abilities.files import shown_at, through_files


def test_media_survive_their_files(tmp_path: Path) -> None:
    noise = np.random.default_rng(0)
    pixels = noise.integers(0, 256, (48, 96, 3), np.uint8)
    frames = tuple(np.full((96, 96, 3), level, np.uint8) for level in (40, 200, 120))
    pcm = noise.uniform(-0.5, 0.5, 1600).astype(np.float32)
    media = through_files([Picture(pixels), Clip(frames, (0.0, 1.0, 3.0)), Sound(pcm)], tmp_path)
    picture, clip, sound = media
    assert isinstance(picture, Image)
    assert np.array_equal(picture.pixels, pixels)
    assert isinstance(clip, Video)
    assert list(clip.times_s) == pytest.approx([0, 1, 2, 3], abs=0.05)
    levels = [float(frame.mean()) for frame in clip.frames]
    assert levels == pytest.approx([40, 200, 200, 120], abs=4)
    assert isinstance(sound, Audio)
    assert np.abs(sound.samples - pcm).max() < 1e-3


def test_a_frame_stays_until_the_next_begins() -> None:
    assert [shown_at((0.0, 1.0, 3.0), t) for t in (0, 0.9, 1, 2.8, 3, 9)] == [0, 0, 1, 1, 2, 2]
