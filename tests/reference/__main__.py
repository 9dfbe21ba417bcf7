"""Rebuilds tests/parity/data: `python -m tests.reference`."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from tests.reference import runtime  # noqa: F401  (must precede transformers)
from tests.reference.archive import write_json, write_json_gz, write_npz
from tests.reference.cases import cases, prepare
from tests.reference.checkpoint import (
    load_assistant,
    load_model,
    processor,
    write_assistant,
    write_model,
)
from tests.reference.checks import RouterGap, check_cache, check_gaps, check_spread
from tests.reference.configs import ASSISTED, FAMILIES, Family
from tests.reference.drafts import drafts
from tests.reference.media import media_arrays
from tests.reference.observe import observe, prefixed
from tests.reference.sizes import SIZES, assistant_of_size, model_of_size
from tests.reference.units import frame_samples, unit_arrays, video_prompts

DATA = Path(__file__).parent.parent / "parity" / "data"


def build_family(family: Family, data: Path) -> None:
    """Write the checkpoints of `family`, run them and write what they answer."""
    folder = data / family
    write_model(family, folder)
    model, prepared = load_model(folder), processor()
    router = RouterGap(model)
    arrays: dict[str, np.ndarray] = {}
    for case in cases(family):
        batch = prepare(case, prepared)
        found = observe(model, case, batch)
        if case.greedy:
            check_cache(model, batch, found)
        arrays |= prefixed(case.name, found)
    if family in ASSISTED:
        assistant_folder = data / f"{family}-assistant"
        write_assistant(family, assistant_folder)
        text = prepare(cases(family)[0], prepared)
        arrays |= prefixed("mtp", drafts(model, load_assistant(assistant_folder), text))
    router.check()
    check_spread(arrays)
    check_gaps(arrays)
    write_npz(folder.with_suffix(".npz"), arrays)


def build_shared(data: Path) -> None:
    """Write what does not depend on the family: media, unit references, the real sizes."""
    prepared = processor()
    write_npz(data / "media.npz", media_arrays(prepared))
    write_npz(data / "units.npz", unit_arrays(prepared))
    write_json(data / "video_prompts.json", video_prompts(prepared))
    write_json(data / "frame_samples.json", frame_samples())
    shapes = data / "shapes"
    shapes.mkdir(exist_ok=True)
    for size in SIZES:
        _write_size(shapes, size, model_of_size(size))
        _write_size(shapes, f"{size}-assistant", assistant_of_size(size))


def _write_size(
    folder: Path, name: str, described: tuple[dict[str, Any], dict[str, list[int]]]
) -> None:
    config, shapes = described
    text = json.dumps(config, indent=2, sort_keys=True) + "\n"
    (folder / f"{name}.config.json").write_text(text, encoding="utf-8")
    write_json_gz(folder / f"{name}.json.gz", shapes)


def main() -> None:
    """Build all of it elsewhere first: a failed check leaves the old files whole."""
    with tempfile.TemporaryDirectory() as name:
        staging = Path(name) / "data"
        staging.mkdir()
        build_shared(staging)
        for family in FAMILIES:
            build_family(family, staging)
        shutil.copytree(staging, DATA, dirs_exist_ok=True)


if __name__ == "__main__":
    main()
