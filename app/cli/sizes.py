"""Sizes for people, in a terminal."""

from __future__ import annotations


def shown_bytes(count: int) -> str:
    """Like 3.55 GB or 12.3 MB."""
    return f"{count / 1e9:.2f} GB" if count >= 1_000_000_000 else f"{count / 1e6:.1f} MB"
