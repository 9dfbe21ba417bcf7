"""Which stored convolutions still have to be transposed, and names to places."""

from __future__ import annotations

from pathlib import Path

import pytest

from inference.checkpoint import TensorRef, TensorSource, read_config
from inference.checkpoint.layout import convolution_transform
from inference.checkpoint.names import Place, is_left_out, place_of
from tests.fakes.folder_settings import model_config


@pytest.mark.parametrize(
    ("stored", "wanted", "is_mlx", "transform"),
    [
        ((128, 1, 3, 3), (128, 3, 3, 1), False, "conv2d"),
        ((128, 1, 3, 3), (128, 3, 3, 1), True, "conv2d"),
        ((128, 3, 3, 1), (128, 3, 3, 1), False, "none"),
        ((64, 1, 5), (64, 5, 1), True, "conv1d"),
        ((64, 5, 1), (64, 5, 1), False, "none"),
        ((8, 3, 3, 3), (8, 3, 3, 3), False, "conv2d"),  # fits both layouts: the file decides
        ((8, 3, 3, 3), (8, 3, 3, 3), True, "none"),
        ((8, 9), (8, 3, 3, 1), False, "none"),
    ],
)
def test_convolutions(
    stored: tuple[int, ...], wanted: tuple[int, ...], is_mlx: bool, transform: str
) -> None:
    assert convolution_transform(stored, wanted, is_mlx) == transform


def ref(*shape: int) -> TensorRef:
    return TensorRef(Path("x"), "x", "F32", shape, 0, 0)


def test_shape_of_a_source() -> None:
    assert TensorSource((ref(4, 6, 8),)).shape == (4, 6, 8)
    assert TensorSource((ref(4, 6, 8), ref(4, 6, 8)), axis=1).shape == (4, 12, 8)
    assert TensorSource((ref(4, 1, 3, 5),), transform="conv2d").shape == (4, 3, 5, 1)
    assert TensorSource((ref(4, 1, 5),), transform="conv1d").shape == (4, 5, 1)
    assert TensorSource((ref(),)).shape == ()


@pytest.mark.parametrize(
    ("stored", "place"),
    [
        ("model.language_model.norm.weight", Place("language_model.norm.weight")),
        ("language_model.model.norm.weight", Place("language_model.norm.weight")),
        ("model.norm.weight", Place("language_model.norm.weight")),
        ("model.vision_tower.std_bias", Place("vision_tower.std_bias")),
        ("vision_tower.std_bias", Place("vision_tower.std_bias")),
        (
            "language_model.model.layers.0.experts.switch_glu.up_proj.scales",
            Place("language_model.layers.0.experts.gate_up_proj.scales", "up"),
        ),
        (
            "model.language_model.layers.0.experts.down_proj",
            Place("language_model.layers.0.experts.down_proj.weight"),
        ),
        ("something.else", Place("something.else")),
    ],
)
def test_places(stored: str, place: Place) -> None:
    assert place_of(stored, read_config(model_config("moe"))) == place


@pytest.mark.parametrize(
    ("name", "left_out"),
    [
        ("language_model.layers.1.self_attn.k_proj.weight", False),
        ("language_model.layers.2.self_attn.k_proj.weight", True),
        ("language_model.layers.2.self_attn.q_proj.weight", False),
        ("language_model.layers.4.self_attn.k_proj.weight", False),  # there is no such layer
        ("vision_tower.encoder.layers.2.self_attn.k_proj.linear.weight", False),
        ("audio_tower.layers.2.self_attn.v_proj.linear.weight", False),
        ("lm_head.biases", True),
    ],
)
def test_left_out(name: str, left_out: bool) -> None:
    assert is_left_out(name, read_config(model_config("e"))) is left_out
