"""Media by content."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path

import pytest

from app.core.store import Store, StoreError


def test_a_file_and_its_bytes_are_the_same_medium(store: Store, tmp_path: Path) -> None:
    data = b"x" * 3_000_000
    path = tmp_path / "file"
    path.write_bytes(data)
    assert store.put_file(path) == store.put_bytes(data) == hashlib.sha256(data).hexdigest()
    kept = store.blob(store.put_file(path))
    assert kept.read_bytes() == data
    path.unlink()
    assert kept.exists()


def test_a_damaged_medium_is_replaced_when_it_comes_again(store: Store) -> None:
    sha256 = store.put_bytes(b"whole")
    store.blob(sha256).write_bytes(b"wh")
    store.put_bytes(b"whole")
    assert store.blob(sha256).read_bytes() == b"whole"


def test_many_threads_may_put_the_same_medium(store: Store) -> None:
    data = [b"a" * 100_000, b"b" * 100_000]
    threads = [threading.Thread(target=store.put_bytes, args=(data[i % 2],)) for i in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for each in data:
        assert store.blob(hashlib.sha256(each).hexdigest()).read_bytes() == each


def test_a_file_that_cannot_be_read_is_said(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="No such file"):
        store.put_file(tmp_path / "nothing")
    with pytest.raises(StoreError, match="directory"):
        store.put_file(tmp_path)


@pytest.mark.parametrize("name", ["", "..", "A" * 64, "0" * 63, "../" + "0" * 61, "\0" * 64])
def test_only_a_hash_names_a_medium(store: Store, name: str) -> None:
    with pytest.raises(KeyError):
        store.blob(name)
