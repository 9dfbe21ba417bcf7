"""A process that writes to a store until it is killed, and says what it was promised."""

from __future__ import annotations

import os
import random
from pathlib import Path

from app.core.conversation import new_id
from app.core.store import Store, Writer
from tests.fakes.stored import attachment, conversation, turn

BLOB_BYTES = 20_000
WORDS = "the quick brown fox jumps over the lazy dog and writes everything down "


def text_of(turn_id: str, length: int) -> str:
    """The first characters of what a turn says; anybody can tell whether they are right."""
    line = f"{turn_id} {WORDS}"
    return (line * (length // len(line) + 1))[:length]


def blob_of(turn_id: str) -> bytes:
    """The picture of a turn."""
    return random.Random(turn_id).randbytes(BLOB_BYTES)


def write_until_killed(folder: Path, pipe: int) -> None:
    """Streams answers through the writer. After each call that returned, a line goes to the pipe:
    conversation, turn, characters saved, name of its picture."""
    store = Store.open(folder)

    def stop(error: Exception) -> None:
        os.write(pipe, f"! {error!r}\n".encode())

    writer = Writer(store, stop)

    def acknowledge(*words: object) -> None:
        os.write(pipe, (" ".join(map(str, words)) + "\n").encode())

    name, parent = new_id(), None
    writer.call(store.create, conversation(name))
    while True:
        answer = new_id()
        picture = attachment(store.put_bytes(blob_of(answer)))
        asked = turn(answer, "", parent, role="model", state="streaming", attachments=(picture,))
        writer.call(store.add_turn, name, asked)
        writer.call(acknowledge, name, answer, 0, picture.sha256)
        for length in range(200, 2600, 200):
            writer.call(store.stream, answer, text_of(answer, length), "", 0)
            writer.call(acknowledge, name, answer, length, picture.sha256)
        finished = turn(answer, text_of(answer, 2600), parent, role="model", attachments=(picture,))
        writer.call(store.update_turn, name, finished)
        writer.call(acknowledge, name, answer, 2600, picture.sha256)
        writer.flush(60)
        parent = answer
