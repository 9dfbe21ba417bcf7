"""One process beside two that share a model: difference of the logits, memory, tokens a second.

python -m tests.bench.two_ranks [--size 31b] [--layers 6] [--bits 4] [--keep FOLDER]

Both run on this machine, over the loopback interface: the figures show that the answer is the
same and that memory is divided, not how fast two computers are.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from tests.bench.make_checkpoint import write_checkpoint
from tests.bench.sizes import SIZES, with_layers
from tests.bench.tensors import Quantisation
from tests.fakes.ranks import started

TOWER_LAYERS = 2  # the tower is rank 0's alone; a small one leaves the decoder to be compared
LIMIT_S = 1800


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; returns 0 when the logits agree within 1e-4 and the tokens are the same."""
    parser = argparse.ArgumentParser(prog="tests.bench.two_ranks", description=__doc__)
    parser.add_argument("--size", choices=sorted(SIZES), default="31b")
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument("--bits", type=int, choices=(4, 8, 16), default=4)
    parser.add_argument("--ranks", type=int, default=2)
    parser.add_argument("--steps", type=int, default=3)
    parser.add_argument("--keep", type=Path, help="where the checkpoint is or will be")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch) / "model"
        if not (folder / "config.json").is_file():
            size = with_layers(SIZES[options.size], options.layers)
            size = replace(size, vision=replace(size.vision, layers=TOWER_LAYERS))
            packing = None if options.bits == 16 else Quantisation(options.bits, 64)
            write_checkpoint(folder, size, packing)
        return _compare(folder, Path(scratch), options.ranks, options.steps)


def _compare(folder: Path, scratch: Path, ranks: int, steps: int) -> int:
    outs = [scratch / name for name in ("alone", "together")]
    for out in outs:
        out.mkdir()
    work = [str(folder), "--steps", str(steps), "--quick"]
    command = [sys.executable, "-m", "tests.bench.rank", str(outs[0]), *work]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    alone = json.loads(printed)
    with started(scratch, "tests.bench.rank", [str(outs[1]), *work], ranks) as processes:
        lines = [each.communicate(timeout=LIMIT_S) for each in processes]
    if processes[0].returncode != 0:
        print(lines[0][1], file=sys.stderr)
        return 2
    together, *others = (json.loads(out) for out, _ in lines)
    one, two = (np.load(out / f"{folder.name}.npz") for out in outs)
    return _tell(alone, together, others, one, two)


def _tell(
    alone: dict[str, Any],
    together: dict[str, Any],
    others: list[dict[str, Any]],
    one: Any,
    two: Any,
) -> int:
    worst = max(float(np.abs(one[k] - two[k]).max()) for k in ("uncached", "cached"))
    same = one["greedy"].tolist() == two["greedy"].tolist()
    scale = float(np.abs(one["uncached"]).max())
    print(f"largest difference of logits: {worst:.2e} (largest logit {scale:.1f})")
    print(f"the same greedy tokens: {'yes' if same else 'NO'}")
    print(f"weights in memory, one process: {alone['active'][0] / 1e9:.3f} GB")
    for rank, held in enumerate(together["active"]):
        share = held / alone["active"][0]
        print(f"weights in memory, rank {rank}: {held / 1e9:.3f} GB ({share:.0%})")
    print(f"peak resident, one process: {alone['peak_rss'] / 1e9:.2f} GB")
    for rank, report in enumerate([together, *others]):
        print(f"peak resident, rank {rank}: {report['peak_rss'] / 1e9:.2f} GB")
    print(
        f"decode: {alone['decode_tok_s']:.3f} tokens/s alone, {together['decode_tok_s']:.3f} shared"
    )
    print(f"load: {alone['load_s']:.1f} s alone, {together['load_s']:.1f} s shared")
    return 0 if worst < 1e-4 and same else 1


if __name__ == "__main__":
    raise SystemExit(main())
