"""Opening a model folder: everything is checked before anything of it is used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from inference.checkpoint.assembly import assemble
from inference.checkpoint.config import (
    GenerationDefaults,
    read_config,
    read_drafter_config,
    read_generation,
    read_image_budget,
)
from inference.checkpoint.disk import Stamp
from inference.checkpoint.json_file import read_json
from inference.checkpoint.layout import TensorSource
from inference.checkpoint.quantization import QuantSpec, read_quantization
from inference.checkpoint.refusal import CHOOSE_ANOTHER, refusal
from inference.checkpoint.shards import read_weights
from inference.checkpoint.survey import CONFIG, FolderFiles, survey
from inference.checkpoint.tokenizer_check import check_tokenizer
from inference.models.gemma4.config import DrafterConfig, ModelConfig

_GENERATION = "generation_config.json"
_PROCESSOR = "processor_config.json"
_TOKENIZER = "tokenizer.json"
_TOWERS = ("vision_tower", "embed_vision", "audio_tower", "embed_audio")
_SETTINGS = (
    CONFIG,
    _GENERATION,
    "tokenizer_config.json",
    _PROCESSOR,
    "preprocessor_config.json",
    "video_preprocessor_config.json",
)
_CODE_KEYS = frozenset({"auto_map", "custom_pipelines", "model_file", "trust_remote_code"})


@dataclass(frozen=True, slots=True)
class WeightFolder:
    """Checked weights: canonical name -> where the tensor lies, and how matrices are packed.

    `quantized` has exactly the modules stored packed. `dropped` are stored names that the network
    never reads, `absent` canonical names it can do without (layer_scalar counts as 1, missing
    bounds mean no clipping). `stamps` tell whether a file is still the one that was checked.
    """

    path: Path
    tensors: Mapping[str, TensorSource]
    quantized: Mapping[str, QuantSpec]
    dropped: tuple[str, ...]
    absent: tuple[str, ...]
    stamps: Mapping[Path, Stamp]

    @property
    def size_bytes(self) -> int:
        """Bytes of all tensors that the network loads."""
        return sum(part.size_bytes for source in self.tensors.values() for part in source.parts)


@dataclass(frozen=True, slots=True)
class HeaderFolder(WeightFolder):
    """A model folder of which configuration and weight headers were checked, nothing else."""

    config: ModelConfig


@dataclass(frozen=True, slots=True)
class Folder(HeaderFolder):
    """A model folder that was checked from end to end."""

    tokenizer_file: Path
    defaults: GenerationDefaults


@dataclass(frozen=True, slots=True)
class DrafterFolder(WeightFolder):
    """The folder of an MTP assistant. It uses the tokenizer of its target."""

    config: DrafterConfig


def open_folder(path: Path | str) -> Folder:
    """Check the model folder at `path`; of the weights only the headers are read.

    Raises CheckpointError when the folder is damaged, incomplete, foreign or unsafe.
    """
    files = survey(Path(path))
    settings = _read_settings(files)
    raw = settings[CONFIG]
    config = read_config(raw)
    defaults = read_generation(settings.get(_GENERATION, {}), config.text.vocab)
    defaults = replace(defaults, image_tokens=read_image_budget(settings.get(_PROCESSOR, {})))
    if defaults.stop_ids:
        config = replace(config, stop_ids=defaults.stop_ids)
    tokenizer_file = files.require(_TOKENIZER)
    stored = read_weights(files)
    config = _with_stored_senses(config, stored.tensors)
    assembly = assemble(stored, config, read_quantization(raw, config))
    check_tokenizer(tokenizer_file, config)
    return Folder(
        path=files.root,
        tensors=assembly.tensors,
        quantized=assembly.quantized,
        dropped=assembly.dropped,
        absent=assembly.absent,
        stamps=stored.stamps,
        config=config,
        tokenizer_file=tokenizer_file,
        defaults=defaults,
    )


def open_headers(path: Path | str) -> HeaderFolder:
    """What `open_folder` says about the weights, in a fraction of its time: the tokenizer, by far
    the largest of the settings, is not looked at. For weighing a model, not for loading it.
    """
    files = survey(Path(path))
    raw = _read_settings(files)[CONFIG]
    config = read_config(raw)
    stored = read_weights(files)
    config = _with_stored_senses(config, stored.tensors)
    assembly = assemble(stored, config, read_quantization(raw, config))
    return HeaderFolder(
        path=files.root,
        tensors=assembly.tensors,
        quantized=assembly.quantized,
        dropped=assembly.dropped,
        absent=assembly.absent,
        stamps=stored.stamps,
        config=config,
    )


def _with_stored_senses(config: ModelConfig, names: Iterable[str]) -> ModelConfig:
    """Without the towers of which nothing is stored: text-only conversions keep the full config.

    A tower that is there in part is left in, so that what it lacks is reported.
    """
    listed = tuple(names)
    seen = {tower: any(f"{tower}." in name for name in listed) for tower in _TOWERS}
    return replace(
        config,
        vision=config.vision if seen["vision_tower"] or seen["embed_vision"] else None,
        audio=config.audio if seen["audio_tower"] or seen["embed_audio"] else None,
    )


def open_drafter(path: Path | str) -> DrafterFolder:
    """Check the folder of an MTP assistant at `path`, as `open_folder` does for a model."""
    files = survey(Path(path))
    raw = _read_settings(files)[CONFIG]
    config = read_drafter_config(raw)
    stored = read_weights(files)
    assembly = assemble(stored, config, read_quantization(raw, config))
    return DrafterFolder(
        path=files.root,
        tensors=assembly.tensors,
        quantized=assembly.quantized,
        dropped=assembly.dropped,
        absent=assembly.absent,
        stamps=stored.stamps,
        config=config,
    )


def _read_settings(files: FolderFiles) -> dict[str, dict[str, Any]]:
    """The settings files that the folder has, none of which may ask for code to be run."""
    settings = {
        name: read_json(files.require(name))
        for name in _SETTINGS
        if name == CONFIG or name in files.files
    }
    for name, content in settings.items():
        if key := _code_key(content):
            raise refusal(
                f"{name} has the entry {key}, which would run program code from the folder",
                CHOOSE_ANOTHER,
            )
    return settings


def _code_key(content: dict[str, Any]) -> str | None:
    """A key anywhere in `content` by which other programs load code."""
    waiting: list[Any] = [content]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            if found := _CODE_KEYS & node.keys():
                return min(found)
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)
    return None
