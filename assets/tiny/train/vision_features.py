"""Soft tokens from the last saved vision tower, for the decoder to learn on."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from assets.tiny.train import store, vision

AT_ONCE = 2400  # patches
Pixels = NDArray[np.uint8]
Soft = NDArray[np.float16]


class Reader:
    """Reads pictures with one state of the tower; pictures seen before cost nothing."""

    def __init__(self, weights: Path) -> None:
        saved = store.load(weights)
        if saved is None:
            raise FileNotFoundError(f"No trained tower is at {weights}: run vision_train first.")
        self.step = int(saved["step"])  # type: ignore[call-overload]
        self._tower = vision.new_tower()
        self._tower.load_state_dict(saved["state"])  # type: ignore[arg-type]
        self._known: dict[bytes, Soft] = {}

    def soft_tokens(self, pictures: Sequence[Pixels], keep: bool = False) -> list[Soft]:
        """One [n, D] array a picture: the tower's output before `embed_vision`.

        Args:
            pictures: uint8 [H, W, 3], sides multiples of 48.
            keep: remember the results, for frames that come again.
        """
        keys = [hashlib.blake2b(p.tobytes(), digest_size=16).digest() for p in pictures]
        found = dict(self._known)
        todo = {key: p for key, p in zip(keys, pictures, strict=True) if key not in found}
        by_size: dict[tuple[int, ...], list[bytes]] = defaultdict(list)
        for key, picture in todo.items():
            by_size[picture.shape].append(key)
        for (height, width, _), alike in by_size.items():
            count = max(1, AT_ONCE * vision.PATCH**2 // (height * width))
            for i in range(0, len(alike), count):
                part = alike[i : i + count]
                found |= zip(part, self._read([todo[key] for key in part]), strict=True)
        if keep:
            self._known = found
        return [found[key] for key in keys]

    def _read(self, pictures: list[Pixels]) -> list[Soft]:
        stacked = np.stack(pictures)
        rows, columns = stacked.shape[1] // vision.PATCH, stacked.shape[2] // vision.PATCH
        where = vision.positions(rows, columns, np.zeros((len(pictures), 2), np.int64))
        with torch.inference_mode():
            seen = vision.forward(self._tower, vision.patches(stacked), where, columns)
        return list(seen.soft.numpy().astype(np.float16))


def soft_tokens(pictures: Sequence[Pixels], weights: Path) -> list[Soft]:
    """As `Reader.soft_tokens`, once."""
    return Reader(weights).soft_tokens(pictures)
