"""One Facet per person: a second one hands its files to the first, which comes to the front."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

REACH_MS = 1000
LARGEST_MESSAGE_BYTES = 1 << 20
MOST_FILES = 200


class SingleInstance(QObject):
    """Decides who is first in a folder. `asked` tells the first what a later one was given."""

    asked = Signal(list)  # list[Path], perhaps empty: come to the front and open these

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        folder.mkdir(parents=True, exist_ok=True)
        name = hashlib.sha256(str(folder.resolve()).encode("utf-8", "replace")).hexdigest()[:16]
        self._name = f"facet-{name}"
        self._lock = QLockFile(str(folder / "instance.lock"))
        self._lock.setStaleLockTime(0)  # only the end of its process makes a lock stale
        self._server: QLocalServer | None = None
        self._received: dict[QLocalSocket, bytearray] = {}

    def claim(self, files: Sequence[Path] = ()) -> bool:
        """True: this is the first one. False: the first was told of `files` and asked to show
        itself; this one should end."""
        if not self._lock.tryLock(0):
            if self._hand_over(files):
                return False
            # It holds the lock but does not answer: ending, or hung. The store's own lock still
            # keeps two from writing.
            if not self._lock.tryLock(REACH_MS):
                return True
        self._listen()
        return True

    def close(self) -> None:
        """Stops listening and lets another be first."""
        if self._server is not None:
            self._server.close()
            self._server = None
        sockets = list(self._received)
        self._received.clear()  # so that their end is not taken for a message
        for socket in sockets:
            socket.abort()
        self._lock.unlock()

    def _hand_over(self, files: Sequence[Path]) -> bool:
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(REACH_MS):
            return False
        paths = [str(path.absolute()) for path in files[:MOST_FILES]]
        socket.write(json.dumps(paths).encode("ascii") + b"\n")
        is_sent = socket.waitForBytesWritten(REACH_MS)
        socket.disconnectFromServer()
        return is_sent

    def _listen(self) -> None:
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)
        if not self._server.listen(self._name):
            QLocalServer.removeServer(self._name)  # left behind by a crash
            self._server.listen(self._name)

    def _on_connection(self) -> None:
        while self._server is not None and self._server.hasPendingConnections():
            socket = self._server.nextPendingConnection()
            self._received[socket] = bytearray()
            socket.readyRead.connect(self._on_bytes)
            socket.disconnected.connect(self._on_end)
            self._take(socket)
            if socket.state() == QLocalSocket.LocalSocketState.UnconnectedState:
                self._received.pop(socket, None)  # it said what it had and left before we looked

    def _on_bytes(self) -> None:
        socket = self.sender()
        if isinstance(socket, QLocalSocket) and socket in self._received:
            self._take(socket)

    def _on_end(self) -> None:
        socket = self.sender()
        if isinstance(socket, QLocalSocket) and socket in self._received:
            self._take(socket)
            self._received.pop(socket, None)
            socket.deleteLater()

    def _take(self, socket: QLocalSocket) -> None:
        received = self._received[socket]
        if socket.bytesAvailable():
            received += socket.readAll().data()
        if len(received) > LARGEST_MESSAGE_BYTES:
            self._received.pop(socket)
            socket.abort()
            return
        if b"\n" in received:
            line, _, rest = bytes(received).partition(b"\n")
            self._received[socket] = bytearray(rest)
            files = _files_in(line)
            if files is not None:
                self.asked.emit(files)


def _files_in(line: bytes) -> list[Path] | None:
    """What a message names; None if it is none of ours."""
    try:
        names = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        return None
    return [Path(name) for name in names[:MOST_FILES] if name and "\0" not in name]
