"""config.json and generation_config.json become the network's dimensions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from inference.checkpoint import read_config, read_drafter_config
from inference.checkpoint.config import read_generation, read_image_budget
from inference.errors import CheckpointError
from tests.fakes.folder_settings import drafter_config, model_config

SHAPES = Path(__file__).parents[3] / "parity" / "data" / "shapes"


def published(size: str) -> dict[str, Any]:
    config: dict[str, Any] = json.loads((SHAPES / f"{size}.config.json").read_text())
    return config


@pytest.mark.parametrize(
    ("size", "name", "donors", "first_shared"),
    [
        ("e2b", "E2B", {"sliding": 13, "full": 14}, 15),
        ("e4b", "E4B", {"sliding": 22, "full": 23}, 24),
        ("26b-a4b", "26B-A4B", {}, 30),
        ("31b", "31B", {}, 60),
    ],
)
def test_published_sizes(size: str, name: str, donors: dict[str, int], first_shared: int) -> None:
    config = read_config(published(size))
    assert config.name == name
    assert config.text.first_shared == first_shared
    shared = [x for x in config.text.layers if x.kv_donor is not None]
    assert {x.kind: x.kv_donor for x in shared} == donors
    assert config.stop_ids == (1, 106)
    assert config.ids.image == 258_880
    assert config.ids.video == 258_884
    assert (config.audio is not None) == size.startswith("e")


def test_e2b_layers() -> None:
    text = read_config(published("e2b")).text
    assert [i for i, x in enumerate(text.layers) if x.kind == "full"] == list(range(4, 35, 5))
    assert {x.ffn for x in text.layers[:15]} == {6144}
    assert {x.ffn for x in text.layers[15:]} == {12_288}
    assert {(x.kind, x.head_dim, x.kv_heads, x.rotated, x.rope_theta) for x in text.layers} == {
        ("sliding", 256, 1, 128, 1e4),
        ("full", 512, 1, 64, 1e6),
    }
    assert not any(x.keys_are_values for x in text.layers)
    assert (text.ple_dim, text.ple_vocab, text.window, text.softcap) == (256, 262_144, 512, 30.0)


def test_26b_layers() -> None:
    text = read_config(published("26b-a4b")).text
    assert {(x.kind, x.kv_heads, x.keys_are_values) for x in text.layers} == {
        ("sliding", 8, False),
        ("full", 2, True),
    }
    assert text.moe is not None
    assert (text.moe.experts, text.moe.top_k, text.moe.ffn) == (128, 8, 704)
    assert text.bidirectional_vision
    assert (text.ple_dim, text.ple_vocab) == (0, 0)


@pytest.mark.parametrize("size", ["e2b", "e4b", "26b-a4b", "31b"])
def test_missing_layer_types_are_rebuilt(size: str) -> None:
    raw = published(size)
    wanted = read_config(raw)
    del raw["text_config"]["layer_types"]
    assert read_config(raw) == wanted


def test_towers_take_every_field() -> None:
    config = read_config(published("e4b"))
    assert config.vision is not None
    assert config.audio is not None
    vision, audio = config.vision, config.audio
    assert (vision.hidden, vision.ffn, vision.layers, vision.heads) == (768, 3072, 16, 12)
    assert (vision.head_dim, vision.positions, vision.rope_theta) == (64, 10_240, 100.0)
    assert (vision.clipped, vision.standardize) == (True, False)
    assert (audio.hidden, audio.layers, audio.heads, audio.channels) == (1024, 12, 8, (128, 32))
    assert (audio.kernel, audio.left_context, audio.output, audio.mels) == (5, 13, 1536, 128)
    assert (audio.residual_weight, audio.logit_cap, audio.clipped) == (0.5, 50.0, True)


def test_key_heads_of_full_layers_need_keys_as_values() -> None:
    raw = model_config("dense")
    raw["text_config"]["attention_k_eq_v"] = False
    assert {x.kv_heads for x in read_config(raw).text.layers} == {2}


@pytest.mark.parametrize("value", [None, "absent"])
def test_without_towers(value: str | None) -> None:
    raw = model_config("e")
    for name in ("vision_config", "audio_config"):
        raw[name] = None
        if value == "absent":
            del raw[name]
    config = read_config(raw)
    assert config.vision is None
    assert config.audio is None


def test_text_only_model_needs_no_media_ids() -> None:
    config = read_config(model_config("dense")["text_config"])
    ids = config.ids
    assert (ids.image, ids.boi, ids.eoi) == (-1, -1, -1)
    assert (ids.video, ids.audio, ids.boa, ids.eoa) == (None, None, None, None)
    assert (ids.pad, ids.eos, ids.bos) == (0, 1, 2)


def test_unused_published_ids_beyond_a_small_vocabulary_count_as_absent() -> None:
    raw = model_config("dense") | {"audio_token_id": 258_881, "boa_token_id": 256_000}
    ids = read_config(raw).ids
    assert (ids.audio, ids.boa, ids.eoa) == (None, None, 10)


@pytest.mark.parametrize("key", ["eoa_token_id", "eoa_token_index"])
def test_both_spellings_of_the_end_of_audio(key: str) -> None:
    raw = model_config("e")
    raw[key] = raw.pop("eoa_token_index")
    assert read_config(raw).ids.eoa == 10


@pytest.mark.parametrize(
    ("top", "text", "wanted"),
    [
        ([1, 11, 1], 1, (1, 11)),
        (11, 1, (11,)),
        (None, [1, 12], (1, 12)),
        (None, None, (1,)),
    ],
)
def test_stop_ids(top: Any, text: Any, wanted: tuple[int, ...]) -> None:
    raw = model_config()
    raw["eos_token_id"] = top
    raw["text_config"]["eos_token_id"] = text
    assert read_config(raw).stop_ids == wanted


def test_missing_softcap_means_none() -> None:
    raw = model_config()
    del raw["text_config"]["final_logit_softcapping"]
    assert read_config(raw).text.softcap is None


@pytest.mark.parametrize(
    ("size", "backbone", "centroids"),
    [("e2b", 1536, 2048), ("e4b", 2560, 2048), ("26b-a4b", 2816, 0), ("31b", 5376, 0)],
)
def test_published_drafters(size: str, backbone: int, centroids: int) -> None:
    config = read_drafter_config(published(f"{size}-assistant"))
    assert (config.backbone, config.centroids) == (backbone, centroids)
    assert [x.kind for x in config.text.layers] == ["sliding"] * 3 + ["full"]
    assert config.text.first_shared == 0


def test_a_model_is_no_drafter_and_a_drafter_no_model() -> None:
    with pytest.raises(CheckpointError, match="MTP assistant"):
        read_config(drafter_config())
    with pytest.raises(CheckpointError, match="no MTP assistant"):
        read_drafter_config(model_config())


def test_generation_defaults() -> None:
    empty = read_generation({}, 384)
    assert empty.stop_ids == ()
    assert (empty.temperature, empty.top_k, empty.top_p) == (None, None, None)
    full = read_generation({"eos_token_id": 5, "temperature": 0, "top_k": 0, "top_p": 1}, 384)
    assert full.stop_ids == (5,)
    assert (full.temperature, full.top_k, full.top_p) == (0.0, 0, 1.0)


def test_the_image_budget_is_the_processors_or_the_model_cards() -> None:
    assert read_image_budget({}) == 280
    assert read_image_budget({"image_processor": {}}) == 280
    assert read_image_budget({"image_processor": {"max_soft_tokens": 1120}}) == 1120
    with pytest.raises(CheckpointError, match="max_soft_tokens"):
        read_image_budget({"image_processor": {"max_soft_tokens": 71}})
