"""Numbers as people read them: counts with separators, times, sizes, the line of statistics."""

from __future__ import annotations

from inference import Statistics

MEGABYTE = 1_000_000
GIGABYTE = 1_000_000_000


def count(number: int, noun: str) -> str:
    """1 token, 1,204 tokens."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def seconds(duration_s: float) -> str:
    """0.42 s, 8.1 s, 75 s: two figures are enough to judge by."""
    if duration_s < 1:
        return f"{duration_s:.2f} s"
    return f"{duration_s:.1f} s" if duration_s < 10 else f"{duration_s:,.0f} s"


def size(size_bytes: int) -> str:
    """35 MB, 5.3 GB; powers of ten, as the Finder counts."""
    if size_bytes < GIGABYTE:
        return f"{size_bytes / MEGABYTE:.0f} MB"
    return f"{size_bytes / GIGABYTE:.1f} GB"


def statistics_line(statistics: Statistics) -> str:
    """What one answer took. Figures that were not measured are left out."""
    prompt = count(statistics.prompt_tokens, "prompt token")
    if statistics.reused_tokens:
        prompt += f" ({statistics.reused_tokens:,} reused)"
    written = f"{statistics.generated_tokens:,} generated"
    if statistics.thought_tokens:
        written += f" ({statistics.thought_tokens:,} of them thought)"
    parts = [prompt, written]
    if statistics.first_token_s:
        parts.append(f"first token after {seconds(statistics.first_token_s)}")
    if statistics.decode_tokens_per_s:
        parts.append(f"{statistics.decode_tokens_per_s:,.1f} tokens/s")
    if statistics.drafted_tokens:
        parts.append(
            f"drafter right {statistics.accepted_tokens:,} of {statistics.drafted_tokens:,} times"
        )
    if statistics.peak_memory_bytes:
        parts.append(f"peak memory {size(statistics.peak_memory_bytes)}")
    return " · ".join(parts)
