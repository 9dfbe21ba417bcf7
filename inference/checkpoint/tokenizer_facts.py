"""What every tokenizer.json of Gemma 4 says, vocabulary and merges apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PUBLISHED_VOCAB = 262_144
# Control tokens by content, with their ids in the published vocabulary.
CONTROL_TOKENS: Mapping[str, int] = {
    "<pad>": 0,
    "<eos>": 1,
    "<bos>": 2,
    "<unk>": 3,
    "<mask>": 4,
    "<|tool>": 46,
    "<tool|>": 47,
    "<|tool_call>": 48,
    "<tool_call|>": 49,
    "<|tool_response>": 50,
    "<tool_response|>": 51,
    '<|"|>': 52,
    "<|think|>": 98,
    "<|channel>": 100,
    "<channel|>": 101,
    "<|turn>": 105,
    "<turn|>": 106,
    "<|image>": 255_999,
    "<|audio>": 256_000,
    "<|image|>": 258_880,
    "<|audio|>": 258_881,
    "<image|>": 258_882,
    "<audio|>": 258_883,
    "<|video|>": 258_884,
}

NORMALIZER: Mapping[str, Any] = {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}
PRE_TOKENIZER: Mapping[str, Any] = {
    "type": "Split",
    "pattern": {"String": " "},
    "behavior": "MergedWithPrevious",
    "invert": False,
}
DECODER: Mapping[str, Any] = {
    "type": "Sequence",
    "decoders": [
        {"type": "Replace", "pattern": {"String": "▁"}, "content": " "},
        {"type": "ByteFallback"},
        {"type": "Fuse"},
    ],
}
BPE_SETTINGS: Mapping[str, Any] = {
    "type": "BPE",
    "dropout": None,
    "unk_token": "<unk>",
    "continuing_subword_prefix": None,
    "end_of_word_suffix": None,
    "fuse_unk": True,
    "byte_fallback": True,
    "ignore_merges": False,
}


def post_processor(bos: int | None = None) -> dict[str, Any]:
    """The post-processor that adds nothing, or <bos> before each text."""
    single: list[dict[str, Any]] = [{"Sequence": {"id": "A", "type_id": 0}}]
    second: list[dict[str, Any]] = [{"Sequence": {"id": "B", "type_id": 1}}]
    special: dict[str, Any] = {}
    if bos is not None:
        single.insert(0, {"SpecialToken": {"id": "<bos>", "type_id": 0}})
        second.insert(0, {"SpecialToken": {"id": "<bos>", "type_id": 1}})
        special["<bos>"] = {"id": "<bos>", "ids": [bos], "tokens": ["<bos>"]}
    return {
        "type": "TemplateProcessing",
        "single": single,
        "pair": single + second,
        "special_tokens": special,
    }
