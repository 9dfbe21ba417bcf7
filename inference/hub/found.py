"""Models that are on this machine already: in the shared Hugging Face cache and chosen folders."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from inference.checkpoint.survey import CONFIG, FolderFiles, survey
from inference.errors import CheckpointError
from inference.hub.cache import COMMIT, repo_folder, repo_of
from inference.hub.cache import cache_folder as shared_cache
from inference.hub.catalogue import entry_of_repo

_INDEX = "model.safetensors.index.json"
_SINGLE = "model.safetensors"
_TOKENIZER = "tokenizer.json"
_LARGEST_CONFIG = 4_000_000
_LARGEST_INDEX = 16_000_000
_MOST_FOLDERS = 400
_DRAFTER = "gemma4_assistant"


@dataclass(frozen=True, slots=True)
class FoundModel:
    """A Gemma 4 folder as it lies on the disk; it is used in place, nothing is copied.

    `key` is the catalogue's, "" where the catalogue does not have it. `repo` and `revision` (a
    commit) are known of cache snapshots. `problem` says why it cannot be used as it is.
    """

    folder: Path
    key: str
    repo: str
    revision: str
    size_bytes: int
    origin: Literal["cache", "folder"]
    is_complete: bool
    problem: str = ""
    is_drafter: bool = False


def find_models(
    folders: Iterable[Path] = (), cache_folder: Path | None = None
) -> tuple[FoundModel, ...]:
    """The Gemma 4 models in the cache (None: the shared one) and in or right below `folders`.

    Opens no socket and never raises: what cannot be read is left out or has a `problem`. It reads
    small files only, but a slow disk may take its time: call it on a background thread.
    """
    found: dict[Path, FoundModel] = {}
    for model in _in_cache(cache_folder or shared_cache()):
        found.setdefault(model.folder, model)
    for folder in folders:
        for place in _places(folder):
            seen = None if place in found else _looked_at(place, "folder")
            if seen is not None:
                found[place] = seen
    return tuple(found.values())


def find_model(name: str, cache_folder: Path | None = None) -> FoundModel | None:
    """The complete cached model with this catalogue key or repository name, if there is one."""
    wanted = [
        model
        for model in find_models((), cache_folder)
        if name.lower() in (model.key, model.repo.lower()) and model.is_complete
    ]
    return wanted[0] if wanted else None


def _in_cache(cache: Path) -> Iterator[FoundModel]:
    for repository in _listed(cache):
        repo = repo_of(repository)
        if not repo:
            continue
        current = _reference(repository)
        for snapshot in _listed(repository / "snapshots"):
            if COMMIT.fullmatch(snapshot.name) is None:
                continue
            model = _looked_at(snapshot, "cache", repo)
            # Of older revisions huggingface_hub keeps the few files that were ever asked for.
            if model is not None and (model.is_complete or snapshot.name == current):
                yield model


def _reference(repository: Path) -> str:
    with contextlib.suppress(OSError, ValueError):
        return (repository / "refs" / "main").read_text(encoding="ascii").strip()
    return ""


def _places(folder: Path) -> Iterator[Path]:
    """The folder itself if it is a model, else those right below it and one further down."""
    if (folder / CONFIG).exists():
        yield folder
        return
    for place in _listed(folder):
        if (place / CONFIG).exists():
            yield place
        elif place.is_dir() and repo_of(place) == "":
            yield from (below for below in _listed(place) if (below / CONFIG).exists())


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())[:_MOST_FOLDERS]
    except OSError:
        return []


def _looked_at(
    folder: Path, origin: Literal["cache", "folder"], repo: str = ""
) -> FoundModel | None:
    """None where it is not a Gemma 4 folder at all."""
    config = _mapping(folder / CONFIG, _LARGEST_CONFIG)
    kind = str((config or {}).get("model_type", ""))
    if not kind.startswith("gemma4"):
        return None
    is_drafter = kind == _DRAFTER
    size, problem = _weighed(folder, is_drafter)
    known = entry_of_repo(repo) if repo else None
    return FoundModel(
        folder,
        known.key if known else "",
        repo,
        folder.name if origin == "cache" else "",
        size,
        origin,
        not problem,
        problem,
        is_drafter,
    )


def _weighed(folder: Path, is_drafter: bool) -> tuple[int, str]:
    """Bytes of the weights, and why the folder cannot be used."""
    try:
        files = survey(folder)
    except CheckpointError as error:
        return 0, error.message
    lacking = _lacking(files, is_drafter)
    size = 0
    for name, path in files.files.items():
        if name.endswith(".safetensors"):
            with contextlib.suppress(OSError):
                size += path.stat().st_size
    if lacking:
        return size, f"{lacking} is missing: the model was not fetched to its end."
    return size, ""


def _lacking(files: FolderFiles, is_drafter: bool) -> str:
    wanted = [CONFIG] if is_drafter else [CONFIG, _TOKENIZER]
    if _INDEX in files.files:
        table = (_mapping(files.files[_INDEX], _LARGEST_INDEX) or {}).get("weight_map")
        shards = set(table.values()) if isinstance(table, dict) else {_INDEX}
        wanted += sorted(name for name in shards if isinstance(name, str))
    else:
        wanted.append(_SINGLE)
    return next((name for name in wanted if name not in files.files), "")


def _mapping(path: Path, largest: int) -> dict[str, Any] | None:
    try:
        if path.stat().st_size > largest:
            return None
        value = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def remove_model(model: FoundModel, cache_folder: Path | None = None) -> int:
    """Deletes a cached model and what only it used; the bytes that were freed.

    Other revisions keep the files they share. Raises HubError for a folder outside of the cache,
    which Facet did not make, and for one that cannot be deleted.
    """
    from inference.errors import HubError

    cache = cache_folder or shared_cache()
    repository = repo_folder(cache, model.repo) if model.repo else None
    if model.origin != "cache" or repository != model.folder.parent.parent:
        raise HubError(
            f"{model.folder.name} is a folder of yours, so Facet does not delete it.",
            "Move it to the Trash yourself if it is no longer needed.",
        )
    from huggingface_hub import scan_cache_dir

    strategy = scan_cache_dir(cache).delete_revisions(model.revision)
    freed = int(strategy.expected_freed_size)
    strategy.execute()
    if model.folder.exists():
        raise HubError(
            f"{model.repo} cannot be deleted from {cache}.", "Look at the rights of that folder."
        )
    return freed
