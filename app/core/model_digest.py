"""Which weights a folder holds, in one short value that costs next to nothing. No Qt.

A hash of all weights would read many gigabytes. This one takes the configuration, the header and
size of each weight file, and small samples spread over it: another precision, revision or
fine-tuning changes the samples; a single changed weight may not. Where the folder is a snapshot of
the Hugging Face cache its revision says more and comes along.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from pathlib import Path

SAMPLES, SAMPLE_BYTES = 64, 4096  # for each weight file
LARGEST_HEADER = 64 * 1024 * 1024
MOST_FILES = 512
_NAMES = ("config.json", "tokenizer.json", "model.safetensors.index.json")
_REVISION = re.compile(r"[0-9a-f]{40}\Z")
_LENGTH_BYTES = 8  # of a safetensors file, little-endian: how long the header is


def model_digest(folder: Path) -> str:
    """Like "revision 1f2e…, samples 3ab4…"; empty where nothing can be read. Never raises."""
    try:
        files = tuple(sorted(folder.glob("*.safetensors"))[:MOST_FILES])
        named = tuple(path for name in _NAMES if (path := folder / name).is_file())
        if not files:
            return ""
        state = tuple(
            (path, stat.st_size, stat.st_mtime_ns)
            for path in (*named, *files)
            if (stat := path.stat())
        )
        samples = _sampled(state)
    except OSError:
        return ""
    revision = folder.name if _REVISION.match(folder.name) else ""
    return f"revision {revision}, samples {samples}" if revision else f"samples {samples}"


@lru_cache(maxsize=64)  # copies of models that one computer holds
def _sampled(state: tuple[tuple[Path, int, int], ...]) -> str:
    total = hashlib.sha256()
    for path, size, _ in state:
        total.update(f"{path.name}\0{size}\0".encode())
        with path.open("rb") as file:
            if path.suffix != ".safetensors":
                total.update(hashlib.sha256(file.read()).digest())
                continue
            length = int.from_bytes(file.read(_LENGTH_BYTES), "little")
            header = file.read(min(length, LARGEST_HEADER))
            total.update(header)
            start = file.tell()
            room = max(0, size - start - SAMPLE_BYTES)
            for number in range(SAMPLES):
                file.seek(start + room * number // max(1, SAMPLES - 1))
                total.update(file.read(SAMPLE_BYTES))
    return total.hexdigest()[:32]
