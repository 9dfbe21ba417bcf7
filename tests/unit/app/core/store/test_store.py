"""What is put in comes out again, in lists, trees, folders and drafts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import Phase, given, settings

from app.core.conversation import Conversation, Draft, Settings, active_path
from app.core.store import Store, StoreError
from tests.fakes.clock import WallClock
from tests.fakes.stored import attachment, chain, conversation, later, turn
from tests.unit.app.core.store.conftest import OpenStore
from tests.unit.app.core.store.values import conversations


@pytest.fixture(scope="module")
def long_lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One store for all examples of a property: opening takes longer than the rest."""
    store = Store.open(tmp_path_factory.mktemp("store"))
    yield store
    store.close()


@given(kept=conversations())
@settings(max_examples=25, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
def test_any_conversation_comes_back_as_it_was(long_lived: Store, kept: Conversation) -> None:
    long_lived.create(kept)
    try:
        assert long_lived.load("c") == kept
    finally:
        long_lived.purge("c")
    assert long_lived.summaries() == long_lived.summaries(trashed=True) == []


def test_a_new_store_is_empty_and_says_nothing(store: Store) -> None:
    assert store.summaries() == []
    assert store.folders() == []
    assert store.notices == ()
    assert not store.is_read_only
    assert not store.is_temporary


def test_everything_is_there_after_a_restart(open_store: OpenStore) -> None:
    store = open_store()
    kept = conversation("c", *chain("t", 3), settings=Settings(temperature=0.2))
    store.create(kept)
    assert open_store().load("c") == kept


def test_turns_are_added_to_the_active_leaf_and_a_sibling_can_be_shown(store: Store) -> None:
    store.create(conversation("c"))
    store.add_turn("c", turn("question", "How?"))
    store.add_turn("c", turn("first", "So.", "question", role="model"))
    store.add_turn("c", turn("second", "Or so.", "question", role="model"))
    assert [each.id for each in active_path(store.load("c"))] == ["question", "second"]
    store.set_active_leaf("c", "first")
    assert [each.id for each in active_path(store.load("c"))] == ["question", "first"]
    store.add_turn("c", turn("third", "Hidden.", "question"), make_active=False)
    assert store.load("c").active_leaf == "first"


def test_an_updated_turn_keeps_its_place(store: Store) -> None:
    store.create(conversation("c", *chain("t", 3)))
    changed = turn("t1", "other words", "t0", role="model", state="length", notices=("Cut.",))
    store.update_turn("c", changed)
    assert store.load("c").turns[1] == changed


def test_updating_a_turn_that_never_arrived_adds_it(store: Store) -> None:
    store.create(conversation("c"))
    store.update_turn("c", turn("t", "late"))
    assert store.load("c").turns[0].text == "late"


def test_a_turn_that_streams_is_rewritten(store: Store) -> None:
    store.create(conversation("c", turn("t", role="model", state="streaming")))
    store.stream("t", "Hel", "Hm.", 2)
    store.stream("t", "Hello", "Hm. Yes.", 4)
    kept = store.load("c").turns[0]
    assert (kept.text, kept.thought, kept.thought_tokens) == ("Hello", "Hm. Yes.", 4)
    assert kept.state == "streaming"
    assert kept.error is None


def test_an_answer_that_was_being_written_is_interrupted_after_a_restart(
    open_store: OpenStore,
) -> None:
    store = open_store()
    store.create(conversation("c", turn("t", role="model", state="streaming")))
    store.stream("t", "As far as", "", 0)
    store = open_store()
    kept = store.load("c").turns[0]
    assert (kept.state, kept.text, kept.error) == ("interrupted", "As far as", None)
    assert "cut off" in store.notices[0].what
    assert store.search("far")[0].turn_id == "t"
    assert open_store().notices == ()


def test_unknown_ids_raise_key_error(store: Store) -> None:
    store.create(conversation("c"))
    calls = [
        lambda: store.load("x"),
        lambda: store.rename("x", "new"),
        lambda: store.set_pinned("x", True),
        lambda: store.move("x", None),
        lambda: store.move("c", "no folder"),
        lambda: store.trash("x"),
        lambda: store.purge("x"),
        lambda: store.add_turn("x", turn("t")),
        lambda: store.stream("x", "", "", 0),
        lambda: store.save_draft("x", Draft()),
        lambda: store.rename_folder("x", "new"),
        lambda: store.blob("../../etc/passwd"),
        lambda: store.blob("0" * 64),
    ]
    for call in calls:
        with pytest.raises(KeyError):
            call()
    assert store.load("c").turns == ()


def test_an_id_cannot_be_used_twice(store: Store) -> None:
    store.create(conversation("c", turn("t", "first")))
    with pytest.raises(StoreError):
        store.create(conversation("d", turn("t", "second")))
    assert [each.id for each in store.summaries()] == ["c"]
    assert store.load("c").turns[0].text == "first"


def test_pinned_ones_come_first_then_the_latest(store: Store, clock: WallClock) -> None:
    for minute, name in enumerate("abc"):
        store.create(conversation(name, updated_at=later(minute)))
    store.set_pinned("a", True)
    assert [each.id for each in store.summaries()] == ["a", "c", "b"]
    clock.pass_by(hours=1)
    store.add_turn("b", turn("t"))
    assert [each.id for each in store.summaries()] == ["a", "b", "c"]
    assert store.summaries()[1].updated_at == clock.now


def test_a_made_title_does_not_replace_the_persons_own(store: Store) -> None:
    store.create(conversation("c"))
    store.rename("c", "Made", own=False)
    assert store.load("c").title == "Made"
    store.rename("c", "Mine")
    store.rename("c", "Made again", own=False)
    assert store.load("c").title == "Mine"
    assert store.load("c").has_own_title


def test_the_trash_is_a_list_of_its_own(store: Store) -> None:
    store.create(conversation("c", turn("t", "needle")))
    store.trash("c")
    assert store.summaries() == []
    assert [each.is_trashed for each in store.summaries(trashed=True)] == [True]
    assert store.search("needle") == []
    store.restore("c")
    assert store.search("needle")
    assert store.load("c").trashed_at is None


def test_conversations_move_out_of_a_folder_that_is_removed(store: Store) -> None:
    store.create(conversation("c"))
    later_one, first = store.add_folder("Zebra"), store.add_folder("apple")
    assert [each.name for each in store.folders()] == ["apple", "Zebra"]
    store.move("c", first.id)
    assert store.summaries()[0].folder_id == first.id
    store.rename_folder(first.id, "Ape")
    store.remove_folder(later_one.id)
    store.remove_folder(first.id)
    assert store.folders() == []
    assert store.load("c").folder_id is None


def test_an_unread_mark_stays_until_it_is_taken_away(open_store: OpenStore) -> None:
    store = open_store()
    store.create(conversation("c"))
    store.set_unread("c", True)
    assert open_store().summaries()[0].is_unread
    open_store().set_unread("c", False)
    assert not open_store().summaries()[0].is_unread


def test_drafts_and_settings_are_kept(open_store: OpenStore) -> None:
    store = open_store()
    store.create(conversation("c"))
    draft = Draft("half a thou", (attachment(store.put_bytes(b"picture")),))
    store.save_draft("c", draft)
    store.set_settings("c", Settings(thinking=True, thinking_budget=512))
    kept = open_store().load("c")
    assert kept.draft == draft
    assert kept.settings == Settings(thinking=True, thinking_budget=512)


def test_the_caption_says_what_was_sent(store: Store) -> None:
    store.create(conversation("c"))
    images = tuple(attachment(f"{i:064x}") for i in range(3))
    store.add_turn("c", turn("t0", attachments=images))
    assert store.summaries()[0].caption == "3 images"
    clip = attachment(f"{9:064x}", "video", seconds=59.6)
    store.add_turn("c", turn("t1", parent="t0", attachments=(clip,)))
    assert store.summaries()[0].caption == "3 images, 60 s clip"
    edited = replace(turn("t2"), attachments=images)  # the same files again
    store.add_turn("c", edited)
    assert store.summaries()[0].caption == "3 images, 60 s clip"


def test_broken_text_is_stored_and_not_refused(store: Store) -> None:
    store.create(conversation("c", turn("t", "lone \ud800 surrogate, zero \0 byte")))
    assert store.load("c").turns[0].text == "lone ? surrogate, zero \0 byte"
    name = attachment("0" * 64)
    store.add_turn("c", turn("u", attachments=(replace(name, name="odd \udcff.png"),)))
    assert store.load("c").turns[1].attachments[0].name == "odd \udcff.png"
