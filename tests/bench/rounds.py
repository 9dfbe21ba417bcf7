"""Runs a task round after round, the parties taking turns, each in a fresh process."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Mapping
from ctypes.util import find_library
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.memory import run_measured
from tests.bench.plan import ROOT, RUNNERS, Task

LAST_ERROR_CHARACTERS = 300


@dataclass(frozen=True, slots=True)
class Measured:
    """One party's run: `values` by metric, or `failure`. See `runner.Result` for the rest."""

    values: dict[str, float] = field(default_factory=dict)
    tokens: tuple[int, ...] = ()
    wrong: tuple[str, ...] = ()
    failure: str = ""


Round = dict[str, Measured]  # by party


def run_rounds(task: Task, folder: Path, pythons: Mapping[str, str], count: int) -> list[Round]:
    """`count` rounds of A B C; `pythons` maps each party to its interpreter."""
    rounds: list[Round] = []
    for number in range(1, count + 1):
        rounds.append({})
        for party in task.parties:
            print(f"{task.title}: round {number} of {count}, {party}", file=sys.stderr, flush=True)
            rounds[-1][party] = _run(task, folder, party, pythons[party])
    return rounds


def blas_library() -> str | None:
    """OpenBLAS, preloaded for every party alike: MLX's own wheel for Linux has a slow BLAS."""
    return None if sys.platform == "darwin" else find_library("openblas")


def _run(task: Task, folder: Path, party: str, python: str) -> Measured:
    command = [python, "-m", RUNNERS[party], task.measure, str(folder)]
    command += ["--prompt", str(task.prompt), "--tokens", str(task.tokens)]
    with tempfile.TemporaryFile() as errors:
        run = run_measured(command, _environment(), errors)
        errors.seek(0)
        complaint = errors.read().decode(errors="replace").strip()
    if run.exit_code != 0:
        return Measured(failure=complaint[-LAST_ERROR_CHARACTERS:] or f"exit {run.exit_code}")
    found = json.loads(run.output.splitlines()[-1])
    values = found["values"]
    if task.measure != "host":  # a model without width says nothing about memory
        values["peak_gb"] = run.peak_bytes / 1e9
    return Measured(values, tuple(found["tokens"]), tuple(found["wrong"]))


def _environment() -> dict[str, str]:
    environment = os.environ | {"HF_HUB_OFFLINE": "1", "PYTHONPATH": str(ROOT)}
    library = blas_library()
    return environment | {"LD_PRELOAD": library} if library else environment
