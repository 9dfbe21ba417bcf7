"""The log, the crash file and the last resort for exceptions. Never a prompt, answer or medium."""

from __future__ import annotations

import contextlib
import faulthandler
import logging
import logging.handlers
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import IO

LOG = "facet.log"
CRASH = "crash.txt"
LARGEST_LOG_BYTES = 1 << 20
OLD_LOGS, OLD_CRASHES = 3, 5

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_LOGGER = logging.getLogger("app")


class Logs:
    """Writes into a folder from `start` to `close`; then everything is as it was before.

    What `on_exception` gets is an exception that nobody caught, on whatever thread it happened.
    A folder that cannot be written means no log, and nothing else.
    """

    def __init__(
        self, folder: Path, on_exception: Callable[[BaseException], None] | None = None
    ) -> None:
        self._folder = folder
        self._on_exception = on_exception
        self._handler: logging.Handler | None = None
        self._crash: IO[str] | None = None
        self._previous_crash: Path | None = None
        self._hooks = (sys.excepthook, threading.excepthook, sys.unraisablehook)

    def start(self) -> None:
        """Opens the files and takes the hooks."""
        with contextlib.suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            self._handler = logging.handlers.RotatingFileHandler(
                self._folder / LOG,
                maxBytes=LARGEST_LOG_BYTES,
                backupCount=OLD_LOGS,
                encoding="utf-8",
            )
            self._handler.setFormatter(logging.Formatter(_FORMAT))
            _LOGGER.addHandler(self._handler)
            _LOGGER.setLevel(logging.INFO)
            self._previous_crash = _keep_crash(self._folder)
            self._crash = (self._folder / CRASH).open("w", encoding="utf-8")
            faulthandler.enable(self._crash)
        self._hooks = (sys.excepthook, threading.excepthook, sys.unraisablehook)
        sys.excepthook = self._on_main
        threading.excepthook = self._on_thread
        sys.unraisablehook = self._on_unraisable

    def previous_crash(self) -> Path | None:
        """The report of the crash that ended the last run; None if it ended well."""
        return self._previous_crash

    def close(self) -> None:
        """Gives the hooks back and closes the files."""
        sys.excepthook, threading.excepthook, sys.unraisablehook = self._hooks
        if self._crash is not None:
            faulthandler.disable()
            self._crash.close()
            with contextlib.suppress(OSError):
                (self._folder / CRASH).unlink()
            self._crash = None
        if self._handler is not None:
            _LOGGER.removeHandler(self._handler)
            self._handler.close()
            self._handler = None

    def _on_main(
        self,
        kind: type[BaseException],
        error: BaseException,
        traceback: TracebackType | None,
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, traceback)
            return
        self._record("an exception", error)

    def _on_thread(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            name = arguments.thread.name if arguments.thread else "?"
            self._record(f"an exception in thread {name}", arguments.exc_value)

    def _on_unraisable(self, arguments: sys.UnraisableHookArgs) -> None:
        if arguments.exc_value is not None:
            self._record("an exception in a destructor", arguments.exc_value)

    def _record(self, where: str, error: BaseException) -> None:
        _LOGGER.error("%s", where, exc_info=error)
        if self._on_exception is not None:
            self._on_exception(error)


def _keep_crash(folder: Path) -> Path | None:
    """Gives the crash file of the last run a name of its own, if it says anything."""
    crash = folder / CRASH
    if not crash.exists() or not crash.stat().st_size:
        return None
    time = datetime.fromtimestamp(crash.stat().st_mtime, UTC)
    kept = crash.rename(folder / f"crash-{time:%Y-%m-%dT%H-%M-%SZ}.txt")
    for old in sorted(folder.glob("crash-*.txt"))[:-OLD_CRASHES]:
        old.unlink()
    return kept
