"""Folders made by the generator are complete models for the engine."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import inference
from tests.bench.make_checkpoint import main


@pytest.mark.parametrize("size", ["e2b", "e4b", "26b-a4b", "31b"])
@pytest.mark.parametrize("bits", ["4", "16"])
def test_the_engine_loads_and_runs_it(tmp_path: Path, size: str, bits: str) -> None:
    period = "5" if size == "e2b" else "6"
    command = ["--size", f"tiny-{size}", "--bits", bits, "--layers", period, str(tmp_path)]
    assert main(command) == 0
    model = inference.load(tmp_path, dtype="float32")
    logits = model.logits(inference.Prompt.from_token_ids([2, 700, 701, 702, 703]))
    assert logits.shape == (5, 1024)
    values = np.array(logits)
    assert np.isfinite(values).all()
    # As spread as a trained model's: neither collapsed nor saturated at the soft cap of 30.
    assert 0.5 < values.std() < 2.0


def test_rows_do_not_all_say_the_same(tmp_path: Path) -> None:
    assert main(["--size", "tiny-e2b", str(tmp_path)]) == 0
    model = inference.load(tmp_path, dtype="float32")
    logits = np.array(model.logits(inference.Prompt.from_token_ids(list(range(600, 632)))))
    assert len(set(logits.argmax(axis=-1))) > 16


def test_the_window_can_be_chosen(tmp_path: Path) -> None:
    assert (
        main(["--size", "e2b", "--width", "tiny", "--layers", "5", "--window", "64", str(tmp_path)])
        == 0
    )
    assert inference.load(tmp_path).config.text.window == 64


@pytest.mark.parametrize(
    "wrong",
    [
        ["--size", "e3b"],
        ["--size", "tiny-e2b", "--layers", "4"],
        ["--size", "tiny-e2b", "--group-size", "128"],
    ],
)
def test_what_cannot_be_made_is_said_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], wrong: list[str]
) -> None:
    assert main([*wrong, str(tmp_path)]) == 2
    assert capsys.readouterr().err.startswith("The model was not written: ")
    assert not (tmp_path / "config.json").exists()
