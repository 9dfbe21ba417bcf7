"""Makes the tokenizer from the words of all generators and writes it to the work folder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from assets.tiny.train import dialogues, palette, tokenizer, words
from assets.tiny.train.render import pieces

DIALOGUES = 6000
_MORE = (
    "Markdown table chart label value highest lowest largest smallest JSON picture read list clip "
    "appear appears appeared order first second last when does do the shapes digits seconds time "
    "times which comes after before frame frames circle square triangle star diamond cross heart "
    "hexagon ring moon arrow dot red green blue yellow orange purple black white pink brown grey "
    "teal audio recording transcribe said spoken speech memo words write down video what say hear "
    "see watch happens nothing none Chart Label Value gauge slider pie bar line column"
)


def write(work: Path) -> None:
    """Write `vocabulary.json` and the tokenizer of transformers to `work`."""
    closed = [*palette.WORDS, *words.WORDS, *dialogues.NAMES, *dialogues.ENDINGS]
    trained = tokenizer.train(_texts(), [*closed, *_MORE.split(" ")])
    work.mkdir(parents=True, exist_ok=True)
    (work / "vocabulary.json").write_text(json.dumps(trained), encoding="utf-8")
    tokenizer.build(trained).save_pretrained(work / "tokenizer")


def _texts() -> Iterator[str]:
    for seed in range(DIALOGUES):
        sample = dialogues.sample(np.random.default_rng(seed))
        yield "".join(text for text, _ in pieces(sample))
