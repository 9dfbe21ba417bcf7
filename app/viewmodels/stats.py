"""The line of figures under an answer."""

from __future__ import annotations

from inference import Statistics


def stats_line(statistics: Statistics | None) -> str:
    """`41.2 tok/s · first word 0.8 s · 312 out · 1,204 in (1,050 reused)`; unmeasured left out."""
    if statistics is None:
        return ""
    parts = []
    if statistics.decode_tokens_per_s:
        parts.append(f"{statistics.decode_tokens_per_s:,.1f} tok/s")
    if statistics.first_token_s:
        parts.append(f"first word {_seconds(statistics.first_token_s)}")
    if statistics.generated_tokens:
        parts.append(f"{statistics.generated_tokens:,} out")
    if statistics.prompt_tokens:
        read = f"{statistics.prompt_tokens:,} in"
        if statistics.reused_tokens:
            read += f" ({statistics.reused_tokens:,} reused)"
        parts.append(read)
    return " · ".join(parts)


def _seconds(duration_s: float) -> str:
    if duration_s < 0.095:
        return f"{duration_s:.2f} s"
    return f"{duration_s:.1f} s" if duration_s < 10 else f"{duration_s:,.0f} s"
