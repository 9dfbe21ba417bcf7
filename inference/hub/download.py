"""Downloads that can be paused, cancelled and resumed, each with threads of its own. No MLX."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from inference.hub.cache import cache_folder as shared_cache
from inference.hub.cache import free_bytes
from inference.hub.cache_record import (
    Record,
    age_days,
    arrived_bytes,
    discard_record,
    records,
)
from inference.hub.catalogue import CatalogueEntry, entry_of_repo
from inference.hub.download_meter import Meter
from inference.hub.download_run import Run, Setting
from inference.hub.download_state import (
    ENDED,
    DownloadProgress,
    DownloadReason,
    DownloadState,
    Leftover,
)
from inference.hub.download_turns import Turns
from inference.hub.faults import DownloadError, Stopped, cannot_write, gigabytes, offline, refused
from inference.hub.plan import Hub
from inference.hub.transfer import Policy
from inference.hub.transfer_stop import Stop

PUBLIC_HUB = "https://huggingface.co"
OFFLINE_VARIABLES = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")
CLOSING_S = 0.15  # how long `cancel` and `close` wait for threads that may be in a system call


class Download:
    """One model on its way. Every method returns at once and may be called from any thread."""

    def __init__(
        self,
        entry: CatalogueEntry,
        setting: Setting,
        turns: Turns,
        is_offline: Callable[[], bool],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.entry = entry
        self._setting = setting
        self._turns = turns
        self._is_offline = is_offline
        self._lock = threading.RLock()
        self._meter = Meter(clock)
        self._progress = DownloadProgress("queued", total_bytes=entry.download_bytes)
        self._record: Record | None = None
        self._attempt: _Attempt | None = None

    # --- what a person does ---------------------------------------------------------------

    def resume(self) -> None:
        """Goes on, after a failure too; the earlier message is gone."""
        with self._lock:
            if self._attempt is not None or self._progress.state == "done":
                return
            if self._is_offline():
                self._fail(offline())
                return
            self._set("queued")
            self._attempt = _Attempt(self)
            self._attempt.start()

    def pause(self) -> None:
        """Stops within 0.2 s; what has arrived is kept."""
        with self._lock:
            if self._progress.state in ENDED:
                return
            kept = gigabytes(self._meter.done_bytes)
            self._set("paused", f"Paused. {kept} kept.", "Choose Resume to go on.")
            self._stop()

    def cancel(self) -> None:
        """Ends it within 0.2 s and deletes what had arrived; a finished model stays."""
        with self._lock:
            if self._progress.state == "done":
                return
            self._set("cancelled")
            attempt = self._stop()
        if attempt is not None:
            attempt.join(CLOSING_S)
        self._discard()

    def wait(self, seconds: float | None = None) -> DownloadProgress:
        """Blocks until nothing more happens by itself, or so long; how far it is then."""
        with self._lock:
            attempt = self._attempt
        if attempt is not None:
            attempt.join(seconds)
        return self.progress()

    def progress(self) -> DownloadProgress:
        """How far it is; cheap enough for ten calls a second."""
        with self._lock:
            value, meter = self._progress, self._meter
            if self._record is not None:
                value = replace(
                    value,
                    done_bytes=min(meter.done_bytes, self._record.total_bytes),
                    total_bytes=self._record.total_bytes,
                    files_done=meter.files_done,
                    files_total=len(self._record.files),
                )
            if value.state not in ("checking", "downloading", "verifying"):
                return value
            return self._moving(value)

    def _moving(self, value: DownloadProgress) -> DownloadProgress:
        """With speed, time left and what is wrong just now."""
        seconds, trouble = self._meter.silence()
        value = replace(value, message=f"{trouble}." if trouble else value.message)
        if value.state != "downloading":
            return value
        if self._meter.is_stalled:
            told = value.message or f"No data for {seconds:.0f} s."
            return replace(value, state="stalled", bytes_per_s=0.0, message=told)
        return replace(
            value,
            bytes_per_s=self._meter.speed(),
            seconds_left=self._meter.seconds_left(value.total_bytes),
        )

    def _go_offline(self) -> None:
        """Paused by the switch, and says so."""
        with self._lock:
            if self._attempt is not None:
                reason = offline()
                self._set("paused", reason.message, reason.action, reason.reason)
                self._stop()

    # --- what its threads tell --------------------------------------------------------------

    def _stop(self) -> _Attempt | None:
        """Ends the attempt under way; what its threads still tell is no longer heard."""
        attempt, self._attempt = self._attempt, None
        if attempt is not None:
            attempt.stop.set()
        return attempt

    def _heard(self, attempt: _Attempt, change: Callable[[], None]) -> None:
        with self._lock:
            if self._attempt is attempt:
                change()

    def _set(
        self,
        state: DownloadState,
        message: str = "",
        action: str = "",
        reason: DownloadReason = "",
        folder: Path | None = None,
    ) -> None:
        self._progress = DownloadProgress(
            state,
            done_bytes=self._progress.done_bytes,
            total_bytes=self._progress.total_bytes,
            files_done=self._progress.files_done,
            files_total=self._progress.files_total,
            message=message,
            action=action,
            reason=reason,
            folder=folder,
        )

    def _fail(self, error: DownloadError) -> None:
        self._set("failed", error.message, error.action, error.reason)

    def _discard(self) -> None:
        with self._lock:
            record = self._record
        if record is None:
            own = (self.entry.repo, self.entry.revision)
            record = next(
                (one for one in records(self._setting.cache) if (one.repo, one.revision) == own),
                None,
            )
        if record is not None:
            newest = next(
                (one for one in records(self._setting.cache) if one.commit == record.commit), record
            )
            discard_record(self._setting.cache, newest)


class _Attempt:
    """One run of a download on its thread, until it ends or is stopped."""

    def __init__(self, download: Download) -> None:
        self._download = download
        self.stop = Stop()
        self._thread = threading.Thread(
            target=self._work, name=f"facet-download-{download.entry.key}", daemon=True
        )

    def start(self) -> None:
        self._thread.start()

    def join(self, seconds: float | None) -> None:
        self._thread.join(seconds)

    def on_state(self, state: DownloadState) -> None:
        """See Watcher."""
        self._heard(lambda: self._download._set(state))

    def on_record(self, record: Record) -> None:
        """See Watcher."""

        def change() -> None:
            self._download._record = record

        self._heard(change)

    def _heard(self, change: Callable[[], None]) -> None:
        self._download._heard(self, change)

    def _work(self) -> None:
        download = self._download
        try:
            with download._turns.turn(self.stop):
                run = Run(download.entry, download._setting, download._meter, self.stop, self)
                folder = run.fetch()
            self._end(lambda: download._set("done", folder=folder))
        except Stopped:
            pass
        except DownloadError as error:
            failure = error
            self._end(lambda: download._fail(failure))
        except OSError as error:
            failure = cannot_write(str(download._setting.cache), error)
            self._end(lambda: download._fail(failure))
        except Exception as error:  # a fault of ours still has to be told where it is looked for
            failure = refused(f"Facet met a fault of its own ({type(error).__name__})")
            self._end(lambda: download._fail(failure))
            raise
        if download.progress().state == "cancelled":
            download._discard()  # what this thread wrote while it was being stopped

    def _end(self, change: Callable[[], None]) -> None:
        def ended() -> None:
            change()
            self._download._attempt = None

        self._heard(ended)


class Downloads:
    """All downloads into one cache; one at a time has its turn, with up to four files at once.

    `cache_folder` None is the shared Hugging Face cache. `token` None means none is sent.
    `endpoint` None takes HF_ENDPOINT or the public hub. `policy` and `free` are for tests.
    """

    def __init__(
        self,
        cache_folder: Path | None = None,
        token: str | None = None,
        endpoint: str | None = None,
        *,
        policy: Policy | None = None,
        free: Callable[[Path], int] = free_bytes,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        variables = os.environ if environment is None else environment
        self.cache_folder = cache_folder or shared_cache(variables)
        hub = Hub(checked_endpoint(endpoint or variables.get("HF_ENDPOINT") or PUBLIC_HUB), token)
        self._setting = Setting(hub, self.cache_folder, policy or Policy(), free)
        self._turns = Turns()
        self._lock = threading.Lock()
        self._started: list[Download] = []
        self._is_offline = any(_is_true(variables.get(name)) for name in OFFLINE_VARIABLES)

    def start(self, entry: CatalogueEntry) -> Download:
        """Begins or goes on; the one under way is returned if there is one for this entry."""
        with self._lock:
            for running in self._started:
                if running.entry.repo == entry.repo and not running.progress().is_over:
                    return running
            download = Download(entry, self._setting, self._turns, lambda: self._is_offline)
            self._started.append(download)
        download.resume()
        return download

    def active(self) -> tuple[Download, ...]:
        """Those started here that are not done or cancelled, in the order of their start."""
        with self._lock:
            self._started = [
                one for one in self._started if one.progress().state not in ("done", "cancelled")
            ]
            return tuple(self._started)

    def leftovers(self) -> tuple[Leftover, ...]:
        """What earlier runs did not finish. Reads small files only; opens no socket."""
        active = {download.entry.repo for download in self.active()}
        return tuple(
            self._leftover(record)
            for record in records(self.cache_folder)
            if record.repo not in active
        )

    def _leftover(self, record: Record) -> Leftover:
        known = entry_of_repo(record.repo)
        return Leftover(
            record.repo,
            record.revision,
            record.commit,
            known.key if known is not None and known.repo == record.repo else "",
            arrived_bytes(self.cache_folder, record),
            record.total_bytes,
            age_days(self.cache_folder, record),
        )

    def discard(self, leftover: Leftover) -> int:
        """Deletes what had arrived of it; the bytes that were freed."""
        return sum(
            discard_record(self.cache_folder, record)
            for record in list(records(self.cache_folder))
            if (record.repo, record.commit) == (leftover.repo, leftover.commit)
        )

    @property
    def is_offline(self) -> bool:
        """Whether no connection may be opened."""
        return self._is_offline

    def set_offline(self, is_offline: bool) -> None:
        """Offline: no socket is opened; what runs is paused and says why."""
        self._is_offline = is_offline
        if is_offline:
            for download in self.active():
                download._go_offline()

    def set_token(self, token: str | None) -> None:
        """For what is started or resumed from now on."""
        hub = replace(self._setting.hub, token=token)
        self._setting = replace(self._setting, hub=hub)
        for download in self.active():
            download._setting = self._setting

    def pause_all(self) -> None:
        """Pauses whatever is under way."""
        for download in self.active():
            download.pause()

    def close(self) -> None:
        """Pauses everything and waits for the threads a moment; parts stay for the next start."""
        attempts = [download._attempt for download in self.active()]
        self.pause_all()
        for attempt in attempts:
            if attempt is not None:
                attempt.join(CLOSING_S)


def checked_endpoint(address: str) -> str:
    """The hub's address without a closing slash. Raises DownloadError for anything but http(s)."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise DownloadError(
            "refused",
            "HF_ENDPOINT is no web address, so no hub can be asked.",
            "Remove it, or set it to an address like https://huggingface.co.",
        )
    return address.rstrip("/")


def _is_true(value: str | None) -> bool:
    return (value or "").upper() in ("1", "ON", "YES", "TRUE")
