"""The shared Hugging Face cache on the disk: where it is, what lies where, how a model appears.

models--OWNER--NAME/blobs/HASH               whole files, named by their hash
models--OWNER--NAME/blobs/HASH.facet-part    what has arrived of one
models--OWNER--NAME/snapshots/COMMIT/FILE    links into blobs; only when all of them are whole
models--OWNER--NAME/refs/main                the commit, written last
models--OWNER--NAME/.facet/COMMIT.json       what is still to come (cache_record.py)
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

PART_SUFFIX = ".facet-part"
FACET_FOLDER = ".facet"
_REPO = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,95}/[A-Za-z0-9._-]{1,96}")
COMMIT = re.compile(r"[0-9a-f]{40}")


def cache_folder(environment: Mapping[str, str] | None = None) -> Path:
    """The cache that huggingface_hub would use, by the same variables."""
    variables = os.environ if environment is None else environment
    for name in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"):
        if variables.get(name):
            return Path(variables[name]).expanduser()
    if variables.get("HF_HOME"):
        return Path(variables["HF_HOME"]).expanduser() / "hub"
    base = variables.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser() / "huggingface" / "hub"


def is_repo(name: str) -> bool:
    """Whether `name` can be a repository: owner/name of harmless characters."""
    return _REPO.fullmatch(name) is not None and ".." not in name and "--" not in name


def repo_folder(cache: Path, repo: str) -> Path:
    """Where everything of `repo` lies."""
    return cache / f"models--{repo.replace('/', '--')}"


def repo_of(folder: Path) -> str:
    """The repository of a `models--OWNER--NAME` folder; "" for another folder."""
    prefix, _, rest = folder.name.partition("--")
    repo = rest.replace("--", "/")
    return repo if prefix == "models" and is_repo(repo) else ""


def is_safe_path(path: str) -> bool:
    """Whether a file's name from the hub stays inside a folder on every system."""
    parts = path.split("/")
    return (
        0 < len(path) <= 240
        and not any(part in ("", ".", "..") or part.endswith((" ", ".")) for part in parts)
        and not any(c in '\\:*?"<>|' or not c.isprintable() for c in path)
    )


def blob_size(blob: Path) -> int:
    """Bytes of a whole blob, through a link into a shared store; -1 where there is none."""
    try:
        return blob.stat().st_size
    except OSError:
        return -1


def free_bytes(folder: Path) -> int:
    """Free bytes on the disk where `folder` is or will be."""
    for place in (folder, *folder.parents):
        with contextlib.suppress(OSError):
            return shutil.disk_usage(place).free
    return 0


def publish(repository: Path, commit: str, revision: str, files: Mapping[str, str]) -> Path:
    """Makes whole blobs appear as snapshot `commit`; `files` is name -> blob. Returns its folder.

    A new snapshot appears by one rename, complete. An existing one gets what it lacks, with
    config.json last. The reference is written after that. Raises OSError.
    """
    snapshot = repository / "snapshots" / commit
    if not snapshot.exists() and not _appeared(repository, snapshot, files):
        return publish(repository, commit, revision, files)  # another program was quicker
    _place(repository, snapshot, sorted(files.items(), key=lambda it: it[0] == "config.json"))
    if not COMMIT.fullmatch(revision) and is_safe_path(revision):
        _write_reference(repository / "refs" / revision, commit)
    return snapshot


def _appeared(repository: Path, snapshot: Path, files: Mapping[str, str]) -> bool:
    """Makes a whole snapshot by one rename; False if there is one by now."""
    # Beside the snapshots and as deep, so the same relative links are right in both places.
    (repository / FACET_FOLDER).mkdir(exist_ok=True)
    waiting = Path(tempfile.mkdtemp(prefix=f"{snapshot.name[:8]}-", dir=repository / FACET_FOLDER))
    waiting.chmod(0o755)
    _place(repository, waiting, files.items())
    snapshot.parent.mkdir(parents=True, exist_ok=True)
    try:
        waiting.rename(snapshot)
    except OSError:
        if not snapshot.exists():
            raise
        shutil.rmtree(waiting, ignore_errors=True)
        return False
    return True


def _place(repository: Path, folder: Path, files: Iterable[tuple[str, str]]) -> None:
    for name, blob in files:
        target = folder / name
        source = repository / "blobs" / blob
        if target.exists() and not (target.is_symlink() and target.readlink().name != blob):
            continue  # the right link, or a plain file as caches without links have
        target.parent.mkdir(parents=True, exist_ok=True)
        up = "../" * (len(PurePosixPath(name).parts) + 1)
        link = target.with_name(f".{target.name}{PART_SUFFIX}")
        with contextlib.suppress(FileNotFoundError):
            link.unlink()
        try:
            link.symlink_to(f"{up}blobs/{blob}")
        except OSError:
            # Volumes without links: the file itself moves, as huggingface_hub does there.
            source.replace(target)
            continue
        link.replace(target)


def _write_reference(path: Path, commit: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}{PART_SUFFIX}")
    part.write_text(commit, encoding="ascii")
    part.replace(path)


def linked_blobs(repository: Path) -> frozenset[str]:
    """Names of the blobs that any snapshot of the repository uses."""
    used: set[str] = set()
    for link in (repository / "snapshots").glob("*/**/*"):
        if link.is_symlink():
            used.add(PurePosixPath(link.readlink()).name)
    return frozenset(used)
