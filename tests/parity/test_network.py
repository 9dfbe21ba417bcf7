"""Our network against transformers 5.23 in float32, on checkpoints where every weight is random."""

from __future__ import annotations

import mlx.core as mx
import numpy as np
import pytest

from inference.models.gemma4.network import image_blocks
from tests.parity.reference import (
    ALL_CASES,
    FEATURES,
    LOGITS,
    Case,
    arrays,
    features,
    forward,
    largest,
    model,
    resized,
)


@pytest.mark.parametrize(("family", "name"), ALL_CASES)
def test_logits(family: str, name: str) -> None:
    case = Case(family, name)
    ours = forward(family, case.prompt())[case["positions"]]
    assert largest(ours, case["logits"]) < LOGITS


@pytest.mark.parametrize("family", ["e", "moe", "dense"])
def test_hidden_state_after_the_last_norm(family: str) -> None:
    case = Case(family, "text")
    m, prompt = model(family), case.prompt()
    caches = m.network.language_model.make_caches()
    hidden = m.network.forward(prompt.ids, prompt.types, None, caches, rows=len(prompt))
    assert largest(hidden[0], case["normed"]) < LOGITS


def test_per_layer_inputs() -> None:
    """The factor 1/√2 is invisible in the logits, because a scale-free norm follows."""
    case = Case("e", "text")
    prompt = case.prompt()
    _, ple = model("e").network.embed(prompt.ids, prompt.types, None)
    assert ple is not None
    assert largest(mx.stack(ple, axis=2)[0], case["ple"]) < FEATURES


@pytest.mark.parametrize("family", ["e", "moe", "dense"])
@pytest.mark.parametrize(
    ("case", "inputs"),
    [("image", ("wide", "tall")), ("large_budget", ("strip",)), ("video", ("frames",))],
)
def test_vision_soft_tokens(family: str, case: str, inputs: tuple[str, ...]) -> None:
    ours = np.concatenate([features(family, name) for name in inputs])
    assert largest(ours, Case(family, case)["vision_soft"]) < FEATURES


@pytest.mark.parametrize("family", ["e", "moe", "dense"])
def test_vision_output_before_the_projector(family: str) -> None:
    """The pooler's factor √hidden is invisible behind the projector's norm in the E family."""
    pixels, plan = resized("wide")
    patches = mx.array(arrays("media")["patches/wide"].astype(np.float32) / 255)[None]
    positions = mx.array(arrays("media")["patch_positions/wide"])
    pooled = model(family).network.vision.pooled(patches, positions, plan.grid)
    expected = Case(family, "image")["vision_pooled"][: plan.soft_tokens]
    assert pixels.shape[:2] == (plan.height, plan.width)
    assert largest(pooled[0] / np.sqrt(48), expected / np.sqrt(48)) < FEATURES


@pytest.mark.parametrize(
    ("case", "clip"), [("audio", "clip"), ("audio_short", "short"), ("audio_long", "long")]
)
def test_audio_soft_tokens(case: str, clip: str) -> None:
    assert largest(features("e", clip), Case("e", case)["audio_soft"]) < FEATURES


def test_frames_of_different_grids_keep_their_order() -> None:
    """Frames are batched by grid; their soft tokens still come in the order of the clip."""
    from inference.generate.features import encode
    from inference.prompt.prompt import MediaInput

    pictures = [resized("wide"), resized("frames", 0), resized("wide"), resized("frames", 1)]
    network = model("e").network
    clip = MediaInput("video", "", "0" * 64, 0, tuple(pictures))
    one_by_one = [
        encode(network, MediaInput("image", "", "0" * 64, 0, (p,)), lambda: False) for p in pictures
    ]
    together = encode(network, clip, lambda: False)
    assert largest(together, mx.concatenate(one_by_one)) < FEATURES


def test_image_blocks_are_the_runs_of_pictures_and_frames() -> None:
    types = np.array([0, 1, 1, 0, 2, 2, 0, 2, 3, 3, 1], np.int8)
    assert image_blocks(types).tolist() == [-1, 0, 0, -1, 1, 1, -1, 2, -1, -1, 3]
