"""The process that quantises a model: tells how far it is, and ends when nobody listens.

Started by `app.core.quantizing`. Standard output gets one JSON object a line. When standard input
ends, because the conversion was called off or Facet is gone, what was written is deleted.
"""

from __future__ import annotations

import json
import resource
import signal
import sys
import threading
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import Any

WORD = "quantize-child"  # for the bundled program, which has no interpreter to start
EVERY_S = 0.1  # between two words about progress


def main(arguments: list[str]) -> int:
    """Convert as the one argument, a JSON object, says: source, target, recipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is for Facet
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    is_off = threading.Event()
    threading.Thread(target=_wait_for_end, args=(is_off,), daemon=True).start()
    # Imported once it can be called off: this takes a moment.
    from inference import RECIPES, ConversionCancelled, FacetError, convert

    asked = json.loads(arguments[0])
    recipe = replace(RECIPES[asked["recipe"]["key"]], **asked["recipe"])
    try:
        convert(Path(asked["source"]), Path(asked["target"]), recipe, _Teller(), is_off.is_set)
    except ConversionCancelled:
        _tell(event="cancelled")
    except FacetError as error:
        _tell(event="failed", message=error.message, action=error.action)
    except MemoryError:
        _tell(event="failed", message="There is not enough memory to quantise.", action="")
    else:
        _tell(event="done")
    return 0


class _Teller:
    """Tells of progress now and then, and of every new stage at once."""

    def __init__(self) -> None:
        self._next_s = 0.0
        self._stage = ""

    def __call__(self, progress: Any) -> None:
        now = monotonic()
        if now >= self._next_s or progress.stage != self._stage:
            self._next_s, self._stage = now + EVERY_S, progress.stage
            done, total = progress.done_bytes, progress.total_bytes
            _tell(event=progress.stage, done=done, total=total)


def _tell(**entries: object) -> None:
    with suppress(OSError):  # nobody listens any more: standard input has ended too
        print(json.dumps(entries), flush=True)


def _wait_for_end(is_off: threading.Event) -> None:
    while sys.stdin.buffer.read(1):
        pass
    is_off.set()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
