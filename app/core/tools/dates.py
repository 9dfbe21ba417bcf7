"""Dates and times: what it is now, how long it is until a day, which day it is then."""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.core.tools.values import ToolError

_ZONE = re.compile(r"[A-Za-z][A-Za-z_+-]*(?:/[A-Za-z0-9_+-]+){0,2}")
FARTHEST = 1_000_000  # of whatever unit is added


def now_said(now: datetime, time_zone: str) -> str:
    """The date and time here, or in an IANA time zone. Raises ToolError for an unknown one."""
    if time_zone:
        if len(time_zone) > 64 or not _ZONE.fullmatch(time_zone):
            raise ToolError(f"“{time_zone[:60]}” is no time zone. Write it like Europe/Berlin.")
        try:
            now = now.astimezone(ZoneInfo(time_zone))
        except (KeyError, ValueError, OSError):
            raise ToolError(
                f"“{time_zone}” is no time zone. Write it like Europe/Berlin."
            ) from None
    zone = time_zone or now.tzname() or ""
    week = now.isocalendar().week
    return f"{now:%A}, {now:%Y-%m-%d %H:%M:%S} {zone} ({now:%z}), week {week}".strip()


def between(start: str, end: str) -> str:
    """How long it is from one day to another. Raises ToolError for what is no date."""
    first, last = _day(start), _day(end)
    days = (last - first).days
    early, late = min(first, last), max(first, last)
    months = (late.year - early.year) * 12 + late.month - early.month
    if _with_months(early, months) > late:
        months -= 1
    rest = (late - _with_months(early, months)).days
    years, months = divmod(months, 12)
    work = _work_days(early, late)
    return (
        f"{days} days from {first} ({first:%A}) to {last} ({last:%A}): "
        f"{years} years, {months} months, {rest} days; {work} of them Monday to Friday"
    )


def moved(start: str, days: int, weeks: int, months: int, years: int) -> str:
    """The day so much later, or earlier for negative numbers; a month's last day stays within."""
    if max(map(abs, (days, weeks, months, years))) > FARTHEST:
        raise ToolError("That is too far away.")
    try:
        then = _with_months(_day(start), months + 12 * years) + timedelta(days=days, weeks=weeks)
    except (OverflowError, ValueError):
        raise ToolError("That day is outside of the years 1 to 9999.") from None
    return f"{then} ({then:%A})"


def _day(text: str) -> date:
    try:
        return datetime.fromisoformat(text.strip()[:40]).date()
    except ValueError:
        raise ToolError(f"“{text[:40]}” is no date. Write it like 2026-11-24.") from None


def _with_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise ValueError(year)
    return day.replace(
        year=year, month=month + 1, day=min(day.day, calendar.monthrange(year, month + 1)[1])
    )


def _work_days(early: date, late: date) -> int:
    """Days from `early` up to and without `late` that are Monday to Friday."""
    whole, rest = divmod((late - early).days, 7)
    return whole * 5 + sum((early.weekday() + i) % 7 < 5 for i in range(rest))
