"""The spoken samples of the demonstration model: words, lengths and sounds, without a speaker."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.tiny.train import speech, words
from assets.tiny.train.speak import RATE, SEEN, UNSEEN, Recording, stretch, trim

MEMO = Path(__file__).parents[3] / "assets" / "examples" / "memo.wav"


class ToneSpeaker(speech.Speaker):
    """Says every phrase as one tone of a quarter second a word."""

    def phrase(self, rng: np.random.Generator, voice: str) -> Recording:
        said = words.phrase(rng)
        times = np.arange(len(said) * RATE // 4) / RATE
        return Recording(said, voice, np.sin(2 * np.pi * 300 * times).astype(np.float32))


def test_there_are_37_different_words() -> None:
    assert len(words.WORDS) == len(set(words.WORDS)) == 37


def test_no_voice_is_both_trained_and_held_out() -> None:
    assert not set(SEEN) & set(UNSEEN)


@given(st.integers(0, 10_000))
def test_a_phrase_has_one_to_six_known_words(seed: int) -> None:
    said = words.phrase(np.random.default_rng(seed))
    assert 1 <= len(said) <= 6
    assert set(said) <= set(words.WORDS)


@given(st.lists(st.sampled_from("abc")), st.lists(st.sampled_from("abc")))
def test_edits_are_a_distance(left: list[str], right: list[str]) -> None:
    assert words.edits(left, right) == words.edits(right, left)
    assert (words.edits(left, right) == 0) == (left == right)
    assert abs(len(left) - len(right)) <= words.edits(left, right) <= max(len(left), len(right))


@pytest.mark.parametrize("kind", ["words", "long"])
def test_the_answer_is_what_is_said_and_fits_into_30_s(kind: str) -> None:
    sample = speech.sample(np.random.default_rng(3), ToneSpeaker(), kind)
    [sound] = sample.media
    said = sample.messages[1]["content"].split()
    assert sample.kind == f"audio.{kind}"
    assert len(sound.pcm) >= len(said) * RATE // 4
    assert len(sound.pcm) <= 30 * RATE
    assert sound.pcm.dtype == np.float32
    assert np.abs(sound.pcm).max() <= 1


def test_resampling_keeps_a_tone() -> None:
    times = np.arange(22_050) / 22_050
    tone = np.sin(2 * np.pi * 440 * times).astype(np.float32)
    resampled = stretch(tone, RATE, 22_050)
    wanted = np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE)
    assert len(resampled) == RATE
    assert np.abs(resampled - wanted)[100:-100].max() < 0.01


def test_trimming_cuts_off_quiet_ends_only() -> None:
    pcm = np.array([0, 0.001, 0.5, 0, 0.5, 0.001], np.float32)
    assert trim(pcm).tolist() == [0.5, 0, 0.5]
    assert len(trim(np.zeros(5, np.float32))) == 0


def test_the_example_memo_is_short_and_16_khz() -> None:
    with wave.open(str(MEMO)) as file:
        assert file.getframerate() == RATE
        assert file.getnchannels() == 1
        assert 5 <= file.getnframes() / RATE <= 8
