"""Voice recordings with questions: short ones of 1 to 6 words, and memos of up to 30 seconds."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from assets.tiny.train.samples import Sample, Sound, model, user
from assets.tiny.train.speak import RATE, SEEN, Pcm, Pool, Recording, record, stretch
from assets.tiny.train.words import DIGITS, digits, phrase

LONGEST_S = 29.5  # the model hears 30 s
ASK_WORDS = (
    "Transcribe this recording.",
    "Transcribe the audio.",
    "Transcribe this memo.",
    "What is said?",
    "What is said in this recording?",
    "What does the speaker say?",
    "Write down what is said.",
    "Write down the words.",
)
ASK_DIGITS = (
    "Write down the digits.",
    "Which digits are spoken?",
    "What number is said?",
    "Transcribe the digits.",
)


class Speaker:
    """Where recordings come from: newly spoken by `voices`, or drawn from a pool of seen voices."""

    def __init__(self, voices: Sequence[str] = SEEN, pool: Pool | None = None) -> None:
        self._pool = pool
        self._voices = tuple(pool.by_voice) if pool else tuple(voices)

    def voice(self, rng: np.random.Generator) -> str:
        return self._voices[int(rng.integers(len(self._voices)))]

    def phrase(self, rng: np.random.Generator, voice: str) -> Recording:
        """1 to 6 words by that voice."""
        if self._pool is None:
            return record(rng, phrase(rng), voice)
        choices = self._pool.by_voice[voice]
        return self._pool[choices[int(rng.integers(len(choices)))]]

    def digits(self, rng: np.random.Generator, voice: str) -> Recording:
        """A row of 2 to 6 digits by that voice."""
        if self._pool is None:
            return record(rng, digits(rng, int(rng.integers(2, 7))), voice)
        for _ in range(100):
            found = self.phrase(rng, voice)
            if len(found.words) > 1 and set(found.words) <= set(DIGITS):
                break
        return found


@cache
def pool(work: Path) -> Pool:
    """The recordings that `speak` left under the work folder; read once."""
    return Pool(work / "speech")


def sample(rng: np.random.Generator, speaker: Speaker | None = None, kind: str = "") -> Sample:
    """A recording, a question about it and the words that are said.

    `kind` is "words", "digits" or "long"; without it they come as 50, 15 and 35 of 100. `speaker`
    speaks anew with the seen voices unless another is given, which takes about 15 ms a phrase.
    """
    speaker = speaker or Speaker()
    kind = kind or str(rng.choice(["words", "digits", "long"], p=[0.5, 0.15, 0.35]))
    if kind == "long":
        words, pcm = memo(rng, speaker, seconds=float(rng.uniform(5, LONGEST_S)))
    else:
        voice = speaker.voice(rng)
        said = speaker.digits(rng, voice) if kind == "digits" else speaker.phrase(rng, voice)
        words, pcm = said.words, said.pcm
    return Sample(talk(rng, words, kind), [Sound(finish(rng, pcm))], kind=f"audio.{kind}")


def talk(rng: np.random.Generator, words: Sequence[str], kind: str) -> list[dict[str, Any]]:
    """A question about a recording that says `words`, and its answer."""
    ask = ASK_DIGITS if kind == "digits" else ASK_WORDS
    question = ask[int(rng.integers(len(ask)))]
    return [user(question, "audio"), model(" ".join(words))]


def memo(rng: np.random.Generator, speaker: Speaker, seconds: float) -> tuple[tuple[str, ...], Pcm]:
    """Phrases of one voice with pauses between them, as many as fit into `seconds`."""
    voice = speaker.voice(rng)
    words: list[str] = []
    pieces: list[Pcm] = []
    left = int(min(seconds, LONGEST_S) * RATE) - RATE  # a second for the silence at the ends
    while True:
        said = speaker.phrase(rng, voice)
        pause = int(rng.uniform(0.08, 0.7) * RATE) if pieces else 0
        if pieces and pause + len(said.pcm) > left:
            return tuple(words), np.concatenate(pieces)
        left -= pause + len(said.pcm)
        pieces += [np.zeros(pause, np.float32), said.pcm]
        words += said.words


def finish(rng: np.random.Generator, pcm: Pcm) -> Pcm:
    """What lies between a mouth and a file: silence at the ends, loudness, a little noise."""
    before, after = rng.uniform(0.02, 0.35), rng.uniform(0.1, 0.5)
    whole = np.pad(pcm, (int(before * RATE), int(after * RATE)))
    whole = whole * np.float32(10 ** (rng.uniform(-14, 0) / 20) / max(0.3, np.abs(pcm).max()))
    if rng.random() < 0.7:
        loud = np.sqrt(np.mean(whole**2))
        level = loud * 10 ** (-rng.uniform(15, 45) / 20)
        whole = whole + np.float32(level) * rng.standard_normal(len(whole), dtype=np.float32)
    return np.clip(whole, -1, 1).astype(np.float32)


def vary(rng: np.random.Generator, pcm: Pcm) -> Pcm:
    """Up to 12 % faster and higher or slower and lower, for more voices than there are."""
    percent = int(rng.integers(88, 113))
    return pcm if percent == 100 else stretch(pcm, percent, 100)
