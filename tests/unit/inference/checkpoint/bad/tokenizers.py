"""tokenizer.json files that would hang or crash the tokenizers library, or mislead the model."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.unit.inference.checkpoint.bad.case import Bad, Json, edit_json, put

REPLACE = {"type": "Replace", "pattern": {"String": "a"}, "content": "a" * 1000}
REGEX = {"type": "Replace", "pattern": {"Regex": "(a+)+$"}, "content": ""}
SPLIT = {"type": "Split", "pattern": {"Regex": "\\s"}, "behavior": "Removed", "invert": False}


def token(name: str, says: str, change: Callable[[Json], object]) -> Bad:
    return Bad(name, says, lambda folder: edit_json(folder, "tokenizer.json", change))


def setting(path: str, value: object, says: str = "") -> Bad:
    what = f"tokenizer {path} {value!r:.60}"
    return token(what, says or path.rpartition("/")[2], lambda raw: put(raw, path, value))


def added(index: int, key: str, value: object, says: str) -> Bad:
    def change(raw: Json) -> None:
        raw["added_tokens"][index][key] = value

    return token(f"added token {index} {key} {value!r:.20}", says, change)


def vocab(name: str, says: str, change: Callable[[dict[str, Any]], object]) -> Bad:
    return token(name, says, lambda raw: change(raw["model"]["vocab"]))


def swap(table: dict[str, Any], left: str, right: str) -> None:
    table[left], table[right] = table[right], table[left]


def rename(table: dict[str, Any], old: str, new: str) -> None:
    table[new] = table.pop(old)


def swapped_everywhere(raw: Json) -> None:
    """The turn token and the image token change places, consistently."""
    swap(raw["model"]["vocab"], "<|turn>", "<|image|>")
    for entry in raw["added_tokens"]:
        entry["id"] = raw["model"]["vocab"][entry["content"]]


def template_with_id(raw: Json) -> None:
    raw["post_processor"] = {
        "type": "TemplateProcessing",
        "single": [{"SpecialToken": {"id": "<bos>", "type_id": 0}}],
        "pair": [],
        "special_tokens": {"<bos>": {"id": "<bos>", "ids": [2**31], "tokens": ["<bos>"]}},
    }


CASES = [
    setting("normalizer", None),
    setting("normalizer", REPLACE),
    setting("normalizer", REGEX),
    setting("normalizer", {"type": "Sequence", "normalizers": [REPLACE] * 4}),
    setting("normalizer", {"type": "Lowercase"}),
    setting("normalizer/content", "_", says="normalizer"),
    setting("pre_tokenizer", SPLIT),
    setting("pre_tokenizer", {"type": "ByteLevel"}),
    setting("pre_tokenizer/invert", 0, says="pre_tokenizer"),
    setting("post_processor", {"type": "ByteLevel"}),
    token("post-processor with a foreign id", "post_processor", template_with_id),
    setting("decoder", None),
    setting("decoder", {"type": "ByteLevel"}),
    setting("decoder/decoders", [], says="decoder"),
    setting("truncation", {"max_length": 4, "strategy": "LongestFirst", "stride": 0}),
    setting("padding", {"strategy": {"Fixed": 2**40}}),
    setting("version", "2.0"),
    setting("plugin", "x.py"),
    setting("model", None),
    setting("model", []),
    setting("model/type", "WordPiece"),
    setting("model/type", None),
    setting("model/dropout", 0.5),
    setting("model/unk_token", "<pad>"),
    setting("model/byte_fallback", False),
    setting("model/byte_fallback", 1),
    setting("model/fuse_unk", False),
    setting("model/ignore_merges", True),
    setting("model/continuing_subword_prefix", "##"),
    setting("model/end_of_word_suffix", "</w>"),
    setting("model/cache_capacity", 2**60),
    setting("model/vocab", [], says="vocabulary"),
    setting("model/vocab", None, says="vocabulary"),
    setting("model/vocab", {}, says="vocabulary lacks"),
    setting("model/merges", None, says="merges"),
    setting("model/merges", {}, says="merges"),
    setting("model/merges", ["t h e"], says="merge"),
    setting("model/merges", ["th"], says="merge"),
    setting("model/merges", [["t"]], says="merge"),
    setting("model/merges", [["t", 1]], says="merge"),
    setting("model/merges", [1], says="merge"),
    setting("model/merges", [["t", "nowhere"]], says="merge joins"),
    setting("model/merges", [["Q", "Z"]], says="merge joins"),
    vocab("vocabulary with a giant id", "its ids are not", lambda v: put(v, "e", 2**32 - 1)),
    vocab("vocabulary with a negative id", "its ids are not", lambda v: put(v, "e", -1)),
    vocab("vocabulary with an id twice", "its ids are not", lambda v: put(v, "e", v["f"])),
    vocab("vocabulary with a text id", "no table of numbers", lambda v: put(v, "e", "5")),
    vocab("vocabulary with a float id", "no table of numbers", lambda v: put(v, "e", 5.0)),
    vocab("vocabulary with a bool id", "no table of numbers", lambda v: put(v, "e", True)),
    vocab("one token more", "385 tokens but", lambda v: put(v, "more", 384)),
    vocab("one token less", "383 tokens but", lambda v: v.pop("Q")),
    vocab("a byte token missing", "<0x7F>", lambda v: rename(v, "<0x7F>", "x7F")),
    vocab("ids of two tokens swapped", "has two ids", lambda v: swap(v, "<|turn>", "<turn|>")),
    token("control tokens swapped", "has the id", swapped_everywhere),
    setting("added_tokens", None, says="added tokens"),
    setting("added_tokens", {}, says="added tokens"),
    token("no control token is special", "not marked", lambda raw: put(raw, "added_tokens", [])),
    token("an added token is a text", "usual fields", lambda raw: raw["added_tokens"].append("a")),
    token(
        "an added token twice",
        "two ids",
        lambda raw: raw["added_tokens"].append(raw["added_tokens"][0]),
    ),
    added(0, "id", 2**32 - 1, "two ids"),
    added(0, "id", "0", "no number"),
    added(0, "id", True, "no number"),
    added(0, "content", "", "no text"),
    added(0, "content", None, "no text"),
    added(0, "content", "<evil>", "385 tokens"),
    added(11, "special", False, "<|turn> is not marked"),
    added(11, "special", 1, "true and false"),
    added(11, "lstrip", True, "takes in the text"),
    added(11, "rstrip", True, "takes in the text"),
    added(11, "single_word", True, "takes in the text"),
    added(11, "plugin", "x", "usual fields"),
    added(23, "special", False, "<|video|> is not marked"),
]
