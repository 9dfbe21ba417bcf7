"""Two output streams: the answer on one, and on the other a live status line or plain lines."""

from __future__ import annotations

import shutil
import textwrap
import time
from collections.abc import Callable, Mapping
from enum import Enum
from typing import TextIO

SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
SPINNER_STEP_S = 0.1
BAR_CELLS = 24
WIDEST_LINE = 100  # longer lines are hard to read
CLEAR_LINE = "\r\x1b[K"
NO_WRAP, WRAP = "\x1b[?7l", "\x1b[?7h"  # the terminal itself cuts a line that is too long
REDRAW_S = 0.05
ELAPSED_SHOWN_AFTER_S = 3.0


class Style(Enum):
    """Attributes of ECMA-48; colour only where it carries a meaning that words carry too."""

    PLAIN = ""
    BOLD = "1"
    DIM = "2"
    RED = "31"
    YELLOW = "33"


class Console:
    """Answers go to `out`, all else to `err`; a live status line only where `err` is a terminal.

    `environment` decides about colour (NO_COLOR, TERM); `clock` returns seconds.
    """

    def __init__(
        self,
        out: TextIO,
        err: TextIO,
        environment: Mapping[str, str],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._out = out
        self._err = err
        self._clock = clock
        dumb = environment.get("TERM", "") == "dumb"
        self._is_live = err.isatty() and not dumb
        self._styled = self._is_live and not environment.get("NO_COLOR")
        self._label = ""
        self._progress = ""
        self._since = 0.0
        self._drawn_at = float("-inf")
        self._line_on_screen = False

    @property
    def answer_is_elsewhere(self) -> bool:
        """The answer goes to a file or pipe while a person watches the status line."""
        return self._is_live and not self._out.isatty()

    # --- status ---------------------------------------------------------------------------

    def status(self, label: str, detail: str = "", fraction: float | None = None) -> None:
        """What is going on now. Without a terminal each new label is printed once."""
        if label != self._label:
            self._label = label
            self._since = self._clock()
            self._drawn_at = float("-inf")
            if not self._is_live:
                print(f"{label}…", file=self._err, flush=True)
        bar = "" if fraction is None else f"{self._bar(fraction)}  "
        self._progress = f"{bar}{detail}"
        self.tick()

    def tick(self) -> None:
        """Redraws the status line; call it a few times a second."""
        now = self._clock()
        if not self._is_live or not self._label or now - self._drawn_at < REDRAW_S:
            return
        self._drawn_at = now
        elapsed = now - self._since
        spinner = SPINNER[int(now / SPINNER_STEP_S) % len(SPINNER)]
        waited = f"  {elapsed:.0f} s" if elapsed >= ELAPSED_SHOWN_AFTER_S else ""
        line = f"{spinner} {self._label}  {self._progress}{waited}".rstrip()
        self._err.write(f"{CLEAR_LINE}{NO_WRAP}{line}{WRAP}")
        self._err.flush()
        self._line_on_screen = True

    def clear_status(self) -> None:
        """Takes the status line away; the next label is new even if it reads the same."""
        self._label = ""
        if self._line_on_screen:
            self._err.write(CLEAR_LINE)
            self._err.flush()
            self._line_on_screen = False

    def _bar(self, fraction: float) -> str:
        filled = round(BAR_CELLS * min(max(fraction, 0.0), 1.0))
        return "━" * filled + "─" * (BAR_CELLS - filled)

    # --- text -----------------------------------------------------------------------------

    def line(self, text: str = "", style: Style = Style.PLAIN) -> None:
        """A sentence beside the answer, wrapped on a terminal. `text` must be harmless there."""
        self.clear_status()
        if self._is_live:
            width = min(shutil.get_terminal_size().columns, WIDEST_LINE)
            text = textwrap.fill(text, width, break_long_words=False, break_on_hyphens=False)
        print(self._dressed(text, style), file=self._err, flush=True)

    def aside(self, text: str, style: Style) -> None:
        """Running text beside the answer, without a line end of its own."""
        self.clear_status()
        self._err.write(self._dressed(text, style))
        self._err.flush()

    def answer(self, text: str) -> None:
        """A piece of the answer, as it is."""
        if not self.answer_is_elsewhere:
            self.clear_status()
        self._out.write(text)
        self._out.flush()

    def _dressed(self, text: str, style: Style) -> str:
        if not text or style is Style.PLAIN or not self._styled:
            return text
        return f"\x1b[{style.value}m{text}\x1b[0m"
