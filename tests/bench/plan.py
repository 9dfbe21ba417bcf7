"""What `python -m tests.bench` measures: models, measurements, and who takes part."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
OURS, MLX_LM, MLX_VLM = "ours", "mlx-lm", "mlx-vlm"
PEERS = (MLX_LM, MLX_VLM)
RUNNERS = {
    OURS: "tests.bench.run_ours",
    MLX_LM: "tests.bench.run_mlx_lm",
    MLX_VLM: "tests.bench.run_mlx_vlm",
}

# Folder name -> arguments of the generator; all are packed to 4 bits in groups of 64.
MODELS = {
    "e2b": ("--size", "e2b"),
    "e2b-10-layers": ("--size", "e2b", "--layers", "10"),
    "moe6": ("--size", "moe6"),
    "tiny-window-64": ("--size", "tiny-e2b", "--layers", "10", "--window", "64"),
    "tiny-e2b": ("--size", "tiny-e2b"),
    "tiny-26b-a4b": ("--size", "tiny-26b-a4b"),
    "tiny-31b": ("--size", "tiny-31b"),
}


@dataclass(frozen=True, slots=True)
class Task:
    """One measurement of one model, by each of the parties in a process of its own."""

    title: str
    measure: str
    model: str
    parties: tuple[str, ...] = (OURS, MLX_LM, MLX_VLM)
    prompt: int = 0
    tokens: int = 0


FULL = (
    Task("E2B 4-bit, prompt 64, 8 tokens", "text", "e2b", prompt=64, tokens=8),
    Task("26B-A4B 4-bit, 6 layers, prompt 16, 4 tokens", "text", "moe6", prompt=16, tokens=4),
    Task("E2B picture 1920x1080", "picture", "e2b", (OURS, MLX_VLM)),
    Task("E2B sound 10 s", "sound", "e2b", (OURS, MLX_VLM)),
    Task("Second turn after 1,501 tokens, window 64", "turns", "tiny-window-64"),
    Task("One decode step, E2B layers", "host", "tiny-e2b"),
    Task("One decode step, 26B-A4B layers", "host", "tiny-26b-a4b"),
    Task("One decode step, 31B layers", "host", "tiny-31b"),
)
QUICK = (
    Task("E2B 4-bit, 10 layers, prompt 16", "text", "e2b-10-layers", prompt=16, tokens=4),
    Task("One decode step, E2B layers", "host", "tiny-e2b"),
)


def ensure_model(folder: Path) -> None:
    """Writes the model that MODELS has under the folder's name, unless the folder is complete.

    In a process of its own: memory that this one once had would show in what it starts later.
    Raises subprocess.CalledProcessError.
    """
    if (folder / "config.json").is_file():
        return
    command = [sys.executable, "-m", "tests.bench.make_checkpoint"]
    subprocess.run([*command, *MODELS[folder.name], str(folder)], cwd=ROOT, check=True)
