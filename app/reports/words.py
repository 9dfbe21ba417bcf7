"""Numbers, dates and times as a report says them: in English, the same on every machine."""

from __future__ import annotations

from datetime import datetime

from app.core.conversation import Turn
from inference import Statistics

KILOBYTE, MEGABYTE, GIGABYTE = 1_000, 1_000_000, 1_000_000_000

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def date_said(moment: datetime) -> str:
    """24 November 2026, 14:41 UTC+01:00."""
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}, {moment:%H:%M} {zone(moment)}"


def zone(moment: datetime) -> str:
    """UTC or UTC+01:00: an offset is the same in every language."""
    offset = moment.strftime("%z")
    if not offset or offset[1:5] == "0000":
        return "UTC"
    return f"UTC{offset[:3]}:{offset[3:5]}"


def time_said(moment: datetime, made_at: datetime) -> str:
    """The time of a turn in the report's zone, with its date: 2026-11-24 14:32."""
    return f"{moment.astimezone(made_at.tzinfo):%Y-%m-%d %H:%M}"


def bytes_said(size: int) -> str:
    """812 bytes, 24 kB, 3.1 MB; powers of ten."""
    if size < KILOBYTE:
        return f"{size} bytes"
    if size < MEGABYTE:
        return f"{size / KILOBYTE:.0f} kB"
    if size < GIGABYTE:
        return f"{size / MEGABYTE:.1f} MB"
    return f"{size / GIGABYTE:.1f} GB"


def counted(number: int, noun: str) -> str:
    """1 picture, 1,204 pictures."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def seconds_said(duration_s: float) -> str:
    """0.42 s, 8.1 s, 75 s."""
    if duration_s < 1:
        return f"{duration_s:.2f} s"
    return f"{duration_s:.1f} s" if duration_s < 10 else f"{duration_s:,.0f} s"


def statistics_said(statistics: Statistics | None) -> str:
    """The line under an answer; figures that were not measured are left out."""
    if statistics is None:
        return ""
    parts = []
    if statistics.decode_tokens_per_s:
        parts.append(f"{statistics.decode_tokens_per_s:,.1f} tokens/s")
    if statistics.first_token_s:
        parts.append(f"first word {seconds_said(statistics.first_token_s)}")
    if statistics.generated_tokens:
        parts.append(f"{statistics.generated_tokens:,} out")
    if statistics.prompt_tokens:
        reused = f" ({statistics.reused_tokens:,} reused)" if statistics.reused_tokens else ""
        parts.append(f"{statistics.prompt_tokens:,} in{reused}")
    return " · ".join(parts)


def thought_said(turn: Turn) -> str:
    """Thought for 4.2 s · 212 tokens."""
    if not turn.thought:
        return ""
    time = f" for {seconds_said(turn.thought_s)}" if turn.thought_s else ""
    tokens = f" · {counted(turn.thought_tokens, 'token')}" if turn.thought_tokens else ""
    return f"Thought{time}{tokens}"
