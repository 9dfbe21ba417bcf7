"""tokenizer.json, checked as plain JSON before the tokenizers library may parse it.

That library runs whatever normaliser or expression the file asks for and can abort the process,
so every part but the vocabulary must be exactly Gemma's.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from inference.checkpoint.json_file import read_json
from inference.checkpoint.refusal import DOWNLOAD_AGAIN, listed, refusal, shown
from inference.checkpoint.token_ids import NO_TOKEN
from inference.checkpoint.tokenizer_facts import (
    BPE_SETTINGS,
    CONTROL_TOKENS,
    DECODER,
    NORMALIZER,
    PRE_TOKENIZER,
    PUBLISHED_VOCAB,
    post_processor,
)
from inference.errors import CheckpointError
from inference.models.gemma4.config import ModelConfig

_VIDEO = "<|video|>"  # transformers does not register it, so it may be an ordinary entry
_MAX_MERGES = 2_000_000

_SECTIONS = frozenset(
    {"version", "truncation", "padding", "added_tokens", "normalizer"}
    | {"pre_tokenizer", "post_processor", "decoder", "model"}
)
_ADDED_FLAGS = frozenset({"single_word", "lstrip", "rstrip", "normalized", "special"})


def check_tokenizer(path: Path, config: ModelConfig) -> None:
    """Make sure that tokenizer.json at `path` is Gemma 4's and fits `config`.

    Byte-fallback BPE over exactly the ids 0 to vocab - 1, Gemma's normaliser, pre-tokeniser,
    post-processor and decoder, all control tokens, and the ids that config.json states. A
    vocabulary of the published size must have the published ids. Raises CheckpointError.
    """
    raw = read_json(path)
    if extra := raw.keys() - _SECTIONS:
        raise _foreign(f"it has the unknown section {listed(extra)}")
    vocab = _vocabulary(raw)
    added = _added_tokens(raw.get("added_tokens"), vocab)
    ids = vocab | {token: entry["id"] for token, entry in added.items()}
    if missing := [token for token in (*CONTROL_TOKENS, *_byte_tokens()) if token not in ids]:
        raise _foreign(f"its vocabulary lacks {listed(missing)}")
    _check_ids(ids, config)
    for token in CONTROL_TOKENS:
        is_special = token in added and added[token]["special"]
        if not is_special and (token in added or token != _VIDEO):
            raise _foreign(f"{token} is not marked as a special token")
    _check_pipeline(raw, ids["<bos>"])
    _check_merges(raw["model"].get("merges"), vocab)


def _foreign(why: str) -> CheckpointError:
    return refusal(f"tokenizer.json is not that of Gemma 4: {why}", DOWNLOAD_AGAIN)


def _vocabulary(raw: Mapping[str, Any]) -> dict[str, int]:
    """The model's vocabulary; everything else the model says must be Gemma's."""
    model = raw.get("model")
    if not isinstance(model, dict):
        raise _foreign("it has no model")
    settings = {key: value for key, value in model.items() if key not in ("vocab", "merges")}
    for key, value in {**BPE_SETTINGS, **settings}.items():
        if key not in BPE_SETTINGS or not _same(value, BPE_SETTINGS[key]):
            raise _foreign(f"{shown(key)} of its model is {shown(value)}")
    vocab = model.get("vocab")
    if not isinstance(vocab, dict) or not all(type(i) is int for i in vocab.values()):
        raise _foreign("its vocabulary is no table of numbers")
    return vocab


def _byte_tokens() -> list[str]:
    return [f"<0x{byte:02X}>" for byte in range(256)]


def _added_tokens(entries: Any, vocab: Mapping[str, int]) -> dict[str, dict[str, Any]]:
    """The added tokens by content. None may swallow neighbouring text."""
    if not isinstance(entries, list):
        raise _foreign("it has no list of added tokens")
    added: dict[str, dict[str, Any]] = {}
    for entry in entries:
        if not isinstance(entry, dict) or entry.keys() != _ADDED_FLAGS | {"id", "content"}:
            raise _foreign("an added token has not the usual fields")
        content, number = entry["content"], entry["id"]
        if not isinstance(content, str) or not content or type(number) is not int:
            raise _foreign("an added token has no text or no number")
        if not all(type(entry[flag]) is bool for flag in _ADDED_FLAGS):
            raise _foreign(f"the added token {shown(content)} is not described by true and false")
        if entry["single_word"] or entry["lstrip"] or entry["rstrip"]:
            raise _foreign(f"the added token {shown(content)} takes in the text around it")
        if content in added or vocab.get(content, number) != number:
            raise _foreign(f"the added token {shown(content)} has two ids")
        added[content] = entry
    return added


def _check_ids(ids: Mapping[str, int], config: ModelConfig) -> None:
    size = config.text.vocab
    if len(ids) != size:
        raise _foreign(f"it has {len(ids)} tokens but the model has {size}")
    if set(ids.values()) != set(range(size)):
        raise _foreign(f"its ids are not the numbers from 0 to {size - 1}")
    wanted = _ids_in_config(config)
    if size == PUBLISHED_VOCAB:
        wanted |= CONTROL_TOKENS
    for token, number in wanted.items():
        if ids[token] != number:
            raise _foreign(f"{token} has the id {ids[token]} instead of {number}")


def _ids_in_config(config: ModelConfig) -> dict[str, int]:
    ids = config.ids
    stated = {
        "<pad>": ids.pad,
        "<eos>": ids.eos,
        "<bos>": ids.bos,
        "<|image|>": ids.image,
        "<|image>": ids.boi,
        "<image|>": ids.eoi,
        "<|video|>": ids.video,
        "<|audio|>": ids.audio,
        "<|audio>": ids.boa,
        "<audio|>": ids.eoa,
    }
    return {token: i for token, i in stated.items() if i is not None and i != NO_TOKEN}


def _check_pipeline(raw: Mapping[str, Any], bos: int) -> None:
    """Sections other than the model, each with the values that occur in Gemma 4 files."""
    accepted: dict[str, list[Any]] = {
        "version": ["1.0"],
        "truncation": [None],
        "padding": [None],
        "normalizer": [NORMALIZER],
        "pre_tokenizer": [None, PRE_TOKENIZER],  # finds nothing after the normaliser
        "post_processor": [None, post_processor(), post_processor(bos)],
        "decoder": [DECODER],
    }
    for section, values in accepted.items():
        if not any(_same(raw.get(section), value) for value in values):
            raise _foreign(f"its {section} is another one")


def _check_merges(merges: Any, vocab: Mapping[str, int]) -> None:
    """Each merge joins two tokens to a third; files spell it as a pair or as "left right"."""
    if not isinstance(merges, list) or len(merges) > _MAX_MERGES:
        raise _foreign("it has no list of merges of usual length")
    for merge in merges:
        pair = merge.split(" ") if isinstance(merge, str) else merge
        is_pair = isinstance(pair, list) and len(pair) == 2
        if not is_pair or not isinstance(pair[0], str) or not isinstance(pair[1], str):
            raise _foreign("a merge is not a pair of tokens")
        if pair[0] not in vocab or pair[1] not in vocab or pair[0] + pair[1] not in vocab:
            raise _foreign(f"a merge joins tokens it does not have: {listed(pair)}")


def _same(left: Any, right: Any) -> bool:
    """Equality of JSON values that tells true from 1."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(_same(left[k], right[k]) for k in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(_same, left, right))
    return type(left) is type(right) and bool(left == right)
