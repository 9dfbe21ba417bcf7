"""What lies in a model folder; refuses code, foreign weights and links that lead elsewhere."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from inference.checkpoint.refusal import CHOOSE_ANOTHER, refusal, shown

CONFIG = "config.json"
_MAX_ENTRIES = 4_000
_MAX_DEPTH = 8
_ACTION = "Delete it if you know where it came from, or choose another model."

# Facet never opens these, but other programs run or unpickle them: a folder with one is no
# plain Gemma 4 folder.
_CODE = frozenset(
    {".py", ".pyc", ".pyo", ".pyd", ".so", ".dylib", ".dll", ".exe", ".sh"}
    | {".pkl", ".pickle", ".dill", ".joblib", ".bin", ".pt", ".pth", ".ckpt"}
    | {".gguf", ".ggml", ".npy", ".npz"}
)
_SHARED_BLOB = re.compile(r"[0-9a-f]{2}/[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class FolderFiles:
    """The plain files at the top of a folder: name -> path with every link resolved."""

    root: Path
    files: Mapping[str, Path]

    def require(self, name: str) -> Path:
        """The path of file `name`. Raises CheckpointError when the folder has none."""
        if name not in self.files:
            raise refusal(f"The folder {shown(self.root.name)} has no {name}")
        return self.files[name]


def survey(folder: Path) -> FolderFiles:
    """Look at every entry of `folder`, however deep, without opening a file.

    Links are accepted only when they stay in the folder or, in a Hugging Face cache snapshot,
    when they lead to that repository's blobs or to the cache's shared blob store.
    Raises CheckpointError for anything else.
    """
    try:
        root = Path(os.path.realpath(folder, strict=True))
        if not root.is_dir():
            raise refusal(f"{shown(folder.name)} is not a folder", CHOOSE_ANOTHER)
        if not (root / CONFIG).exists():
            raise refusal(
                f"The folder {shown(root.name)} is no model: it has no {CONFIG}", CHOOSE_ANOTHER
            )
        files = {}
        for entry in _walk(root):
            path = _checked(entry, root)
            if path is not None and Path(entry.path).parent == root:
                files[entry.name] = path
    except FileNotFoundError as error:
        raise refusal(f"There is no folder {shown(folder.name)}", CHOOSE_ANOTHER) from error
    except (OSError, ValueError) as error:
        raise refusal(f"The folder {shown(folder.name)} cannot be read") from error
    return FolderFiles(root, MappingProxyType(files))


def _walk(root: Path) -> Iterator[os.DirEntry[str]]:
    """Every entry below `root`; links are reported, not followed."""
    waiting = [(str(root), 0)]
    count = 0
    while waiting:
        folder, depth = waiting.pop()
        with os.scandir(folder) as entries:
            for entry in entries:
                count += 1
                if count > _MAX_ENTRIES or depth > _MAX_DEPTH:
                    raise refusal(
                        f"The folder {shown(root.name)} holds far more than a model",
                        "Choose the model's own folder.",
                    )
                yield entry
                if entry.is_dir(follow_symlinks=False):
                    waiting.append((entry.path, depth + 1))


def _checked(entry: os.DirEntry[str], root: Path) -> Path | None:
    """The resolved path of a plain file, None for a folder."""
    if Path(entry.name).suffix.lower() in _CODE:
        raise refusal(
            f"The folder holds {shown(entry.name)}, which is program code or a foreign weight "
            "format and not part of a Gemma 4 model",
            _ACTION,
        )
    if entry.is_symlink():
        return _link_target(entry, root)
    mode = entry.stat(follow_symlinks=False).st_mode
    if stat.S_ISDIR(mode):
        return None
    if not stat.S_ISREG(mode):
        raise refusal(f"{shown(entry.name)} is neither a file nor a folder", _ACTION)
    return Path(entry.path)


def _link_target(entry: os.DirEntry[str], root: Path) -> Path:
    target = Path(os.path.realpath(entry.path))
    if not _may_lead_to(target, root):
        raise refusal(f"{shown(entry.name)} is a link that leads out of the folder", _ACTION)
    if not target.exists():
        raise refusal(f"{shown(entry.name)} is a link to a file that is gone")
    if not target.is_file():
        raise refusal(f"{shown(entry.name)} is a link to something that is no file", _ACTION)
    return target


def _may_lead_to(target: Path, root: Path) -> bool:
    """Inside `root`, or from a snapshot of a Hugging Face cache to where that keeps its files.

    A snapshot is `models--owner--name/snapshots/<commit>`. Its files lie in the repository's
    `blobs`; huggingface_hub 2 may share them in the cache's `blobs/<2 hex>/<64 hex>`.
    """
    if target != root and target.is_relative_to(root):
        return True
    repository = root.parent.parent
    if root.parent.name != "snapshots" or not repository.name.startswith("models--"):
        return False
    if target.parent == repository / "blobs":
        return True
    store = repository.parent / "blobs"
    return (
        target.is_relative_to(store)
        and _SHARED_BLOB.fullmatch(target.relative_to(store).as_posix()) is not None
    )
