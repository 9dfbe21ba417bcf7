"""Encoded conversations, drawn anew or read from a cache, and the batches made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer

from assets.tiny.train import clips, dialogues
from assets.tiny.train.clip_talk import about_clip
from assets.tiny.train.decoder_net import Batch
from assets.tiny.train.media_talk import sometimes_thinking
from assets.tiny.train.render import Encoded, Slot, encode
from assets.tiny.train.samples import Clip, Sample
from assets.tiny.train.shape import IDS

_PLACEHOLDERS = np.array([IDS["<|image|>"], IDS["<|video|>"], IDS["<|audio|>"]])
_IGNORED = -100
_POOL = 8  # batches' worth of conversations that are sorted by length together


@dataclass(frozen=True, eq=False)
class Item:
    """One conversation; `soft` has the tower's output [count, D] for each of its slots."""

    encoded: Encoded
    soft: tuple[NDArray[np.float16], ...] = ()
    kind: str = ""


class Shard:
    """Conversations that `cache.build` wrote, memory-mapped."""

    def __init__(self, folder: Path) -> None:
        self._ids = np.load(folder / "ids.npy")
        self._trained = np.load(folder / "trained.npy")
        self._starts = np.load(folder / "starts.npy")  # [n + 1] into ids
        self._slots = np.load(folder / "slots.npy")  # [s, 5] item, frame, start, count, soft row
        self._slot_starts = np.load(folder / "slot_starts.npy")  # [n + 1] into slots
        self._kinds = (folder / "kinds.txt").read_text().split("\n")
        self._soft = np.load(folder / "soft.npy", mmap_mode="r")  # [rows, D] float16

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __getitem__(self, index: int) -> Item:
        start, end = self._starts[index : index + 2]
        first, last = self._slot_starts[index : index + 2]
        slots, soft = [], []
        for item, frame, at, count, row in self._slots[first:last]:
            slots.append(Slot(int(item), int(frame), int(at), int(count)))
            soft.append(np.asarray(self._soft[row : row + count]))
        encoded = Encoded(self._ids[start:end], self._trained[start:end], tuple(slots))
        return Item(encoded, tuple(soft), self._kinds[index])


def text_item(seed: int, tokenizer: Tokenizer) -> Item:
    """The dialogue of that seed."""
    sample = dialogues.sample(np.random.default_rng(seed))
    return Item(encode(sample, tokenizer), kind=sample.kind)


class FilmedClips:
    """Clips made anew from the cached soft tokens of every frame there is."""

    def __init__(self, folder: Path, code: Tokenizer) -> None:
        self._soft = np.load(folder / "soft.npy", mmap_mode="r")  # [variant, thing, n, D] float16
        self._code = code

    def __call__(self, seed: int, most: int = 60) -> Item:
        """The clip of that seed with its questions."""
        rng = np.random.default_rng(seed)
        scene = clips.random_scene(rng, most)
        variant = int(rng.integers(len(self._soft)))
        messages, kind = about_clip(rng, scene, talks=int(rng.integers(1, 4)))
        blank = np.zeros((clips.HEIGHT * 48, clips.WIDTH * 48, 3), np.uint8)  # for its size only
        clip = Clip((blank,) * len(scene.things), tuple(map(float, range(len(scene.things)))))
        sample = sometimes_thinking(Sample(messages, [clip], kind), seed)
        soft = tuple(np.asarray(self._soft[variant, thing.index]) for thing in scene.things)
        return Item(encode(sample, self._code), soft, sample.kind)


def batches(
    draw: Callable[[], Item], budget: int, sense: str, longest: int = 5000
) -> Iterator[Batch]:
    """Batches of about `budget` padded tokens, each of conversations of like length, for ever."""
    rng = np.random.default_rng(0)
    left: list[Item] = []
    while True:
        total = sum(len(item.encoded.ids) for item in left)
        while total < _POOL * budget:
            item = draw()
            if len(item.encoded.ids) <= longest:
                left.append(item)
                total += len(item.encoded.ids)
        left.sort(key=lambda item: len(item.encoded.ids))
        groups = _cut(left, budget)
        left = []
        for index in rng.permutation(len(groups)):
            yield collate(groups[index], sense)


def _cut(items: Sequence[Item], budget: int) -> list[list[Item]]:
    """Neighbours of the sorted `items`, as many as fit a padded batch."""
    groups: list[list[Item]] = []
    for item in items:
        size = len(item.encoded.ids)
        if groups and (len(groups[-1]) + 1) * size <= budget:
            groups[-1].append(item)
        else:
            groups.append([item])
    return groups


def collate(items: Sequence[Item], sense: str) -> Batch:
    """Right-padded tensors; `sense` is the tower whose outputs the items hold."""
    length = max(len(item.encoded.ids) for item in items)
    ids = np.zeros((len(items), length), np.int64)
    learned: list[NDArray[np.intp]] = []
    places: list[NDArray[np.intp]] = []
    for row, item in enumerate(items):
        ids[row, : len(item.encoded.ids)] = item.encoded.ids
        learned.append(np.flatnonzero(item.encoded.trained[1:]))
        places += [row * length + s.start + np.arange(s.count) for s in item.encoded.slots]
    most = max(map(len, learned))
    rows = np.zeros((len(items), most), np.int64)
    targets = np.full((len(items), most), _IGNORED, np.int64)
    for row, where in enumerate(learned):
        rows[row, : len(where)] = where
        targets[row, : len(where)] = ids[row, where + 1]
    ids[np.isin(ids, _PLACEHOLDERS)] = IDS["<pad>"]
    soft = [rows_ for item in items for rows_ in item.soft]
    features = torch.from_numpy(np.concatenate(soft).astype(np.float32)) if soft else None
    flat = torch.from_numpy(np.concatenate(places) if places else np.zeros(0, np.int64))
    given = {} if features is None else {sense: (torch.arange(len(flat)), features)}
    return Batch(
        torch.from_numpy(ids), flat, given, torch.from_numpy(rows), torch.from_numpy(targets)
    )
