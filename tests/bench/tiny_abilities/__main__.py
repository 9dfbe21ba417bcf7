"""Asks the demonstration model about held-out pictures, recordings, clips and texts; scores it.

python -m tests.bench.tiny_abilities [--model FOLDER] [--only GROUP ...] [--count N]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from assets.tiny.train.speak import SpeakerMissingError
from inference import Engine
from tests.bench.plan import ROOT
from tests.bench.tiny_abilities import cases, report
from tests.bench.tiny_abilities.asking import Ask, EngineAsker
from tests.bench.tiny_abilities.files import through_files
from tests.bench.tiny_abilities.playing import Outcome, play


def main() -> int:
    """Returns 2 if the model cannot be loaded, else 0: the figures are the result."""
    options = _parser().parse_args()
    started = time.monotonic()
    outcomes: list[Outcome] = []
    with Engine() as engine:
        try:
            ask = EngineAsker(engine, options.model)
        except RuntimeError as failure:
            print(failure, file=sys.stderr)
            return 2
        for group in options.only or cases.groups():
            outcomes += measure(group, options.count, ask)
            seconds = time.monotonic() - started
            print(f"{group}: {len(outcomes)} answers after {seconds:.0f} s", file=sys.stderr)
    print(report.table(outcomes))
    print(f"\n{len(outcomes)} answers in {time.monotonic() - started:.0f} s, greedy decoding.")
    if options.mistakes:
        print(f"\n{report.mistakes(outcomes, options.mistakes)}")
    if options.out is not None:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(report.as_json(outcomes) + "\n", encoding="utf-8")
    return 0


def measure(group: str, count: int, ask: Ask) -> list[Outcome]:
    """Plays the held-out samples of a group; media go through files in a temporary folder."""
    outcomes: list[Outcome] = []
    try:
        for sample in cases.held_out(group, count):
            with tempfile.TemporaryDirectory() as folder:
                media = through_files(sample.media, Path(folder))
            outcomes += play(sample, media, ask)
    except SpeakerMissingError as missing:
        print(f"Left out, {group}: {missing}", file=sys.stderr)
    return outcomes


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tests.bench.tiny_abilities", description=__doc__)
    tiny = ROOT / "assets" / "tiny" / "model"
    parser.add_argument("--model", type=Path, default=tiny, metavar="FOLDER")
    parser.add_argument("--only", nargs="+", choices=list(cases.groups()), metavar="GROUP")
    parser.add_argument("--count", type=int, default=50, help="samples a group, more for text")
    parser.add_argument("--mistakes", type=int, default=0, help="wrong answers to show, a kind")
    parser.add_argument("--out", type=Path, metavar="FILE", help="all answers as JSON")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
