"""References that need no network: resize rule, resampling, mel filters, counts, timestamps."""

from __future__ import annotations

from typing import Any

import numpy as np
from transformers import Gemma4Processor
from transformers.models.gemma4.image_processing_gemma4 import get_aspect_ratio_preserving_size
from transformers.video_utils import VideoMetadata, default_sample_indices_fn

from tests.reference import inputs
from tests.reference.checkpoint import BUDGET
from tests.reference.media import image_patches

BUDGETS = (70, 140, 280, 560, 1120)
_PATCH, _POOL = 16, 3
_EDGE_SIZES = (
    *((1, 1), (15, 15), (224, 224), (768, 768), (480, 640), (640, 480), (1080, 1920)),
    *((2000, 3000), (100, 3000), (10, 5000), (4, 9000), (9000, 4), (1, 500), (500, 1)),
    *((3, 450), (4, 560), (560, 4), (48, 80), (60, 200), (90, 70)),
)
_FRAMES_OF_SOURCES = ((32, 24.0), (33, 24.0), (100, 25.0), (240, 29.97), (1800, 30.0), (7201, 60.0))


def unit_arrays(processor: Gemma4Processor) -> dict[str, np.ndarray]:
    source, result = _downscaled(processor)
    samples, frames, tokens = _audio_counts(processor)
    return {
        "resize_table": _resize_table(),
        "resize_source": source,
        "resize_result": result,
        "mel_filters": processor.feature_extractor.mel_filters,
        "audio_samples": samples,
        "audio_valid_frames": frames,
        "audio_tokens": tokens,
    }


def video_prompts(processor: Gemma4Processor) -> list[dict[str, Any]]:
    """Expansions of one <|video|> of two soft tokens a frame."""
    clips: tuple[tuple[float | None, tuple[int, ...]], ...] = (
        (1.0, (0, 1, 2, 3, 4)),
        (1.0, (0, 3, 7, 61)),
        (1.0, (59, 60, 119, 120, 3599, 3600, 5999, 6000)),
        (24.0, (0, 23, 24, 25, 1439, 1440)),
        (29.97, (0, 29, 30, 59, 60, 1798, 1799)),
        (0.5, (0, 1, 29, 30)),
        (None, (0, 23, 24, 48)),
    )
    return [
        {"fps": fps, "indices": indices, "prompt": _video_prompt(processor, fps, indices)}
        for fps, indices in clips
    ]


def frame_samples() -> list[dict[str, Any]]:
    """Frames transformers picks from a source, by count (32 by default) or by rate.

    Its rule is called below the video processor, whose default count makes it ignore a rate.
    """
    samples = []
    for total, fps in _FRAMES_OF_SOURCES:
        wanted: tuple[dict[str, Any], ...] = ({"num_frames": 32}, {"num_frames": 8}, {"fps": 1.0})
        for rule in wanted:
            metadata = VideoMetadata(total_num_frames=total, fps=fps)
            indices = default_sample_indices_fn(metadata, **rule)
            samples.append({"total": total, "source_fps": fps, **rule, "indices": indices.tolist()})
    return samples


def _resize_table() -> np.ndarray:
    """Rows (height, width, budget, new height, new width, soft tokens)."""
    rng = np.random.default_rng(3)
    drawn = np.exp(rng.uniform(np.log(2), np.log(6000), size=(22, 2))).astype(int)
    rows = []
    for height, width in (*_EDGE_SIZES, *drawn.tolist()):
        for budget in BUDGETS:
            new = get_aspect_ratio_preserving_size(height, width, _PATCH, budget * _POOL**2, _POOL)
            tokens = new[0] * new[1] // (_PATCH * _POOL) ** 2
            rows.append((height, width, budget, *new, tokens))
    return np.array(rows, dtype=np.int32)


def _downscaled(processor: Gemma4Processor) -> tuple[np.ndarray, np.ndarray]:
    """A picture larger than its budget, and the pixels [H, W, 3] transformers makes of it."""
    source = inputs.mosaic(500, 640, cell=16, seed=9)
    patches, positions = image_patches(processor, source, BUDGET)
    columns, rows = positions.max(axis=0) + 1
    grid = patches.reshape(rows, columns, _PATCH, _PATCH, 3)
    return source, grid.swapaxes(1, 2).reshape(rows * _PATCH, columns * _PATCH, 3)


def _audio_counts(processor: Gemma4Processor) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Sample counts with the valid mel frames and the soft tokens they give."""
    samples = {*range(1, 2000, 53), 161, 320, 321, 479, 480, 481, 640, 641, 800, 801}
    samples |= {*range(2_000, 60_000, 1_913), 16_000, 38_560, 48_000, 99_360, 480_000, 500_000}
    lengths = sorted(samples)
    masks = [
        processor.feature_extractor([np.zeros(n, np.float32)])["input_features_mask"][0]
        for n in lengths
    ]
    return (
        np.array(lengths, dtype=np.int32),
        np.array([mask.sum() for mask in masks], dtype=np.int32),
        np.array([mask[::2][::2].sum() for mask in masks], dtype=np.int32),
    )


def _video_prompt(processor: Gemma4Processor, fps: float | None, indices: tuple[int, ...]) -> str:
    metadata = VideoMetadata(
        total_num_frames=indices[-1] + 1, fps=fps, frames_indices=list(indices)
    )
    found = {"num_soft_tokens_per_video": [2], "video_metadata": [metadata]}
    prompt: str = processor.replace_video_token(found, 0)
    return prompt
