"""Side by side with mlx-lm and mlx-vlm on this machine; writes a Markdown table.

python -m tests.bench [--quick]
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from tests.bench.peers import PINS, ensure_peers
from tests.bench.plan import FULL, OURS, PEERS, QUICK, ROOT, Task, ensure_model
from tests.bench.report import ours_passed, problems, table
from tests.bench.rounds import Round, blas_library, run_rounds

NOTES = """\
Each run is a fresh process; the parties take turns in every round. Greedy decoding, end tokens
ignored, packed 4-bit weights with float32 activations, random weights of real size. Ratios are
ours/peer: below 1 is better where the arrow points down. Ours keeps the per-layer table of E2B in
its file, and on a CPU unpacks weights for products of 16 rows and more. These ratios say nothing
about Metal kernels; work avoided, memory, load times and right answers carry over.
"""


def main() -> int:
    """Returns 1 if ours failed or answered otherwise than a peer, 2 if there is no bench at all."""
    options = _parser().parse_args()
    tasks = [
        t for t in (QUICK if options.quick else FULL) if not options.only or options.only in t.title
    ]
    try:
        pythons = dict.fromkeys(PEERS, str(ensure_peers())) | {OURS: sys.executable}
        for name in {task.model for task in tasks}:
            ensure_model(options.models / name)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"The bench could not be set up: {error}", file=sys.stderr)
        return 2
    results = [
        (task, run_rounds(task, options.models / task.model, pythons, options.rounds))
        for task in tasks
    ]
    found = [line for task, rounds in results for line in problems(task, rounds)]
    text = _report(results, found, options.rounds)
    print(text)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(text + "\n", encoding="utf-8")
    return 0 if all(ours_passed(rounds) for _, rounds in results) else 1


def _report(results: list[tuple[Task, list[Round]]], found: list[str], rounds: int) -> str:
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} CPUs"
    threads = os.environ.get("OPENBLAS_NUM_THREADS", "all")
    blas = (
        f"{blas_library()} for all parties, threads: {threads}" if blas_library() else "MLX's own"
    )
    versions = ", ".join([f"mlx {version('mlx')}", *(pin.replace("==", " ") for pin in PINS)])
    lines = [
        "# Side by side",
        "",
        f"{machine}. {versions}. BLAS: {blas}. Rounds: {rounds}.",
        "",
        NOTES,
        table(results),
        "",
        *(f"* {line}" for line in found or ["No party failed, and no answers differ."]),
    ]
    return "\n".join(lines)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a smaller model, under 3 minutes")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="", metavar="WORDS", help="tasks whose title has WORDS")
    output = ROOT / "bench-out"
    parser.add_argument("--models", type=Path, default=output / "models", metavar="FOLDER")
    parser.add_argument("--out", type=Path, default=output / "bench.md", metavar="FILE")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
