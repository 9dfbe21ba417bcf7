"""Writes a Gemma 4 folder of real size with random weights, holding a few megabytes at a time.

python -m tests.bench.make_checkpoint --size e2b --bits 4 OUT
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tests.bench.configs import generation_config, model_config, processor_config
from tests.bench.memory import own_peak_bytes
from tests.bench.shards import write_shards
from tests.bench.sizes import Size, find_size, with_layers, with_tiny_width
from tests.bench.tensors import Quantisation, checkpoint_tensors
from tests.bench.vocabulary import tokenizer_config, tokenizer_json


def write_checkpoint(
    folder: Path, size: Size, quantisation: Quantisation | None, *, seed: int = 0
) -> int:
    """Writes the whole folder; returns the bytes of tensor data.

    `quantisation` None gives Hugging Face's bf16 layout, otherwise the packed MLX layout.
    config.json is written last, so a folder that has one is complete.
    """
    folder.mkdir(parents=True, exist_ok=True)
    specs = list(checkpoint_tensors(size, quantisation))
    total = write_shards(folder, specs, seed=seed, layout="mlx" if quantisation else "pt")
    _write_json(folder / "tokenizer.json", tokenizer_json(size.vocab), indent=None)
    _write_json(folder / "tokenizer_config.json", tokenizer_config())
    _write_json(folder / "generation_config.json", generation_config(size))
    _write_json(folder / "processor_config.json", processor_config(size))
    _write_json(folder / "config.json", model_config(size, quantisation))
    return total


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        size = find_size(options.size)
        size = with_layers(size, options.layers) if options.layers else size
        size = with_tiny_width(size) if options.width == "tiny" else size
        size = replace(size, window=options.window) if options.window else size
        quantisation = (
            None if options.bits == 16 else Quantisation(options.bits, options.group_size)
        )
        start = time.perf_counter()
        total = write_checkpoint(options.out, size, quantisation, seed=options.seed)
    except (ValueError, OSError) as error:
        print(f"The model was not written: {error}", file=sys.stderr)
        return 2
    seconds = time.perf_counter() - start
    peak = own_peak_bytes() / 1e9
    print(f"{options.out}: {total / 1e9:.2f} GB in {seconds:.1f} s, peak memory {peak:.2f} GB")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tests.bench.make_checkpoint", description=__doc__)
    parser.add_argument("--size", required=True, help="e2b, e4b, 26b-a4b, 31b, moe6 or tiny-SIZE")
    parser.add_argument("--bits", type=int, choices=(4, 8, 16), default=4, help="16 is bf16")
    parser.add_argument("--group-size", type=int, choices=(32, 64, 128), default=64)
    parser.add_argument("--layers", type=int, help="fewer decoder layers, same pattern")
    parser.add_argument("--width", choices=("tiny",), help="all layers, almost no arithmetic")
    parser.add_argument("--window", type=int, help="sliding window in tokens")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("out", type=Path, metavar="OUT")
    return parser


def _write_json(path: Path, content: dict[str, object], indent: int | None = 2) -> None:
    path.write_text(json.dumps(content, indent=indent, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
