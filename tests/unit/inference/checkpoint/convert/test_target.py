"""The partial folder: in nobody's way, never mixed up with other folders, easy to get rid of."""

from __future__ import annotations

import fcntl
from pathlib import Path

import pytest

from inference.checkpoint.convert import discard_unfinished, find_unfinished
from inference.checkpoint.convert.target import MARK, partial_folder, partial_of, publish
from inference.errors import ConversionError


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    return folder


def leave(target: Path) -> Path:
    """A partial folder as a killed conversion leaves it."""
    partial = partial_of(target)
    partial.mkdir()
    (partial / MARK).touch()
    (partial / "model-00001-of-00002.safetensors").write_bytes(b"half of it")
    return partial


def test_appears_under_its_name_in_one_step(tmp_path: Path, source: Path) -> None:
    target = tmp_path / "new"
    with partial_folder(target, source) as partial:
        (partial / "config.json").write_text("{}")
        assert not target.exists()
        publish(partial, target)
    assert [path.name for path in target.iterdir()] == ["config.json"]
    assert not partial.exists()


def test_is_gone_after_any_fault(tmp_path: Path, source: Path) -> None:
    def fall() -> None:
        with partial_folder(tmp_path / "new", source) as partial:
            (partial / "model.safetensors").write_bytes(b"x")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fall()
    assert [path.name for path in tmp_path.iterdir()] == ["source"]


def test_what_was_left_behind_is_replaced(tmp_path: Path, source: Path) -> None:
    left = leave(tmp_path / "new")
    with partial_folder(tmp_path / "new", source) as partial:
        assert partial == left
        assert [path.name for path in partial.iterdir()] == [MARK]


@pytest.mark.parametrize("kind", ["file", "folder", "link", "broken link"])
def test_nothing_that_is_there_is_replaced(tmp_path: Path, source: Path, kind: str) -> None:
    target = tmp_path / "new"
    if kind == "file":
        target.write_text("mine")
    elif kind == "folder":
        target.mkdir()
    else:
        target.symlink_to(source if kind == "link" else tmp_path / "nowhere")
    for blocked in (target, target.with_name("other")):
        if blocked != target:
            target.rename(partial_of(blocked))
        with pytest.raises(ConversionError, match="already") as caught:
            enter(blocked, source)
        assert caught.value.action.startswith("Choose another")
        assert len(list(tmp_path.iterdir())) == 2


def test_something_that_appears_meanwhile_is_not_replaced(tmp_path: Path, source: Path) -> None:
    target = tmp_path / "new"
    with partial_folder(target, source) as partial:
        target.mkdir()
        with pytest.raises(ConversionError, match="already"):
            publish(partial, target)
    assert target.is_dir()
    assert not partial.exists()


def enter(target: Path, source: Path) -> None:
    with partial_folder(target, source):
        pass


@pytest.mark.parametrize(
    ("place", "says"), [("missing/new", "There is no folder"), ("source/new", "inside the one")]
)
def test_places_that_cannot_be(tmp_path: Path, source: Path, place: str, says: str) -> None:
    with pytest.raises(ConversionError, match=says):
        enter(tmp_path / place, source)
    assert not list(source.iterdir())


def test_one_that_is_being_written_is_left_alone(tmp_path: Path, source: Path) -> None:
    target = tmp_path / "new"
    with partial_folder(target, source) as partial:
        assert find_unfinished(tmp_path) == ()
        with (
            pytest.raises(ConversionError, match="Another conversion"),
            partial_folder(target, source),
        ):
            pass
        with pytest.raises(ConversionError, match="Another conversion"):
            discard_unfinished(partial)
        assert (partial / MARK).exists()


def test_left_ones_are_found_and_discarded(tmp_path: Path) -> None:
    left = leave(tmp_path / "new")
    (tmp_path / "downloads.partial").mkdir()
    (found,) = find_unfinished(tmp_path)
    assert (found.folder, found.target, found.size_bytes) == (left, tmp_path / "new", 10)
    discard_unfinished(left)
    assert find_unfinished(tmp_path) == ()
    assert [path.name for path in tmp_path.iterdir()] == ["downloads.partial"]
    assert find_unfinished(tmp_path / "missing") == ()


def test_other_files_in_it_are_never_deleted(tmp_path: Path, source: Path) -> None:
    left = leave(tmp_path / "new")
    (left / "letter.txt").write_text("mine")
    with (
        pytest.raises(ConversionError, match="other files"),
        partial_folder(tmp_path / "new", source),
    ):
        pass
    assert len(list(left.iterdir())) == 3


@pytest.mark.parametrize("spoil", ["no mark", "full mark", "link"])
def test_folders_that_only_look_like_ours_are_left_alone(tmp_path: Path, spoil: str) -> None:
    left = leave(tmp_path / "new")
    if spoil == "no mark":
        (left / MARK).unlink()
    elif spoil == "full mark":
        (left / MARK).write_text("a diary")
    else:
        left.rename(tmp_path / "elsewhere")
        left.symlink_to(tmp_path / "elsewhere")
    assert find_unfinished(tmp_path) == ()
    with pytest.raises(ConversionError, match="already"):
        discard_unfinished(left)
    assert len(list(left.iterdir())) >= 1


def test_the_lock_ends_with_the_process_that_held_it(tmp_path: Path) -> None:
    left = leave(tmp_path / "new")
    with (left / MARK).open() as mark:
        fcntl.flock(mark, fcntl.LOCK_EX)
        assert find_unfinished(tmp_path) == ()
    assert len(find_unfinished(tmp_path)) == 1
