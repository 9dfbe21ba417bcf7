"""How far a quantised model's guesses are from the original's, token by token of given answers.

Both read the same conversations with the right answers, in float32. For each token of an answer:
KL divergence of the original's distribution from the other's, and whether both rank the same token
first.

python -m tests.bench.kl ORIGINAL FOLDER ... [--only GROUP ...] [--count N]
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import mlx.core as mx
import numpy as np
from numpy.typing import NDArray

from assets.tiny.train.samples import Sample
from inference import Message, Model, Prompt, Text, load
from tests.bench.tiny_abilities import cases
from tests.bench.tiny_abilities.files import through_files
from tests.bench.tiny_abilities.playing import make_message

GROUPS = ("charts", "words", "digits", "video", "text")


@dataclass(frozen=True, slots=True)
class Divergence:
    """Over `tokens` tokens of answers: KL in nats, and the share of them with the same first."""

    mean: float
    median: float
    worst: float
    same_first: float
    tokens: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A conversation with its answer, of which the tokens from `start` on count."""

    prompt: Prompt
    start: int


def passages(model: Model, groups: Sequence[str], count: int) -> list[Passage]:
    """The first answer of `count` held-out samples of each group."""
    made = []
    for group in groups:
        for sample in cases.held_out(group, count):
            with tempfile.TemporaryDirectory() as folder:
                media = through_files(sample.media, Path(folder))
            made += _passage(model, sample, list(media))
    return made


def load_beside(original: Model, folder: Path) -> Model:
    """The quantised model, with the soft tokens that the original has made already.

    Recipes leave the towers as they are, so that both would make the same ones.
    """
    model = load(folder, dtype="float32")
    model.features = original.features
    return model


def guesses(model: Model, given: Sequence[Passage]) -> Iterator[NDArray[np.float32]]:
    """Logarithms of the probabilities [tokens of the answer, V], a passage at a time."""
    for passage in given:
        logits = model.logits(passage.prompt)[passage.start - 1 : -1].astype(mx.float32)
        yield np.array(logits - mx.logsumexp(logits, axis=-1, keepdims=True))
        mx.clear_cache()


def divergence(
    original: Sequence[NDArray[np.float32]], other: Iterator[NDArray[np.float32]]
) -> Divergence:
    """KL(original || other) over all tokens of all passages."""
    values: list[NDArray[np.float32]] = []
    same: list[NDArray[np.bool_]] = []
    for p, q in zip(original, other, strict=True):
        values.append((np.exp(p) * (p - q)).sum(axis=-1))
        same.append(p.argmax(axis=-1) == q.argmax(axis=-1))
    all_values, all_same = np.concatenate(values), np.concatenate(same)
    return Divergence(
        float(all_values.mean()),
        float(np.median(all_values)),
        float(all_values.max()),
        float(all_same.mean()),
        len(all_values),
    )


def _passage(model: Model, sample: Sample, media: list[object]) -> list[Passage]:
    """Nothing for an answer that is a tool call: it is rendered in more than one way."""
    history: list[Message] = []
    for turn in sample.messages:
        if turn["role"] != "assistant":
            history.append(make_message(turn, media))
            continue
        if "tool_calls" in turn or sample.tools:
            return []
        answer = Message("model", (Text(str(turn["content"])),))
        asked = model.prepare(history, thinking=False)
        answered = model.prepare([*history, answer], thinking=False, continue_last=True)
        start = _common(asked.ids, answered.ids)
        return [Passage(answered, start)] if start < len(answered.ids) else []
    return []


def _common(one: Sequence[int], other: Sequence[int]) -> int:
    """How many ids are the same at the beginning."""
    both = zip(one, other, strict=False)
    return next((i for i, (a, b) in enumerate(both) if a != b), min(len(one), len(other)))


def main() -> int:
    """Command line; prints a table."""
    parser = argparse.ArgumentParser(prog="tests.bench.kl", description=__doc__)
    parser.add_argument("original", type=Path, metavar="ORIGINAL")
    parser.add_argument("others", type=Path, nargs="+", metavar="FOLDER")
    parser.add_argument("--only", nargs="+", choices=list(cases.groups()), default=GROUPS)
    parser.add_argument("--count", type=int, default=20, help="samples a group")
    options = parser.parse_args()
    model = load(options.original, dtype="float32")
    given = passages(model, options.only, options.count)
    wanted = list(guesses(model, given))
    print("| model | KL, mean | median | worst | same first token |")
    print("|---|---|---|---|---|")
    for folder in options.others:
        found = divergence(wanted, guesses(load_beside(model, folder), given))
        print(line(folder.name, found), flush=True)
    print(f"\n{sum(map(len, wanted))} tokens of {len(given)} answers.")
    return 0


def line(name: str, found: Divergence) -> str:
    """A row of the table."""
    figures = f"{found.mean:.4f} | {found.median:.5f} | {found.worst:.2f}"
    return f"| {name} | {figures} | {found.same_first:.1%} |"


if __name__ == "__main__":
    raise SystemExit(main())
