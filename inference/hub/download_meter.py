"""What is counted while files arrive: bytes, speed, time left, what goes wrong. Any thread."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

SPEED_OVER_S = 5.0
STALLED_AFTER_S = 5.0
SAMPLE_S = 0.1


class Meter:
    """Counts for one download. `clock` returns seconds that only grow."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._samples: deque[tuple[float, int]] = deque()  # (time, bytes arrived until then)
        self._arrived = 0
        self._began = clock()
        self._alive = self._began
        self._troubles: dict[str, str] = {}
        self.done_bytes = 0
        self.files_done = 0

    def begin(self, done_bytes: int) -> None:
        """Transfers begin; so many bytes are here already."""
        with self._lock:
            self._began = self._alive = self._clock()
            self._samples.clear()
            self._arrived = 0
            self._troubles.clear()
            self.done_bytes = done_bytes
            self.files_done = 0

    def arrived(self, count: int) -> None:
        """Bytes came over the net and are on the disk."""
        with self._lock:
            now = self._clock()
            self._alive = now
            self._arrived += count
            self.done_bytes += count
            if not self._samples or now - self._samples[-1][0] >= SAMPLE_S:
                self._samples.append((now, self._arrived))
                while self._samples[0][0] < now - 2 * SPEED_OVER_S:
                    self._samples.popleft()

    def read(self, count: int) -> None:
        """Bytes on the disk were hashed: nothing arrives, but nothing hangs either."""
        del count
        with self._lock:
            self._alive = self._clock()

    def lost(self, count: int) -> None:
        """Bytes that were here are of no use."""
        with self._lock:
            self.done_bytes = max(0, self.done_bytes - count)

    def file_done(self) -> None:
        """A file is whole and right."""
        with self._lock:
            self.files_done += 1
            self._alive = self._clock()

    def trouble(self, path: str, text: str) -> None:
        """Why `path` does not go on just now; "" when it does again."""
        with self._lock:
            if text:
                self._troubles[path] = text
            else:
                self._troubles.pop(path, None)

    def speed(self) -> float:
        """Bytes per second over the last seconds; 0 when nothing arrives."""
        with self._lock:
            return self._speed(self._clock())

    def _speed(self, now: float) -> float:
        since = max(self._began, now - SPEED_OVER_S)
        if now - since < SAMPLE_S:
            return 0.0
        before = 0
        for moment, count in self._samples:
            if moment > since:
                break
            before = count
        return (self._arrived - before) / (now - since)

    def seconds_left(self, total_bytes: int) -> float | None:
        """None in the first seconds and while nothing arrives."""
        with self._lock:
            now = self._clock()
            speed = self._speed(now)
            if now - self._began < SPEED_OVER_S or speed <= 0:
                return None
            return max(0, total_bytes - self.done_bytes) / speed

    def silence(self) -> tuple[float, str]:
        """Seconds since something moved, and what is known to be wrong."""
        with self._lock:
            text = next(iter(self._troubles.values()), "")
            return self._clock() - self._alive, text

    @property
    def is_stalled(self) -> bool:
        """Nothing has moved for some seconds, or every transfer waits for its next try."""
        seconds, _ = self.silence()
        return seconds >= STALLED_AFTER_S
