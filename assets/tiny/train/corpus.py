"""Encoded conversations, drawn anew or read from a cache, and the batches made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer

from assets.tiny.train import charts, clips, dashboards, dialogues
from assets.tiny.train.clip_talk import about_clip, practice_scene
from assets.tiny.train.decoder_net import Batch
from assets.tiny.train.media_talk import SEEDS, TALKS, chart_of, sometimes_thinking
from assets.tiny.train.render import Encoded, Slot, encode
from assets.tiny.train.samples import HELD_OUT, Clip, Picture, Sample
from assets.tiny.train.shape import IDS

_PLACEHOLDERS = np.array([IDS["<|image|>"], IDS["<|video|>"], IDS["<|audio|>"]])
_IGNORED = -100
THIN, MIDDLE = 0.75, (4, 5)  # share of training clips cut to the middle of their frames, cells
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
    rng = np.random.default_rng(seed)
    sample = dialogues.sample(rng) if seed >= HELD_OUT else dialogues.practice(rng)
    return Item(encode(sample, tokenizer), kind=sample.kind)


class FilmedClips:
    """Clips made anew from the cached soft tokens of every frame there is."""

    def __init__(self, folder: Path, code: Tokenizer) -> None:
        self._soft = np.load(folder / "soft.npy", mmap_mode="r")  # [variant, thing, n, D] float16
        self._code = code

    def __call__(self, seed: int) -> Item:
        """The clip of that seed with its questions; often the middle of each frame only."""
        rng = np.random.default_rng(seed)
        scene = practice_scene(rng)
        messages, kind = about_clip(rng, scene, talks=int(rng.integers(1, 4)))
        high, wide = (clips.HEIGHT, clips.WIDTH) if rng.random() > THIN else MIDDLE
        blank = np.zeros((high * 48, wide * 48, 3), np.uint8)  # for its size only
        clip = Clip((blank,) * len(scene.things), tuple(map(float, range(len(scene.things)))))
        sample = sometimes_thinking(Sample(messages, [clip], kind), seed)
        variant = self._soft[int(rng.integers(len(self._soft)))]
        down, right = (clips.HEIGHT - high) // 2, (clips.WIDTH - wide) // 2
        cut = np.s_[down : down + high, right : right + wide]
        grids = [variant[t.index].reshape(clips.HEIGHT, clips.WIDTH, -1) for t in scene.things]
        soft = tuple(grid[cut].reshape(high * wide, -1) for grid in grids)
        return Item(encode(sample, self._code), soft, sample.kind)


class ReadPictures:
    """The pictures of shards, asked about anew each time.

    What a picture shows is known from its seed: `facts` gives its chart or charts, its size and
    the module's `talk`, or None where it is not to be asked about.
    """

    def __init__(self, folders: Sequence[Path], code: Tokenizer, group: str) -> None:
        self._shards = [Shard(folder) for folder in folders]
        self._firsts = [int(folder.name.rsplit("-", 1)[1]) * SEEDS for folder in folders]
        self._code = code
        self._facts = chart_facts if group == "charts" else board_facts
        self._talk: Any = charts.talk if group == "charts" else dashboards.talk
        sizes = np.array([len(shard) for shard in self._shards], np.float64)
        self._shares = sizes / sizes.sum()

    def __call__(self, rng: np.random.Generator) -> Item:
        """A new conversation about one of the pictures."""
        while True:
            which = int(rng.choice(len(self._shards), p=self._shares))
            index = int(rng.integers(len(self._shards[which])))
            item = self._shards[which][index]
            found = self._facts(self._firsts[which] + index // TALKS, item.kind)
            if found is not None:
                break
        facts, picture = found
        messages, kind = self._talk(rng, facts)
        sample = sometimes_thinking(Sample(messages, [picture], kind), int(rng.integers(1 << 30)))
        return Item(encode(sample, self._code), item.soft, sample.kind)


@lru_cache(maxsize=20_000)
def chart_facts(seed: int, kind: str) -> tuple[Any, Picture] | None:
    """The chart of that seed and an empty picture of its size; few of the unusual ones."""
    chart = chart_of(seed)
    if not kind.startswith("chart.") or not (charts.is_usual(chart) or seed % 7 == 0):
        return None
    return chart, Picture(np.zeros((charts.HEIGHT * 48, charts.WIDTH * 48, 3), np.uint8))


@lru_cache(maxsize=20_000)
def board_facts(seed: int, kind: str) -> tuple[Any, Picture] | None:
    """The charts of the dashboard of that seed, and an empty picture of its size."""
    del kind
    wide, high = dashboards.SMALL
    shown = dashboards.random_board(np.random.default_rng(seed))[1]
    return shown, Picture(np.zeros((high * 48, wide * 48, 3), np.uint8))


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
