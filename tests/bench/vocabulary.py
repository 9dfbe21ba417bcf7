"""A synthetic Gemma 4 tokenizer: special tokens at the published ids, the rest made by rule.

It is a byte-fallback BPE that encodes any text and decodes it back. Its words are only letter
strings in alphabetical order, so token counts of real text are higher than with the real one.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from string import ascii_lowercase

PUBLISHED_VOCAB = 262144
SPACE = "▁"

TEXT_IDS = {
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
}
MEDIA_IDS = {
    "<|image>": 255999,
    "<|audio>": 256000,
    "<|image|>": 258880,
    "<|audio|>": 258881,
    "<image|>": 258882,
    "<audio|>": 258883,
    "<|video|>": 258884,
}
NEWLINE_RUNS = range(107, 138)  # "\n" once at 107 up to 31 times at 137
SPACE_RUNS = range(138, 168)  # "▁" twice at 138 up to 31 times at 167
BYTES = range(238, 494)
LONGEST_RUN = 31


def special_ids(vocab: int) -> dict[str, int]:
    """Ids of the special tokens; a small vocabulary has the media tokens at its end."""
    if vocab >= PUBLISHED_VOCAB:
        return TEXT_IDS | MEDIA_IDS
    first = vocab - len(MEDIA_IDS)
    return TEXT_IDS | {token: first + i for i, token in enumerate(MEDIA_IDS)}


def tokenizer_json(vocab: int) -> dict[str, object]:
    """Contents of tokenizer.json for a vocabulary of `vocab` entries (at least 640)."""
    specials = special_ids(vocab)
    tokens = _all_tokens(vocab, specials)
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [
            {
                "id": index,
                "content": token,
                "single_word": False,
                "lstrip": False,
                "rstrip": False,
                "normalized": False,
                "special": True,
            }
            for token, index in sorted(specials.items(), key=lambda item: item[1])
        ],
        "normalizer": {"type": "Replace", "pattern": {"String": " "}, "content": SPACE},
        "pre_tokenizer": {
            "type": "Split",
            "pattern": {"String": " "},
            "behavior": "MergedWithPrevious",
            "invert": False,
        },
        "post_processor": None,
        "decoder": {
            "type": "Sequence",
            "decoders": [
                {"type": "Replace", "pattern": {"String": SPACE}, "content": " "},
                {"type": "ByteFallback"},
                {"type": "Fuse"},
            ],
        },
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": "<unk>",
            "continuing_subword_prefix": None,
            "end_of_word_suffix": None,
            "fuse_unk": True,
            "byte_fallback": True,
            "ignore_merges": False,
            "vocab": tokens,
            "merges": list(_merges(tokens)),
        },
    }


def tokenizer_config() -> dict[str, object]:
    """Contents of tokenizer_config.json."""
    return {
        "tokenizer_class": "GemmaTokenizer",
        "add_bos_token": False,
        "bos_token": "<bos>",
        "eos_token": "<eos>",
        "pad_token": "<pad>",
        "unk_token": "<unk>",
        "mask_token": "<mask>",
        "boi_token": "<|image>",
        "image_token": "<|image|>",
        "eoi_token": "<image|>",
        "boa_token": "<|audio>",
        "audio_token": "<|audio|>",
        "eoa_token": "<audio|>",
        "sot_token": "<|turn>",
        "eot_token": "<turn|>",
        "padding_side": "left",
        "clean_up_tokenization_spaces": False,
        "model_max_length": 10**30,
    }


def _all_tokens(vocab: int, specials: dict[str, int]) -> dict[str, int]:
    by_id = {index: token for token, index in specials.items()}
    by_id |= {index: "\n" * count for count, index in enumerate(NEWLINE_RUNS, start=1)}
    by_id |= {index: SPACE * count for count, index in enumerate(SPACE_RUNS, start=2)}
    by_id |= {index: f"<0x{byte:02X}>" for byte, index in enumerate(BYTES)}
    for index in range(BYTES.start):
        by_id.setdefault(index, f"<unused{index}>")
    words = _plain_tokens()
    return {by_id.get(index) or next(words): index for index in range(vocab)}


def _plain_tokens() -> Iterator[str]:
    """The space, printable ASCII, then ever longer letter strings with and without a space."""
    yield SPACE
    yield from map(chr, range(33, 127))
    yield from (SPACE + letter for letter in ascii_lowercase)
    for length in (2, 3, 4):
        strings = list(map("".join, product(ascii_lowercase, repeat=length)))
        yield from strings
        yield from (SPACE + string for string in strings)


def _merges(tokens: dict[str, int]) -> Iterator[tuple[str, str]]:
    """Every way to join two shorter runs, then each word from its beginning and last letter."""
    for character in ("\n", SPACE):
        for total in range(2, LONGEST_RUN + 1):
            yield from ((character * i, character * (total - i)) for i in range(1, total))
    for token in tokens:
        if len(token) > 1 and token[-1] in ascii_lowercase and token[:-1] in tokens:
            yield token[:-1], token[-1]
