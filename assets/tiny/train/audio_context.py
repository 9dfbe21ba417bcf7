"""Second stage of the audio tower: every word's soft token also says which words came before it.

    python -m assets.tiny.train.audio_context --work FOLDER

Words come again in a long memo, so a decoder that looks for the last word it wrote finds several
places. With the words before it in the same soft token the place is clear, and writing down what is
heard becomes one step of attention. The convolutions and the word head stay as they are.
"""

from __future__ import annotations

import argparse
import itertools
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - the name everybody uses
from torch import nn

from assets.tiny.train import audio_scores, shape, store
from assets.tiny.train.audio_tower import PREFIX, WordHead, build, forward, norm, soft_tokens_of
from assets.tiny.train.audio_train import Batch, batches
from assets.tiny.train.optim import Optimiser
from assets.tiny.train.speech import Speaker, pool
from assets.tiny.train.words import WORDS

BACK = 3  # words before a word that its soft token tells
START = len(WORDS)  # stands for what comes before the first word
NOT_ASKED = -100


def context_of(path: list[int], words: list[int]) -> list[list[int]] | None:
    """For each soft token the BACK words before the word heard there, nearest first.

    `path` is the best class of each soft token. None if it does not spell out `words`. Soft tokens
    without a word are NOT_ASKED.
    """
    rows: list[list[int]] = []
    before = [START] * BACK
    heard = []
    for index, run in itertools.groupby(path):
        length = len(list(run))
        if index == len(WORDS):
            rows += [[NOT_ASKED] * BACK] * length
            continue
        rows += [before] * length
        heard.append(index)
        before = [index, *before[:-1]]
    return rows if heard == words else None


def losses(
    tower: nn.Module, head: WordHead, context: nn.Linear, batch: Batch
) -> tuple[torch.Tensor, torch.Tensor, float]:
    """CTC in nats a word, cross-entropy in nats a word before, share of those that are right."""
    tokens = forward(tower, batch.mel)
    scores = head(tokens)
    wanted = torch.tensor([index for words in batch.words for index in words])
    lengths = [soft_tokens_of(count) for count in batch.frames]
    counts = torch.tensor([len(words) for words in batch.words])
    ctc = F.ctc_loss(
        scores.transpose(0, 1), wanted, torch.tensor(lengths), counts, len(WORDS), "sum"
    )
    before = torch.full((*tokens.shape[:2], BACK), NOT_ASKED)
    for row, length, words, path in zip(
        before, lengths, batch.words, scores.argmax(-1).tolist(), strict=True
    ):
        found = context_of(path[:length], words)
        if found is not None:
            row[:length] = torch.tensor(found)
    asked = before[..., 0] != NOT_ASKED
    guesses = context(norm(tokens[asked])).unflatten(-1, (BACK, START + 1))
    target = before[asked]
    also = F.cross_entropy(guesses.flatten(0, 1), target.flatten())
    right = float((guesses.argmax(-1) == target).float().mean())
    return ctc / len(wanted), also, right


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, default=Path(".train"))
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--rate", type=float, default=3e-3)
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    run = store.Run(chosen.work, "audio_context")
    tower, head, step, done = start(chosen.work)
    context = nn.Linear(shape.AUDIO_OUT, BACK * (START + 1))
    if done:
        context.load_state_dict(done)
    learning = [(n, p) for n, p in tower.named_parameters() if "subsample" not in n]
    named = [*learning, *((f"head.{n}", p) for n, p in context.named_parameters())]
    for name, parameter in tower.named_parameters():
        parameter.requires_grad_("subsample" not in name)
    head.requires_grad_(False)
    optimiser = Optimiser(named, chosen.rate, chosen.steps, decay_from=0.4)
    speaker = Speaker(pool=pool(chosen.work))
    tests = audio_scores.held_out(40, 4)
    figures: list[tuple[float, float, float]] = []
    while step < chosen.steps:
        for batch in batches(np.random.default_rng(50_000 + step), speaker, 1.0):
            ctc, also, right = losses(tower, head, context, batch)
            (ctc + also).backward()
            optimiser.step(step)
            figures.append((float(ctc.detach()), float(also.detach()), right))
            step += 1
        if run.due() or step >= chosen.steps:
            save(chosen.work, tower, head, context, step)
            means = np.mean(figures, axis=0)
            scores = {
                name: audio_scores.score(tower, head, x)["exact"] for name, x in tests.items()
            }
            run.log(step=step, ctc=means[0], before=means[1], before_right=means[2], **scores)
            figures.clear()


def start(work: Path) -> tuple[nn.Module, WordHead, int, dict[str, torch.Tensor]]:
    """The first stage's tower, or this stage's own if it was interrupted."""
    tower, head = build(), WordHead(len(WORDS))
    own = store.load(work / "audio2.pt")
    saved = own or store.load(work / "audio.pt")
    if saved is None:
        raise FileNotFoundError(f"{work / 'audio.pt'} is made by assets.tiny.train.audio_train")
    tower.load_state_dict({k.removeprefix(PREFIX): v for k, v in saved["state"].items()})
    head.load_state_dict(saved["head"])
    return tower, head, int(own["step"]) if own else 0, own["context"] if own else {}


def save(work: Path, tower: nn.Module, head: WordHead, context: nn.Linear, step: int) -> None:
    state = {PREFIX + name: value for name, value in tower.state_dict().items()}
    content = {"state": state, "step": step, "head": head.state_dict()}
    store.save(work / "audio2.pt", content | {"context": context.state_dict()})


if __name__ == "__main__":
    main()
