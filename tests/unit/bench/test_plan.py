"""Every task names a model that can be made and parties that can run."""

from __future__ import annotations

import json
from pathlib import Path

from tests.bench.make_checkpoint import main
from tests.bench.plan import FULL, MODELS, QUICK, ensure_model
from tests.bench.runner import MEASURES


def test_every_task_has_its_model_and_measure() -> None:
    for task in (*FULL, *QUICK):
        assert task.model in MODELS
        assert task.measure in MEASURES


def test_a_model_is_written_once(tmp_path: Path) -> None:
    folder = tmp_path / "tiny-window-64"
    ensure_model(folder)
    config = json.loads((folder / "config.json").read_text())["text_config"]
    assert (config["num_hidden_layers"], config["sliding_window"]) == (10, 64)
    written = (folder / "model.safetensors").stat().st_mtime_ns
    ensure_model(folder)
    assert (folder / "model.safetensors").stat().st_mtime_ns == written


def test_the_generator_understands_every_plan(tmp_path: Path) -> None:
    """Too large to write here, so each plan is asked for something it must refuse at the end."""
    for name, arguments in MODELS.items():
        (tmp_path / name).write_text("a file where the folder should be")
        assert main([*arguments, str(tmp_path / name)]) == 2
