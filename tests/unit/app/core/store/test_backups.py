"""Backups: complete, checked, thinned, and usable."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.store import Store, StoreError
from app.core.store.backups import EVERY, KEEP_ALL, Backup, kept_times
from tests.fakes.clock import WallClock
from tests.fakes.stored import chain, conversation, turn
from tests.unit.app.core.store.conftest import OpenStore

NOW = datetime(2026, 9, 12, 14, 32, tzinfo=UTC)


def work_off(store: Store) -> None:
    while store.idle():
        pass


def test_a_backup_holds_everything_and_is_made_once_per_change(store: Store) -> None:
    store.create(conversation("c", *chain("t", 3)))
    made = store.back_up()
    assert made is not None
    assert (made.conversations, made.turns) == (1, 3)
    assert store.back_up() is None
    store.rename("c", "new")
    assert store.back_up() is not None


def test_idle_moments_make_one_each_half_hour(store: Store, clock: WallClock) -> None:
    store.create(conversation("c"))
    work_off(store)
    assert len(store.backups()) == 1
    for minute in range(60):
        store.rename("c", str(minute))
        clock.pass_by(minutes=1)
        work_off(store)
    assert len(store.backups()) == 3
    store.rename("c", "later")
    clock.pass_by(hours=5)
    work_off(store)
    work_off(store)
    assert len(store.backups()) == 4
    times = [backup.made_at for backup in store.backups()]
    assert all(later - earlier >= EVERY for later, earlier in pairwise(times))


def test_a_restart_without_changes_makes_none(open_store: OpenStore, clock: WallClock) -> None:
    store = open_store()
    store.create(conversation("c"))
    work_off(store)
    clock.pass_by(hours=1)
    store = open_store()
    work_off(store)
    assert len(store.backups()) == 1


def test_a_backup_is_put_in_place(open_store: OpenStore, folder: Path) -> None:
    store = open_store()
    store.create(conversation("c", turn("t", "as it was")))
    made = store.back_up()
    assert made is not None
    store.update_turn("c", turn("t", "as it became"))
    store.create(conversation("d", turn("u", "later")))
    assert store.search("became")
    store.restore_backup(made)
    assert store.load("c").turns[0].text == "as it was"
    assert [each.id for each in store.summaries()] == ["c"]
    assert store.search("became") == store.search("later") == []
    assert store.search("was")
    assert len(list((folder / "damaged").iterdir())) == 1
    store.add_turn("c", turn("v", "onwards", "t"))
    assert open_store().search("onwards")


def test_a_backup_that_is_gone_changes_nothing(store: Store, folder: Path) -> None:
    store.create(conversation("c"))
    with pytest.raises(StoreError):
        store.restore_backup(Backup(folder / "nothing", NOW, 0, 0, 0))
    assert store.summaries()
    store.rename("c", "goes on")


def test_a_damaged_backup_is_not_listed(store: Store) -> None:
    store.create(conversation("c"))
    made = store.back_up()
    assert made is not None
    made.path.write_bytes(b"nothing" * 1000)
    assert store.backups() == []


@given(st.lists(st.integers(0, 500 * 24 * 60), max_size=120))
@settings(max_examples=60, deadline=None)
def test_thinning_keeps_what_it_should(minutes: list[int]) -> None:
    times = [NOW - timedelta(minutes=each) for each in minutes]
    kept = kept_times(times, NOW)
    assert kept <= set(times)
    assert {time for time in times if time > NOW - KEEP_ALL} <= kept
    assert not times or max(times) in kept
    assert len([time for time in kept if time <= NOW - KEEP_ALL]) <= 7 + 4 + 6 + 1
    assert kept_times(list(kept), NOW) == kept


def test_half_a_year_of_half_hours_becomes_few() -> None:
    times = [NOW - timedelta(minutes=30 * each) for each in range(48 * 180)]
    kept = sorted(kept_times(times, NOW), reverse=True)
    older = [time for time in kept if time <= NOW - KEEP_ALL]
    assert len(kept) - len(older) == 96
    assert 10 <= len(older) <= 17
    assert (NOW - older[-1]).days > 120
