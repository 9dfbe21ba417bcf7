"""Fetching one file over HTTP: resumed where it broke off, hashed while it is written, retried."""

from __future__ import annotations

import errno
import random
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from inference.hub.cache_record import PlannedFile, Record
from inference.hub.download_meter import Meter
from inference.hub.faults import DownloadError, damaged, disk_full, no_connection
from inference.hub.plan import Hub, final_status, reason_of
from inference.hub.transfer_part import Part, is_blob_sound, open_part, stamp_of
from inference.hub.transfer_stop import Stop

if TYPE_CHECKING:
    import httpx2

FRUITFUL_BYTES = 256 << 10  # fewer do not count as progress, so that no try is made for ever
MOST_DAMAGED = 2
_FULL = (errno.ENOSPC, errno.EDQUOT)


@dataclass(frozen=True, slots=True)
class Policy:
    """Patience and limits. Waits double from `first_wait_s` to `longest_wait_s`, with jitter."""

    parallel_files: int = 4
    connect_s: float = 10.0
    silence_s: float = 15.0
    most_tries: int = 8
    first_wait_s: float = 1.0
    longest_wait_s: float = 60.0
    margin_share: float = 0.05
    margin_bytes: int = 2_000_000_000


class _Fruitless(Exception):  # noqa: N818 - an answer that is of no use, not an error of ours
    """The answer cannot be used; `text` says why. The part stays as it is."""

    def __init__(self, text: str, wait_s: float | None = None) -> None:
        super().__init__(text)
        self.text = text
        self.wait_s = wait_s


def open_client(policy: Policy) -> httpx2.Client:
    """Connections with the system's certificates and proxies. Raises DownloadError."""
    import httpx2

    limits = httpx2.Limits(max_connections=policy.parallel_files + 1)
    timeout = httpx2.Timeout(policy.silence_s, connect=policy.connect_s)
    try:
        return httpx2.Client(
            limits=limits,
            timeout=timeout,
            follow_redirects=True,
            max_redirects=10,
            headers={"User-Agent": "facet", "Accept-Encoding": "identity"},
        )
    except (ValueError, ImportError, httpx2.InvalidURL) as error:
        raise DownloadError(
            "no_connection",
            "The proxy that this system names cannot be used.",
            "Look at the proxy settings (HTTPS_PROXY, ALL_PROXY), then choose Resume.",
        ) from error


class Transfer:
    """Fetches files of one record into its blobs; one thread each calls `fetch`."""

    def __init__(
        self,
        hub: Hub,
        repository: Path,
        policy: Policy,
        client: httpx2.Client,
        meter: Meter,
        stop: Stop,
    ) -> None:
        self._hub = hub
        self._blobs = repository / "blobs"
        self._policy = policy
        self._client = client
        self._meter = meter
        self._stop = stop

    def fetch(self, record: Record, file: PlannedFile) -> tuple[int, int]:
        """The stamp of the whole, hashed blob; nothing is fetched that is here and right.

        Raises DownloadError, Stopped or OSError (the disk).
        """
        blob = self._blobs / file.hash
        if self._is_here(blob, record, file):
            return stamp_of(blob)
        self._blobs.mkdir(parents=True, exist_ok=True)
        with open_part(self._blobs, file, self._stop, lambda: self._busy(file)) as part:
            self._meter.trouble(file.path, "")
            if self._is_here(blob, record, file):  # by the program that had the lock
                return stamp_of(blob)
            part.take_up(self._stop, self._meter.read)
            self._complete(record, file, part)
            return part.finish(blob)

    def _busy(self, file: PlannedFile) -> None:
        self._meter.trouble(file.path, "Another program is fetching the same file")

    def _is_here(self, blob: Path, record: Record, file: PlannedFile) -> bool:
        """A damaged blob stays for those who use it until a sound one takes its place."""
        try:
            stamp = stamp_of(blob)
        except OSError:
            return False
        if stamp[0] != file.size:
            return False
        if record.checked.get(file.hash) == stamp:
            return True
        if is_blob_sound(blob, file, self._stop, self._meter.read):
            return True
        self._meter.lost(file.size)
        return False

    def _complete(self, record: Record, file: PlannedFile, part: Part) -> None:
        """Until every byte is here and right."""
        tries = wrong = 0
        while not part.is_right:
            if part.is_whole:
                wrong += 1
                self._meter.lost(part.restart())
                if wrong >= MOST_DAMAGED:
                    raise damaged([file.path])
                name = file.path.removesuffix(".safetensors")
                self._meter.trouble(
                    file.path,
                    f"One file arrived damaged ({name}). Only that file is fetched again",
                )
            before = part.size
            why, wait_s = self._attempt(record, file, part)
            self._stop.check()
            if not why:
                continue
            tries = 1 if part.size - before >= FRUITFUL_BYTES else tries + 1
            if tries > self._policy.most_tries:
                raise no_connection(self._hub.host, why)
            self._meter.trouble(
                file.path, f"{_sentence(why)}. Trying again ({tries} of {self._policy.most_tries})"
            )
            self._stop.wait(self._wait(tries) if wait_s is None else wait_s)

    def _wait(self, tries: int) -> float:
        longest = min(
            self._policy.longest_wait_s, self._policy.first_wait_s * 2.0 ** min(tries - 1, 20)
        )
        return longest * random.uniform(0.5, 1.0)  # so that many who failed do not return as one

    def _attempt(self, record: Record, file: PlannedFile, part: Part) -> tuple[str, float | None]:
        """One request. ("", None) when the file is whole; else why not, and how long to wait."""
        import httpx2

        try:
            self._request(record, file, part)
        except _Fruitless as answer:
            return answer.text, answer.wait_s
        except OSError as error:
            if error.errno in _FULL:
                raise disk_full(str(self._blobs.parent.parent)) from error
            raise
        except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError) as error:
            self._stop.check()
            return reason_of(error), None
        return ("", None) if part.is_whole else ("the connection ended early", None)

    def _request(self, record: Record, file: PlannedFile, part: Part) -> None:
        headers = {"Range": f"bytes={part.size}-"} if part.size else {}
        if self._hub.sent_token:  # httpx2 takes it off when another host is to answer
            headers["Authorization"] = f"Bearer {self._hub.sent_token}"
        url = self._hub.url(record.repo, record.commit, file.path)
        self._stop.check()
        with self._client.stream(
            "GET", url, headers=headers, extensions={"trace": self._stop.watch}
        ) as answer:
            self._accept(answer, record, file, part)
            self._meter.trouble(file.path, "")
            for data in answer.iter_raw():
                self._stop.check()
                if part.size + len(data) > file.size:
                    self._meter.lost(part.restart())
                    raise _Fruitless("more arrived than the file has")
                part.write(data)
                self._meter.arrived(len(data))

    def _accept(
        self, answer: httpx2.Response, record: Record, file: PlannedFile, part: Part
    ) -> None:
        """Checks the head of an answer; raises where its body is not the wanted bytes."""
        status = answer.status_code
        if status == 416:
            self._meter.lost(part.restart())
            raise _Fruitless("the file was offered from another place")
        if status not in (200, 206):
            final = final_status(status, self._hub, record.repo)
            # A signed address of a store runs out: the hub makes a new one.
            if final is not None and not answer.history:
                raise final
            raise _Fruitless(f"it answers with status {status}", _retry_after(answer))
        if answer.headers.get("Content-Encoding", "identity") != "identity":
            raise _Fruitless("the answer is packed in a way that was not asked for")
        if status == 206:
            wanted = f"bytes {part.size}-{file.size - 1}/{file.size}"
            if answer.headers.get("Content-Range") != wanted:
                raise _Fruitless("another range arrived than was asked for")
            return
        length = answer.headers.get("Content-Length")
        if length is not None and length != str(file.size):
            raise _Fruitless("something else answered, perhaps a sign-in page of this network")
        if part.size:
            self._meter.lost(part.restart())


def _retry_after(answer: httpx2.Response) -> float | None:
    text = answer.headers.get("Retry-After", "")
    return min(float(text), 120.0) if text.isascii() and text.isdecimal() else None


def _sentence(clause: str) -> str:
    return clause[:1].upper() + clause[1:]
