"""What the store does when there is nothing else to do: one small step at a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from app.core.store import backups, uses
from app.core.store.backups import Backup
from app.core.store.blobs import Blobs
from app.core.store.database import Database
from app.core.store.errors import DAMAGED
from app.core.store.opening import Places, is_checked_at_start
from app.core.store.search import Search


class Upkeep:
    """Keeps index, backups and media in order. Only for a store that may be written."""

    def __init__(
        self,
        places: Places,
        database: Database,
        search: Search,
        blobs: Blobs,
        clock: Callable[[], datetime],
    ) -> None:
        self._places = places
        self._database = database
        self._search = search
        self._blobs = blobs
        self._clock = clock
        self._is_checked = is_checked_at_start(places)
        self._is_swept = False
        self._to_scrub: list[Path] | None = None
        self._backed_up_writes = -1 if self._is_newer_than_backups() else 0
        self._next_backup = self._first_backup()

    def step(self) -> bool:
        """Does one piece of work. True: there may be more."""
        if self._search.catch_up() == "more":
            return True
        if self._search.forget_words() or self._scrub_backups():
            return True
        if not self._is_checked:
            self._is_checked = True
            self._check()
            return True
        if not self._is_swept:
            self._is_swept = True
            self.remove_unused_media()
            return True
        if self._is_changed() and self._clock() >= self._next_backup:
            self.back_up()
            return True
        return False

    def back_up(self) -> Backup | None:
        """Makes a backup if anything changed since the last one. Raises StoreError."""
        now = self._clock()
        self._next_backup = now + backups.EVERY  # a failure too is not repeated before that
        if not self._is_changed():
            return None
        self._database.empty_log()  # so that closing need not touch the file after its backup
        writes = self._database.writes
        made = backups.make(self._database.path, self._places.backups, now)
        self._backed_up_writes = writes
        backups.thin(self._places.backups, now)
        return made

    def remove_unused_media(self) -> int:
        """Deletes media that no turn, draft or backup needs."""
        with self._database.read() as connection:
            used = uses.used(connection)
        unused = [name for name in self._blobs.names() if name not in used]
        if not unused:
            return 0
        needed = backups.media_needed(self._places.backups)
        return self._blobs.remove(name for name in unused if name not in needed)

    def _check(self) -> None:
        """Looks for damage in a file that was too large for it at the start. Raises StoreError."""
        with self._database.read() as connection:
            fault = backups.fault_of(connection)
        if fault:
            self._places.suspicion.touch()
            raise DAMAGED

    def _scrub_backups(self) -> bool:
        """Deletes purged conversations from one backup. True: there is more to do."""
        with self._database.read() as connection:
            erased = [row[0] for row in connection.execute("SELECT conversation_id FROM erased")]
        if not erased:
            return False
        if self._to_scrub is None:
            self._to_scrub = backups.paths(self._places.backups)
        if self._to_scrub:
            backups.forget(self._to_scrub.pop(), erased)
            return True
        self._to_scrub = None
        marks = ", ".join("?" * len(erased))
        with self._database.write() as connection:
            connection.execute(f"DELETE FROM erased WHERE conversation_id IN ({marks})", erased)
        self.remove_unused_media()
        return True

    def _is_changed(self) -> bool:
        return self._database.writes != self._backed_up_writes

    def _is_newer_than_backups(self) -> bool:
        newest = next(iter(backups.paths(self._places.backups)), None)
        if newest is None:
            return True
        changed_at = self._database.path.stat().st_mtime
        return changed_at > newest.stat().st_mtime

    def _first_backup(self) -> datetime:
        newest = next(iter(backups.paths(self._places.backups)), None)
        made_at = backups.made_at(newest) if newest else None
        return self._clock() if made_at is None else made_at + backups.EVERY
