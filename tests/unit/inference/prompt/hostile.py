"""Texts that try to become control tokens, and shared hypothesis strategies."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.fakes.tokenizer import SPECIALS

# Every special string, pieces of them, and what could close a string, a key or a list.
_PIECES = (
    *SPECIALS,
    *(special[:cut] for special in SPECIALS[5:] for cut in (2, len(special) // 2)),
    *(special[cut:] for special in SPECIALS[5:] for cut in (1, len(special) // 2)),
    *("{", "}", "[", "]", ",", ":", '"', "\n", "\n\n", " ", "\\", "<0x0A>", "call:f{", "the"),
)
# Lone surrogates are refused, and U+2581 is how the vocabulary writes a space.
UNICODE = st.text(st.characters(codec="utf-8", exclude_characters="▁"), max_size=12)
HOSTILE = st.lists(st.sampled_from(_PIECES) | UNICODE, max_size=6).map("".join)
