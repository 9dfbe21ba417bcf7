"""Folders with code, foreign formats, links, a wrong index or files that are no JSON."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from tests.unit.inference.checkpoint.bad.case import Bad, Json, edit_json, put

INDEX = "model.safetensors.index.json"
SHARD = "model-00001-of-00002.safetensors"


def planted(name: str) -> Bad:
    def spoil(folder: Path) -> None:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"import os\n")

    return Bad(f"planted {name}", Path(name).name, spoil)


def written(name: str, data: bytes) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_bytes(data)


def removed(name: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).unlink()


def emptied(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()


def pipe_behind_a_link(folder: Path) -> None:
    os.mkfifo(folder / "p")
    linked("config.json", "p")(folder)


def linked(name: str, target: str) -> Callable[[Path], object]:
    def spoil(folder: Path) -> None:
        (folder / name).unlink(missing_ok=True)
        (folder / name).symlink_to(target)

    return spoil


def linked_outside(folder: Path) -> None:
    """The weights lie beside the folder, and a link leads there."""
    outside = folder.parent / f"{folder.name}-outside"
    shutil.move(folder / "model.safetensors", outside)
    (folder / "model.safetensors").symlink_to(outside)


def index(change: Callable[[Json], object]) -> Callable[[Path], object]:
    return lambda folder: edit_json(folder, INDEX, change)


def sent_to(shard: object) -> Callable[[Path], object]:
    """The index says that one tensor lies in `shard`."""
    return index(lambda raw: put(raw["weight_map"], next(iter(raw["weight_map"])), shard))


def many_entries(folder: Path) -> None:
    (folder / "logs").mkdir()
    for i in range(4_001):
        (folder / "logs" / str(i)).touch()


def deep(folder: Path) -> None:
    (folder / "/".join("abcdefghijkl")).mkdir(parents=True)
    (folder / "/".join("abcdefghijkl") / "x").touch()


def many_shards(raw: Json) -> None:
    raw["weight_map"] |= {f"t{i}": f"model-{i:05}-of-00300.safetensors" for i in range(300)}


def huge(name: str) -> Callable[[Path], object]:
    return lambda folder: os.truncate(folder / name, (64 << 20) + 1)


def copied_shard(folder: Path) -> None:
    """Both shards hold the same tensors and the index knows only one."""
    shutil.copy(folder / SHARD, folder / "model-00002-of-00002.safetensors")


def same_tensors_twice(folder: Path) -> None:
    """Both shards hold the first one's tensors, and the index takes one from the second."""
    second = "model-00002-of-00002.safetensors"
    copied_shard(folder)

    def change(raw: Json) -> None:
        own = {name: shard for name, shard in raw["weight_map"].items() if shard == SHARD}
        raw["weight_map"] = own | {next(iter(own)): second}

    index(change)(folder)


CASES = [
    planted("modeling_gemma4.py"),
    planted("MODEL.PY"),
    planted("sub/folder/hidden.py"),
    planted(".hidden/x.py"),
    planted("cache.pyc"),
    planted("weights.pkl"),
    planted("weights.pickle"),
    planted("pytorch_model.bin"),
    planted("model.pt"),
    planted("model.pth"),
    planted("model.gguf"),
    planted("arrays.npy"),
    planted("arrays.npz"),
    planted("libmetal.dylib"),
    planted("extension.so"),
    Bad("no config.json", "has no config.json", removed("config.json")),
    Bad("no tokenizer.json", "has no tokenizer.json", removed("tokenizer.json")),
    Bad("no weights", "holds no weights", removed("model.safetensors")),
    Bad("empty folder", "config.json", emptied),
    Bad("config.json is empty", "not valid JSON", written("config.json", b"")),
    Bad("config.json is a list", "does not hold a JSON object", written("config.json", b"[1]")),
    Bad("config.json is a web page", "not valid JSON", written("config.json", b"<html>")),
    Bad("config.json is binary", "not valid JSON", written("config.json", bytes(range(256)))),
    Bad(
        "config.json with doubled keys",
        "model_type twice",
        written("config.json", b'{"model_type": 1, "model_type": 2}'),
    ),
    Bad("config.json of brackets", "nested too deeply", written("config.json", b"[" * 200_000)),
    Bad(
        "config.json with 65 levels",
        "nested too deeply",
        written("config.json", b'{"a":' * 64 + b"{}" + b"}" * 64),
    ),
    Bad("config.json with infinity", "Infinity", written("config.json", b'{"a": Infinity}')),
    Bad(
        "config.json with a giant number",
        "not valid JSON",
        written("config.json", b'{"a": ' + b"9" * 6000 + b"}"),
    ),
    Bad("config.json of 64 MB", "larger than 64 MB", huge("config.json")),
    Bad("tokenizer.json of 64 MB", "larger than 64 MB", huge("tokenizer.json")),
    Bad(
        "generation_config.json is broken",
        "generation_config.json",
        written("generation_config.json", b"{"),
    ),
    Bad(
        "tokenizer_config.json is broken",
        "tokenizer_config.json",
        written("tokenizer_config.json", b"{"),
    ),
    Bad(
        "tokenizer_config.json with code",
        "auto_map",
        written("tokenizer_config.json", b'{"auto_map": {"AutoTokenizer": "x.Y"}}'),
    ),
    Bad(
        "processor_config.json with code",
        "auto_map",
        written("processor_config.json", b'{"image_processor": {"auto_map": {}}}'),
    ),
    Bad("weights link outside", "leads out of the folder", linked_outside),
    Bad(
        "link to a system file", "leads out of the folder", linked("tokenizer.json", "/etc/passwd")
    ),
    Bad("link upwards", "leads out of the folder", linked("notes.txt", "../..")),
    Bad("link to nothing", "is gone", linked("model.safetensors", "missing")),
    Bad("link to itself", "link", linked("loop.json", "loop.json")),
    Bad("link to the folder", "leads out of the folder", linked("all", ".")),
    Bad("link to a device", "leads out of the folder", linked("model.safetensors", "/dev/zero")),
    Bad(
        "config.json links to a pipe",
        "neither a file nor a folder",
        pipe_behind_a_link,
    ),
    Bad("too many files", "far more than a model", many_entries),
    Bad("too deep", "far more than a model", deep),
    Bad("shards without an index", "has neither", removed(INDEX), "sharded"),
    Bad("shard missing", "has no model-00001", removed(SHARD), "sharded"),
    Bad("index without table", "no table", index(lambda raw: raw.pop("weight_map")), "sharded"),
    Bad(
        "index with an empty table",
        "no table",
        index(lambda raw: put(raw, "weight_map", {})),
        "sharded",
    ),
    Bad("index is a list", "no table", index(lambda raw: put(raw, "weight_map", [])), "sharded"),
    Bad("index leads upwards", "no usual weight file", sent_to("../model.safetensors"), "sharded"),
    Bad("index with an absolute path", "no usual weight file", sent_to("/etc/passwd"), "sharded"),
    Bad("index names config.json", "no usual weight file", sent_to("config.json"), "sharded"),
    Bad("index names a subfolder", "no usual weight file", sent_to(f"x/{SHARD}"), "sharded"),
    Bad("index with a backslash", "no usual weight file", sent_to(f"..\\{SHARD}"), "sharded"),
    Bad("index with a zero byte", "no usual weight file", sent_to(f"{SHARD}\0"), "sharded"),
    Bad("index with a line end", "no usual weight file", sent_to(f"{SHARD}\n"), "sharded"),
    Bad("index names a number", "no usual weight file", sent_to(1), "sharded"),
    Bad(
        "index names an unknown shard",
        "has no model-00009",
        sent_to("model-00009-of-00002.safetensors"),
        "sharded",
    ),
    Bad(
        "index names the wrong shard",
        "promises tensors",
        sent_to("model-00002-of-00002.safetensors"),
        "sharded",
    ),
    Bad(
        "index promises too much",
        "promises tensors",
        index(lambda raw: put(raw["weight_map"], "ghost", SHARD)),
        "sharded",
    ),
    Bad(
        "index leaves out a tensor",
        "leaves out tensors",
        index(lambda raw: raw["weight_map"].popitem()),
        "sharded",
    ),
    Bad("index of 300 shards", "more than 200", index(many_shards), "sharded"),
    Bad(
        "index with doubled keys",
        "twice",
        written(INDEX, b'{"weight_map": {"a": "model.safetensors", "a": "model.safetensors"}}'),
        "sharded",
    ),
    Bad("the same tensors in two shards", "same tensor", same_tensors_twice, "sharded"),
    Bad("one shard copied over the other", "promises tensors", copied_shard, "sharded"),
]
