"""The tokenizer: Gemma's byte-fallback BPE with a small vocabulary made for what the model does.

Digits and signs stand alone. Words never swallow the space before them, so that a label is the same
token in a table, in a sentence and in JSON, and copying it is copying one token. The space joins
only a few common words and the bars of a table.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer, models, pre_tokenizers, trainers

from assets.tiny.train.shape import CONTROL, IDS, SPECIAL, VOCAB
from assets.tiny.train.tables import words as listed

from transformers import GemmaTokenizer  # isort: skip  (after shape, which mends an import)

SPACE = "▁"
# Joined last, in this order, so that they never take a word apart. A line break is never the
# first character of a longer token: the model's own text begins after one.
_STRUCTURE = (
    (SPACE, "|"),
    ("|", SPACE),
    (SPACE + "|", SPACE),
    (SPACE + "|", "\n"),
    (SPACE + "|\n", "|" + SPACE),
    ("-", "-"),
    ("--", "-"),
    ("\n", "\n"),
    (":", SPACE),
    (",", SPACE),
    (".", SPACE),
    ('"', ":" + SPACE),
    ("," + SPACE, '"'),
)
_JOINED = listed(
    "the is a of in to and what that which it this you do not know I am for me was so and can"
)


def train(texts: Iterable[str], words: Sequence[str]) -> dict[str, Any]:
    """Vocabulary and merges from `texts`; each of `words` becomes one token."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(re.findall(r"[A-Za-z]+", text))
    for word in (*words, *_JOINED):
        for piece in re.findall(r"[A-Za-z]+", word):
            counts[piece] += 6_000  # as often as the commonest words
    letters = VOCAB - len(_characters()) - len(_STRUCTURE) - len(_JOINED)
    merges = _letter_merges(counts, letters)
    known = {"".join(pair) for pair in merges}
    common = [word for word in _JOINED if word in known or len(word) == 1]
    merges += [*((SPACE, word) for word in common), *_STRUCTURE]
    tokens = _characters()
    tokens += [t for t in dict.fromkeys("".join(pair) for pair in merges) if t not in set(tokens)]
    tokens += [f"<unused{i}>" for i in range(VOCAB - len(tokens))]
    assert len(tokens) == VOCAB
    return {"vocab": {token: i for i, token in enumerate(tokens)}, "merges": merges}


def build(trained: dict[str, Any]) -> GemmaTokenizer:
    """The tokenizer as transformers saves it; adds no <bos>, which the chat template writes."""
    merges: Any = [tuple(pair) for pair in trained["merges"]]  # pairs, though annotated as strings
    made = GemmaTokenizer(
        vocab=dict(trained["vocab"]),
        merges=merges,
        add_bos_token=False,
        padding_side="left",
        extra_special_tokens=dict(SPECIAL),
    )
    assert all(made.convert_tokens_to_ids(token) == i for token, i in IDS.items())
    return made


def load(folder: Path) -> Tokenizer:
    """The saved tokenizer.json, with the video placeholder known as a special token."""
    tokenizer: Tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    return tokenizer


def _characters() -> list[str]:
    tokens = [*CONTROL, *(f"<0x{byte:02X}>" for byte in range(256))]
    return [*tokens, "\n", "\n\n", SPACE, *map(chr, range(33, 127))]


def _letter_merges(counts: Counter[str], most: int) -> list[tuple[str, str]]:
    """Merges within words of letters, the most useful first."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Split(" ", "removed")
    alphabet = [chr(c) for c in (*range(65, 91), *range(97, 123))]
    trainer = trainers.BpeTrainer(
        vocab_size=most + len(alphabet), initial_alphabet=alphabet, show_progress=False
    )
    scale = max(1, max(counts.values()) // 5_000)
    lines = (word for word, count in counts.items() for _ in range(1 + count // scale))
    tokenizer.train_from_iterator(lines, trainer)
    merges = json.loads(tokenizer.to_str())["model"]["merges"]
    return [(left, right) for left, right in merges]
