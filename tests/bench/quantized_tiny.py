"""What quantising costs: the demonstration model by every recipe, scored on what it can do.

python -m tests.bench.quantized_tiny [--recipes KEY ...] [--only GROUP ...] [--count N] [--out FILE]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inference import RECIPES, Engine, Prediction, convert, load, predict
from tests.bench.kl import Divergence, Passage, divergence, guesses, load_beside, passages
from tests.bench.plan import ROOT
from tests.bench.tiny_abilities import cases
from tests.bench.tiny_abilities.__main__ import measure
from tests.bench.tiny_abilities.asking import EngineAsker
from tests.bench.tiny_abilities.playing import Outcome

TINY = ROOT / "assets" / "tiny" / "model"
GROUPS = ("charts", "words", "digits", "video", "text")


@dataclass(frozen=True, slots=True)
class Row:
    """One model: its size, how far its guesses are off, what it answered."""

    name: str
    prediction: Prediction | None
    divergence: Divergence | None
    outcomes: Sequence[Outcome]


def main() -> int:
    """Command line; prints a Markdown table."""
    options = _parser().parse_args()
    started = time.monotonic()
    original = load(TINY, dtype="float32")
    given = passages(original, options.only, options.count)
    wanted = list(guesses(original, given))
    rows = [Row("as trained, bfloat16", None, None, _abilities(TINY, options.only, options.count))]
    for key in options.recipes:
        with _quantised(key) as folder:
            found = divergence(wanted, guesses(load_beside(original, folder), given))
            outcomes = _abilities(folder, options.only, options.count)
        rows.append(Row(RECIPES[key].label, predict(TINY, RECIPES[key]), found, outcomes))
        print(f"{key} after {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    text = "\n".join([*_table(rows), "", _note(rows, given, wanted)])
    print(text)
    if options.out is not None:
        options.out.write_text(text + "\n", encoding="utf-8")
    return 0


@contextmanager
def _quantised(key: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as place:
        yield convert(TINY, Path(place) / key, RECIPES[key])


def _abilities(folder: Path, groups: Sequence[str], count: int) -> list[Outcome]:
    with Engine() as engine:
        ask = EngineAsker(engine, folder)
        return [outcome for group in groups for outcome in measure(group, count, ask)]


def _table(rows: Sequence[Row]) -> Iterator[str]:
    kinds = list(dict.fromkeys(_group(outcome) for row in rows for outcome in row.outcomes))
    asked = {kind: sum(_group(o) == kind for o in rows[0].outcomes) for kind in kinds}
    heads = [f"{kind}: exact of {asked[kind]} (units)" for kind in kinds]
    yield f"| model | MB | KL to it as trained | same first token | {' | '.join(heads)} |"
    yield "|---" * (4 + len(kinds)) + "|"
    for row in rows:
        size = f"{row.prediction.size_bytes / 1e6:.1f}" if row.prediction else _size()
        kl = f"{row.divergence.mean:.4f}" if row.divergence else ""
        same = f"{row.divergence.same_first:.1%}" if row.divergence else ""
        scores = [_score([o for o in row.outcomes if _group(o) == kind]) for kind in kinds]
        yield f"| {row.name} | {size} | {kl} | {same} | {' | '.join(scores)} |"


def _size() -> str:
    return f"{sum(path.stat().st_size for path in TINY.iterdir()) / 1e6:.1f}"


def _score(outcomes: Sequence[Outcome]) -> str:
    exact = sum(outcome.score.exact for outcome in outcomes)
    right = sum(outcome.score.right for outcome in outcomes)
    total = sum(outcome.score.total for outcome in outcomes)
    return f"{exact} ({right / total:.0%})"


def _group(outcome: Outcome) -> str:
    return outcome.kind.partition(".")[0]


def _note(
    rows: Sequence[Row], given: Sequence[Passage], wanted: Sequence[NDArray[np.float32]]
) -> str:
    tokens = sum(map(len, wanted))
    return (
        f"{len(rows[0].outcomes)} answers of each model, greedy, from the bench of abilities; KL"
        f" over {tokens} tokens of {len(given)} right answers, in float32."
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tests.bench.quantized_tiny", description=__doc__)
    parser.add_argument("--recipes", nargs="+", choices=list(RECIPES), default=list(RECIPES))
    parser.add_argument("--only", nargs="+", choices=list(cases.groups()), default=GROUPS)
    parser.add_argument("--count", type=int, default=20, help="samples a group, more for text")
    parser.add_argument("--out", type=Path, metavar="FILE", help="the table as a file too")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
