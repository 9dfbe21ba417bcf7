"""FakeTerminal: a stream that says it is a terminal, and FakeClock: time that a test moves."""

from __future__ import annotations

import io


class FakeTerminal(io.StringIO):
    """Collects what is written to it."""

    def isatty(self) -> bool:
        return True

    def visible(self) -> str:
        """Each line as it stands after the last return to its start that cleared it."""
        lines = self.getvalue().split("\n")
        return "\n".join(line.rsplit("\r\x1b[K", 1)[-1] for line in lines)


class FakeClock:
    """Seconds since a start that never mattered."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now
