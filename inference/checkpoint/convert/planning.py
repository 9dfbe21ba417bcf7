"""A whole conversion before it runs: every file of the new folder with its exact size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from inference.checkpoint.convert.card import card, origin_of, read_licence
from inference.checkpoint.convert.plan import Task, make_tasks
from inference.checkpoint.convert.recipe import Recipe
from inference.checkpoint.convert.settings import new_config
from inference.checkpoint.convert.shards import INDEX, Shard, index_of, make_shards
from inference.checkpoint.convert.target import COPIED
from inference.checkpoint.folder import Folder
from inference.checkpoint.json_file import read_json
from inference.checkpoint.refusal import refusal, shown
from inference.checkpoint.survey import CONFIG, FolderFiles, survey

README = "README.md"
_MAX_COPIED_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class ConversionPlan:
    """`texts` are files made by Facet, `copies` the source's own by their new names."""

    folder: Folder
    shards: tuple[Shard, ...]
    texts: Mapping[str, bytes]
    copies: Mapping[str, Path]

    @property
    def tasks(self) -> tuple[Task, ...]:
        return tuple(task for shard in self.shards for task in shard.tasks)

    @property
    def size_bytes(self) -> int:
        """Of the whole new folder."""
        weights = sum(shard.size_bytes for shard in self.shards)
        texts = sum(map(len, self.texts.values()))
        return weights + texts + sum(path.stat().st_size for path in self.copies.values())


def plan_conversion(
    folder: Folder, recipe: Recipe, today: date, shard_bytes: int
) -> ConversionPlan:
    """What `recipe` makes of `folder`; reads a few rows of each matrix.

    Raises CheckpointError when the model cannot be quantised.
    """
    files = survey(folder.path)
    raw = read_json(files.require(CONFIG))
    is_text_only = raw.get("model_type") != "gemma4"
    tasks = make_tasks(folder, recipe, is_text_only=is_text_only)
    shards = make_shards(tasks, shard_bytes)
    texts = {
        INDEX: index_of(shards),
        "config.json": new_config(raw, recipe, tasks),
        README: _readme(files, recipe, tasks, today).encode(),
    }
    return ConversionPlan(folder, shards, texts, _copies(files))


def _copies(files: FolderFiles) -> dict[str, Path]:
    copies = {name: files.files[name] for name in COPIED if name in files.files}
    for name, path in copies.items():
        if path.stat().st_size > _MAX_COPIED_BYTES:
            raise refusal(f"{shown(name)} is larger than {_MAX_COPIED_BYTES >> 20} MB")
    return copies


def _readme(files: FolderFiles, recipe: Recipe, tasks: Sequence[Task], today: date) -> str:
    return card(
        origin_of(files.root),
        read_licence(files.files.get(README)),
        recipe,
        tasks,
        has_licence_file=any(name.startswith("LICENSE") for name in _copies(files)),
        today=today.isoformat(),
    )
