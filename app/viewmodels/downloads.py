"""Downloads as they are shown: looked at four times a second while any of them moves."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, QTimer, Signal

from app.core.conversation import ErrorInfo
from app.viewmodels.hub_ports import DownloadPort, DownloadsPort
from app.viewmodels.model_values import ProgressView, RowState
from app.viewmodels.words import count, gigabytes
from inference import CatalogueEntry, DownloadProgress, FacetError, Leftover

POLL_MS = 250
_STATES: Mapping[str, RowState] = {
    "queued": "queued",
    "checking": "checking",
    "downloading": "downloading",
    "stalled": "stalled",
    "paused": "paused",
    "verifying": "verifying",
    "failed": "failed",
}
_WORDS = {
    "queued": "Waits for the other download",
    "checking": "Looking at what is here",
    "verifying": "Checking the files",
}
# What the one button does: its words and its command.
_HELP: Mapping[str, tuple[str, str]] = {
    "no_space": ("Try again", "resume"),
    "gated": ("Open the page", "open_page"),
    "token": ("Access token…", "token"),
    "not_found": ("Open the page", "open_page"),
    "damaged": ("Repair", "resume"),
    "offline": ("Go online", "go_online"),
}


class DownloadsViewModel(QObject):
    """Downloads by the key of their copy. They go on whatever pane is shown."""

    changed = Signal(str)  # the copy's key
    ended = Signal(str)  # it is here now
    failed = Signal(str)
    line_changed = Signal()  # the words for the status bar

    def __init__(
        self,
        port: DownloadsPort,
        entries: tuple[CatalogueEntry, ...],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._port = port
        self._entries = {entry.key: entry for entry in entries}
        self._running: dict[str, DownloadPort] = {}
        self._seen: dict[str, DownloadProgress] = {}
        self._leftovers: dict[str, Leftover] = {}
        self._line = ""
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self.poll)

    def start(self, key: str) -> None:
        """Fetch a copy, or go on with what is left of it. Raises KeyError for an unknown key."""
        entry = self._entries[key]
        self._leftovers.pop(key, None)
        try:
            self._running[key] = self._port.start(entry)
        except FacetError as error:
            self._seen[key] = DownloadProgress("failed", message=error.message, action=error.action)
            self.changed.emit(key)
            return
        self._timer.start()
        self.poll()

    def pause(self, key: str) -> None:
        """Stop for now; what has arrived is kept."""
        if key in self._running:
            self._running[key].pause()
            self.poll()

    def resume(self, key: str) -> None:
        """Go on, after a failure or a crash too."""
        if key in self._running:
            self._running[key].resume()
            self._timer.start()
            self.poll()
        else:
            self.start(key)

    def cancel(self, key: str) -> None:
        """End it and delete what has arrived, of an earlier run too."""
        running = self._running.pop(key, None)
        leftover = self._leftovers.pop(key, None)
        self._seen.pop(key, None)
        if running is not None:
            running.cancel()
        elif leftover is not None:
            self._port.discard(leftover)
        self.changed.emit(key)
        self._say()

    def pause_all(self) -> None:
        """Stop them all for now."""
        for key in list(self._running):
            self.pause(key)

    def set_leftovers(self, leftovers: tuple[Leftover, ...]) -> None:
        """What earlier runs did not finish; each can go on or be deleted."""
        self._leftovers = {
            one.key: one for one in leftovers if one.key in self._entries
            and one.key not in self._running
        }  # fmt: skip
        for key in self._leftovers:
            self.changed.emit(key)

    @property
    def leftovers(self) -> tuple[Leftover, ...]:
        """What can be gone on with."""
        return tuple(self._leftovers.values())

    @property
    def is_active(self) -> bool:
        """Whether a connection may be open."""
        return any(self._moves(key) for key in self._running)

    @property
    def line(self) -> str:
        """What the status bar says: "Downloading E4B 8-bit · 3.4 of 9.0 GB"; "" when nothing."""
        moving = [key for key in self._running if self._moves(key)]
        if not moving:
            return ""
        key = next((k for k in moving if self._seen[k].state == "downloading"), moving[0])
        seen, entry = self._seen[key], self._entries[key]
        verb = {"verifying": "Checking", "stalled": "Waiting for"}.get(seen.state, "Downloading")
        words = f"{verb} {entry.size} {entry.label}"
        if seen.total_bytes:
            words += f" · {amount(seen.done_bytes, seen.total_bytes)}"
        more = len(moving) - 1
        return f"{words} · {more} more" if more else words

    def progress(self, key: str) -> DownloadProgress | None:
        """What is known of a download; None where there is none."""
        return self._seen.get(key)

    def state(self, key: str) -> RowState | None:
        """The state of the copy's row; None where nothing is or was being fetched."""
        if key in self._leftovers:
            return "paused"
        seen = self._seen.get(key)
        return None if seen is None else _STATES.get(seen.state)

    def view(self, key: str) -> ProgressView | None:
        """How far it is, in words; None where there is no download, or it failed."""
        leftover = self._leftovers.get(key)
        if leftover is not None:
            line = f"{amount(leftover.done_bytes, leftover.total_bytes)} kept"
            share = leftover.done_bytes / leftover.total_bytes if leftover.total_bytes else 0.0
            return ProgressView(line, "", share, is_paused=True, can_resume=True)
        seen = self._seen.get(key)
        if seen is None or seen.state not in _STATES or seen.state == "failed":
            return None
        return _view(seen)

    def problem(self, key: str) -> ErrorInfo | None:
        """Why it failed or stands still, what is safe, and what helps."""
        seen = self._seen.get(key)
        if seen is None or not seen.message:
            return None
        if seen.state == "failed":
            action, command = _HELP.get(seen.reason, ("Try again", "resume"))
            return ErrorInfo(seen.message, seen.action, kept(seen.done_bytes), action, command)
        return ErrorInfo(seen.message)

    def caption(self, key: str) -> str:
        """Which files are done: "2 of 4 files verified"."""
        seen = self._seen.get(key)
        if seen is None or not seen.files_total or seen.state not in ("downloading", "paused"):
            return ""
        return f"{seen.files_done} of {count(seen.files_total, 'file')} verified"

    def poll(self) -> None:
        """Look at every download now."""
        for key, running in list(self._running.items()):
            before, now = self._seen.get(key), running.progress()
            if now == before:
                continue
            self._seen[key] = now
            if now.state in ("done", "cancelled"):
                del self._running[key]
                del self._seen[key]
            self.changed.emit(key)
            if now.state == "done":
                self.ended.emit(key)
            elif now.state == "failed" and (before is None or before.state != "failed"):
                self.failed.emit(key)
        if not any(self._moves(key) for key in self._running):
            self._timer.stop()
        self._say()

    def close(self) -> None:
        """Pause everything and wait for the threads; what has arrived stays."""
        self._timer.stop()
        self._port.close()

    def _moves(self, key: str) -> bool:
        seen = self._seen.get(key)
        return seen is None or seen.state in (
            "queued", "checking", "downloading", "stalled", "verifying"
        )  # fmt: skip

    def _say(self) -> None:
        line = self.line
        if line != self._line:
            self._line = line
            self.line_changed.emit()


def amount(done: int, total: int) -> str:
    """3.4 of 9.0 GB; 0.4 of 3.6 GB; 12 of 83 MB."""
    if total < 950_000_000:
        return f"{done / 1e6:.0f} of {total / 1e6:.0f} MB"
    return f"{done / 1e9:.1f} of {total / 1e9:.1f} GB"


def duration(seconds: float) -> str:
    """1 min 57 s, 2 h 5 min, 40 s."""
    whole = max(1, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def kept(done_bytes: int) -> str:
    """What is safe of a download that failed."""
    return f"{gigabytes(done_bytes)} are kept." if done_bytes >= 1_000_000 else ""


def rate(bytes_per_s: float) -> str:
    """48 MB/s, 310 KB/s, 0 MB/s when nothing arrives."""
    if 0 < bytes_per_s < 950_000:
        return f"{bytes_per_s / 1e3:.0f} KB/s"
    return f"{bytes_per_s / 1e6:.0f} MB/s"


def _view(seen: DownloadProgress) -> ProgressView:
    is_paused, is_stalled = seen.state == "paused", seen.state == "stalled"
    line = _WORDS.get(seen.state, "")
    if not line:
        line = amount(seen.done_bytes, seen.total_bytes)
        line += " kept" if is_paused else f" · {rate(seen.bytes_per_s)}"
    has_time = seen.state == "downloading" and seen.seconds_left is not None
    return ProgressView(
        line,
        duration(seen.seconds_left) if has_time and seen.seconds_left is not None else "",
        seen.fraction,
        is_paused=is_paused,
        is_warning=is_stalled,
        can_pause=seen.state in ("queued", "checking", "downloading", "stalled"),
        can_resume=is_paused,
        can_cancel=seen.state != "verifying",
    )
