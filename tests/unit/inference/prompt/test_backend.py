"""The encoder that is built here does what the library's own reader of the file makes of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer as Backend

from inference.prompt.backend import read_backend
from tests.bench.vocabulary import tokenizer_json

PARITY = Path(__file__).parents[3] / "parity" / "data" / "e" / "tokenizer.json"
BUILT, READ = read_backend(PARITY), Backend.from_file(str(PARITY))

texts = st.text(alphabet=st.sampled_from("abcdefgh aeio\n\t ÄÖß漢字😀<|>bos▁0123")) | st.text()


@pytest.mark.parametrize("as_text", [True, False])
@given(text=texts | st.sampled_from(["<bos><|turn>user\n hi", "<eos>", " " * 40, "\n" * 33]))
def test_both_encode_and_decode_alike(text: str, *, as_text: bool) -> None:
    found = []
    for backend in (BUILT, READ):
        backend.encode_special_tokens = as_text
        encoding = backend.encode(text, add_special_tokens=False)
        words = backend.decode(encoding.ids, skip_special_tokens=False)
        found.append((encoding.ids, encoding.offsets, words))
    assert found[0] == found[1]


def test_both_know_the_same_tokens() -> None:
    assert BUILT.get_vocab() == READ.get_vocab()
    described = [
        {i: (t.content, t.special, t.normalized) for i, t in b.get_added_tokens_decoder().items()}
        for b in (BUILT, READ)
    ]
    assert described[0] == described[1]
    for name in ("normalizer", "pre_tokenizer", "decoder"):
        assert str(getattr(BUILT, name)) == str(getattr(READ, name))


@pytest.mark.parametrize(
    "change",
    [
        {"normalizer": None},
        {"pre_tokenizer": {"type": "Whitespace"}},
        {"decoder": {"type": "ByteFallback"}},
    ],
)
def test_an_unusual_file_is_read_by_the_library(tmp_path: Path, change: dict[str, Any]) -> None:
    raw = json.loads(PARITY.read_text()) | change
    file = tmp_path / "tokenizer.json"
    file.write_text(json.dumps(raw))
    found = read_backend(file)
    for name in change:
        assert str(getattr(found, name)) == str(getattr(Backend.from_file(str(file)), name))


def test_added_tokens_beyond_the_vocabulary_keep_their_ids(tmp_path: Path) -> None:
    raw = tokenizer_json(700)
    flags = dict.fromkeys(("single_word", "lstrip", "rstrip", "normalized"), False)
    raw["added_tokens"] += [  # type: ignore[operator]
        {"id": 700 + i, "content": text, "special": i == 0, **flags}
        for i, text in enumerate(("<extra>", "<plain>"))
    ]
    file = tmp_path / "tokenizer.json"
    file.write_text(json.dumps(raw))
    built, read = read_backend(file), Backend.from_file(str(file))
    assert built.token_to_id("<plain>") == read.token_to_id("<plain>") == 701
    assert built.encode("a<extra>b <plain>").ids == read.encode("a<extra>b <plain>").ids


def test_merges_may_be_texts_with_a_space(tmp_path: Path) -> None:
    raw = json.loads(PARITY.read_text())
    raw["model"]["merges"] = [
        " ".join(m) if isinstance(m, list) and not any(" " in half for half in m) else m
        for m in raw["model"]["merges"]
    ]
    file = tmp_path / "tokenizer.json"
    file.write_text(json.dumps(raw))
    assert read_backend(file).encode("hello there").ids == READ.encode("hello there").ids
