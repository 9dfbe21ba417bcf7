"""A 384-token vocabulary with the published special tokens at ids unlike the published ones."""

from __future__ import annotations

from typing import Any

from transformers import GemmaTokenizer

_BASIC = ("<pad>", "<eos>", "<bos>", "<unk>", "<mask>")
# Attribute names under which transformers' Gemma 4 processor looks its special tokens up.
_SPECIAL = {
    "image_token": "<|image|>",
    "boi_token": "<|image>",
    "eoi_token": "<image|>",
    "audio_token": "<|audio|>",
    "boa_token": "<|audio>",
    "eoa_token": "<audio|>",
    "sot_token": "<|turn>",
    "eot_token": "<turn|>",
    "soc_token": "<|channel>",
    "eoc_token": "<channel|>",
    "think_token": "<|think|>",
    "escape_token": '<|"|>',
    "str_token": "<|tool_response>",
    "etr_token": "<tool_response|>",
    "stc_token": "<|tool_call>",
    "etc_token": "<tool_call|>",
    "std_token": "<|tool>",
    "etd_token": "<tool|>",
}
_MERGES = (
    ("t", "h"),
    ("th", "e"),
    ("▁", "the"),
    ("i", "n"),
    ("▁", "a"),
    ("o", "u"),
    ("e", "r"),
    ("\n", "\n"),
)


def _tokens() -> list[str]:
    tokens = [*_BASIC, *_SPECIAL.values(), "<|video|>"]
    tokens += [f"<0x{byte:02X}>" for byte in range(256)]
    tokens += ["\n", "\n\n", "▁", *map(chr, range(33, 127))]
    return tokens + ["".join(pair) for pair in _MERGES if "".join(pair) not in tokens]


IDS: dict[str, int] = {token: i for i, token in enumerate(_tokens())}
VOCAB_SIZE = len(IDS)
MEDIA_IDS = tuple(IDS[t] for t in (*list(_SPECIAL.values())[:6], "<|video|>"))


def tokenizer() -> GemmaTokenizer:
    """Byte-fallback BPE; adds no <bos>, since Gemma 4's chat template writes it."""
    merges: Any = list(_MERGES)  # pairs, though annotated as strings
    return GemmaTokenizer(
        vocab=dict(IDS),
        merges=merges,
        add_bos_token=False,
        padding_side="left",
        extra_special_tokens=dict(_SPECIAL),
    )
