"""The parties take turns, each in a process of its own."""

from __future__ import annotations

from pathlib import Path

from tests.bench.plan import MLX_LM, OURS, Task
from tests.bench.rounds import run_rounds

TASK = Task("a task", "text", "model", (OURS, MLX_LM), prompt=3, tokens=2)


def fake_python(folder: Path, name: str, script: str) -> str:
    path = folder / name
    path.write_text(f'#!/bin/sh\necho {name} "$@" >> {folder}/calls\n{script}\n')
    path.chmod(0o755)
    return str(path)


def test_parties_take_turns_and_their_lines_are_read(tmp_path: Path) -> None:
    line = '{"values": {"load_s": 1.5}, "tokens": [7, 8], "wrong": ["load_s"]}'
    pythons = {
        OURS: fake_python(tmp_path, "first", f"echo noise; echo '{line}'"),
        MLX_LM: fake_python(tmp_path, "second", "echo 'it broke' >&2; exit 1"),
    }
    rounds = run_rounds(TASK, tmp_path / "model", pythons, 2)
    calls = [line.split() for line in (tmp_path / "calls").read_text().splitlines()]
    assert [call[0] for call in calls] == ["first", "second", "first", "second"]
    model = str(tmp_path / "model")
    arguments = ["text", model, "--prompt", "3", "--tokens", "2"]
    assert calls[1][1:] == ["-m", "tests.bench.run_mlx_lm", *arguments]
    for measured in rounds:
        ours = measured[OURS]
        assert (ours.values["load_s"], ours.tokens, ours.wrong) == (1.5, (7, 8), ("load_s",))
        assert ours.values["peak_gb"] > 0
        assert measured[MLX_LM].failure == "it broke"
