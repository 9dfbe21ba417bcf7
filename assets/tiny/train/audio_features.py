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
from assets.tiny.train.audio_tower import PREFIX, build, forward, soft_tokens_of
from assets.tiny.train.speak import Pcm

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


@cache
def _tower(work: Path) -> torch.nn.Module:
    tower = build().eval()
    saved = store.load(work / "audio.pt")
    if saved is None:
        raise FileNotFoundError(f"{work / 'audio.pt'} is made by assets.tiny.train.audio_train")
    tower.load_state_dict({k.removeprefix(PREFIX): v for k, v in saved["state"].items()})
    return tower
