"""What comes with Facet: the demonstration model, and one example for each sense."""

from __future__ import annotations

from pathlib import Path

ASSETS = Path(__file__).resolve().parents[2] / "assets"
DEMONSTRATION = "tiny"  # its name on the command line and in preferences


def bundled_model() -> Path | None:
    """The folder of the demonstration model; None in a copy of Facet that lacks it."""
    folder = ASSETS / DEMONSTRATION / "model"
    return folder if (folder / "config.json").is_file() else None


def named_model(name: Path) -> Path:
    """The folder that a model's name on the command line stands for.

    A folder of that name in the current directory comes first.
    """
    if name == Path(DEMONSTRATION) and not name.is_dir():
        return bundled_model() or name
    return name


def example(name: str) -> Path | None:
    """A bundled example by file name, None if this copy lacks it."""
    path = ASSETS / "examples" / name
    return path if path.is_file() else None
