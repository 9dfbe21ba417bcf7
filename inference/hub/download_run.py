"""One run of a download, from asking the hub to the finished model; on a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from inference.hub.cache import blob_size, free_bytes, publish, repo_folder
from inference.hub.cache_record import (
    PlannedFile,
    Record,
    arrived_bytes,
    discard_record,
    forget_record,
    records,
    write_record,
)
from inference.hub.catalogue import CatalogueEntry
from inference.hub.download_meter import Meter
from inference.hub.download_state import DownloadState
from inference.hub.faults import (
    DownloadError,
    Stopped,
    cannot_write,
    damaged,
    no_space,
)
from inference.hub.plan import (
    INDEX,
    Hub,
    Listing,
    asked_in_vain,
    chosen_files,
    list_repository,
    reason_of,
    record_of,
    unreachable,
)
from inference.hub.transfer import Policy, Transfer, open_client
from inference.hub.transfer_stop import Stop

POLL_S = 0.05


class Watcher(Protocol):
    """Who is told how a run goes. Calls come from the run's threads."""

    def on_state(self, state: DownloadState) -> None:
        """Another phase began."""

    def on_record(self, record: Record) -> None:
        """It is known what is to be fetched."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Where and how to fetch."""

    hub: Hub
    cache: Path
    policy: Policy
    free: Callable[[Path], int] = free_bytes


class Run:
    """Fetches one model. `fetch` blocks and returns the finished folder."""

    def __init__(
        self, entry: CatalogueEntry, setting: Setting, meter: Meter, stop: Stop, watcher: Watcher
    ) -> None:
        self._entry = entry
        self._setting = setting
        self._meter = meter
        self._stop = stop
        self._watcher = watcher
        self._repository = repo_folder(setting.cache, entry.repo)
        self._writing = threading.Lock()

    def fetch(self) -> Path:
        """Raises DownloadError (why it ended), Stopped, or OSError of the disk."""
        self._watcher.on_state("checking")
        kept = self._begun_before()
        try:
            return self._fetched(kept or self._planned())
        except DownloadError as error:
            if kept is None or error.reason != "not_found":
                raise
        # The commit that was begun is gone from the hub: what is there now is fetched instead.
        discard_record(self._setting.cache, kept)
        return self._fetched(self._planned())

    def _begun_before(self) -> Record | None:
        for record in records(self._setting.cache):
            if (record.repo, record.revision) == (self._entry.repo, self._entry.revision):
                return record
        return None

    # --- what to fetch --------------------------------------------------------------------

    def _planned(self) -> Record:
        listing = self._asked()
        index = next((file for file in listing.small if file.path == INDEX), None)
        content: bytes | None = None
        checked: Mapping[str, tuple[int, int]] = {}
        if index is not None:
            checked = self._transfer(self._record(listing, (index,)), [index], Meter()).checked
            content = (self._repository / "blobs" / index.hash).read_bytes()
        files = chosen_files(listing, content)
        record = replace(self._record(listing, files), checked=checked)
        try:
            write_record(self._setting.cache, record)
        except OSError as error:
            raise cannot_write(str(self._setting.cache), error) from error
        return record

    def _record(self, listing: Listing, files: tuple[PlannedFile, ...]) -> Record:
        return record_of(self._entry.repo, self._entry.revision, listing.commit, files)

    def _asked(self) -> Listing:
        """The hub's listing, asked again where that may help."""
        policy, hub = self._setting.policy, self._setting.hub
        wait_s = policy.first_wait_s
        for tried in range(1, policy.most_tries + 1):
            answer = self._answer()
            if isinstance(answer, Listing):
                return answer
            final = asked_in_vain(answer, hub, self._entry.repo)
            if final is not None:
                raise final from answer
            if tried == policy.most_tries:
                raise unreachable(hub, answer) from answer
            why = reason_of(answer)
            self._meter.trouble(
                "", f"{hub.host}: {why}. Trying again ({tried} of {policy.most_tries})"
            )
            self._stop.wait(wait_s)
            wait_s = min(2 * wait_s, policy.longest_wait_s)
        raise AssertionError("unreachable")

    def _answer(self) -> Listing | Exception:
        """Asked on another thread: a hub that hangs must not hold up the one who cancels."""
        answers: list[Listing | Exception] = []
        came = threading.Event()

        def ask() -> None:
            try:
                answers.append(
                    list_repository(self._setting.hub, self._entry.repo, self._entry.revision)
                )
            except Exception as error:  # handed to the thread that waits
                answers.append(error)
            came.set()

        threading.Thread(target=ask, name="facet-hub-question", daemon=True).start()
        while not came.wait(POLL_S):
            self._stop.check()
        self._meter.trouble("", "")
        return answers[0]

    # --- fetching -------------------------------------------------------------------------

    def _fetched(self, record: Record) -> Path:
        self._watcher.on_record(record)
        done = arrived_bytes(self._setting.cache, record)
        missing = record.total_bytes - done
        self._meter.begin(done)
        self._check_space(missing)
        self._watcher.on_state("downloading" if missing else "verifying")
        record = self._transfer(record, list(record.files), self._meter)
        self._watcher.on_state("verifying")
        return self._publish(record)

    def _check_space(self, missing: int) -> None:
        policy = self._setting.policy
        if not missing:
            return
        needed = int(missing * (1 + policy.margin_share)) + policy.margin_bytes
        free = self._setting.free(self._setting.cache)
        if free < needed:
            raise no_space(needed, free, str(self._setting.cache))

    def _transfer(self, record: Record, files: list[PlannedFile], meter: Meter) -> Record:
        """Fetches `files`, several at once; the record with what was checked."""
        stop = self._stop.child()  # set by the first thread that cannot go on
        crew = _Crew(record, files, stop, self._save)
        with open_client(self._setting.policy) as client:
            transfer = Transfer(
                self._setting.hub,
                self._repository,
                self._setting.policy,
                client,
                meter,
                stop,
            )
            return crew.work(transfer, meter, self._setting.policy.parallel_files)

    def _save(self, record: Record) -> None:
        """Remembers on the disk which files were checked."""
        with self._writing:
            self._stop.check()
            if len(record.files) > 1:
                write_record(self._setting.cache, record)

    def _publish(self, record: Record) -> Path:
        self._stop.check()
        files = {file.path: file.hash for file in record.files}
        try:
            snapshot = publish(self._repository, record.commit, record.revision, files)
        except OSError as error:
            raise cannot_write(str(self._setting.cache), error) from error
        lacking = [file.path for file in record.files if blob_size(snapshot / file.path) < 0]
        if lacking:
            raise damaged(lacking)
        forget_record(self._setting.cache, record)
        return snapshot


class _Crew:
    """Some threads that fetch the files of one record."""

    def __init__(
        self,
        record: Record,
        files: list[PlannedFile],
        stop: Stop,
        save: Callable[[Record], None],
    ) -> None:
        self._record = record
        self._waiting = list(reversed(files))
        self._stop = stop
        self._save = save
        self._lock = threading.Lock()
        self._error: BaseException | None = None
        self._damaged: list[str] = []

    def work(self, transfer: Transfer, meter: Meter, most: int) -> Record:
        """Blocks until every file is there. Raises what the first thread could not get over."""
        threads = [
            threading.Thread(
                target=self._fetch_some, args=(transfer, meter), name="facet-transfer", daemon=True
            )
            for _ in range(min(most, len(self._waiting)))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if self._error is not None:
            raise self._error
        self._stop.check()
        if self._damaged:
            raise damaged(self._damaged)
        return self._record

    def _fetch_some(self, transfer: Transfer, meter: Meter) -> None:
        while True:
            with self._lock:
                if not self._waiting or self._error is not None:
                    return
                file = self._waiting.pop()
            try:
                self._fetch(transfer, meter, file)
            except Stopped:
                return
            except DownloadError as error:
                if error.reason == "damaged":  # the other files are worth having
                    with self._lock:
                        self._damaged.append(file.path)
                    meter.trouble(file.path, "")
                    continue
                self._end(error)
            except OSError as error:
                self._end(cannot_write("of the models", error))
            except Exception as error:  # raised again by the thread that waits
                self._end(error)

    def _fetch(self, transfer: Transfer, meter: Meter, file: PlannedFile) -> None:
        stamp = transfer.fetch(self._record, file)
        with self._lock:
            self._record = self._record.with_checked(file.hash, stamp)
            self._save(self._record)
        meter.file_done()

    def _end(self, error: BaseException) -> None:
        """The first error counts; everything else is stopped."""
        with self._lock:
            if self._error is None and not self._stop.is_set:
                self._error = error
        self._stop.set()
