"""Trains the audio tower alone: every word of a recording in order, by CTC over its soft tokens.

    python -m assets.tiny.train.speak --work FOLDER        # the recordings, once
    python -m assets.tiny.train.audio_train --work FOLDER  # may be stopped and started again

One or two words first, then up to six, in the end half of the sound in memos of up to 30 s.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - the name everybody uses

from assets.tiny.train import audio_scores, store
from assets.tiny.train.audio_mel import log_mel
from assets.tiny.train.audio_tower import PREFIX, WordHead, build, forward, soft_tokens_of
from assets.tiny.train.optim import Optimiser
from assets.tiny.train.speech import Speaker, finish, memo, pool, vary
from assets.tiny.train.words import INDEX, WORDS

BATCH_FRAMES = 6000  # mel frames in a batch, a minute of sound
MAX_WORDS_UNTIL = 0.08  # of the training: recordings of one and two words only
LONG_FROM = 0.5  # of the training: half of the sound in long memos


@dataclass(frozen=True, eq=False)
class Batch:
    """Recordings of like length, filled up with zeros to [B, M, 128]."""

    mel: torch.Tensor
    frames: list[int]
    words: list[list[int]]


def draw(
    rng: np.random.Generator, speaker: Speaker, progress: float
) -> tuple[list[int], np.ndarray]:
    """One recording for this point of the training: word indices and log-mel features."""
    if progress >= LONG_FROM and rng.random() < 0.12:  # long ones are 8 times longer
        words, pcm = memo(rng, speaker, seconds=float(rng.uniform(6, 29.5)))
    else:
        limit = 2 if progress < MAX_WORDS_UNTIL else 6
        said = speaker.phrase(rng, speaker.voice(rng))
        while len(said.words) > limit:
            said = speaker.phrase(rng, speaker.voice(rng))
        words, pcm = said.words, said.pcm
    if rng.random() < 0.7:
        pcm = vary(rng, pcm)
    mel = log_mel(finish(rng, pcm)[: 30 * 16_000])
    mel = mel[: len(mel) - 1 + len(mel) % 2]  # an odd count: see audio_tower.forward
    return [INDEX[word] for word in words], mel


def batches(rng: np.random.Generator, speaker: Speaker, progress: float) -> Iterator[Batch]:
    """About eight batches: many recordings, sorted by length, so that little is filled up."""
    drawn = []
    while sum(len(mel) for _, mel in drawn) < 8 * BATCH_FRAMES:
        drawn.append(draw(rng, speaker, progress))
    drawn.sort(key=lambda one: len(one[1]))
    groups: list[list[tuple[list[int], np.ndarray]]] = [[]]
    for one in drawn:
        if groups[-1] and (len(groups[-1]) + 1) * len(one[1]) > BATCH_FRAMES:
            groups.append([])
        groups[-1].append(one)
    for index in rng.permutation(len(groups)):
        yield collate(groups[index])


def collate(group: list[tuple[list[int], np.ndarray]]) -> Batch:
    frames = [len(mel) for _, mel in group]
    filled = np.zeros((len(group), max(frames), 128), np.float32)
    for row, (_, mel) in zip(filled, group, strict=True):
        row[: len(mel)] = mel
    return Batch(torch.from_numpy(filled), frames, [words for words, _ in group])


def loss_of(tower: torch.nn.Module, head: WordHead, batch: Batch) -> torch.Tensor:
    """CTC loss in nats a word."""
    scores = head(forward(tower, batch.mel)).transpose(0, 1)
    wanted = torch.tensor([index for words in batch.words for index in words])
    lengths = torch.tensor([soft_tokens_of(count) for count in batch.frames])
    counts = torch.tensor([len(words) for words in batch.words])
    lost = F.ctc_loss(scores, wanted, lengths, counts, blank=len(WORDS), reduction="sum")
    return lost / len(wanted)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, default=Path(".train"))
    parser.add_argument("--steps", type=int, default=1150)
    parser.add_argument("--rate", type=float, default=4e-3)
    parser.add_argument("--threads", type=int, default=1)
    chosen = parser.parse_args()
    torch.set_num_threads(chosen.threads)
    torch.manual_seed(0)
    run = store.Run(chosen.work, "audio")
    tower, head = build(), WordHead(len(WORDS))
    named = [*tower.named_parameters(), *head.named_parameters()]
    optimiser = Optimiser(named, chosen.rate, chosen.steps, decay_from=0.55)
    step = restore(chosen.work, tower, head, optimiser)
    speaker = Speaker(pool=pool(chosen.work))
    tests = audio_scores.held_out()
    losses: list[float] = []
    while step < chosen.steps:
        rng = np.random.default_rng(1_000 + step)
        for batch in batches(rng, speaker, step / chosen.steps):
            loss = loss_of(tower, head, batch)
            loss.backward()
            optimiser.step(step)
            losses.append(float(loss.detach()))
            step += 1
        if run.due() or step >= chosen.steps:
            save(chosen.work, tower, head, optimiser, step)
            report(run, tower, head, tests, step, losses)
            losses.clear()


def report(
    run: store.Run,
    tower: torch.nn.Module,
    head: WordHead,
    tests: dict[str, list[audio_scores.Heard]],
    step: int,
    losses: list[float],
) -> None:
    figures: dict[str, float] = {"loss": float(np.mean(losses))}
    for name, heard in tests.items():
        for measure, value in audio_scores.score(tower, head, heard).items():
            figures[f"{name}_{measure}"] = value
    run.log(step=step, **figures)


def save(
    work: Path, tower: torch.nn.Module, head: WordHead, optimiser: Optimiser, step: int
) -> None:
    state = {PREFIX + name: value for name, value in tower.state_dict().items()}
    store.save(work / "audio.pt", {"state": state, "step": step, "head": head.state_dict()})
    store.save(work / "audio.optimiser.pt", optimiser.state_dict())


def restore(work: Path, tower: torch.nn.Module, head: WordHead, optimiser: Optimiser) -> int:
    """Loads what `save` left. Returns the step to go on with."""
    saved = store.load(work / "audio.pt")
    if saved is None:
        return 0
    tower.load_state_dict({k.removeprefix(PREFIX): v for k, v in saved["state"].items()})
    head.load_state_dict(saved["head"])
    before = store.load(work / "audio.optimiser.pt")
    if before is not None:
        optimiser.load_state_dict(before)
    return int(saved["step"])


if __name__ == "__main__":
    main()
