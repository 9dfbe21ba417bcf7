"""A hub on loopback: the API, addresses that redirect to a store under another host name, ranges.

It counts what it sends, keeps the heads of requests, and fails as it is told.
"""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

from tests.fakes.hub.faults import Fault, Place
from tests.fakes.hub.repository import Repository, digest, is_large

CHUNK = 16_384
STALL_S = 30.0


@dataclass(frozen=True)
class Asked:
    """One request that arrived."""

    place: Place
    path: str
    headers: Mapping[str, str]


class FakeHub:
    """Serves some repositories. `bytes_per_s` slows bodies down, 0 means as fast as it goes."""

    def __init__(self, *repositories: Repository, bytes_per_s: float = 0.0) -> None:
        self.repositories = {one.name: one for one in repositories}
        self.faults: list[Fault] = []
        self.asked: list[Asked] = []
        self.sent: dict[str, list[tuple[int, int]]] = {}
        self.bytes_per_s = bytes_per_s
        self.closing = threading.Event()
        self.lock = threading.Lock()
        self.most_at_once = self._at_once = 0
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.hub = self
        self._thread = threading.Thread(target=self._serve, name="fake-hub")

    def _serve(self) -> None:
        self._server.serve_forever(poll_interval=0.02)

    @property
    def endpoint(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_address[1])

    def __enter__(self) -> FakeHub:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.hang_up()
        self._server.server_close()
        self._thread.join()

    def fail(self, *faults: Fault) -> None:
        """From now on these happen, in their order."""
        with self.lock:
            self.faults.extend(faults)

    def take_fault(self, place: Place, path: str) -> Fault | None:
        """The fault that is due, used up by one."""
        with self.lock:
            for fault in self.faults:
                if fault.place == place and fault.times > 0 and fault.only in path:
                    fault.times -= 1
                    fault.has_happened = True
                    return fault
        return None

    # --- what the tests look at -------------------------------------------------------------

    def requests(self, place: Place) -> list[Asked]:
        """The requests to one place so far."""
        with self.lock:
            return [one for one in self.asked if one.place == place]

    def bytes_sent(self) -> int:
        """Bytes of bodies that left, all files together."""
        with self.lock:
            return sum(end - start for spans in self.sent.values() for start, end in spans)

    def bytes_sent_once(self) -> int:
        """Different bytes among them."""
        with self.lock:
            return sum(_covered(spans) for spans in self.sent.values())

    def content(self, name: str) -> bytes | None:
        """The bytes of a blob."""
        for repository in self.repositories.values():
            for body in repository.files.values():
                if digest(body) == name:
                    return body
        return None

    @contextlib.contextmanager
    def sending(self) -> Iterator[None]:
        """Counts how many bodies leave at the same time."""
        with self.lock:
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            yield
        finally:
            with self.lock:
                self._at_once -= 1


def _covered(spans: list[tuple[int, int]]) -> int:
    total = reached = 0
    for start, end in sorted(spans):
        total += max(0, end - max(start, reached))
        reached = max(reached, end)
    return total


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    hub: FakeHub

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(address, handler)
        self._lock = threading.Lock()
        self._open: dict[socket.socket, threading.Thread] = {}

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Keeps account of the connections, so that none outlives the hub."""
        with self._lock:
            self._open[request] = threading.current_thread()
        super().process_request_thread(request, client_address)
        with self._lock:
            del self._open[request]

    def hang_up(self) -> None:
        """Ends every connection, also those that are kept for another request."""
        with self._lock:
            connections = dict(self._open)
        for connection, thread in connections.items():
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            thread.join()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that are killed or hang up are what this is for."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Says nothing."""

    @property
    def hub(self) -> FakeHub:
        return self.server.hub

    def do_GET(self) -> None:
        """Every request."""
        # What is sent shall not hide in the buffers of the kernel: it is counted as sent.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2 * CHUNK)
        path = unquote(urlsplit(self.path).path)
        place: Place = "resolve"
        if path.startswith("/api/"):
            place = "api"
        elif path.startswith("/cdn/"):
            place = "cdn"
        with self.hub.lock:
            self.hub.asked.append(
                Asked(place, path, {name.lower(): text for name, text in self.headers.items()})
            )
        fault = self.hub.take_fault(place, path)
        if fault is not None and self._failed_at_once(fault):
            return
        {"api": self._api, "resolve": self._resolve, "cdn": self._cdn}[place](path, fault)

    def do_HEAD(self) -> None:
        """Only huggingface_hub asks like this, before it fetches a file itself."""
        name, _, rest = unquote(urlsplit(self.path).path).strip("/").partition("/resolve/")
        content = self.hub.repositories[name].files[rest.partition("/")[2]]
        self.send_response(302 if is_large(content) else 200)
        if is_large(content):
            self.send_header("Location", self._store(content))
            self.send_header("X-Linked-ETag", f'"{digest(content)}"')
            self.send_header("X-Linked-Size", str(len(content)))
        self.send_header("ETag", f'"{digest(content)}"')
        self.send_header("X-Repo-Commit", self.hub.repositories[name].commit)
        self.send_header("Content-Length", "0" if is_large(content) else str(len(content)))
        self.end_headers()

    def _store(self, content: bytes) -> str:
        return f"http://localhost:{self.hub.port}/cdn/{digest(content)}?signature=secret"

    def _failed_at_once(self, fault: Fault) -> bool:
        """Faults that need no content."""
        if fault.kind == "status":
            self._answer(fault.status, fault.body, fault.headers)
        elif fault.kind in ("portal", "text"):
            body = fault.body or b"<html>Please sign in to this network</html>"
            kind = "text/html" if fault.kind == "portal" else "application/json"
            self._answer(200, body, {"Content-Type": kind})
        elif fault.kind == "mute":
            self.hub.closing.wait(STALL_S)
            self.close_connection = True
        elif fault.kind == "loop":
            self._answer(302, b"", {"Location": self.path})
        elif fault.kind == "elsewhere":
            self._answer(302, b"", {"Location": fault.target})
        elif fault.kind == "garbage":
            self.wfile.write(b"\x00\x01nothing like HTTP\r\n\r\n")
            self.close_connection = True
        else:
            return False
        return True

    def _answer(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _api(self, path: str, fault: Fault | None) -> None:
        del fault
        name, _, revision = path.removeprefix("/api/models/").partition("/revision/")
        if "/tree/" in name:
            self._tree(name.partition("/tree/")[0])
            return
        repository = self._repository(name)
        if repository is None:
            self._answer(401, b"{}", {"X-Error-Code": "RepoNotFound", "X-Error-Message": "no"})
            return
        if revision not in ("main", repository.commit):
            self._answer(404, b"{}", {"X-Error-Code": "RevisionNotFound"})
            return
        if repository.is_gated and "Authorization" not in self.headers:
            self._answer(401, b"{}", {"X-Error-Code": "GatedRepo", "X-Error-Message": "gated"})
            return
        body = json.dumps(repository.answer()).encode()
        self._answer(200, body, {"Content-Type": "application/json"})

    def _tree(self, name: str) -> None:
        """What huggingface_hub itself asks for."""
        rows = [
            {
                "type": "file",
                "path": path,
                "size": len(content),
                "oid": "0" * 40 if is_large(content) else digest(content),
                **(
                    {"lfs": {"oid": digest(content), "size": len(content), "pointerSize": 135}}
                    if is_large(content)
                    else {}
                ),
            }
            for path, content in self.hub.repositories[name].files.items()
        ]
        self._answer(200, json.dumps(rows).encode(), {"Content-Type": "application/json"})

    def _repository(self, name: str) -> Repository | None:
        return self.hub.repositories.get(name)

    def _resolve(self, path: str, fault: Fault | None) -> None:
        name, _, rest = path.strip("/").partition("/resolve/")
        commit, _, file = rest.partition("/")
        repository = self._repository(name)
        if repository is None or commit != repository.commit or file not in repository.files:
            self._answer(404, b"", {"X-Error-Code": "EntryNotFound"})
            return
        content = repository.files[file]
        if is_large(content):
            self._answer(302, b"", {"Location": self._store(content)})
            return
        self._body(content, digest(content), fault)

    def _cdn(self, path: str, fault: Fault | None) -> None:
        blob = path.removeprefix("/cdn/")
        content = self.hub.content(blob)
        if content is None:
            self._answer(404, b"", {})
            return
        self._body(content, blob, fault)

    def _body(self, content: bytes, blob: str, fault: Fault | None) -> None:
        kind = fault.kind if fault is not None else ""
        size = len(content)
        start = self._start()
        if kind == "whole":
            start = None
        first = start or 0
        if first >= size and start is not None:
            self._answer(416, b"", {"Content-Range": f"bytes */{size}"})
            return
        body = content[first:]
        if kind == "flip":
            body = body[:-1] + bytes([body[-1] ^ 1])
        if kind == "short":
            body = body[: len(body) // 2]
        self.send_response(200 if start is None else 206)
        if start is not None:
            shown = first + 100 if kind == "shifted" else first
            total = size + 5 if kind == "other_total" else size
            self.send_header("Content-Range", f"bytes {shown}-{size - 1}/{total}")
        if kind == "packed":
            self.send_header("Content-Encoding", "gzip")
        if kind == "long":
            body += b"more"
            self.close_connection = True
        else:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        limit = {"drop": fault.after, "stall": fault.after, "trickle": 1} if fault else {}
        self._send(body[: limit.get(kind, len(body))], blob, first)
        if kind == "stall":
            self.hub.closing.wait(STALL_S)
        if kind in limit:
            self.close_connection = True

    def _start(self) -> int | None:
        asked = self.headers.get("Range")
        if asked is None:
            return None
        return int(asked.removeprefix("bytes=").partition("-")[0])

    def _send(self, body: bytes, blob: str, first: int) -> None:
        rate = self.hub.bytes_per_s
        began = time.monotonic()
        last = max(0, (len(body) - 1) // CHUNK * CHUNK)
        with self.hub.sending():
            if not self._send_pieces(body, range(0, last, CHUNK), blob, first, rate, began):
                return
        # Whoever has the last piece may ask for more before this thread goes on.
        self._send_pieces(body, range(last, len(body), CHUNK), blob, first, 0, began)

    def _send_pieces(
        self, body: bytes, offsets: range, blob: str, first: int, rate: float, began: float
    ) -> bool:
        for offset in offsets:
            piece = body[offset : offset + CHUNK]
            self.wfile.write(piece)
            with self.hub.lock:
                self.hub.sent.setdefault(blob, []).append(
                    (first + offset, first + offset + len(piece))
                )
            if rate:
                ahead = (offset + len(piece)) / rate - (time.monotonic() - began)
                if ahead > 0 and self.hub.closing.wait(ahead):
                    return False
        return True
