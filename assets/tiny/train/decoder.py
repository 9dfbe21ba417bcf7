"""Training of the decoder on text and on cached soft tokens, by the clock.

The run ends at a given time with its rate decayed, whatever was interrupted before. Groups of
conversations join when their caches appear in the work folder.
"""

from __future__ import annotations

import math
import signal
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from assets.tiny.train import store, tokenizer
from assets.tiny.train.corpus import (
    FilmedClips,
    Item,
    ReadPictures,
    Shard,
    batches,
    collate,
    text_item,
)
from assets.tiny.train.decoder_net import Batch, Decoder, loss_of
from assets.tiny.train.optim import Optimiser
from assets.tiny.train.peers import Peers
from assets.tiny.train.samples import HELD_OUT
from assets.tiny.train.shape import model

_SEEN = ("charts", "boards", "video")
SENSES = {"text": "none", "audio": "audio"} | dict.fromkeys(_SEEN, "vision")
# Padded, a step and process.
TOKENS = {"text": 400, "charts": 450, "boards": 1000, "video": 850, "audio": 300}
ALONE = 2  # times as much text while there is nothing else
RATE, OTHER_RATE = 1.5e-3, 1.5e-3
DECAY_FROM = 0.35
TICKS = 10_000  # the schedule's length
SCORE_EVERY_S = 360.0
SCORED = {"text": 240, "charts": 96, "boards": 24, "video": 32, "audio": 48}


@dataclass
class Clock:
    """Progress from `start` to `end`, seconds since the epoch."""

    start: float
    end: float

    def ticks(self) -> int:
        return int(TICKS * min(1.0, (time.time() - self.start) / (self.end - self.start)))


def initialise(decoder: Decoder) -> None:
    """Better than the library's start: unit activations, mild attention, quiet sub-layers."""
    layers = decoder.config.num_hidden_layers
    torch.manual_seed(1)
    with torch.no_grad():
        for name, parameter in decoder.named_parameters():
            if parameter.ndim > 1:
                width = parameter.shape[-1]
                if "embed_tokens_per_layer" in name:
                    width = decoder.config.hidden_size_per_layer_input
                parameter.normal_(std=width**-0.5)
            elif "q_norm" in name or "k_norm" in name:
                parameter.fill_(parameter.shape[0] ** -0.25)
            elif "post_" in name:
                parameter.fill_((2 * layers) ** -0.5)
            else:
                parameter.fill_(1.0)


class Training:
    """The decoder, its optimiser and its streams of batches."""

    def __init__(self, work: Path, end: float, peers: Peers) -> None:
        self.work, self.peers = work, peers
        self.decoder = Decoder(model())
        initialise(self.decoder)
        self.tokenizer = tokenizer.load(work / "tokenizer")
        self.optimiser = Optimiser(
            self.decoder.named_parameters(), RATE, TICKS, OTHER_RATE, DECAY_FROM
        )
        self.run = store.Run(work, "decoder")
        self.step = 0
        start = time.time()
        saved: Any = store.load(work / "decoder.pt")
        if saved is not None:
            self.decoder.load_state_dict(saved["state"], strict=False)
            self.step, start = saved["step"], saved["start"]
            optimiser: Any = store.load(work / "decoder.optimiser.pt")
            self.optimiser.load_state_dict(optimiser)
        self.clock = Clock(start, end)
        self.rng = np.random.default_rng([self.step + 1, peers.rank])
        self.shards: dict[str, list[Shard]] = {}
        self.streams: dict[str, Iterator[Batch]] = {}
        self.losses: dict[str, list[float]] = defaultdict(list)
        self.stamp = _stamp(work)
        self.find_shards()

    def find_shards(self) -> None:
        """Look for caches; a new set replaces the old."""
        alone = True
        for group, sense in SENSES.items():
            folders = sorted((self.work / "cache").glob(f"{group}-[0-9]*"))
            frames = self.work / "cache" / "frames"
            draw: Callable[[], Item]
            if group in ("charts", "boards") and folders:
                read = ReadPictures(folders, self.tokenizer, group)
                draw = lambda read=read: read(self.rng)  # noqa: E731
            elif group == "video" and frames.exists():
                clips = FilmedClips(frames, self.tokenizer)
                draw = lambda clips=clips: clips(self._seed())  # noqa: E731
            elif folders:
                self.shards[group] = [Shard(folder) for folder in folders]
                draw = lambda group=group: self._draw(group)  # noqa: E731
            else:
                continue
            alone = False
            self.streams[group] = batches(draw, TOKENS[group], sense)
        budget = TOKENS["text"] * (ALONE if alone else 1)
        self.streams["text"] = batches(self._draw_text, budget, SENSES["text"])

    def _draw_text(self) -> Item:
        return text_item(self._seed(), self.tokenizer)

    def _seed(self) -> int:
        return int(self.rng.integers(HELD_OUT))

    def _draw(self, group: str) -> Item:
        shards = self.shards[group]
        sizes = np.array([len(shard) for shard in shards], np.float64)
        shard = shards[int(self.rng.choice(len(shards), p=sizes / sizes.sum()))]
        return shard[int(self.rng.integers(len(shard)))]

    def train_step(self, wants_stop: bool) -> bool:
        """One batch of each group, each with the weight of its share of padded tokens.

        Returns whether any of the processes wants this step to be the last.
        """
        whole = sum(TOKENS[group] for group in self.streams)
        for group, stream in self.streams.items():
            batch = next(stream)
            loss = loss_of(self.decoder(batch), batch.targets)
            (loss * (TOKENS[group] / whole)).backward()
            self.losses[group].append(float(loss.detach()))
        # Equal on all processes, so that they take the same step and stop together.
        ticks, stops = self.peers.average(
            self.optimiser.all, [float(self.clock.ticks()), float(wants_stop)]
        )
        self.optimiser.step(int(ticks))
        self.step += 1
        return stops > 0

    def save(self) -> None:
        content = {"state": self.decoder.state_dict(), "step": self.step, "start": self.clock.start}
        store.save(self.work / "decoder.optimiser.pt", self.optimiser.state_dict())
        store.save(self.work / "decoder.pt", content)

    def log(self) -> None:
        """Losses since the last line and exactness on held-out conversations."""
        figures: dict[str, float] = {f"loss.{g}": float(np.mean(v)) for g, v in self.losses.items()}
        self.losses.clear()
        figures |= self.scores()
        self.run.log(step=self.step, ticks=self.clock.ticks(), **figures)

    @torch.no_grad()
    def scores(self) -> dict[str, float]:
        """Share of whole answers that are the most likely ones, by kind."""
        right: dict[str, list[bool]] = defaultdict(list)
        for group, sense in SENSES.items():
            for item, exact in self._judged(group, sense):
                right[item.kind].append(exact)
                right[group].append(exact)
        return {kind: float(np.mean(exact)) for kind, exact in sorted(right.items())}

    def _judged(self, group: str, sense: str) -> Iterator[tuple[Item, bool]]:
        held_out = sorted((self.work / "cache").glob(f"{group}-held-out"))
        items: list[Item] = []
        if group == "text":
            seeds = range(HELD_OUT, HELD_OUT + SCORED["text"])
            items = [text_item(seed, self.tokenizer) for seed in seeds]
        elif held_out and group in self.streams:
            shard = Shard(held_out[0])
            items = [shard[i] for i in range(min(len(shard), SCORED[group]))]
        items.sort(key=lambda item: len(item.encoded.ids))
        size = max(1, 2000 // max((len(i.encoded.ids) for i in items), default=1))
        for first in range(0, len(items), size):
            some = items[first : first + size]
            batch = collate(some, sense)
            hit = (self.decoder(batch).argmax(-1) == batch.targets) | (batch.targets < 0)
            yield from zip(some, hit.all(1).tolist(), strict=True)


def train(work: Path, end: float, peers: Peers | None = None) -> None:
    """Train until `end` (seconds since the epoch); the first process saves every minute."""
    peers = peers or Peers()
    training = Training(work, end, peers)
    scored = looked = time.time()
    stopped: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: stopped.append(number))
    is_last = False
    while not is_last:
        now = time.time()
        is_last = training.train_step(wants_stop=now >= end or bool(stopped))
        if not math.isfinite(training.losses["text"][-1]):
            raise FloatingPointError("the loss is not a number")
        if now - looked > 60:
            looked = now
            _settings(work)
            if _stamp(work) != training.stamp:
                training.stamp = _stamp(work)
                training.find_shards()
        if not peers.is_first:
            continue
        if training.run.due():
            training.save()
        if now - scored > SCORE_EVERY_S:
            scored = now
            training.log()
    if peers.is_first:
        training.save()
        if not stopped:
            training.log()


def _stamp(work: Path) -> tuple[tuple[str, float], ...]:
    folders = sorted((work / "cache").glob("*/soft.npy"))
    return tuple((folder.parent.name, folder.stat().st_mtime) for folder in folders)


def _settings(work: Path) -> None:
    """The number of threads may be changed while a run goes on."""
    file = work / "threads"
    if file.exists():
        torch.set_num_threads(int(file.read_text()))
