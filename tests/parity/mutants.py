"""Break the network on purpose, one line at a time, and see whether the parity tests notice.

By hand: `python -m tests.parity.mutants [name ...]`. Each mutant is applied to a copy of the
sources; the table says which test failed first. Exit status 1 if one survived.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.parity.mutations import MUTANTS, Mutant

ROOT = Path(__file__).parents[2]


def run(mutant: Mutant, folder: Path) -> str:
    """The first test that failed, or an empty string if none did."""
    file = folder / mutant.file
    source = file.read_text()
    if source.count(mutant.old) != 1:
        raise SystemExit(
            f"{mutant.name}: the line to change stands {source.count(mutant.old)} times"
        )
    file.write_text(source.replace(mutant.old, mutant.new))
    try:
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "pytest",
                "-x",
                "-q",
                "--no-header",
                "-p",
                "no:cacheprovider",
                *mutant.tests,
            ],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        )
    finally:
        file.write_text(source)
    failed = re.search(r"^(?:FAILED|ERROR) \S+::(\S+)", done.stdout, re.MULTILINE)
    return failed[1] if failed else ("" if done.returncode == 0 else "collection failed")


def main() -> int:
    wanted = set(sys.argv[1:])
    chosen = [m for m in MUTANTS if not wanted or m.name in wanted]
    survived = 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for name in ("inference", "tests", "app"):
            shutil.copytree(
                ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__")
            )
        shutil.copy(ROOT / "pyproject.toml", folder)
        print("| mutant | caught by |\n|---|---|")
        for mutant in chosen:
            found = run(mutant, folder)
            survived += not found
            print(f"| {mutant.name} | {found or '**survived**'} |", flush=True)
    print(f"\n{len(chosen) - survived} of {len(chosen)} caught")
    return 1 if survived else 0


if __name__ == "__main__":
    raise SystemExit(main())
