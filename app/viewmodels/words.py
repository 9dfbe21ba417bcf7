"""Numbers, times and sizes as people read them."""

from __future__ import annotations

from datetime import datetime

GIGABYTE = 1_000_000_000


def count(number: int, noun: str) -> str:
    """1 token, 1,204 tokens."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def speed(tokens_per_s: float) -> str:
    """41 tok/s, and 4.2 tok/s where a whole number would say too little."""
    return f"{tokens_per_s:.1f} tok/s" if tokens_per_s < 9.95 else f"{tokens_per_s:,.0f} tok/s"


def about(seconds: float) -> str:
    """about 9 s, about 2 min."""
    if seconds < 90:
        return f"about {max(1, round(seconds)):d} s"
    return f"about {round(seconds / 60):d} min"


def clock(seconds: float) -> str:
    """0:27, 1:02:03."""
    whole = int(seconds)
    hours, minutes = divmod(whole // 60, 60)
    if hours:
        return f"{hours}:{minutes:02d}:{whole % 60:02d}"
    return f"{minutes}:{whole % 60:02d}"


def gigabytes(size_bytes: float) -> str:
    """5.2 GB, 83 MB; powers of ten, as the Finder counts."""
    if size_bytes < 0.95 * GIGABYTE:
        return f"{size_bytes / 1e6:.0f} MB"
    return f"{size_bytes / GIGABYTE:.1f} GB"


def size_pixels(width: int, height: int) -> str:
    """528 × 288."""
    return f"{width:,} × {height:,}" if max(width, height) >= 10_000 else f"{width} × {height}"


def time_of_day(moment: datetime) -> str:
    """14:32 in the person's own time zone."""
    local = moment.astimezone()
    return f"{local.hour:02d}:{local.minute:02d}"  # strftime is ten times slower
