"""Every form in which Gemma 4 tokenizers are written passes the check, and only those."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tokenizers import Tokenizer

from inference.checkpoint import check_tokenizer, read_config
from inference.checkpoint.tokenizer_facts import CONTROL_TOKENS, PUBLISHED_VOCAB, post_processor
from inference.errors import CheckpointError
from tests.fakes.folder_settings import model_config
from tests.fakes.folders import tokenizer_json

FIXTURES = Path(__file__).parents[3] / "parity" / "data"
Json = dict[str, Any]


def check(tmp_path: Path, raw: Json, config: Json | None = None) -> None:
    path = tmp_path / "tokenizer.json"
    path.write_text(json.dumps(raw), encoding="utf-8")
    check_tokenizer(path, read_config(config or model_config("e")))


@pytest.mark.parametrize("family", ["e", "moe", "dense"])
def test_accepts_what_transformers_writes(tmp_path: Path, family: str) -> None:
    shutil.copy(FIXTURES / family / "tokenizer.json", tmp_path)
    config = read_config(json.loads((FIXTURES / family / "config.json").read_text()))
    check_tokenizer(tmp_path / "tokenizer.json", config)


def no_pre_tokenizer(raw: Json) -> None:
    raw["pre_tokenizer"] = None


def empty_template(raw: Json) -> None:
    raw["post_processor"] = post_processor()


def bos_template(raw: Json) -> None:
    raw["post_processor"] = post_processor(2)


def merges_as_texts(raw: Json) -> None:
    raw["model"]["merges"] = [" ".join(pair) for pair in raw["model"]["merges"]]


def older_model(raw: Json) -> None:
    for key in ("ignore_merges", "dropout", "end_of_word_suffix"):
        del raw["model"][key]


def video_only_in_the_vocabulary(raw: Json) -> None:
    raw["added_tokens"] = [t for t in raw["added_tokens"] if t["content"] != "<|video|>"]


def image_only_as_added_token(raw: Json) -> None:
    del raw["model"]["vocab"]["<|image|>"]


def ordinary_added_token(raw: Json) -> None:
    newlines = {"id": 281, "content": "\n\n", "special": False, "normalized": False}
    raw["added_tokens"].append(newlines | dict.fromkeys(["single_word", "lstrip", "rstrip"], False))


@pytest.mark.parametrize(
    "vary",
    [
        no_pre_tokenizer,
        empty_template,
        bos_template,
        merges_as_texts,
        older_model,
        video_only_in_the_vocabulary,
        image_only_as_added_token,
        ordinary_added_token,
    ],
)
def test_accepts_harmless_variants(tmp_path: Path, vary: Callable[[Json], None]) -> None:
    raw = tokenizer_json()
    plain = Tokenizer.from_str(json.dumps(raw)).encode("the in ou\n\n", add_special_tokens=False)
    vary(raw)
    check(tmp_path, raw)
    varied = Tokenizer.from_file(str(tmp_path / "tokenizer.json"))
    assert varied.encode("the in ou\n\n", add_special_tokens=False).ids == plain.ids


def test_ids_a_model_does_not_have_are_not_compared(tmp_path: Path) -> None:
    text_only = model_config()["text_config"]
    check(tmp_path, tokenizer_json(), text_only)


def published() -> tuple[Json, Json]:
    """A tokenizer of the published size and a configuration for it."""
    raw = tokenizer_json()
    vocab: dict[str, int] = dict(CONTROL_TOKENS)
    free = iter(sorted(set(range(PUBLISHED_VOCAB)) - set(vocab.values())))
    for token in raw["model"]["vocab"]:
        if token not in vocab:
            vocab[token] = next(free)
    vocab |= {f"word{i}": number for i, number in enumerate(free)}
    raw["model"]["vocab"] = vocab
    for entry in raw["added_tokens"]:
        entry["id"] = vocab[entry["content"]]
    config = model_config("e")
    for name in ("vocab_size", "vocab_size_per_layer_input"):
        config["text_config"][name] = PUBLISHED_VOCAB
    ids = [n for n in config if n.endswith(("_token_id", "_token_index")) and n != "eos_token_id"]
    return raw, {key: value for key, value in config.items() if key not in ids}


def test_published_vocabulary_needs_the_published_ids(tmp_path: Path) -> None:
    raw, config = published()
    check(tmp_path, raw, config)
    vocab = raw["model"]["vocab"]
    vocab["<|tool>"], vocab["<|think|>"] = vocab["<|think|>"], vocab["<|tool>"]
    for entry in raw["added_tokens"]:
        entry["id"] = vocab[entry["content"]]
    with pytest.raises(CheckpointError, match="has the id"):
        check(tmp_path, raw, config)


def test_vocabulary_must_have_the_size_of_the_model(tmp_path: Path) -> None:
    path = tmp_path / "tokenizer.json"
    path.write_text(json.dumps(tokenizer_json()))
    config = read_config(model_config())
    larger = replace(config, text=replace(config.text, vocab=385))
    with pytest.raises(CheckpointError, match="384 tokens but the model has 385"):
        check_tokenizer(path, larger)
