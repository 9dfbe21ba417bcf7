"""Memory and time of quantising models of real size, beside mlx-vlm's converter.

The sources are random bfloat16 checkpoints: E2B (10 GB), and moe6, six layers of 26B-A4B with all
of its experts (12 GB). A source that is missing is written first and stays; what is converted is
deleted again.

python -m tests.bench.conversion [--sizes e2b moe6] [--recipe 4bit] [--folder FOLDER] [--rounds N]
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.memory import Run, run_measured
from tests.bench.peers import PINS, ensure_peers

# In a fresh process, as the application does it.
_OURS = """
import sys
from inference import RECIPES, convert
convert(sys.argv[1], sys.argv[2], RECIPES[sys.argv[3]])
"""
# Opens the result with every check and says how long it was meant to be.
_CHECK = """
import sys
from inference import RECIPES, predicted_bytes
from inference.checkpoint import open_folder
open_folder(sys.argv[2])
print(predicted_bytes(sys.argv[1], RECIPES[sys.argv[3]]))
"""


@dataclass(frozen=True, slots=True)
class Result:
    """All rounds of one party on one source."""

    party: str
    size: str
    runs: Sequence[Run]
    bytes: int
    note: str

    def row(self) -> str:
        """A line of the table."""
        peak = max(run.peak_bytes for run in self.runs) / 1e9
        walls = [run.wall_s for run in self.runs]
        spread = f"{statistics.median(walls):.1f} s ({min(walls):.1f} to {max(walls):.1f})"
        written = f"{self.bytes / 1e9:.2f} GB"
        return (
            f"| {self.size} | {self.party} | {peak:.2f} GB | {spread} | {written} | {self.note} |"
        )


def main() -> int:
    """Command line; prints a Markdown table. Returns 1 if a conversion failed."""
    options = _parser().parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    print("| source | converter | peak memory | time, median | written | |")
    print("|---|---|---|---|---|---|")
    failed = False
    for size in options.sizes:
        source = _source(options.folder, size)
        for convert in (_ours, _mlx_vlm):
            try:
                result = convert(source, size, options.recipe, options.rounds)
            except subprocess.CalledProcessError as error:
                failed = True
                print(f"| {size} | {convert.__name__} | failed: {error.returncode} | | | |")
            else:
                print(result.row(), flush=True)
    return int(failed)


def _ours(source: Path, size: str, recipe: str, rounds: int) -> Result:
    command = [sys.executable, "-c", _OURS, str(source)]

    def check(made: Path) -> str:
        asked = [sys.executable, "-c", _CHECK, str(source), str(made), recipe]
        predicted = int(subprocess.run(asked, check=True, capture_output=True).stdout)
        size = _size(made)
        return "size as predicted" if size == predicted else f"predicted {predicted}, is {size}"

    return _measured("Facet", size, rounds, lambda to: [*command, str(to), recipe], check)


def _mlx_vlm(source: Path, size: str, recipe: str, rounds: int) -> Result:
    bits = recipe.removesuffix("bit")
    how = ["--q-bits", bits] if bits.isdigit() else ["--quant-predicate", recipe.replace("-", "_")]
    command = [
        str(ensure_peers()),
        "-m",
        "mlx_vlm",
        "convert",
        "--hf-path",
        str(source),
        "-q",
        *how,
    ]
    return _measured(PINS[1], size, rounds, lambda to: [*command, "--mlx-path", str(to)])


def _measured(
    party: str,
    size: str,
    rounds: int,
    command: Callable[[Path], list[str]],
    check: Callable[[Path], str] = lambda _made: "",
) -> Result:
    """Runs the command `rounds` times, each into a new folder. Raises CalledProcessError."""
    runs: list[Run] = []
    written, note = 0, ""
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as place:
            target = Path(place) / "made"
            run = run_measured(command(target))
            if run.exit_code:
                raise subprocess.CalledProcessError(run.exit_code, command(target))
            runs.append(run)
            written = _size(target)
            note = check(target)
    return Result(party, size, runs, written, note)


def _source(folder: Path, size: str) -> Path:
    source = folder / f"{size}-bf16"
    if not (source / "config.json").is_file():  # it is written last
        shutil.rmtree(source, ignore_errors=True)
        make = [sys.executable, "-m", "tests.bench.make_checkpoint", "--size", size, "--bits", "16"]
        subprocess.run([*make, str(source)], check=True, stdout=sys.stderr)
    return source


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tests.bench.conversion", description=__doc__)
    parser.add_argument("--sizes", nargs="+", default=["e2b", "moe6"], help="see make_checkpoint")
    parser.add_argument("--recipe", default="4bit", help="4bit, or a mixed one that both know")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "facet-big")
    parser.add_argument("--rounds", type=int, default=1)
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
