"""Writes files whose bytes depend on their contents alone: sorted names, fixed timestamps."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

Arrays = Mapping[str, np.ndarray]
_EPOCH = (1980, 1, 1, 0, 0, 0)


def write_npz(path: Path, arrays: Arrays) -> None:
    """Write a compressed .npz that numpy.load reads without pickle."""
    with zipfile.ZipFile(path, "w") as archive:
        for name in sorted(arrays):
            buffer = io.BytesIO()
            np.lib.format.write_array(
                buffer, np.asarray(arrays[name], order="C"), allow_pickle=False
            )
            entry = zipfile.ZipInfo(f"{name}.npy", date_time=_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, buffer.getvalue(), compresslevel=9)


def write_json_gz(path: Path, value: dict[str, Any]) -> None:
    """Write `value` as compact JSON, gzipped without a timestamp."""
    text = json.dumps(value, separators=(",", ":"))
    path.write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))


def write_json(path: Path, records: list[dict[str, Any]]) -> None:
    """Write `records` as a JSON list, one record a line."""
    lines = ",\n".join(json.dumps(record) for record in records)
    path.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
