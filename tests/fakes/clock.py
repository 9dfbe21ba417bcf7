"""WallClock: the time of day as a test sets it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class WallClock:
    """Stands still until it is moved."""

    def __init__(self, now: datetime = datetime(2026, 9, 12, 14, 32, tzinfo=UTC)) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **amount: float) -> datetime:
        """Moves the clock, for instance by `minutes=31`."""
        self.now += timedelta(**amount)
        return self.now
