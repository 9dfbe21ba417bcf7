"""The byte-pair encoder of the tokenizers library, built without what its own reader leaves behind.

That reader goes through a tree of the whole file, whose pieces lie between those that stay: a
published vocabulary then holds 25 MB more than it needs. Here Python reads the file, and only the
vocabulary and the merges are handed over.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tokenizers import AddedToken
from tokenizers import Tokenizer as Backend
from tokenizers.decoders import ByteFallback, Fuse, Replace, Sequence
from tokenizers.models import BPE
from tokenizers.normalizers import Replace as ReplaceBefore
from tokenizers.pre_tokenizers import Split

SPACE = "▁"  # stands for a space inside the vocabulary

# Gemma 4: the three text transformations of the published tokenizer. Anything else could change
# text beyond recognition or take for ever, so no other is run.
NORMALIZER = {"type": "Replace", "pattern": {"String": " "}, "content": SPACE}
PRE_TOKENIZER = {
    "type": "Split",
    "pattern": {"String": " "},
    "behavior": "MergedWithPrevious",
    "invert": False,
}
DECODER = {
    "type": "Sequence",
    "decoders": [
        {"type": "Replace", "pattern": {"String": SPACE}, "content": " "},
        {"type": "ByteFallback"},
        {"type": "Fuse"},
    ],
}
_BPE = {
    "type": "BPE",
    "dropout": None,
    "unk_token": "<unk>",
    "continuing_subword_prefix": None,
    "end_of_word_suffix": None,
    "fuse_unk": True,
    "byte_fallback": True,
    "ignore_merges": False,
}


def read_backend(path: Path) -> Backend:
    """The encoder that `tokenizer.json` at `path` describes.

    A file that says anything unusual is left to the library's own reader, whose errors pass
    through; what it makes of the file is for the caller to judge.
    """
    raw = json.loads(path.read_bytes())
    built = _built(raw) if isinstance(raw, dict) and _is_usual(raw) else None
    return Backend.from_file(str(path)) if built is None else built


def _is_usual(raw: Mapping[str, Any]) -> bool:
    model = raw.get("model")
    return (
        isinstance(model, dict)
        and {k: v for k, v in model.items() if k not in ("vocab", "merges")} == _BPE
        and raw.get("normalizer") == NORMALIZER
        and raw.get("pre_tokenizer") in (PRE_TOKENIZER, None)
        and raw.get("decoder") == DECODER
    )


def _built(raw: dict[str, Any]) -> Backend | None:
    """The encoder, or None when its added tokens would not get the ids that the file states."""
    model = raw["model"]
    merges = [_pair(merge) for merge in model.pop("merges")]
    backend = Backend(
        BPE(model.pop("vocab"), merges, unk_token="<unk>", fuse_unk=True, byte_fallback=True)
    )
    backend.normalizer = ReplaceBefore(" ", SPACE)
    if raw["pre_tokenizer"] is not None:
        backend.pre_tokenizer = Split(" ", "merged_with_previous")
    backend.decoder = Sequence([Replace(SPACE, " "), ByteFallback(), Fuse()])
    added = sorted(raw.get("added_tokens") or (), key=lambda entry: int(entry["id"]))
    for entry in added:
        token = AddedToken(**{k: v for k, v in entry.items() if k not in ("id", "special")})
        (backend.add_special_tokens if entry["special"] else backend.add_tokens)([token])
    is_same = all(backend.token_to_id(entry["content"]) == entry["id"] for entry in added)
    return backend if is_same else None


def _pair(merge: Any) -> tuple[str, str]:
    """A merge is a pair, in older files both halves in one text with a space between."""
    first, second = merge.split(" ") if isinstance(merge, str) else merge
    return first, second
