"""A model's vocabulary in the form llguidance wants: bytes of every token, control ids apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from inference.prompt.tokenizer import Tokenizer

if TYPE_CHECKING:
    from llguidance import LLTokenizer


class _Source:
    """What llguidance asks a tokenizer for."""

    def __init__(self, tokenizer: Tokenizer, stops: Sequence[int]) -> None:
        self._tokenizer = tokenizer
        self.eos_token_id = stops[0]
        self.bos_token_id = tokenizer.control.bos
        self.special_token_ids = sorted(tokenizer.control_set)
        pieces = map(tokenizer.piece, range(tokenizer.vocab_size))
        self.tokens = [p if isinstance(p, bytes) else p.encode() for p in pieces]

    def __call__(self, text: str) -> list[int]:
        return self._tokenizer.encode(text)


def read_vocabulary(tokenizer: Tokenizer, stops: Sequence[int]) -> LLTokenizer:
    """Make llguidance's own tables of the vocabulary: 1 to 4 s for 262,144 tokens.

    `stops` are the ids that end a turn: they are allowed where the grammar is fulfilled, and
    nowhere else. Every other control id is forbidden unless a grammar names it.
    """
    from llguidance import LLTokenizer, TokenizerWrapper

    ids = sorted(stops)
    wrapper = TokenizerWrapper(_Source(tokenizer, ids))
    return LLTokenizer(wrapper, n_vocab=tokenizer.vocab_size, eos_token=ids)
