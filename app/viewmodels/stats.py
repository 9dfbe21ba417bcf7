"""The line of figures under an answer."""

from __future__ import annotations

from dataclasses import replace

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


def added_up(earlier: Statistics | None, last: Statistics) -> Statistics:
    """The figures of an answer of several requests: what was written and spent, added up.

    What the model read is the last request's, which holds all of the ones before.
    """
    if earlier is None or not earlier.generated_tokens:
        return last
    first, second = _writing_s(earlier), _writing_s(last)
    tokens = earlier.generated_tokens + last.generated_tokens
    return replace(
        last,
        generated_tokens=tokens,
        thought_tokens=earlier.thought_tokens + last.thought_tokens,
        drafted_tokens=earlier.drafted_tokens + last.drafted_tokens,
        accepted_tokens=earlier.accepted_tokens + last.accepted_tokens,
        media_s=earlier.media_s + last.media_s,
        first_token_s=earlier.first_token_s,
        decode_tokens_per_s=tokens / (first + second) if first and second else 0.0,
        total_s=earlier.total_s + last.total_s,
        peak_memory_bytes=max(earlier.peak_memory_bytes, last.peak_memory_bytes),
    )


def _writing_s(statistics: Statistics) -> float:
    speed = statistics.decode_tokens_per_s
    return statistics.generated_tokens / speed if speed else 0.0
