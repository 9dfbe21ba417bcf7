"""Patches and mel features against what transformers made of the same pictures and sounds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.lib.npyio import NpzFile

from inference.api import Video
from inference.media.audio import log_mel
from inference.media.image import image_patches
from inference.media.plan import plan_image, plan_video
from inference.media.video import frame_batches

MEDIA = Path(__file__).parents[3] / "parity" / "data" / "media.npz"
BUDGETS = {"wide": 70, "tall": 70, "square": 70, "strip": 140}


@pytest.fixture(scope="module")
def media() -> Iterator[NpzFile]:
    with np.load(MEDIA, allow_pickle=False) as arrays:
        yield arrays


@pytest.mark.parametrize("name", BUDGETS)
def test_picture(media: NpzFile, name: str) -> None:
    pixels = media[f"picture/{name}"]

    height, width, _ = pixels.shape
    patches = image_patches(pixels, plan_image(height, width, BUDGETS[name]))

    np.testing.assert_array_equal(patches.positions, media[f"patch_positions/{name}"])
    # the two bicubic resizes round a few pixels differently
    difference = np.abs(patches.values * 255 - media[f"patches/{name}"])
    assert difference.max() < 2.001
    assert difference.mean() < 0.01


def test_frames(media: NpzFile) -> None:
    frames = list(media["frames"])
    plan = plan_video(Video(frames, list(range(len(frames)))), 70)

    for batch in frame_batches(frames, plan, size=2):
        np.testing.assert_array_equal(batch.positions, media["patch_positions/frames"])
        difference = np.abs(batch.values * 255 - media["patches/frames"][list(batch.indices)])
        assert difference.max() < 2.001
        assert difference.mean() < 0.01


@pytest.mark.parametrize("name", ["short", "clip", "long"])
def test_sound(media: NpzFile, name: str) -> None:
    mask = media[f"mel_mask/{name}"]

    features = log_mel(media[f"clip/{name}"])

    assert len(features) == mask.sum()
    np.testing.assert_allclose(features, media[f"mel/{name}"][mask], atol=1e-5)
