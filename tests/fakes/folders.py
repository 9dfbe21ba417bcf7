"""Small valid model folders of random weights, in every naming style that published files use."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import mlx.core as mx
import numpy as np

from inference.checkpoint import QuantSpec, expected_tensors, read_config, read_drafter_config
from tests.fakes.folder_settings import (
    Family,
    Json,
    drafter_config,
    generation_config,
    model_config,
)
from tests.fakes.tokenizer import build_backend

Style = Literal["published", "community", "text_only"]

_DTYPES = {
    mx.bfloat16: "BF16",
    mx.float16: "F16",
    mx.float32: "F32",
    mx.uint32: "U32",
    mx.uint8: "U8",
    mx.int32: "I32",
    mx.int64: "I64",
}


def tokenizer_json() -> Json:
    """The tiny tokenizer as its file spells it."""
    raw: Json = json.loads(build_backend().to_str())
    return raw


def random_weights(config: Json, seed: int = 0) -> dict[str, mx.array]:
    """Canonical name -> float32 array for everything the network of `config` loads."""
    is_drafter = config["model_type"] == "gemma4_assistant"
    shapes = expected_tensors(read_drafter_config(config) if is_drafter else read_config(config))
    generator = np.random.default_rng(seed)
    weights = {
        name: mx.array(generator.normal(size=shape).astype(np.float32))
        for name, shape in shapes.items()
    }
    for name in weights:
        if name.endswith("token_ordering"):
            weights[name] = mx.array(generator.permutation(shapes[name][0]))
    return weights


def quantize(weights: dict[str, mx.array], modules: Mapping[str, QuantSpec]) -> None:
    """Replace the weight of each module by what `mx.quantize` makes of it."""
    for module, spec in modules.items():
        packed = mx.quantize(
            weights[f"{module}.weight"],
            group_size=spec.group_size,
            bits=spec.bits,
            mode=spec.mode,
        )
        suffixes = ("weight", "scales", "biases")
        for suffix, array in zip(suffixes, packed, strict=False):
            weights[f"{module}.{suffix}"] = array


def stored_as(style: Style, weights: Mapping[str, mx.array]) -> dict[str, mx.array]:
    """Rename canonical weights to a style of files and undo the layout changes it does not have.

    published: transformers. community: mlx-vlm, with split experts and MLX convolutions.
    text_only: transformers' decoder alone.
    """
    if style == "community":
        stored: dict[str, mx.array] = {}
        for name, array in weights.items():
            stored |= _split(re.sub(r"^language_model\.", "language_model.model.", name), array)
        return stored
    prefix = {"published": "model.", "text_only": ""}[style]
    return {
        re.sub(r"(\.experts\.\w+)\.weight$", r"\1", _text_only(prefix + name)): _channels_first(
            name, array
        )
        for name, array in weights.items()
    }


def _text_only(name: str) -> str:
    return re.sub(r"^language_model\.", "model.", name)


def _split(name: str, array: mx.array) -> dict[str, mx.array]:
    found = re.fullmatch(r"(.*\.experts)\.(gate_up|down)_proj\.(\w+)", name)
    if not found:
        return {name: array}
    base, matrix, suffix = found.groups()
    if matrix == "down":
        return {f"{base}.switch_glu.down_proj.{suffix}": array}
    gate, up = mx.split(array, 2, axis=1)
    return {
        f"{base}.switch_glu.gate_proj.{suffix}": gate,
        f"{base}.switch_glu.up_proj.{suffix}": up,
    }


def _channels_first(name: str, array: mx.array) -> mx.array:
    if name.endswith(".depthwise_conv1d.weight"):
        return mx.transpose(array, (0, 2, 1))
    return mx.transpose(array, (0, 3, 1, 2)) if name.endswith(".conv.weight") else array


def header_and_body(
    weights: Mapping[str, mx.array], metadata: Mapping[str, str] | None = None
) -> tuple[Json, bytes]:
    """The header of a safetensors file, still editable, and the bytes that follow it."""
    header: Json = {"__metadata__": dict(metadata)} if metadata else {}
    chunks: list[bytes] = []
    at = 0
    for name, array in weights.items():
        plain = array.view(mx.uint16) if array.dtype == mx.bfloat16 else array
        chunk = np.array(plain).tobytes()
        span = [at, at + len(chunk)]
        header[name] = {
            "dtype": _DTYPES[array.dtype],
            "shape": list(array.shape),
            "data_offsets": span,
        }
        chunks.append(chunk)
        at = span[1]
    return header, b"".join(chunks)


def write_weights(
    path: Path, weights: Mapping[str, mx.array], metadata: Mapping[str, str] | None = None
) -> None:
    """Write a safetensors file without any library."""
    header, body = header_and_body(weights, metadata)
    text = json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + body)


@dataclass
class FolderDraft:
    """A model folder before it is written; change any part, then `write`.

    `weights` hold the names that the files will have. More than one shard adds an index.
    """

    config: Json
    weights: dict[str, mx.array]
    tokenizer: Json | None = field(default_factory=tokenizer_json)
    generation: Json | None = field(default_factory=generation_config)
    metadata: dict[str, str] = field(default_factory=lambda: {"format": "pt"})
    shards: int = 1

    def write(self, folder: Path) -> Path:
        """Write everything into the new folder `folder` and return it."""
        folder.mkdir(parents=True)
        for name, content in (
            ("config.json", self.config),
            ("tokenizer.json", self.tokenizer),
            ("generation_config.json", self.generation),
        ):
            if content is not None:
                (folder / name).write_text(json.dumps(content), encoding="utf-8")
        if self.shards == 1:
            write_weights(folder / "model.safetensors", self.weights, self.metadata)
        else:
            self._write_shards(folder)
        return folder

    def _write_shards(self, folder: Path) -> None:
        names = list(self.weights)
        table: dict[str, str] = {}
        for i in range(self.shards):
            shard = f"model-{i + 1:05}-of-{self.shards:05}.safetensors"
            own = {name: self.weights[name] for name in names[i :: self.shards]}
            write_weights(folder / shard, own, self.metadata)
            table |= dict.fromkeys(own, shard)
        index = {"metadata": {}, "weight_map": table}
        (folder / "model.safetensors.index.json").write_text(json.dumps(index), encoding="utf-8")


def draft(family: Family = "dense", style: Style = "published") -> FolderDraft:
    """A valid tiny folder of `family`, its weights named in `style`."""
    config = model_config(family)
    if style == "text_only":
        config = config["text_config"]
    metadata = {"format": "mlx" if style == "community" else "pt"}
    return FolderDraft(config, stored_as(style, random_weights(config)), metadata=metadata)


def draft_drafter(*, centroids: int = 16) -> FolderDraft:
    """A valid tiny MTP assistant, named as published."""
    config = drafter_config(centroids=centroids)
    weights = {
        f"model.{name}" if name.startswith(("embed_tokens.", "layers.", "norm.")) else name: array
        for name, array in random_weights(config).items()
    }
    return FolderDraft(config, weights, tokenizer=None, generation=None)
