"""What is deleted for good is nowhere: not in free space, the log, the index, backups or media."""

from __future__ import annotations

from pathlib import Path

from app.core.conversation import Draft
from app.core.store import Store
from tests.fakes.clock import WallClock
from tests.fakes.stored import attachment, chain, conversation, turn
from tests.unit.app.core.store.conftest import OpenStore

SECRET = "xylophonequartz"


def all_bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def work_off(store: Store) -> None:
    while store.idle():
        pass


def test_deleted_words_are_in_no_file(store: Store, folder: Path) -> None:
    text = f"{SECRET} and more {SECRET} " * 50
    store.create(conversation("kept", *chain("k", 20)))
    store.create(conversation("c", turn("t", text, thought=text), title=SECRET))
    store.save_draft("c", Draft(text))
    assert store.search(SECRET)
    assert store.back_up() is not None
    work_off(store)
    assert SECRET.encode() in all_bytes(folder)
    store.purge("c")
    work_off(store)
    assert SECRET.encode() not in all_bytes(folder)
    assert len(store.load("kept").turns) == 20
    (backup,) = store.backups()
    assert (backup.conversations, backup.turns) == (1, 20)


def test_media_go_when_nobody_needs_them(store: Store) -> None:
    shared, alone = store.put_bytes(b"shared"), store.put_bytes(b"alone")
    store.create(conversation("c", turn("t", attachments=(attachment(shared), attachment(alone)))))
    store.create(conversation("d", turn("u", attachments=(attachment(shared),))))
    store.back_up()
    store.purge("c")
    work_off(store)
    assert store.blob(shared).read_bytes() == b"shared"
    assert alone not in _media(store)


def test_media_stay_while_the_trash_a_draft_or_a_backup_needs_them(store: Store) -> None:
    trashed, drafted, backed_up = (store.put_bytes(data) for data in (b"t", b"d", b"b"))
    store.create(conversation("c", turn("t", attachments=(attachment(trashed),))))
    store.trash("c")
    store.create(conversation("d", turn("u", attachments=(attachment(backed_up),))))
    store.back_up()
    store.update_turn("d", turn("u"))
    store.save_draft("d", Draft("", (attachment(drafted),)))
    store.create(conversation("e"))
    store.purge("e")
    work_off(store)
    assert _media(store) == {trashed, drafted, backed_up}


def test_media_that_were_just_added_are_not_collected(store: Store) -> None:
    fresh = store.put_bytes(b"dropped into the composer")
    store.create(conversation("e"))
    store.purge("e")
    work_off(store)
    assert store.blob(fresh).exists()


def test_media_on_the_way_from_the_draft_to_a_turn_are_not_collected(
    open_store: OpenStore,
) -> None:
    store = open_store()
    sha256 = store.put_bytes(b"picture")
    store.create(conversation("c", draft=Draft("", (attachment(sha256),))))
    store = open_store()
    store.save_draft("c", Draft())
    work_off(store)
    store.add_turn("c", turn("t", attachments=(attachment(sha256),)))
    assert store.blob(sha256).exists()


def test_what_a_crash_left_is_collected_at_the_next_start(
    open_store: OpenStore, folder: Path
) -> None:
    store = open_store()
    orphan = store.put_bytes(b"never used")
    (folder / "media" / "abc.part").write_bytes(b"half")
    store = open_store()
    work_off(store)
    assert _media(store) == set()
    assert orphan not in _media(store)
    assert not list((folder / "media").glob("*.part"))


def test_a_purged_conversation_does_not_come_back_with_a_repair(
    open_store: OpenStore, folder: Path, clock: WallClock
) -> None:
    store = open_store()
    store.create(conversation("c", turn("t", "gone")))
    store.create(conversation("d", turn("u", "here")))
    store.back_up()
    clock.pass_by(minutes=1)
    store.purge("c")
    work_off(store)
    store.close()
    database = folder / "conversations" / "facet.sqlite3"
    data = bytearray(database.read_bytes())
    data[:100] = bytes(100)
    database.write_bytes(data)
    assert [each.id for each in open_store().summaries()] == ["d"]


def _media(store: Store) -> set[str]:
    return set(store._blobs.names())
