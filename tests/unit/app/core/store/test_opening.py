"""Whoever may not write may read, and is told why."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from app.core.conversation import Draft, Settings
from app.core.store import Store, StoreFullError, StoreReadOnlyError, error_info
from app.core.store.opening import take_lock
from app.core.store.schema import FIRST, MIGRATIONS, VERSION, migrate, version_of
from tests.fakes.clock import WallClock
from tests.fakes.stored import chain, conversation, turn
from tests.unit.app.core.store.conftest import OpenStore

IS_ROOT = sys.platform == "linux" and os.geteuid() == 0
needs_root = pytest.mark.skipif(not IS_ROOT, reason="only root can mount a volume")

HOLD = """
import sys
from pathlib import Path
from app.core.store import Store
store = Store.open(Path(sys.argv[1]))
print("open" if not store.is_read_only else "reading", flush=True)
sys.stdin.read()
store.close()
"""


@pytest.fixture
def database(folder: Path) -> Path:
    return folder / "conversations" / "facet.sqlite3"


@pytest.fixture
def volume(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """A small volume of its own; called again with options to mount it anew."""
    place = tmp_path / "volume"
    place.mkdir()
    mounted = False

    def mount(options: str) -> Path:
        nonlocal mounted
        kind = ["-o", f"remount,{options}"] if mounted else ["-t", "tmpfs", "-o", options, "tmpfs"]
        subprocess.run(["mount", *kind, str(place)], check=True)
        mounted = True
        return place

    yield mount
    if mounted:
        subprocess.run(["umount", str(place)], check=True)


def refuses_writes(store: Store) -> bool:
    calls: list[Callable[[], object]] = [
        lambda: store.create(conversation("new")),
        lambda: store.add_turn("c", turn("new")),
        lambda: store.update_turn("c", turn("t0", "new")),
        lambda: store.stream("t0", "new", "", 0),
        lambda: store.rename("c", "new"),
        lambda: store.purge("c"),
        lambda: store.save_draft("c", Draft("new")),
        lambda: store.set_settings("c", Settings(seed=1)),
        lambda: store.add_folder("new"),
        lambda: store.put_bytes(b"new"),
        lambda: store.back_up(),
    ]
    for call in calls:
        with pytest.raises(StoreReadOnlyError):
            call()
    return not store.idle()


def test_a_second_store_reads_what_the_first_writes(store: Store, folder: Path) -> None:
    store.create(conversation("c", *chain("t", 3)))
    second = Store.open(folder)
    try:
        assert second.is_read_only
        assert "already running" in second.notices[0].what
        assert len(second.load("c").turns) == 3
        store.add_turn("c", turn("new", "fresh", "t2"))
        assert len(second.load("c").turns) == 4
        assert second.search("fresh")[0].turn_id == "new"
        assert refuses_writes(second)
    finally:
        second.close()
    store.rename("c", "still ours")


def test_two_processes_never_write(open_store: OpenStore, folder: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        assert open_store().is_read_only
        other.communicate("")
    assert not open_store().is_read_only


def test_a_newer_file_is_only_read(open_store: OpenStore, database: Path) -> None:
    store = open_store()
    store.create(conversation("c", *chain("t", 3)))
    store.close()
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("ALTER TABLE turns ADD COLUMN mood TEXT")
        connection.execute(f"PRAGMA user_version = {VERSION + 1}")
        connection.execute(f"UPDATE facts SET value = '{VERSION + 1}' WHERE name = 'version'")
        connection.commit()
    before = database.read_bytes()
    store = open_store()
    assert store.is_read_only
    assert "newer version" in store.notices[0].what
    assert len(store.load("c").turns) == 3
    assert store.search("nothing")
    assert refuses_writes(store)
    store.close()
    assert database.read_bytes() == before


def test_a_damaged_version_number_is_no_newer_file(open_store: OpenStore, database: Path) -> None:
    store = open_store()
    store.create(conversation("c", *chain("t", 3)))
    store.close()
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA user_version = 77")
    store = open_store()
    assert not store.is_read_only
    assert "repaired" in store.notices[0].what
    assert len(store.load("c").turns) == 3


@needs_root
@pytest.mark.parametrize("has_log", [False, True])
def test_a_protected_volume_is_read(
    volume: Callable[[str], Path], clock: WallClock, has_log: bool
) -> None:
    folder = volume("size=16m")
    store = Store.open(folder, clock)
    store.create(conversation("c", *chain("t", 3)))
    if has_log:  # as after a crash
        log = folder / "conversations" / "facet.sqlite3-wal"
        kept = log.read_bytes()
        plain = (folder / "conversations" / "facet.sqlite3").read_bytes()
        store.close()
        log.write_bytes(kept)
        (folder / "conversations" / "facet.sqlite3").write_bytes(plain)
    else:
        store.close()
    volume("ro")
    store = Store.open(folder, clock)
    try:
        assert store.is_read_only
        assert "protected" in store.notices[0].what
        assert len(store.load("c").turns) == 3
        assert store.search("nothing")
        assert refuses_writes(store)
    finally:
        store.close()


@needs_root
def test_an_empty_protected_volume_serves_this_session(volume: Callable[[str], Path]) -> None:
    volume("size=16m")
    store = Store.open(volume("ro") / "data")
    try:
        assert store.is_temporary
        assert "not be kept" in store.notices[0].what
        store.create(conversation("c", turn("t", "needle")))
        assert store.search("needle")
        scratch = store.blob(store.put_bytes(b"x")).parents[2]
    finally:
        store.close()
    assert not scratch.exists()


@needs_root
def test_a_full_volume_keeps_what_it_has(volume: Callable[[str], Path], clock: WallClock) -> None:
    folder = volume("size=2m")
    store = Store.open(folder, clock)
    try:
        store.create(conversation("c"))
        kept = 0
        with suppress(StoreFullError):
            for number in range(1000):
                store.add_turn("c", turn(f"t{number}", "words " * 2000))
                kept = number + 1
        with pytest.raises(StoreFullError) as caught:
            store.update_turn("c", turn("t0", "words " * 20000))
        assert "disk is full" in error_info(caught.value).what
        assert len(store.load("c").turns) == kept > 3
        with pytest.raises(StoreFullError):
            store.put_bytes(os.urandom(2 << 20))
        volume("size=16m")
        store.add_turn("c", turn("after", "words"))
        assert len(store.load("c").turns) == kept + 1
        assert store.back_up() is not None
    finally:
        store.close()


def test_a_place_that_cannot_be_serves_this_session(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    store = Store.open(tmp_path / "file" / "data")
    try:
        assert store.is_temporary
        store.create(conversation("c"))
        assert store.summaries()
    finally:
        store.close()


def test_a_migration_happens_as_a_whole_or_not_at_all(tmp_path: Path) -> None:
    steps = (*MIGRATIONS, "CREATE TABLE moods (a);\nINSERT INTO nowhere VALUES (1);\n")
    with closing(sqlite3.connect(tmp_path / "x", isolation_level=None)) as connection:
        with pytest.raises(sqlite3.OperationalError):
            migrate(connection, steps)
        assert version_of(connection) == 0
        names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
        assert not names
        migrate(connection)
        with pytest.raises(sqlite3.OperationalError):
            migrate(connection, steps)
        assert version_of(connection) == len(MIGRATIONS)
        better = "CREATE TABLE moods (a);\n"
        migrate(connection, (*MIGRATIONS, better))
        assert version_of(connection) == len(MIGRATIONS) + 1


def test_the_first_version_can_still_be_opened(open_store: OpenStore, database: Path) -> None:
    """A file as the first release made it."""
    database.parent.mkdir(parents=True)
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        migrate(connection, (FIRST,))
    store = open_store()
    assert store.notices == ()
    store.create(conversation("c", turn("t", "needle")))
    assert store.search("needle")


def make_older(database: Path) -> None:
    """The file as the first release would have left it."""
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        for column in ("pane", "materials", "work", "grants"):
            connection.execute(f"ALTER TABLE conversations DROP COLUMN {column}")
        connection.execute("PRAGMA user_version = 1")
        connection.execute("UPDATE facts SET value = '1' WHERE name = 'version'")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def test_an_older_file_that_another_holds_is_read_and_left_as_it_is(
    open_store: OpenStore, folder: Path, database: Path
) -> None:
    store = open_store()
    store.create(conversation("c", *chain("t", 3)))
    store.close()
    make_older(database)
    before = database.read_bytes()
    with take_lock(folder / "store.lock"):
        reading = open_store()
        assert "already running" in reading.notices[0].what
        assert [row.pane for row in reading.summaries()] == ["chat"]
        assert len(reading.load("c").turns) == 3
        assert refuses_writes(reading)
        reading.close()
    assert database.read_bytes() == before
    assert len(open_store().load("c").turns) == 3


@needs_root
def test_an_older_file_on_a_protected_volume_is_read(volume: Callable[[str], Path]) -> None:
    folder = volume("size=8m") / "data"
    store = Store.open(folder)
    store.create(conversation("c", *chain("t", 3)))
    store.close()
    make_older(folder / "conversations" / "facet.sqlite3")
    volume("ro")
    reading = Store.open(folder)
    try:
        assert reading.is_read_only
        assert not reading.load("c").materials
        assert len(reading.load("c").turns) == 3
    finally:
        reading.close()
