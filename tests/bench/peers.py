"""The peers' own virtual environment, `.venv-peers`: made once, with the same MLX as ours.

python -m tests.bench.peers
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import venv
from importlib.metadata import version
from pathlib import Path

from tests.bench.plan import ROOT

FOLDER = ROOT / ".venv-peers"
PINS = ("mlx-lm==0.32.2", "mlx-vlm==0.7.10")  # what the published comparison names


def ensure_peers() -> Path:
    """The interpreter of the environment, made anew if it is missing or holds other versions.

    Raises subprocess.CalledProcessError if the packages cannot be installed.
    """
    python = FOLDER / "bin" / "python"
    stamp = FOLDER / ".requirements"
    wanted = "\n".join(requirements())
    if stamp.is_file() and stamp.read_text() == wanted:
        return python
    print(f"Making {FOLDER.name} with {', '.join(requirements())}", file=sys.stderr)
    shutil.rmtree(FOLDER, ignore_errors=True)
    venv.create(FOLDER, with_pip=True)
    (FOLDER / ".gitignore").write_text("*\n")
    subprocess.run([python, "-m", "pip", "install", "--quiet", *requirements()], check=True)
    stamp.write_text(wanted)
    return python


def requirements() -> list[str]:
    """The peers, and exactly the MLX that this interpreter has."""
    backend = "" if sys.platform == "darwin" else "[cpu]"
    return [f"mlx{backend}=={version('mlx')}", *PINS]


if __name__ == "__main__":
    print(ensure_peers())
