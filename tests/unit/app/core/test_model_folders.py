"""What a folder says about itself, however little or wrong that is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.core.model_folders import ModelFacts, read_facts

CONFIG = {
    "model_type": "gemma4",
    "dtype": "bfloat16",
    "vision_config": {},
    "audio_config": {},
    "text_config": {"max_position_embeddings": 131_072},
}


def folder(where: Path, config: object, name: str = "gemma-4-E4B-it-4bit") -> Path:
    path = where / name
    path.mkdir()
    (path / "config.json").write_text(json.dumps(config), encoding="utf-8")
    (path / "model.safetensors").write_bytes(b"x" * 1000)
    return path


def test_a_published_folder(tmp_path: Path) -> None:
    config = CONFIG | {"quantization": {"bits": 4, "group_size": 64}}
    assert read_facts(folder(tmp_path, config)) == ModelFacts(
        "Gemma 4 E4B", "4-bit", True, True, 1000, 131_072, 280
    )


def test_senses_type_and_budget(tmp_path: Path) -> None:
    config = {key: value for key, value in CONFIG.items() if key != "audio_config"}
    path = folder(tmp_path, config, "gemma-4-26b-a4b-it")
    (path / "processor_config.json").write_text(
        json.dumps({"image_processor": {"max_soft_tokens": 70}}), encoding="utf-8"
    )
    facts = read_facts(path)
    assert (facts.name, facts.bits) == ("Gemma 4 26B-A4B", "bf16")
    assert (facts.sees, facts.hears, facts.image_tokens) == (True, False, 70)


@pytest.mark.parametrize(
    "config",
    [
        CONFIG | {"dtype": 3, "text_config": None, "quantization": "4"},
        CONFIG
        | {"text_config": {"max_position_embeddings": "many"}, "quantization": {"bits": "x"}},
    ],
)
def test_odd_values_are_left_out(tmp_path: Path, config: object) -> None:
    facts = read_facts(folder(tmp_path, config, "mine"))
    assert (facts.name, facts.context_tokens, facts.problem) == ("mine", 0, "")


@pytest.mark.parametrize("config", [[], "text", {"model_type": "llama"}, {}])
def test_other_folders_say_why(tmp_path: Path, config: object) -> None:
    assert read_facts(folder(tmp_path, config, "mine")).problem


def test_broken_and_missing_configurations(tmp_path: Path) -> None:
    path = folder(tmp_path, CONFIG)
    (path / "config.json").write_bytes(b"[" * 100_000)
    assert "config.json" in read_facts(path).problem
    assert "config.json" in read_facts(tmp_path / "nowhere").problem
