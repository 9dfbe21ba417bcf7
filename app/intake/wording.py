"""How the readers put names, lengths and sizes into sentences."""

from __future__ import annotations

from pathlib import Path

Notes = tuple[str, ...]  # one sentence for each thing left out or changed

LONGEST_NAME = 80


def quoted(path: Path) -> str:
    """The file's name in quotation marks, printable and not too long for a sentence."""
    name = "".join(c if c.isprintable() else "?" for c in path.name)
    return f"“{name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + '…'}”"


def length(seconds: float) -> str:
    """`9.5 s`, `2 min 3 s` or `1 h 5 min`."""
    if seconds < 119.95:
        return f"{seconds:.1f}".removesuffix(".0") + " s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"


def megabytes(size: int) -> str:
    """A size in bytes as `1.5 MB`."""
    return f"{size / 1e6:,.1f}".removesuffix(".0") + " MB"
