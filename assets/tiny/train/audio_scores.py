"""How well the audio tower's own word head hears recordings that were never trained on."""

from __future__ import annotations

import itertools

import numpy as np
import torch

from assets.tiny.train.audio_mel import log_mel
from assets.tiny.train.audio_tower import WordHead, forward, soft_tokens_of
from assets.tiny.train.samples import HELD_OUT
from assets.tiny.train.speak import SEEN, UNSEEN, Pcm
from assets.tiny.train.speech import Speaker, finish, memo
from assets.tiny.train.words import WORDS, edits

Heard = tuple[tuple[str, ...], Pcm]


def held_out(short: int = 80, long: int = 6) -> dict[str, list[Heard]]:
    """Test recordings by name: short ones by seen and unseen voices, 30 s ones by seen voices."""
    sets: dict[str, list[Heard]] = {}
    for name, voices, count in (("seen", SEEN, short), ("unseen", UNSEEN, short)):
        speaker = Speaker(voices)
        made = []
        for seed in range(HELD_OUT, HELD_OUT + count):
            rng = np.random.default_rng(seed)
            said = speaker.phrase(rng, speaker.voice(rng))
            made.append((said.words, finish(rng, said.pcm)))
        sets[name] = made
    sets["long"] = []
    for seed in range(HELD_OUT, HELD_OUT + long):
        rng = np.random.default_rng(seed)
        words, pcm = memo(rng, Speaker(SEEN), seconds=29.5)
        sets["long"].append((words, finish(rng, pcm)))
    return sets


def score(tower: torch.nn.Module, head: WordHead, heard: list[Heard]) -> dict[str, float]:
    """Share of recordings with every word right, and word accuracy (1 - word error rate)."""
    exact, errors, total = 0, 0, 0
    for words, pcm in heard:
        guess = transcribe(tower, head, pcm)
        wrong = edits(words, guess)
        exact += wrong == 0
        errors += wrong
        total += len(words)
    return {"exact": exact / len(heard), "words": 1 - errors / total}


@torch.no_grad()
def transcribe(tower: torch.nn.Module, head: WordHead, pcm: Pcm) -> tuple[str, ...]:
    """The most likely path, repeats and blanks taken out."""
    mel = log_mel(pcm)
    tokens = forward(tower, torch.from_numpy(mel)[None])[:, : soft_tokens_of(len(mel))]
    path = head(tokens)[0].argmax(-1).tolist()
    return tuple(WORDS[i] for i, _ in itertools.groupby(path) if i < len(WORDS))
