"""The raw media of the cases next to what transformers' processors turn them into."""

from __future__ import annotations

import numpy as np
from PIL import Image
from torch import Tensor
from transformers import Gemma4Processor

from tests.reference import inputs
from tests.reference.checkpoint import BUDGET

LARGE_BUDGET = 140
_SCALE = np.float32(1 / 255)


def media_arrays(processor: Gemma4Processor) -> dict[str, np.ndarray]:
    """Pictures, frames and clips with their patches, patch positions, mel features and masks."""
    arrays: dict[str, np.ndarray] = {"frames": inputs.frames()}
    for name in inputs.PICTURES:
        arrays[f"picture/{name}"] = inputs.picture(name)
        budget = LARGE_BUDGET if name == "strip" else BUDGET
        patches, positions = image_patches(processor, inputs.picture(name), budget)
        arrays |= {f"patches/{name}": patches, f"patch_positions/{name}": positions}
    arrays |= _frame_patches(processor)
    for name in inputs.CLIPS:
        arrays[f"clip/{name}"] = inputs.clip(name)
        features = processor.feature_extractor([inputs.clip(name)])
        arrays[f"mel/{name}"] = features["input_features"][0]
        arrays[f"mel_mask/{name}"] = features["input_features_mask"][0]
    return arrays


def image_patches(
    processor: Gemma4Processor, pixels: inputs.Pixels, budget: int
) -> tuple[np.ndarray, np.ndarray]:
    """Patches [P, 768] in 0..255 and their positions [P, 2] as (x, y), padding dropped."""
    batch = processor.image_processor(
        Image.fromarray(pixels), max_soft_tokens=budget, return_tensors="pt"
    )
    return _unpadded(batch["pixel_values"][0], batch["image_position_ids"][0])


def _frame_patches(processor: Gemma4Processor) -> dict[str, np.ndarray]:
    batch = processor.video_processor(inputs.frames(), do_sample_frames=False, return_tensors="pt")
    pairs = [
        _unpadded(pixels, positions)
        for pixels, positions in zip(
            batch["pixel_values_videos"], batch["video_position_ids"], strict=True
        )
    ]
    return {
        "patches/frames": np.stack([patches for patches, _ in pairs]),
        "patch_positions/frames": pairs[0][1],
    }


def _unpadded(pixels: Tensor, positions: Tensor) -> tuple[np.ndarray, np.ndarray]:
    valid = positions[:, 0] >= 0
    floats = pixels[valid].numpy()
    patches = np.round(floats * 255).astype(np.uint8)
    # Pictures are multiplied by 1/255, frames divided by 255: one unit in the last place apart.
    np.testing.assert_allclose(patches * _SCALE, floats, rtol=0, atol=6e-8)
    return patches, positions[valid].numpy().astype(np.int32)
