"""What a rank other than 0 does: load its share when told, compute, and end with rank 0."""

from __future__ import annotations

import os
from pathlib import Path

from inference.checkpoint import open_folder
from inference.distributed.follow import Follower
from inference.distributed.join import Ranks
from inference.distributed.loading import fingerprint
from inference.errors import CheckpointError
from inference.models.gemma4.network import Gemma4
from inference.network_loading import DTypeName, build_follower

_DTYPES: dict[str, DTypeName] = {"bfloat16": "bfloat16", "float32": "float32"}


def follow(ranks: Ranks) -> None:
    """Serve rank 0 until it ends or is gone. Call it from the thread that may use MLX."""

    def load(folders: list[str], expected: str, dtype: str | None, ple: str) -> Gemma4:
        folder = open_folder(_found(folders))
        if fingerprint(folder) != expected:
            raise CheckpointError(
                "its folder holds other weights than that of computer 1.",
                "Copy the model folder from computer 1.",
            )
        return build_follower(folder, _DTYPES.get(dtype or ""), ple, ranks)

    Follower(ranks, load, end_process=lambda: os._exit(0)).serve()


def _found(folders: list[str]) -> Path:
    """The first of the folders that is there; the first one if none is, to be refused by name."""
    paths = [Path(name).expanduser() for name in folders]
    return next((path for path in paths if path.is_dir()), paths[0])
