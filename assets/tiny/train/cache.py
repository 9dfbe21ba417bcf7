"""Soft tokens of many pictures, clips and recordings, made once by the trained towers.

A shard holds encoded conversations and the tower's rows they refer to. Equal pictures, such as the
empty frames of clips or one chart asked about several times, are kept once.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assets.tiny.train import tokenizer as tokenizers
from assets.tiny.train.media_talk import draw_of, sometimes_thinking
from assets.tiny.train.render import encode
from assets.tiny.train.samples import HELD_OUT, Clip, Media, Picture, Sound

Soft = NDArray[np.float16]
Tower = Callable[[Sequence[Any]], list[Soft]]
TOGETHER = 32  # inputs a tower call


@dataclass
class _Shelf:
    """Rows collected so far, and where the rows of each input begin."""

    tower: Tower
    rows: list[Soft] = field(default_factory=list)
    starts: dict[bytes, tuple[int, int]] = field(default_factory=dict)
    total: int = 0
    waiting: dict[bytes, Any] = field(default_factory=dict)

    def put(self, given: NDArray[Any]) -> bytes:
        key = blake2b(given.tobytes(), digest_size=16).digest()
        if key not in self.starts and key not in self.waiting:
            self.waiting[key] = given
            if len(self.waiting) >= TOGETHER:
                self.flush()
        return key

    def flush(self) -> None:
        if not self.waiting:
            return
        made = self.tower(list(self.waiting.values()))
        for key, rows in zip(self.waiting, made, strict=True):
            self.starts[key] = self.total, len(rows)
            self.rows.append(rows)
            self.total += len(rows)
        self.waiting = {}


def build(work: Path, group: str, name: str, count: int, first_seed: int) -> None:
    """Write the shard `cache/<group>-<name>` of `count` draws from `first_seed` on."""
    shelf = _Shelf(tower_of(group, work))
    draw = draw_of(group, work, held_out=first_seed >= HELD_OUT)
    code = tokenizers.load(work / "tokenizer")
    encoded, kinds, keys = [], [], []
    for seed in range(first_seed, first_seed + count):
        for number, drawn in enumerate(draw(seed)):
            sample = sometimes_thinking(drawn, seed + 97 * number)
            item = encode(sample, code)
            inputs = [frame for medium in sample.media for frame in _inputs(medium)]
            assert len(inputs) == len(item.slots)
            encoded.append(item)
            kinds.append(sample.kind)
            keys.append([shelf.put(given) for given in inputs])
    shelf.flush()
    slots, slot_starts = [], [0]
    for item, own in zip(encoded, keys, strict=True):
        for slot, key in zip(item.slots, own, strict=True):
            row, rows = shelf.starts[key]
            assert rows == slot.count, f"{rows} rows for {slot.count} places"
            slots.append((slot.item, slot.frame, slot.start, slot.count, row))
        slot_starts.append(len(slots))
    folder = work / "cache" / f"{group}-{name}"
    partial_folder = work / "cache" / f".{group}-{name}"
    shutil.rmtree(partial_folder, ignore_errors=True)
    partial_folder.mkdir(parents=True)
    np.save(partial_folder / "ids.npy", np.concatenate([item.ids for item in encoded]))
    np.save(partial_folder / "trained.npy", np.concatenate([item.trained for item in encoded]))
    lengths = [len(item.ids) for item in encoded]
    np.save(partial_folder / "starts.npy", np.concatenate([[0], np.cumsum(lengths)]))
    np.save(partial_folder / "slots.npy", np.array(slots, np.int64))
    np.save(partial_folder / "slot_starts.npy", np.array(slot_starts, np.int64))
    np.save(partial_folder / "soft.npy", np.concatenate(shelf.rows))
    (partial_folder / "kinds.txt").write_text("\n".join(kinds))
    shutil.rmtree(folder, ignore_errors=True)
    partial_folder.rename(folder)


def film_library(work: Path, variants: int = 40) -> None:
    """Write `cache/frames`: soft tokens of every thing that clips show, drawn in `variants`."""
    from assets.tiny.train import clips

    things = [clips.NOTHING]
    things += [clips.Thing(shape, colour) for shape in clips.SHAPES for colour in clips.COLOURS]
    things += [clips.Thing(digit=digit) for digit in range(10)]
    assert [thing.index for thing in things] == list(range(len(things)))
    tower = tower_of("video", work)
    rows = [
        np.stack(tower([clips.draw_frame(thing, variant) for thing in things]))
        for variant in range(variants)
    ]
    folder = work / "cache" / "frames"
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / "partial.npy", np.stack(rows))
    (folder / "partial.npy").rename(folder / "soft.npy")


def tower_of(group: str, work: Path) -> Tower:
    """The trained tower that reads this group's media."""
    if group == "audio":
        from assets.tiny.train import audio_features

        return partial(audio_features.soft_tokens, work=work)
    from assets.tiny.train.vision_features import Reader

    return Reader(work / "vision.pt").soft_tokens


def _inputs(medium: Media) -> Iterator[NDArray[Any]]:
    """What a tower reads at once: a picture, each frame, a recording."""
    if isinstance(medium, Clip):
        yield from medium.frames
    elif isinstance(medium, Picture):
        yield medium.pixels
    else:
        assert isinstance(medium, Sound)
        yield medium.pcm
