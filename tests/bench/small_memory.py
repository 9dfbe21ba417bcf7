"""Peak memory of E2B at 4 bit answering a text question, beside mlx-vlm, and what it costs.

python -m tests.bench.small_memory [--model FOLDER] [--peer-python PYTHON] [--out TABLE.md]

`facet ask` and mlx-vlm answer in turns, each in a process of its own; the kernel's high-water mark
counts (the "Maximum resident set size" of `/usr/bin/time -v`). Then our model decodes with the
per-layer table on the disk and in memory, token by token in turns, and the speeds are divided.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tests.bench.memory import run_measured
from tests.bench.peers import ensure_peers
from tests.bench.plan import ROOT, ensure_model

GOAL_BYTES = 1_500_000_000
QUESTION = "Say something short about the sea, the sky and the land."
PROMPT, TOKENS = 22, 4  # what the question makes with its turn, and what is answered
DECODED = 16


@dataclass(frozen=True, slots=True)
class Peaks:
    """Bytes by round."""

    ours: tuple[int, ...]
    peer: tuple[int, ...]


def measure_peaks(folder: Path, peer_python: str, rounds: int) -> Peaks:
    """`rounds` times ours, then the peer. Raises RuntimeError when one of them fails."""
    ask = [sys.executable, "-m", "app", "ask", str(folder), QUESTION]
    ask += ["--max-tokens", str(TOKENS), "--quiet"]
    peer = [peer_python, "-m", "tests.bench.run_mlx_vlm", "text", str(folder)]
    peer += ["--prompt", str(PROMPT), "--tokens", str(TOKENS)]
    found: list[tuple[int, int]] = []
    for number in range(1, rounds + 1):
        found.append((_peak(ask), _peak(peer)))
        shown = ", ".join(f"{name} {peak / 1e9:.3f} GB" for name, peak in _named(found[-1]))
        print(f"round {number} of {rounds}: {shown}", file=sys.stderr, flush=True)
    return Peaks(tuple(pair[0] for pair in found), tuple(pair[1] for pair in found))


def _named(pair: tuple[int, int]) -> list[tuple[str, int]]:
    return list(zip(("facet", "mlx-vlm"), pair, strict=True))


def _peak(command: Sequence[str]) -> int:
    run = run_measured(command)
    if run.exit_code:
        raise RuntimeError(f"{command[0]} {command[2]} ended with {run.exit_code}")
    return run.peak_bytes


def measure_speeds(folder: Path) -> list[tuple[float, float]]:
    """Seconds of each token with the table on the disk and in memory."""
    run = run_measured([sys.executable, "-m", __spec__.name, "--decode", str(folder)])
    if run.exit_code:
        raise RuntimeError(f"decoding ended with {run.exit_code}")
    return [(disk, memory) for disk, memory in json.loads(run.output)]


def decode(folder: Path) -> None:
    """In a process of its own: both ways in turns, token by token, so that both see the same
    load of the machine. Prints seconds."""
    import inference

    def steps(ple: Literal["disk", "memory"]) -> Iterator[float]:
        model = inference.load(folder, "float32", ple=ple)
        model.warm()
        prompt = model.prepare([{"role": "user", "content": "Hello."}])
        sampling = inference.Sampling(temperature=0)
        tokens = model.stream(prompt, max_tokens=DECODED + 3, sampling=sampling, stop_ids=())
        next(tokens)
        next(tokens)  # the first may still wait for something
        while True:
            begin = time.perf_counter()
            next(tokens)
            yield time.perf_counter() - begin

    disk, memory = steps("disk"), steps("memory")
    pairs = []
    for number in range(DECODED):
        first, second = (disk, memory) if number % 2 else (memory, disk)
        times = next(first), next(second)
        pairs.append(times if number % 2 else times[::-1])
    print(json.dumps(pairs))


def report(peaks: Peaks, times: list[tuple[float, float]]) -> str:
    """Both measurements as Markdown."""
    ours, peer = (statistics.median(side) for side in (peaks.ours, peaks.peer))
    lines = [
        "| | peak memory, GB, median (range) |",
        "|---|---|",
        f"| facet ask | {_range(peaks.ours)} |",
        f"| mlx-vlm | {_range(peaks.peer)} |",
        "",
        f"Ours/peer {ours / peer:.2f}. Goal {GOAL_BYTES / 1e9} GB: "
        f"{'kept' if max(peaks.ours) < GOAL_BYTES else 'missed'}.",
    ]
    ratios = [memory / disk for disk, memory in times]
    low, high = statistics.quantiles(ratios, n=4)[::2]
    lines += [
        "",
        f"Decode speed, table on disk / in memory: median {statistics.median(ratios):.3f} "
        f"(half of all between {low:.3f} and {high:.3f}), {len(ratios)} tokens each, in turns; "
        f"{statistics.median(d for d, _ in times) * 1000:.0f} ms a token.",
    ]
    return "\n".join(lines)


def _range(peaks: tuple[int, ...]) -> str:
    low, middle, high = (f(peaks) / 1e9 for f in (min, statistics.median, max))
    return f"{middle:.3f} ({low:.3f} to {high:.3f})"


def main() -> int:
    """Command line; 1 when the goal is missed."""
    parser = argparse.ArgumentParser(prog="tests.bench.small_memory", description=__doc__)
    parser.add_argument("--model", type=Path, default=ROOT / "bench-out" / "models" / "e2b")
    parser.add_argument("--peer-python", help="an interpreter that has mlx-vlm")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--decode", type=Path, metavar="FOLDER", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.decode:
        decode(options.decode)
        return 0
    if options.model.name == "e2b":
        ensure_model(options.model)
    python = options.peer_python or str(ensure_peers())
    peaks = measure_peaks(options.model, python, options.rounds)
    text = report(peaks, measure_speeds(options.model))
    print(text)
    if options.out is not None:
        options.out.write_text(text + "\n", encoding="utf-8")
    return 0 if max(peaks.ours) < GOAL_BYTES else 1


if __name__ == "__main__":
    raise SystemExit(main())
