"""Damaged files: whatever happened to them, a usable store comes of it and nothing is deleted."""

from __future__ import annotations

import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.core.conversation import active_path
from app.core.store import Store, StoreError
from app.core.store.opening import LARGE_BYTES
from app.core.store.salvage import LOST, RECOVERED
from tests.bench.damage import DAMAGES, PAGE, Damage
from tests.fakes.clock import WallClock
from tests.fakes.stored import attachment, chain, conversation, turn
from tests.unit.app.core.store.conftest import OpenStore


@pytest.fixture
def database(folder: Path) -> Path:
    return folder / "conversations" / "facet.sqlite3"


def fill(store: Store, clock: WallClock) -> None:
    """Three conversations of 40 turns, of which a backup knows the first two."""
    for name in ("a", "b"):
        store.create(conversation(name, *chain(name, 40, "words " * 60)))
    store.back_up()
    clock.pass_by(minutes=5)
    store.create(conversation("c", *chain("c", 40, "words " * 60)))


def is_usable(store: Store) -> bool:
    """Reads everything, writes something and finds it again."""
    assert not store.is_read_only
    assert not store.is_temporary
    for summary in store.summaries():
        store.load(summary.id)
    store.create(conversation("new", turn("new turn", "a needle")))
    store.set_pinned("new", True)
    return store.summaries()[0].id == "new" and store.search("needle")[0].turn_id == "new turn"


def work_off(store: Store) -> None:
    while store.idle():
        pass


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_gives_a_usable_store(
    open_store: OpenStore,
    clock: WallClock,
    folder: Path,
    database: Path,
    damage: Damage,
    seed: int,
) -> None:
    store = open_store()
    fill(store, clock)
    store.close()
    damaged = damage(bytearray(database.read_bytes()), random.Random(seed))
    database.write_bytes(damaged)
    store = open_store()
    assert is_usable(store)
    if store.notices:
        assert "repaired" in store.notices[0].what
        (kept,) = (folder / "damaged").iterdir()
        assert (kept / database.name).exists()
    in_backup = [turn for name in "ab" for turn in store.load(name).turns]
    assert len(in_backup) == 80
    assert all(each.error is None for each in in_backup)
    assert open_store().notices == ()


def test_what_the_backup_lacks_is_read_from_the_damaged_file(
    open_store: OpenStore, clock: WallClock, database: Path
) -> None:
    store = open_store()
    fill(store, clock)
    store.close()
    data = bytearray(database.read_bytes())
    at = data.index(b"a20aa19user")  # the row of a turn that the backup has
    data[at // PAGE * PAGE : (at // PAGE + 1) * PAGE] = bytes(PAGE)
    database.write_bytes(data)
    store = open_store()
    assert len(store.load("a").turns) == len(store.load("b").turns) == 40
    newest = store.load("c")
    assert newest.title in ("c", RECOVERED)
    assert len(newest.turns) == 40
    assert "from the backup" in store.notices[0].safe


def test_a_flipped_byte_in_a_text_is_shown(open_store: OpenStore, database: Path) -> None:
    store = open_store()
    store.create(conversation("c", turn("t", "a distinctive sentence"), turn("u", "fine", "t")))
    store.close()
    data = database.read_bytes()
    assert data.count(b"distinctive") == 1
    database.write_bytes(data.replace(b"distinctive", b"distinctivi"))
    store = open_store()
    first, second = store.load("c").turns
    assert first.text == "a distinctivi sentence"
    assert first.error is not None
    assert second.error is None


def test_a_damaged_message_is_taken_from_a_backup(open_store: OpenStore, database: Path) -> None:
    store = open_store()
    whole = turn("t", "a distinctive sentence", thought="a thought", state="stopped")
    store.create(conversation("c", whole))
    store.back_up()
    store.close()
    database.write_bytes(database.read_bytes().replace(b"distinctive", b"distinctivi"))
    store = open_store()
    assert store.load("c").turns == (whole,)
    assert open_store().load("c").turns == (whole,)
    assert store.search("distinctive")


def test_a_lost_message_leaves_a_note_in_its_place(open_store: OpenStore, database: Path) -> None:
    store = open_store()
    store.create(conversation("c", *chain("t", 30, "words " * 100)))
    store.close()
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("DELETE FROM turns WHERE id IN ('t3', 't4')")
        connection.execute("UPDATE facts SET value = '99' WHERE name = 'version'")  # a fault
        connection.commit()
    store = open_store()
    path = active_path(store.load("c"))
    assert [each.id for each in path] == [f"t{i}" for i in range(30) if i != 3]
    assert (path[3].id, path[3].role, path[3].text) == ("t4", "note", LOST)


def test_messages_whose_conversation_is_lost_get_one(open_store: OpenStore, database: Path) -> None:
    store = open_store()
    media = attachment(store.put_bytes(b"picture"))
    store.create(conversation("c", *chain("t", 3), turn("u", "", "t2", attachments=(media,))))
    store.close()
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("DELETE FROM conversations")
        connection.execute("UPDATE facts SET value = '99' WHERE name = 'version'")
        connection.commit()
    store = open_store()
    (summary,) = store.summaries()
    assert (summary.title, summary.caption) == (RECOVERED, "1 image")
    assert len(active_path(store.load("c"))) == 4
    while store.idle():
        pass
    assert store.blob(media.sha256).exists()


def test_a_repair_that_a_crash_cut_in_two_is_finished(open_store: OpenStore, folder: Path) -> None:
    store = open_store()
    store.create(conversation("c", turn("t", "kept")))
    store.close()
    (folder / "conversations").rename(folder / "conversations.part")
    (folder / "conversations.part" / "complete").touch()
    assert open_store().load("c").turns[0].text == "kept"
    assert not (folder / "conversations.part").exists()
    assert not (folder / "conversations" / "complete").exists()


def test_a_repair_that_did_not_finish_is_begun_anew(open_store: OpenStore, folder: Path) -> None:
    store = open_store()
    store.create(conversation("c", turn("t", "kept")))
    store.close()
    (folder / "conversations.part").mkdir()
    (folder / "conversations.part" / "facet.sqlite3").write_bytes(b"half")
    assert open_store().load("c").turns[0].text == "kept"
    assert not (folder / "conversations.part").exists()


def test_a_large_file_is_checked_after_the_start(
    open_store: OpenStore, clock: WallClock, database: Path
) -> None:
    store = open_store()
    fill(store, clock)
    store.close()
    data = bytearray(database.read_bytes())
    at = data.index(b"a20aa19user")
    data[at // PAGE * PAGE : (at // PAGE + 1) * PAGE] = bytes(PAGE)
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("CREATE TABLE ballast (a)")
        connection.execute("INSERT INTO ballast VALUES (zeroblob(?))", (LARGE_BYTES,))
        connection.commit()
    grown = database.read_bytes()
    database.write_bytes(grown[:PAGE] + bytes(data[PAGE:]) + grown[len(data) :])
    store = open_store()
    assert store.notices == ()
    with pytest.raises(StoreError, match="open Facet again"):
        work_off(store)
    store = open_store()
    assert "repaired" in store.notices[0].what
    assert len(store.load("a").turns) == 40
    assert open_store().notices == ()


def test_a_schema_that_is_no_text_is_repaired(
    open_store: OpenStore, clock: WallClock, database: Path
) -> None:
    """SQLite quotes it in its error, which Python then cannot decode."""
    store = open_store()
    fill(store, clock)
    store.close()
    data = database.read_bytes()
    assert data.count(b"CREATE TABLE turns") == 1
    database.write_bytes(data.replace(b"CREATE TABLE turns", b"CREATE \x84\xff\xfeLE turns"))
    store = open_store()
    assert "repaired" in store.notices[0].what
    assert is_usable(store)
    assert len(store.load("a").turns) == 40


def test_a_schema_that_reads_differently_is_repaired(
    open_store: OpenStore, clock: WallClock, database: Path
) -> None:
    """SQLite's own check believes it."""
    store = open_store()
    fill(store, clock)
    store.close()
    data = database.read_bytes()
    whole, flipped = b"CREATE TABLE folders (number INTEGER PRIMARY KEY, id", b", ie"
    assert data.count(whole) == 1
    database.write_bytes(data.replace(whole, whole[:-4] + flipped))
    store = open_store()
    assert "repaired" in store.notices[0].what
    assert is_usable(store)
    assert len(store.load("c").turns) == 40


def test_text_that_became_a_blob_is_still_found(open_store: OpenStore, database: Path) -> None:
    store = open_store()
    store.create(conversation("c", turn("t", "a needle"), title="Hay"))
    store.close()
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("UPDATE conversations SET title = CAST(title AS BLOB)")
        connection.execute("UPDATE turns SET text = CAST(text AS BLOB)")
        connection.commit()
    store = open_store()
    assert [hit.turn_id for word in ("hay", "needle") for hit in store.search(word)] == [None, "t"]
    assert store.load("c").turns[0].text == "a needle"


def test_a_file_that_is_gone_comes_back_from_the_backup(
    open_store: OpenStore, clock: WallClock, folder: Path
) -> None:
    store = open_store()
    fill(store, clock)
    store.close()
    shutil.rmtree(folder / "conversations")
    store = open_store()
    assert {each.id for each in store.summaries()} == {"a", "b"}
    assert "80 of them from the backup" in store.notices[0].safe


@pytest.mark.parametrize("kind", ["folder as file", "file as folder", "only a log", "foreign"])
def test_odd_things_in_the_place_of_the_file(
    open_store: OpenStore, folder: Path, database: Path, kind: str
) -> None:
    folder.mkdir()
    if kind == "file as folder":
        database.parent.write_bytes(b"a file")
    else:
        database.parent.mkdir()
    if kind == "folder as file":
        (database / "inner").mkdir(parents=True)
    elif kind == "only a log":
        Path(f"{database}-wal").write_bytes(b"left" * 100)
    elif kind == "foreign":
        with closing(sqlite3.connect(database)) as connection:
            connection.execute("CREATE TABLE other (a)")
            connection.commit()
    store = open_store()
    assert store.notices
    assert is_usable(store)
    assert any((folder / "damaged").iterdir())
