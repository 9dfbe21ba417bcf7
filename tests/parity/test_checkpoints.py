"""Every form a checkpoint may come in gives the same logits, or those of its unpacked weights."""

from __future__ import annotations

import shutil
from pathlib import Path

import mlx.core as mx
import numpy as np
import pytest

from inference import load
from tests.parity import folders
from tests.parity.reference import DATA, FAMILIES, FEATURES, LOGITS, Case, forward, largest, model

CASES = {"e": "all", "moe": "interleaved", "dense": "interleaved"}


def logits_of(folder: Path, family: str, ple: str = "auto") -> np.ndarray:
    loaded = load(folder, dtype="float32", ple=ple)  # type: ignore[arg-type]
    return np.asarray(loaded.logits(Case(family, CASES[family]).prompt()))


def expected(family: str) -> np.ndarray:
    return forward(family, Case(family, CASES[family]).prompt())


@pytest.mark.parametrize("family", FAMILIES)
def test_configuration_as_newer_transformers_write_it(family: str, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folders.write(folder, folders.copy(family, folder))
    shutil.copy(DATA / family / "config.per_layer.json", folder / "config.json")
    assert largest(logits_of(folder, family), expected(family)) == 0


@pytest.mark.parametrize("family", FAMILIES)
def test_mlx_layout(family: str, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    weights = folders.as_mlx_layout(folders.copy(family, folder))
    folders.write(folder, weights, {"format": "mlx"})
    assert largest(logits_of(folder, family), expected(family)) == 0


def test_leftover_keys_and_values_of_shared_layers_are_ignored(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    weights = folders.copy("e", folder)
    stem = "model.language_model.layers."
    for layer in range(5, 9):
        donor = 2 if layer % 3 == 2 else 4
        for part in ("k_proj", "v_proj", "k_norm"):
            name = f"{stem}{{}}.self_attn.{part}.weight"
            weights[name.format(layer)] = weights[name.format(donor)] * 3
    folders.write(folder, weights)
    loaded = load(folder, dtype="float32")
    assert len(loaded.folder.dropped) == 12
    assert largest(logits_of(folder, "e"), expected("e")) == 0


def test_a_text_only_conversion_loads_and_says_what_it_lacks(tmp_path: Path) -> None:
    """Such folders keep the configuration of the towers whose weights they left out."""
    from inference import MediaError

    folder = tmp_path / "model"
    weights = folders.as_mlx_layout(folders.copy("e", folder))
    folders.write(folder, {k: v for k, v in weights.items() if k.startswith("language_model")})
    loaded, case = load(folder, dtype="float32"), Case("e", "text")
    assert largest(loaded.logits(case.prompt()), case["logits"]) < LOGITS
    picture = {"type": "image", "image": np.zeros((9, 9, 3), np.uint8)}
    with pytest.raises(MediaError, match="no vision tower"):
        loaded.prepare([{"role": "user", "content": [picture]}])


def test_a_tower_stored_in_part_is_refused(tmp_path: Path) -> None:
    from inference import CheckpointError

    folder = tmp_path / "model"
    weights = folders.copy("e", folder)
    gone = [name for name in weights if "vision_tower.encoder" in name]
    folders.write(folder, {k: v for k, v in weights.items() if k not in gone})
    with pytest.raises(CheckpointError, match="vision_tower"):
        load(folder)


@pytest.mark.parametrize("shards", [2, 3])
def test_shards(shards: int, tmp_path: Path) -> None:
    import json

    folder = tmp_path / "model"
    weights = folders.copy("moe", folder)
    names, index = sorted(weights), {}
    for i in range(shards):
        file = f"model-{i + 1:05d}-of-{shards:05d}.safetensors"
        part = {name: weights[name] for name in names[i::shards]}
        mx.save_safetensors(str(folder / file), part, {"format": "pt"})
        index.update(dict.fromkeys(part, file))
    path = folder / "model.safetensors.index.json"
    path.write_text(json.dumps({"metadata": {}, "weight_map": index}))
    assert largest(logits_of(folder, "moe"), expected("moe")) == 0


PACKINGS = [
    *(("affine", bits, 32) for bits in (2, 3, 4, 5, 6, 8)),
    ("affine", 4, 64),
    ("mxfp4", 4, 32),
    ("mxfp8", 8, 32),
    ("nvfp4", 4, 16),
]


@pytest.mark.parametrize(("mode", "bits", "group"), PACKINGS)
@pytest.mark.parametrize("family", ["e", "moe"])
def test_quantised_folders(family: str, mode: str, bits: int, group: int, tmp_path: Path) -> None:
    """Against the same network with the unpacked weights, in one chunk and token by token."""
    weights = folders.as_mlx_layout(folders.copy(family, tmp_path / "packed"))
    packed, meant = folders.quantised(weights, bits, group, mode)
    assert len(packed) > len(meant)
    block = {"group_size": group, "bits": bits, "mode": mode}
    folders.write(tmp_path / "packed", packed, {"format": "mlx"})
    folders.edit_config(tmp_path / "packed", quantization=block)
    folders.copy(family, tmp_path / "meant")
    folders.write(tmp_path / "meant", meant, {"format": "mlx"})
    reference = logits_of(tmp_path / "meant", family)
    assert largest(logits_of(tmp_path / "packed", family), reference) < LOGITS
    loaded = load(tmp_path / "packed", dtype="float32")
    run = loaded.run(Case(family, "text").prompt(), max_tokens=0, chunk=1)
    whole = load(tmp_path / "meant", dtype="float32").logits(Case(family, "text").prompt())
    assert largest(loaded.network.logits(run.read())[0, 0], whole[-1]) < LOGITS


@pytest.mark.parametrize("packed", [False, True])
def test_the_per_layer_table_may_stay_on_disk(packed: bool, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    weights = folders.as_mlx_layout(folders.copy("e", folder))
    if packed:
        weights, _ = folders.quantised(weights, 4, 32, "affine")
        folders.edit_config(folder, quantization={"group_size": 32, "bits": 4})
    folders.write(folder, weights, {"format": "mlx"})
    on_disk, in_memory = (logits_of(folder, "e", place) for place in ("disk", "memory"))
    assert largest(on_disk, in_memory) < FEATURES


def test_a_table_file_cut_short_is_an_error_not_a_crash(tmp_path: Path) -> None:
    from inference import GenerationError

    folder = tmp_path / "model"
    weights = folders.copy("e", folder)
    folders.write(folder, weights)
    loaded = load(folder, dtype="float32", ple="disk")
    loaded.warm()
    file = folder / "model.safetensors"
    with file.open("r+b") as handle:
        handle.truncate(4096)
    with pytest.raises(GenerationError, match="shorter"):
        loaded.logits(Case("e", "text").prompt())


def test_bfloat16_stays_close_to_float32() -> None:
    """In the type of the file: no leak to float32, and only rounding noise."""
    loaded = load(DATA / "e")
    case = Case("e", "text")
    hidden = loaded.run(case.prompt(), max_tokens=0).read()
    assert hidden.dtype == mx.bfloat16
    assert largest(loaded.logits(case.prompt()).astype(mx.float32), case["logits"]) < 0.3
    assert (
        model("e").network.logits(model("e").run(case.prompt(), max_tokens=0).read()).dtype
        == mx.float32
    )
