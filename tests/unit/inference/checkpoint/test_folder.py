"""Valid folders in every accepted form open, and load name for name."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import mlx.core as mx
import numpy as np
import pytest

from inference.checkpoint import (
    GenerationDefaults,
    expected_tensors,
    load_weights,
    open_drafter,
    open_folder,
)
from inference.errors import CheckpointError
from tests.fakes.folder_settings import Family, drafter_config
from tests.fakes.folders import (
    FolderDraft,
    Style,
    draft,
    draft_drafter,
    random_weights,
)

FIXTURES = Path(__file__).parents[3] / "parity" / "data"
FAMILIES: tuple[Family, ...] = ("e", "moe", "dense")
STYLES: tuple[Style, ...] = ("published", "community", "text_only")


def assert_same(loaded: dict[str, mx.array], wanted: dict[str, mx.array]) -> None:
    assert loaded.keys() == wanted.keys()
    for name, array in wanted.items():
        assert loaded[name].dtype == array.dtype, name
        assert np.array_equal(np.array(loaded[name]), np.array(array)), name


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("shards", [1, 3])
def test_loads_name_for_name(tmp_path: Path, family: Family, style: Style, shards: int) -> None:
    made = replace(draft(family, style), shards=shards)
    folder = open_folder(made.write(tmp_path / "model"))
    assert_same(load_weights(folder), random_weights(made.config))
    assert (folder.dropped, folder.absent) == ((), ())
    assert folder.size_bytes == sum(a.nbytes for a in made.weights.values())


def test_reads_the_folder_around_the_weights(tmp_path: Path) -> None:
    folder = open_folder(draft("e").write(tmp_path / "model"))
    assert folder.path == (tmp_path / "model").resolve()
    assert folder.tokenizer_file == folder.path / "tokenizer.json"
    assert folder.config.stop_ids == (1, 12, 17)
    assert folder.defaults == GenerationDefaults((1, 12, 17), 1.0, 64, 0.95)
    assert not folder.quantized


def test_without_generation_config_the_model_config_names_the_ends(tmp_path: Path) -> None:
    made = replace(draft(), generation=None)
    folder = open_folder(made.write(tmp_path / "model"))
    assert folder.config.stop_ids == (1, 11)
    assert folder.defaults == GenerationDefaults()


def test_prefix_selects_tensors(tmp_path: Path) -> None:
    folder = open_folder(draft("moe").write(tmp_path / "model"))
    loaded = load_weights(folder, "vision_tower.")
    assert loaded.keys() == {n for n in folder.tensors if n.startswith("vision_tower.")}
    assert len(loaded) > 10


@pytest.mark.parametrize("style", ["published", "community"])
def test_keys_and_values_of_shared_layers_are_dropped(tmp_path: Path, style: Style) -> None:
    made = draft("e", style)
    prefix = {"published": "model.language_model", "community": "language_model.model"}[style]
    leftover = [
        f"{prefix}.layers.{layer}.self_attn.{name}"
        for layer in (2, 3)
        for name in (
            *("k_proj.weight", "k_proj.scales", "k_proj.biases"),
            *("v_proj.weight", "v_proj.scales", "v_proj.biases", "k_norm.weight"),
        )
    ]
    made.weights |= {name: mx.zeros((3, 5)) for name in leftover}
    folder = open_folder(made.write(tmp_path / "model"))
    assert folder.dropped == tuple(sorted(leftover))
    assert_same(load_weights(folder), random_weights(made.config))


@pytest.mark.parametrize(
    "name",
    [
        "lm_head.weight",
        "language_model.lm_head.weight",
        "language_model.lm_head.scales",
        "model.language_model.rotary_emb.sliding_attention_inv_freq",
        "model.language_model.layers.0.self_attn.rotary_emb.inv_freq",
        "model.language_model.embed_tokens.embed_scale",
        "model.vision_tower.pooler.scale",
        "model.vision_tower.encoder.rotary_emb.inv_freq",
    ],
)
def test_what_the_network_never_reads_is_dropped(tmp_path: Path, name: str) -> None:
    made = draft()
    made.weights[name] = mx.zeros((2, 2))
    folder = open_folder(made.write(tmp_path / "model"))
    assert folder.dropped == (name,)
    assert len(folder.tensors) == len(made.weights) - 1


def test_optional_tensors_may_be_absent(tmp_path: Path) -> None:
    made = draft("e")
    gone = [n for n in made.weights if n.endswith(("layer_scalar", "input_min", "output_max"))]
    for name in gone:
        del made.weights[name]
    folder = open_folder(made.write(tmp_path / "model"))
    assert sorted(folder.absent) == sorted(n.removeprefix("model.") for n in gone)
    assert not set(folder.absent) & load_weights(folder).keys()


def test_bfloat16_stays_bfloat16(tmp_path: Path) -> None:
    made = draft()
    made.weights = {name: array.astype(mx.bfloat16) for name, array in made.weights.items()}
    loaded = load_weights(open_folder(made.write(tmp_path / "model")))
    wanted = random_weights(made.config)
    assert all(array.dtype == mx.bfloat16 for array in loaded.values())
    assert all(mx.array_equal(loaded[n], wanted[n].astype(mx.bfloat16)) for n in wanted)


@pytest.mark.parametrize("says_mlx", [True, False])
def test_convolutions_are_transposed_by_shape_not_by_claim(tmp_path: Path, says_mlx: bool) -> None:
    for style in ("published", "community"):
        made = draft("e", style)
        made.metadata = {"format": "mlx" if says_mlx else "pt"}
        folder = open_folder(made.write(tmp_path / style))
        assert_same(load_weights(folder), random_weights(made.config))


def test_a_link_to_the_folder_is_followed(tmp_path: Path) -> None:
    draft().write(tmp_path / "real")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert open_folder(tmp_path / "link").path == (tmp_path / "real").resolve()


@pytest.mark.parametrize("centroids", [0, 16])
def test_drafter_loads_name_for_name(tmp_path: Path, centroids: int) -> None:
    folder = open_drafter(draft_drafter(centroids=centroids).write(tmp_path / "drafter"))
    assert_same(load_weights(folder), random_weights(drafter_config(centroids=centroids)))
    assert folder.config.centroids == centroids
    assert {layer.kv_donor for layer in folder.config.text.layers} == {-1}


def test_drafter_drops_its_tied_head_and_keys(tmp_path: Path) -> None:
    made = draft_drafter()
    extra = ["lm_head.weight", "model.layers.0.self_attn.k_proj.weight"]
    made.weights |= {name: mx.zeros((2,)) for name in extra}
    assert open_drafter(made.write(tmp_path / "drafter")).dropped == tuple(sorted(extra))


def test_token_ordering_must_be_a_permutation(tmp_path: Path) -> None:
    made = draft_drafter()
    ordering = np.array(made.weights["masked_embedding.token_ordering"])
    ordering[7] = 2**40
    made.weights["masked_embedding.token_ordering"] = mx.array(ordering)
    folder = open_drafter(made.write(tmp_path / "drafter"))
    with pytest.raises(CheckpointError, match="token ordering"):
        load_weights(folder)


def same_size(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda path: path.unlink(), "is gone"),
        (lambda path: path.write_bytes(path.read_bytes() + b"x"), "was changed"),
        (same_size, "was changed"),
        (lambda path: shutil.move(shutil.copy(path, path.parent / "new"), path), "was changed"),
    ],
    ids=["gone", "longer", "same-size", "replaced"],
)
def test_a_file_changed_after_the_check_is_refused(
    tmp_path: Path, change: Callable[[Path], object], says: str
) -> None:
    folder = open_folder(draft().write(tmp_path / "model"))
    change(folder.path / "model.safetensors")
    with pytest.raises(CheckpointError, match=says):
        load_weights(folder)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("config_name", ["config.json", "config.per_layer.json"])
def test_opens_what_transformers_wrote(tmp_path: Path, family: str, config_name: str) -> None:
    source = FIXTURES / family
    for name in ("model.safetensors", "tokenizer.json", "generation_config.json"):
        shutil.copy(source / name, tmp_path / name)
    shutil.copy(source / config_name, tmp_path / "config.json")
    folder = open_folder(tmp_path)
    loaded = load_weights(folder)
    assert {n: a.shape for n, a in loaded.items()} == expected_tensors(folder.config)
    assert (folder.dropped, folder.absent) == ((), ())
    stored = mx.load(str(source / "model.safetensors"))
    assert isinstance(stored, dict)
    name = "language_model.layers.0.self_attn.q_proj.weight"
    assert mx.array_equal(loaded[name], stored[f"model.{name}"])


@pytest.mark.parametrize("name", ["e-assistant", "dense-assistant"])
def test_opens_the_assistants_transformers_wrote(name: str) -> None:
    folder = open_drafter(FIXTURES / name)
    shapes = {n: a.shape for n, a in load_weights(folder).items()}
    assert shapes == expected_tensors(folder.config)


def test_both_config_styles_give_the_same_model(tmp_path: Path) -> None:
    flat, per_layer = draft("moe"), draft("moe")
    text = per_layer.config["text_config"]
    own = {"head_dim": text.pop("global_head_dim")}
    own["num_key_value_heads"] = text.pop("num_global_key_value_heads")
    text["per_layer_config"] = {"01": own, "3": own}
    per_layer.config["vision_config"]["rope_parameters"]["rope_type"] = "axial"
    opened = [
        open_folder(made.write(tmp_path / name)).config
        for name, made in (("flat", flat), ("per_layer", per_layer))
    ]
    assert opened[0] == opened[1]


def test_sharded_and_single_agree_on_sizes(tmp_path: Path) -> None:
    single: FolderDraft = draft()
    sharded = replace(single, shards=2)
    sizes = {
        open_folder(made.write(tmp_path / str(made.shards))).size_bytes
        for made in (single, sharded)
    }
    assert len(sizes) == 1


def test_settings_files_beside_the_model_are_read_strictly(tmp_path: Path) -> None:
    folder = draft().write(tmp_path / "model")
    (folder / "processor_config.json").write_text(json.dumps({"image_seq_length": 280}))
    (folder / "README.md").write_text("# A model\n")
    (folder / "chat_template.jinja").write_text("{{ messages }}")
    (folder / ".cache" / "huggingface").mkdir(parents=True)
    assert open_folder(folder).config.vision is not None
