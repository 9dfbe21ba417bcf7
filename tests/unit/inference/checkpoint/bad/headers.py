"""Weight files whose header lies, and files that are no weight files."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.unit.inference.checkpoint.bad.case import (
    LENGTH_BYTES,
    Bad,
    Json,
    edit_header,
    put,
    read_weights,
    write_weights,
)

FILE = "model.safetensors"
FIRST = "model.language_model.embed_tokens.weight"  # float32 [384, 64], stored first
SECOND = "model.language_model.norm.weight"  # float32 [64], stored second
SIZE = 384 * 64 * 4


def raw(data: bytes) -> Callable[[Path], object]:
    return lambda folder: (folder / FILE).write_bytes(data)


def text(header: bytes) -> Callable[[Path], object]:
    """A file with this header and no body."""
    return raw(len(header).to_bytes(LENGTH_BYTES, "little") + header)


def first(path: str, value: object) -> Callable[[Path], object]:
    """Set an entry of the first tensor."""
    return lambda folder: edit_header(folder, lambda h: put(h[FIRST], path, value))


def second(path: str, value: object) -> Callable[[Path], object]:
    return lambda folder: edit_header(folder, lambda h: put(h[SECOND], path, value))


def header(change: Callable[[Json], object]) -> Callable[[Path], object]:
    return lambda folder: edit_header(folder, change)


def body(change: Callable[[bytes], bytes]) -> Callable[[Path], object]:
    def spoil(folder: Path) -> None:
        entries, data = read_weights(folder)
        write_weights(folder, entries, change(data))

    return spoil


def claimed_length(length: int) -> Callable[[Path], object]:
    def spoil(folder: Path) -> None:
        data = (folder / FILE).read_bytes()
        (folder / FILE).write_bytes(length.to_bytes(8, "little") + data[LENGTH_BYTES:])

    return spoil


def doubled_key(folder: Path) -> None:
    entries, data = read_weights(folder)
    again = f', "{FIRST}": {json.dumps(entries[FIRST])}' + "}"
    write_weights(folder, json.dumps(entries)[:-1].encode() + again.encode(), data)


def shift_all(by: int) -> Callable[[Json], object]:
    def change(entries: Json) -> None:
        for name, entry in entries.items():
            if name != "__metadata__":
                entry["data_offsets"] = [x + by for x in entry["data_offsets"]]

    return change


def hole(entries: Json) -> None:
    """The last tensor claims to start and end four bytes later."""
    last = max((e for n, e in entries.items() if n != "__metadata__"), key=_end)
    last["data_offsets"] = [x + 4 for x in last["data_offsets"]]


def overlap(entries: Json) -> None:
    entries[SECOND]["data_offsets"] = [0, 256]


def _end(entry: dict[str, Any]) -> int:
    end: int = entry["data_offsets"][1]
    return end


def pipe(folder: Path) -> None:
    (folder / FILE).unlink()
    os.mkfifo(folder / FILE)


def replaced_by_a_folder(folder: Path) -> None:
    (folder / FILE).unlink()
    (folder / FILE).mkdir()


CASES = [
    Bad("empty file", "too short", raw(b"")),
    Bad("seven bytes", "too short", raw(b"1234567")),
    Bad("only a length", "ends inside its own header", raw((100).to_bytes(8, "little"))),
    Bad("header length 0", "not a JSON object", raw(bytes(8))),
    Bad("header length past the end", "ends inside", claimed_length(2**25)),
    Bad("header length above the limit", "its header claims", claimed_length(2**26 + 1)),
    Bad("header length 2**62", "its header claims", claimed_length(2**62)),
    Bad("header length 2**64-1", "its header claims", claimed_length(2**64 - 1)),
    Bad("header length one short", "not valid JSON", claimed_length(10)),
    Bad("header is binary", "not a JSON object", raw(b"\x08" + bytes(7) + b"\xff" * 8)),
    Bad("header is a list", "not a JSON object", text(b"[]      ")),
    Bad("header starts with a space", "not a JSON object", text(b" {}")),
    Bad("header is cut", "not valid JSON", text(b'{"a": {"dtype": "F32"')),
    Bad("header is not UTF-8", "not valid JSON", text(b'{"\xff": 1}')),
    Bad("header of brackets", "nested too deeply", text(b'{"a":' + b"[" * 100_000)),
    Bad("header of objects", "nested too deeply", text(b'{"a":' * 200_000)),
    Bad("header with NaN", "NaN", text(b'{"a": NaN}')),
    Bad("header with half a character", "half a character", text(b'{"\\ud800": {}}')),
    Bad("header without tensors", "missing", text(b"{}")),
    Bad("doubled key", "twice", doubled_key),
    Bad("entry is a number", "three usual fields", header(lambda h: put(h, FIRST, 3))),
    Bad("entry is null", "three usual fields", header(lambda h: put(h, FIRST, None))),
    Bad("shape missing", "three usual fields", header(lambda h: h[FIRST].pop("shape"))),
    Bad("dtype missing", "three usual fields", header(lambda h: h[FIRST].pop("dtype"))),
    Bad("offsets missing", "three usual fields", header(lambda h: h[FIRST].pop("data_offsets"))),
    Bad("extra field", "three usual fields", first("stride", [1])),
    Bad("unknown dtype", "unknown number type", first("dtype", "Q4")),
    Bad("dtype in small letters", "unknown number type", first("dtype", "f32")),
    Bad("dtype a number", "unknown number type", first("dtype", 32)),
    Bad("dtype a list", "unknown number type", first("dtype", ["F32"])),
    Bad("dtype MLX lacks", "unknown number type", first("dtype", "F64")),
    Bad("dtype another width", "does not fit its shape", first("dtype", "BF16")),
    Bad("negative dimensions", "impossible size", first("shape", [-384, -64])),
    Bad("dimension 2**31", "impossible size", first("shape", [2**31, 1])),
    Bad("dimension 2**32+2", "impossible size", first("shape", [2**32 + 2, 2])),
    Bad("dimension a float", "impossible size", first("shape", [384.0, 64])),
    Bad("dimension a bool", "impossible size", first("shape", [True, 24_576])),
    Bad("dimension a text", "impossible size", first("shape", ["384", 64])),
    Bad("dimension null", "impossible size", first("shape", [None])),
    Bad("shape a text", "is no list", first("shape", "384x64")),
    Bad("shape an object", "is no list", first("shape", {"0": 384})),
    Bad("rank 9", "is no list of at most 8", first("shape", [384, 64, *[1] * 7])),
    Bad("rank 1001", "is no list of at most 8", first("shape", [384, 64, *[1] * 999])),
    Bad("product overflows", "does not fit its shape", first("shape", [2**30] * 8)),
    Bad("shape too large", "does not fit its shape", first("shape", [384, 65])),
    Bad("shape too small", "does not fit its shape", first("shape", [383, 64])),
    Bad("offsets reversed", "does not fit its shape", first("data_offsets", [SIZE, 0])),
    Bad("offsets negative", "does not fit its shape", first("data_offsets", [-SIZE, 0])),
    Bad("offsets floats", "not given as two numbers", first("data_offsets", [0.0, SIZE])),
    Bad("offsets bools", "not given as two numbers", first("data_offsets", [False, SIZE])),
    Bad("one offset", "not given as two numbers", first("data_offsets", [SIZE])),
    Bad("three offsets", "not given as two numbers", first("data_offsets", [0, SIZE, 1])),
    Bad("offsets a text", "not given as two numbers", first("data_offsets", "0-1")),
    Bad("offsets huge", "leaves a hole", first("data_offsets", [2**63, 2**63 + SIZE])),
    Bad("overlapping tensors", "overlaps", header(overlap)),
    Bad("hole before the first", "leaves a hole", header(shift_all(8))),
    Bad("hole in between", "leaves a hole", header(hole)),
    Bad("two tensors in one place", "overlaps", second("data_offsets", [SIZE - 256, SIZE])),
    Bad("body too short", "ends too early", body(lambda data: data[:-1])),
    Bad("no body", "ends too early", body(lambda _: b"")),
    Bad("body too long", "goes on after", body(lambda data: data + b"\0")),
    Bad("metadata a list", "metadata", header(lambda h: put(h, "__metadata__", []))),
    Bad("metadata of numbers", "metadata", header(lambda h: put(h, "__metadata__", {"a": 1}))),
    Bad("weights are a pipe", "neither a file nor a folder", pipe),
    Bad("weights are a folder", "holds no weights", replaced_by_a_folder),
    Bad("a text page instead", "its header claims", raw(b"<!DOCTYPE html><html></html>")),
    Bad("a zip archive instead", "damaged", raw(b"PK\x03\x04" + bytes(60))),
]
