"""The store as the rest of the program sees it: one class, one line of work behind each method."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from app.core.conversation import (
    Attachment,
    Conversation,
    Draft,
    ErrorInfo,
    Folder,
    Hit,
    Settings,
    Summary,
    Turn,
)
from app.core.store import backups, conversations, opening, salvage, schema, turns, uses
from app.core.store.backups import Backup
from app.core.store.blobs import Blobs
from app.core.store.database import Database, connect
from app.core.store.errors import READ_ONLY, translated
from app.core.store.index import Index
from app.core.store.opening import Opened
from app.core.store.rows import DAMAGED, Grants, dumps, to_us
from app.core.store.search import Search
from app.core.store.upkeep import Upkeep
from app.core.work import Work

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The time, aware."""
    return datetime.now(UTC)


class Store:
    """Conversations, folders, media. Thread-safe; a write is durable when the call returns.

    Reads never wait for writes. Every method may raise StoreError; those that take an id raise
    KeyError for one that is not there. `notices` say what opening found or could not do.
    """

    def __init__(self, opened: Opened, clock: Clock) -> None:
        self._clock = clock
        self._blobs = Blobs(opened.places.blobs)
        self.notices: tuple[ErrorInfo, ...] = opened.notices
        self._attach(opened)
        if not self.is_read_only:
            self._blobs.remove_parts()  # now, while nobody can be putting anything

    @classmethod
    def open(cls, folder: Path, clock: Clock = utc_now) -> Store:
        """Opens or makes the store in a folder. Never raises for what it finds there: it repairs,
        opens for reading only, or serves this session alone, and says so in `notices`."""
        return cls(opening.open_store(folder, clock()), clock)

    def close(self) -> None:
        """Closes the files and lets other processes write."""
        if self._database.is_damaged and not self.is_read_only:
            with contextlib.suppress(OSError):
                self._opened.places.suspicion.touch()
        if self._index is not None:
            self._index.close()
        self._opened.close()

    @property
    def is_read_only(self) -> bool:
        """Every write raises StoreReadOnlyError."""
        return self._database.access != "write"

    @property
    def is_temporary(self) -> bool:
        """What is written is gone when the store is closed."""
        return self._opened.scratch is not None

    # --- lists ----------------------------------------------------------------------------

    def summaries(self, *, trashed: bool = False) -> list[Summary]:
        """Conversations for the sidebar: pinned ones first, then the latest."""
        with self._database.read() as connection:
            return conversations.summaries(connection, trashed=trashed)

    def folders(self) -> list[Folder]:
        """Folders by name."""
        with self._database.read() as connection:
            return conversations.folders(connection)

    def search(self, text: str, limit: int = 200) -> list[Hit]:
        """Titles, then texts that hold every word of `text`; words may be cut short. Plain text:
        quotes and operators mean nothing. Conversations in the trash are left out."""
        return self._search.find(text, limit)

    # --- conversations --------------------------------------------------------------------

    def create(self, conversation: Conversation) -> None:
        """Adds a conversation with its turns; all their ids have to be new."""
        with self._database.write() as connection:
            conversations.create(connection, conversation)

    def load(self, conversation_id: str) -> Conversation:
        """A whole conversation. A damaged turn is taken from a backup; where none has it, its
        `error` says that it is damaged."""
        with self._database.read() as connection:
            found = conversations.load(connection, conversation_id)
        damaged = [turn.id for turn in found.turns if turn.error == DAMAGED]
        if not damaged or self.is_read_only or not self._put_back(damaged):
            return found
        with self._database.read() as connection:
            return conversations.load(connection, conversation_id)

    def rename(self, conversation_id: str, title: str, own: bool = True) -> None:
        """A title that is not the person's own does not replace one that is."""
        with self._database.write() as connection:
            conversations.rename(connection, conversation_id, title, own=own)

    def set_pinned(self, conversation_id: str, is_pinned: bool) -> None:
        """Pins or unpins."""
        self._change(conversation_id, is_pinned=is_pinned)

    def set_unread(self, conversation_id: str, is_unread: bool) -> None:
        """Marks an answer that nobody has seen yet."""
        self._change(conversation_id, is_unread=is_unread)

    def move(self, conversation_id: str, folder_id: str | None) -> None:
        """Into a folder, or out of every folder."""
        with self._database.write() as connection:
            try:
                conversations.change(connection, conversation_id, folder_id=folder_id)
            except sqlite3.IntegrityError as error:
                raise KeyError(folder_id) from error

    def trash(self, conversation_id: str) -> None:
        """Puts it into the trash, from where it can come back."""
        self._change(conversation_id, trashed_us=to_us(self._clock()))

    def restore(self, conversation_id: str) -> None:
        """Takes it out of the trash."""
        self._change(conversation_id, trashed_us=None)

    def purge(self, conversation_id: str) -> None:
        """Deletes it for good, also its words in free space, log and index. Backups and media
        follow in the next idle moments."""
        with self._database.write() as connection:
            numbers, media = conversations.erase(connection, conversation_id)
            media = [name for name in media if name not in uses.used(connection)]
        self._blobs.release(media)
        self._database.empty_log()
        if self._index is not None:
            self._index.forget(numbers)

    def set_settings(self, conversation_id: str, settings: Settings) -> None:
        """Replaces the conversation's settings."""
        with self._database.write() as connection:
            conversations.set_settings(connection, conversation_id, settings)

    def save_draft(self, conversation_id: str, draft: Draft) -> None:
        """Replaces what stands in the composer."""
        with self._database.write() as connection:
            self._blobs.claim(uses.of_draft(connection, conversation_id))  # perhaps to be sent
            conversations.save_draft(connection, conversation_id, draft)

    def set_materials(self, conversation_id: str, materials: tuple[Attachment, ...]) -> None:
        """Replaces the files a pane works on."""
        with self._database.write() as connection:
            conversations.set_materials(connection, conversation_id, materials)

    def set_work(self, conversation_id: str, work: Work) -> None:
        """Replaces what was worked out."""
        self._change(conversation_id, work=dumps(work))

    def set_grants(self, conversation_id: str, grants: tuple[str, ...]) -> None:
        """Replaces the tools that are allowed for the conversation."""
        self._change(conversation_id, grants=dumps(Grants(grants)))

    def set_active_leaf(self, conversation_id: str, turn_id: str | None) -> None:
        """Chooses the branch that is shown."""
        self._change(conversation_id, active_leaf=turn_id)

    # --- turns ----------------------------------------------------------------------------

    def add_turn(self, conversation_id: str, turn: Turn, *, make_active: bool = True) -> None:
        """Adds a turn at the end, and shows it."""
        with self._database.write() as connection:
            conversations.touch(connection, conversation_id, self._clock())
            turns.insert_turn(connection, conversation_id, turn)
            if make_active:
                conversations.change(connection, conversation_id, active_leaf=turn.id)

    def update_turn(self, conversation_id: str, turn: Turn) -> None:
        """Replaces a turn as a whole, for instance to finish it; adds it if it is not there."""
        with self._database.write() as connection:
            conversations.touch(connection, conversation_id, self._clock())
            turns.update_turn(connection, conversation_id, turn)

    def stream(self, turn_id: str, text: str, thought: str, thought_tokens: int) -> None:
        """Saves the text so far of a turn that is being written."""
        with self._database.write() as connection:
            turns.stream(connection, turn_id, text, thought, thought_tokens)

    # --- folders --------------------------------------------------------------------------

    def add_folder(self, name: str) -> Folder:
        """A new folder."""
        with self._database.write() as connection:
            return conversations.add_folder(connection, name)

    def rename_folder(self, folder_id: str, name: str) -> None:
        """Gives a folder another name."""
        with self._database.write() as connection:
            conversations.rename_folder(connection, folder_id, name)

    def remove_folder(self, folder_id: str) -> None:
        """Removes a folder; its conversations move out of it."""
        with self._database.write() as connection:
            conversations.remove_folder(connection, folder_id)

    # --- media ----------------------------------------------------------------------------

    def put_file(self, path: Path) -> str:
        """Copies a file into the store; returns its SHA-256, its name from now on."""
        self._must_be_writable()
        return self._blobs.put_file(path)

    def put_bytes(self, data: bytes) -> str:
        """Stores bytes; returns their SHA-256."""
        self._must_be_writable()
        return self._blobs.put_bytes(data)

    def blob(self, sha256: str) -> Path:
        """The file of a medium. Raises KeyError if it is not here."""
        return self._blobs.path(sha256)

    # --- upkeep ---------------------------------------------------------------------------

    def idle(self) -> bool:
        """Does one small piece of upkeep. True: call again when there is time."""
        return self._upkeep is not None and self._upkeep.step()

    def back_up(self) -> Backup | None:
        """Makes a verified backup now; None if nothing changed since the last one."""
        self._must_be_writable()
        return self._upkeep.back_up() if self._upkeep else None

    def backups(self) -> list[Backup]:
        """Every readable backup, newest first."""
        return backups.readable(self._opened.places.backups)

    def restore_backup(self, backup: Backup) -> None:
        """Puts a backup in the place of the conversations, which are kept in "damaged"."""
        self._must_be_writable()
        places = self._opened.places
        coming = places.coming
        try:
            shutil.rmtree(coming, ignore_errors=True)
            coming.mkdir()
            shutil.copyfile(backup.path, coming / opening.FILE)
            with contextlib.closing(connect(coming / opening.FILE)) as connection:
                schema.migrate(connection)
                connection.execute("BEGIN IMMEDIATE")
                salvage.renew_identity(connection)
                turns.mark_interrupted(connection)
                connection.execute("COMMIT")
            if self._index is not None:
                self._index.close()
            self._database.close()
            opening.exchange(places, coming, self._clock())
            self._opened.database = Database(places.database, "write")
        except (sqlite3.Error, OSError) as error:
            raise translated(error) from error
        self._attach(self._opened)

    # --- own ------------------------------------------------------------------------------

    def _attach(self, opened: Opened) -> None:
        self._opened = opened
        self._database = opened.database
        self._index: Index | None = None
        if self._database.access == "write":
            with self._database.read() as connection:
                self._index = Index(opened.places.index, schema.fact(connection, "store"))
        self._search = Search(self._database, self._index)
        self._upkeep: Upkeep | None = None
        if self._database.access == "write":
            self._upkeep = Upkeep(
                opened.places, self._database, self._search, self._blobs, self._clock
            )

    def _change(self, conversation_id: str, **columns: str | int | None) -> None:
        with self._database.write() as connection:
            conversations.change(connection, conversation_id, **columns)

    def _put_back(self, turn_ids: list[str]) -> bool:
        """Heals turns from backups; True if there was anything to be had."""
        folder = self._opened.places.backups
        rows = [row for each in turn_ids if (row := backups.sound_turn(folder, each))]
        if rows:
            with self._database.write() as connection:
                for row in rows:
                    turns.put_back(connection, row)
        return bool(rows)

    def _must_be_writable(self) -> None:
        if self.is_read_only:
            raise READ_ONLY
