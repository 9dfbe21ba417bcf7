"""Soft tokens of recordings from the trained audio tower, for the decoder to learn on."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from assets.tiny.train import store
from assets.tiny.train.audio_mel import log_mel
from assets.tiny.train.audio_tower import (
    PREFIX,
    WordHead,
    build,
    forward,
    norm,
    soft_tokens_of,
)
from assets.tiny.train.speak import Pcm
from assets.tiny.train.speech import Speaker, finish, pool
from assets.tiny.train.words import WORDS

SoftTokens = NDArray[np.float16]


def soft_tokens(recordings: Sequence[Pcm], work: Path = Path(".train")) -> list[SoftTokens]:
    """What the tower of the last checkpoint makes of each recording, before `embed_audio`.

    float16 [n, AUDIO_OUT], n = soft tokens of the recording (25 a second); no filling.
    """
    tower = _tower(work)
    made = []
    with torch.no_grad():
        for pcm in recordings:
            mel = log_mel(pcm[: 30 * 16_000])
            tokens = forward(tower, torch.from_numpy(mel)[None])[0, : soft_tokens_of(len(mel))]
            made.append(tokens.numpy().astype(np.float16))
    return made


def bridge(embeddings: NDArray[np.float32], work: Path, count: int = 400) -> NDArray[np.float32]:
    """A first `embed_audio` projection [width, AUDIO_OUT] that lets the decoder hear at once.

    `embeddings` [words, width] are what the decoder reads for the text of each of words.WORDS
    (scaled as in its input). The projection is the least-squares map from normed soft tokens to the
    embedding of the word that the tower's own head finds there, and to zero where it finds none:
    a recording then looks to the decoder like its words with gaps between them.
    """
    speaker, rng = Speaker(pool=pool(work)), np.random.default_rng(0)
    heard = [finish(rng, speaker.phrase(rng, speaker.voice(rng)).pcm) for _ in range(count)]
    tokens = torch.from_numpy(np.concatenate(soft_tokens(heard, work))).float()
    head = WordHead(len(WORDS))
    saved = store.load(work / "audio.pt")
    assert saved is not None
    head.load_state_dict(saved["head"])
    with torch.no_grad():
        found = head(tokens).argmax(-1)
    wanted = torch.cat([torch.from_numpy(embeddings), torch.zeros(1, embeddings.shape[1])])[found]
    x = norm(tokens).double()
    # Spikes are rare: weigh them up to the silence between them.
    weight = torch.where(found < len(WORDS), (found == len(WORDS)).double().mean() * 4, 1.0)[
        :, None
    ]
    gram = x.T @ (x * weight) + 1e-3 * len(x) * torch.eye(x.shape[1], dtype=x.dtype)
    solved = torch.linalg.solve(gram, x.T @ (wanted.double() * weight))
    return solved.T.float().numpy()


@cache
def _tower(work: Path) -> torch.nn.Module:
    tower = build().eval()
    saved = store.load(work / "audio.pt")
    if saved is None:
        raise FileNotFoundError(f"{work / 'audio.pt'} is made by assets.tiny.train.audio_train")
    tower.load_state_dict({k.removeprefix(PREFIX): v for k, v in saved["state"].items()})
    return tower
