"""One measurement as one JSON line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import mlx.core as mx
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.bench.inputs import picture, plain_ids, sound
from tests.bench.runner import MEASURES


class CountingParty:
    """Answers with the number of prompt tokens; with reuse, with what `forget` leaves of them."""

    def __init__(self, forget: int = 0) -> None:
        self.forget = forget
        self.prompts: list[list[int]] = []
        self.conversations = 0

    def load(self, folder: Path, measure: str) -> None: ...

    def load_processing(self) -> None: ...

    def tokens(self, ids: list[int], count: int) -> Iterator[int]:
        self.prompts.append(ids)
        return iter([len(ids)] * count)

    def new_conversation(self) -> None:
        self.conversations += 1
        self.turns = 0

    def turn(self, ids: list[int], count: int) -> Iterator[int]:
        self.turns += 1
        return iter([len(ids) - (self.forget if self.turns > 1 else 0)] * count)

    def encode_picture(self, pixels: NDArray[np.uint8]) -> mx.array:
        return mx.full((3, 2), -float(pixels.shape[0]))

    def encode_sound(self, samples: NDArray[np.float32]) -> mx.array:
        return mx.full((4, 2), float(len(samples)))

    def step_builder(self, ids: list[int]) -> Callable[[], mx.array]:
        return lambda: mx.array(len(ids)) + 1


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "config.json").write_text(json.dumps({"text_config": {"vocab_size": 1024}}))
    return tmp_path


def test_text_warms_up_and_counts_tokens_after_the_first(folder: Path) -> None:
    party = CountingParty()
    result = MEASURES["text"](party, folder, 9, 5)
    assert [len(ids) for ids in party.prompts] == [4, 9]
    assert result.tokens == [9] * 5
    assert result.values["prefill_tok_s"] == pytest.approx(9 / result.values["first_token_s"])
    assert result.values["decode_tok_s"] > 0


def test_turns_start_afresh_and_check_reuse_against_none(folder: Path) -> None:
    right, wrong = CountingParty(), CountingParty(forget=1)
    names = {"extended_ms", "rendered_ms", "edited_ms"}
    result = MEASURES["turns"](right, folder, 0, 0)
    assert result.values.keys() == names | {"first_turn_ms"}
    assert (result.wrong, right.conversations) == ([], 3)
    assert [len(ids) for ids in right.prompts[1:]] == [1525, 1523, 1501]
    assert set(MEASURES["turns"](wrong, folder, 0, 0).wrong) == names


def test_media_are_encoded_once_and_described(folder: Path) -> None:
    shown = MEASURES["picture"](CountingParty(), folder, 0, 0).values
    heard = MEASURES["sound"](CountingParty(), folder, 0, 0).values
    assert (shown["picture_tokens"], shown["picture_level"]) == (3, 1080)
    assert (heard["sound_tokens"], heard["sound_level"]) == (4, 160_000)


def test_host_reports_one_step_of_many(folder: Path) -> None:
    result = MEASURES["host"](CountingParty(), folder, 0, 0)
    assert result.tokens == [17] * 100
    assert 0 < result.values["host_ms"] < 1000


def test_inputs_are_the_same_every_time_and_ordinary_words(folder: Path) -> None:
    ids = plain_ids(folder, 500)
    assert ids == plain_ids(folder, 500)
    assert 600 <= min(ids) <= max(ids) < 1016
    assert np.array_equal(picture(), picture())
    assert sound(2.0).shape == (32_000,)
    assert sound(2.0).dtype == np.float32
    assert np.abs(sound(2.0)).max() < 1
