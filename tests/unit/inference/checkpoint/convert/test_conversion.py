"""A quantised folder: what MLX would make of each matrix, everything else as it was, or nothing."""

from __future__ import annotations

import errno
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import mlx.core as mx
import numpy as np
import pytest

from inference.checkpoint import Folder, QuantSpec, load_weights, open_folder, read_header
from inference.checkpoint.convert import (
    RECIPES,
    ConversionCancelled,
    ConversionProgress,
    Recipe,
    convert,
    predict,
    predict_all,
    predicted_bytes,
)
from inference.checkpoint.convert.rows import Rows, Source
from inference.checkpoint.convert.target import partial_of
from inference.checkpoint.folder import WeightFolder
from inference.errors import CheckpointError, ConversionError
from tests.fakes.disks import FillingDisk, ForgetfulDisk, SmallDisk
from tests.fakes.folder_settings import Family, model_config
from tests.fakes.folders import FolderDraft, Style, draft, quantize, random_weights, stored_as

SMALL_GROUPS = {key: replace(recipe, group_size=32) for key, recipe in RECIPES.items()}
DAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Family, Style], Path]:
    """A valid folder of each family in each naming style, made once."""
    root = tmp_path_factory.mktemp("sources")

    def made(family: Family, style: Style) -> Path:
        folder = root / f"{family}-{style}"
        return folder if folder.exists() else draft(family, style).write(folder)

    return made


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def assert_same_weights(made: Folder, source: WeightFolder) -> None:
    """Packed matrices hold what `mx.quantize` gives, others the source's numbers as bfloat16."""
    new, old = load_weights(made), load_weights(source)
    for name, array in old.items():
        half = array.astype(mx.bfloat16)
        module = name.removesuffix(".weight")
        spec = made.quantized.get(module)
        if spec is None:
            assert new[name].dtype == mx.bfloat16
            assert mx.array_equal(new[name], half), name
            continue
        packed = mx.quantize(half, group_size=spec.group_size, bits=spec.bits)
        for suffix, wanted in zip(("weight", "scales", "biases"), packed, strict=True):
            assert mx.array_equal(new[f"{module}.{suffix}"], wanted), f"{module}.{suffix}"


@pytest.mark.parametrize("recipe", SMALL_GROUPS.values(), ids=lambda recipe: recipe.key)
@pytest.mark.parametrize("family", ["e", "moe", "dense"])
def test_holds_what_mlx_makes_of_each_matrix(
    sources: Callable[[Family, Style], Path], family: Family, recipe: Recipe, tmp_path: Path
) -> None:
    source = sources(family, "published")
    before = files_of(source)
    target = convert(source, tmp_path / "new", recipe)
    made = open_folder(target)
    assert made.quantized
    assert_same_weights(made, open_folder(source))
    assert files_of(source) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new"]


@pytest.mark.parametrize("style", ["published", "community", "text_only"])
@pytest.mark.parametrize("family", ["e", "moe", "dense"])
def test_every_naming_style_gives_the_same_weights(
    sources: Callable[[Family, Style], Path], family: Family, style: Style, tmp_path: Path
) -> None:
    source = sources(family, style)
    made = open_folder(convert(source, tmp_path / "new", SMALL_GROUPS["4bit"]))
    assert_same_weights(made, open_folder(source))


def test_names_are_those_of_community_files(
    sources: Callable[[Family, Style], Path], tmp_path: Path
) -> None:
    target = convert(sources("moe", "published"), tmp_path / "new", SMALL_GROUPS["4bit"])
    header = read_header(target / "model.safetensors")
    layer = "language_model.model.layers.0"
    assert header.metadata == {"format": "mlx"}
    assert header.tensors[f"{layer}.experts.switch_glu.gate_proj.weight"].shape == (4, 32, 8)
    assert header.tensors[f"{layer}.experts.switch_glu.down_proj.scales"].dtype == "BF16"
    packing = json.loads((target / "config.json").read_text())["quantization"]
    assert packing["bits"] == 4
    assert packing["mode"] == "affine"
    assert packing[f"{layer}.router.proj"] == {"group_size": 32, "bits": 8}


@pytest.mark.parametrize("recipe", SMALL_GROUPS.values(), ids=lambda recipe: recipe.key)
def test_the_size_is_known_before_to_the_byte(
    sources: Callable[[Family, Style], Path], recipe: Recipe, tmp_path: Path
) -> None:
    source = sources("e", "published")
    predicted = predicted_bytes(source, recipe)
    target = convert(source, tmp_path / "new", recipe)
    assert sum(map(len, files_of(target).values())) == predicted


def test_predictions_of_all_recipes_at_once(
    sources: Callable[[Family, Style], Path],
) -> None:
    source = sources("dense", "published")
    together = predict_all(source, SMALL_GROUPS.values())
    assert together == tuple(predict(source, recipe) for recipe in SMALL_GROUPS.values())
    plain = [made for made, r in zip(together, RECIPES.values(), strict=True) if not r.is_mixed]
    assert [made.size_bytes for made in plain] == sorted(
        (made.size_bytes for made in plain), reverse=True
    )


def test_several_files_of_weights(sources: Callable[[Family, Style], Path], tmp_path: Path) -> None:
    source = sources("e", "published")
    target = convert(source, tmp_path / "new", SMALL_GROUPS["4bit"], shard_bytes=100_000)
    shards = sorted(target.glob("model-*.safetensors"))
    assert len(shards) > 3
    assert shards[0].name == f"model-00001-of-{len(shards):05}.safetensors"
    assert all(read_header(shard).tensors for shard in shards)
    assert_same_weights(open_folder(target), open_folder(source))


def test_a_matrix_read_in_many_stretches_is_the_same(
    sources: Callable[[Family, Style], Path],
) -> None:
    folder = open_folder(sources("dense", "published"))
    (ref,) = folder.tensors["language_model.embed_tokens.weight"].parts
    rows = Rows(ref, 64, 0, 384)
    stretches = list(rows.chunks(10_000))
    assert [(each.begin, each.end) for each in stretches][:2] == [(0, 39), (39, 78)]
    assert stretches[-1].end == 384
    with Source(folder.stamps) as source:
        joined = np.concatenate([source.read(each) for each in stretches])
        assert np.array_equal(joined, source.read(rows))


def test_progress_grows_to_the_whole(
    sources: Callable[[Family, Style], Path], tmp_path: Path
) -> None:
    told: list[ConversionProgress] = []
    target = convert(sources("e", "published"), tmp_path / "new", RECIPES["8bit"], told.append)
    assert [told[0].stage, told[-1].stage] == ["checking", "verifying"]
    done = [each.done_bytes for each in told]
    assert done == sorted(done)
    size = sum(map(len, files_of(target).values()))
    assert (told[-1].done_bytes, told[-1].total_bytes) == (size, size)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 1.0])
def test_called_off_at_any_moment_leaves_nothing(
    sources: Callable[[Family, Style], Path], tmp_path: Path, share: float
) -> None:
    source = sources("moe", "published")
    asked = 0

    def count() -> bool:
        nonlocal asked
        asked += 1
        return False

    convert(source, tmp_path / "whole", SMALL_GROUPS["4bit"], cancelled=count)
    last, before = max(1, round(asked * share)), files_of(source)
    asked = 0

    def at_last() -> bool:
        return count() or asked == last

    with pytest.raises(ConversionCancelled):
        convert(source, tmp_path / "new", SMALL_GROUPS["4bit"], cancelled=at_last)
    assert [path.name for path in tmp_path.iterdir()] == ["whole"]
    assert files_of(source) == before


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.999])
def test_a_disk_that_fills_up_is_said_and_leaves_nothing(
    sources: Callable[[Family, Style], Path], tmp_path: Path, share: float
) -> None:
    source = sources("dense", "published")
    room = int(predicted_bytes(source, RECIPES["4bit"]) * share)
    with pytest.raises(ConversionError, match=r"^The disk became full") as caught:
        convert(source, tmp_path / "new", RECIPES["4bit"], disk=FillingDisk(room))
    assert "is as it was" in caught.value.message
    assert not list(tmp_path.iterdir())


def test_another_fault_of_the_disk_is_named(
    sources: Callable[[Family, Style], Path], tmp_path: Path
) -> None:
    with pytest.raises(ConversionError, match="new cannot be written: input/output error"):
        convert(
            sources("dense", "published"),
            tmp_path / "new",
            RECIPES["4bit"],
            disk=FillingDisk(1000, errno.EIO),
        )
    assert not list(tmp_path.iterdir())


def test_what_was_written_is_read_again_before_it_gets_its_name(
    sources: Callable[[Family, Style], Path], tmp_path: Path
) -> None:
    with pytest.raises(ConversionError, match="did not pass its check"):
        convert(
            sources("dense", "published"), tmp_path / "new", RECIPES["4bit"], disk=ForgetfulDisk()
        )
    assert not list(tmp_path.iterdir())


def test_too_little_room_is_said_before_anything_is_written(
    sources: Callable[[Family, Style], Path], tmp_path: Path
) -> None:
    source = sources("dense", "published")
    with pytest.raises(ConversionError, match="must stay free") as caught:
        convert(source, tmp_path / "new", RECIPES["4bit"], disk=SmallDisk(1_000_000_000))
    assert caught.value.action.startswith("Free ")
    assert not list(tmp_path.iterdir())


def test_a_quantised_model_is_not_quantised_again(
    sources: Callable[[Family, Style], Path], tmp_path: Path
) -> None:
    first = convert(sources("dense", "published"), tmp_path / "first", SMALL_GROUPS["8bit"])
    with pytest.raises(CheckpointError, match="quantised already"):
        convert(first, tmp_path / "second", SMALL_GROUPS["4bit"])
    assert [path.name for path in tmp_path.iterdir()] == ["first"]


def test_a_source_that_changes_meanwhile_is_noticed(tmp_path: Path) -> None:
    source = draft().write(tmp_path / "source")
    weights = source / "model.safetensors"

    def exchange(progress: ConversionProgress) -> None:
        if progress.total_bytes == 0:
            return
        if progress.stage == "writing" and progress.done_bytes > progress.total_bytes / 2:
            data = weights.read_bytes()
            weights.write_bytes(data[: len(data) // 3])

    with pytest.raises(CheckpointError, match=r"became shorter|changed after"):
        convert(source, tmp_path / "new", RECIPES["8bit"], exchange)
    assert [path.name for path in tmp_path.iterdir()] == ["source"]


def test_what_goes_with_the_weights_is_copied_and_nothing_else(tmp_path: Path) -> None:
    source = draft().write(tmp_path / "source")
    (source / "chat_template.jinja").write_text("{{ hello }}")
    (source / "LICENSE").write_text("the text of a licence")
    (source / "notes.txt").write_text("private")
    (source / "figure.png").write_bytes(b"\x89PNG")
    target = convert(source, tmp_path / "new", RECIPES["4bit"], today=DAY)
    assert sorted(files_of(target)) == [
        "LICENSE",
        "README.md",
        "chat_template.jinja",
        "config.json",
        "generation_config.json",
        "model.safetensors",
        "model.safetensors.index.json",
        "tokenizer.json",
    ]
    for name in ("LICENSE", "chat_template.jinja", "tokenizer.json", "generation_config.json"):
        assert (target / name).read_bytes() == (source / name).read_bytes()


def test_halves_of_experts_packed_on_a_grid_in_one_half_only(tmp_path: Path) -> None:
    """Our loader joins gate and up: where only one lies on a grid, neither is packed on it."""
    config = model_config("moe")
    weights = random_weights(config)
    name = "language_model.layers.0.experts.gate_up_proj.weight"
    gate, up = mx.split(weights[name], 2, axis=1)
    steps = mx.round(mx.clip(gate * 4, -8, 7))
    weights[name] = mx.concatenate([steps * 0.25, up], axis=1)
    source = FolderDraft(config, stored_as("published", weights)).write(tmp_path / "source")
    made = open_folder(convert(source, tmp_path / "new", SMALL_GROUPS["5bit"]))
    assert made.quantized["language_model.layers.0.experts.gate_up_proj"].bits == 5


def test_a_community_source_that_is_quantised_elsewhere(tmp_path: Path) -> None:
    config = model_config()
    weights = random_weights(config)
    quantize(weights, {"language_model.layers.0.mlp.gate_proj": QuantSpec(32, 4)})
    stated = {"quantization": {"group_size": 32, "bits": 4}}
    source = FolderDraft(config | stated, stored_as("published", weights))
    with pytest.raises(CheckpointError, match="quantised already"):
        predict(source.write(tmp_path / "source"), RECIPES["8bit"])


def test_the_partial_folder_has_a_name_of_its_own(tmp_path: Path) -> None:
    assert partial_of(tmp_path / "model") == tmp_path / "model.partial"
