"""Made-up repositories for the fake hub: small files, weights of random bytes, right hashes."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from inference.hub.catalogue import CatalogueEntry

COMMIT = "a" * 40
LARGE_BYTES = 4096  # from here on a file is kept as its SHA-256, as the real hub does


@lru_cache(maxsize=256)
def digest(content: bytes) -> str:
    """The name of the blob: SHA-256 of large files, Git's SHA-1 of small ones."""
    if is_large(content):
        return hashlib.sha256(content).hexdigest()
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


def is_large(content: bytes) -> bool:
    """Whether the hub keeps it outside of Git."""
    return len(content) >= LARGE_BYTES


@dataclass
class Repository:
    """What the hub has under one name."""

    files: dict[str, bytes]
    name: str = "mlx-community/gemma-4-e2b-it-4bit"
    commit: str = COMMIT
    is_gated: bool = False
    extra_siblings: list[dict[str, object]] = field(default_factory=list)

    def answer(self) -> dict[str, object]:
        """What the hub says about it."""
        siblings: list[dict[str, object]] = []
        for path, content in self.files.items():
            one: dict[str, object] = {"rfilename": path, "size": len(content)}
            one["blobId"] = digest(content) if not is_large(content) else "0" * 40
            if is_large(content):
                one["lfs"] = {
                    "sha256": digest(content),
                    "size": len(content),
                    "pointerSize": 135,
                }
            siblings.append(one)
        return {
            "id": self.name,
            "sha": self.commit,
            "siblings": siblings + self.extra_siblings,
            "private": False,
            "gated": "auto" if self.is_gated else False,
        }

    def entry(self) -> CatalogueEntry:
        """As if the catalogue had it."""
        size = sum(map(len, self.files.values()))
        return CatalogueEntry("e2b-4bit", "E2B", "4-bit", "test", self.name, size, 4)


def small_files(shards: Mapping[str, bytes]) -> dict[str, bytes]:
    """What stands beside weights, enough to be a model for whoever looks from outside."""
    table = {f"tensor.{number}": name for number, name in enumerate(shards)}
    return {
        "config.json": json.dumps({"model_type": "gemma4", "vision_config": {}}).encode(),
        "tokenizer.json": random.Random(7).randbytes(20_000),
        "generation_config.json": b"{}",
        "README.md": b"---\nlicense: apache-2.0\n---\n",
        ".gitattributes": b"*.safetensors filter=lfs\n",
        "model.safetensors.index.json": json.dumps({"weight_map": table}).encode(),
    }


def sharded(shards: int = 3, shard_bytes: int = 200_000) -> Repository:
    """A repository with some weight files and its index."""
    weights = {
        f"model-{number:05}-of-{shards:05}.safetensors": random.Random(number).randbytes(
            shard_bytes + 1000 * number
        )
        for number in range(1, shards + 1)
    }
    return Repository({**small_files(weights), **weights})
