"""The synthetic vocabulary of real size."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from tests.bench.vocabulary import MEDIA_IDS, PUBLISHED_VOCAB, TEXT_IDS, special_ids, tokenizer_json


def make(vocab: int) -> Tokenizer:
    return Tokenizer.from_str(json.dumps(tokenizer_json(vocab)))


SMALL = make(1024)


@pytest.fixture(scope="module")
def full() -> Tokenizer:
    return make(PUBLISHED_VOCAB)


@given(st.text(st.characters(codec="utf-8", exclude_characters="▁"), max_size=60))
def test_any_text_comes_back(text: str) -> None:
    ids = SMALL.encode(text, add_special_tokens=False).ids
    assert SMALL.decode(ids, skip_special_tokens=False) == text


def test_the_published_ids_are_kept(full: Tokenizer) -> None:
    assert full.get_vocab_size() == PUBLISHED_VOCAB
    for token, index in (TEXT_IDS | MEDIA_IDS).items():
        assert full.encode(token, add_special_tokens=False).ids == [index]
    assert full.encode("\n").ids == [107]
    assert full.encode("\n\n").ids == [108]


def test_words_are_joined_from_letters(full: Tokenizer) -> None:
    found = full.encode("what a day, HALLO", add_special_tokens=False).tokens
    assert "".join(found) == "what▁a▁day,▁HALLO"
    assert len(found) < len("what a day, HALLO")


def test_every_id_of_a_small_vocabulary_is_taken_once() -> None:
    assert sorted(SMALL.get_vocab().values()) == list(range(1024))
    assert set(special_ids(1024)) == set(special_ids(PUBLISHED_VOCAB))
    assert max(special_ids(1024).values()) == 1023
