"""Reports are whole on the disk, or not there at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import BinaryIO

import pytest

from app.reports.options import Cancelled, ReportError
from app.reports.write import CHUNK, assets_folder, write_report


class FullDisk:
    """Opens files that take `room` bytes in all and then have no more."""

    def __init__(self, room: int) -> None:
        self._room = room

    def __call__(self, path: Path) -> BinaryIO:
        return _Limited(path, self)

    def take(self, size: int) -> None:
        self._room -= size
        if self._room < 0:
            raise OSError(errno.ENOSPC, "No space left on device")


class _Limited:
    def __init__(self, path: Path, disk: FullDisk) -> None:
        self._file = path.open("xb")
        self._disk = disk

    def __enter__(self) -> _Limited:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def write(self, data: bytes) -> int:
        self._disk.take(len(data))
        return self._file.write(data)

    def flush(self) -> None:
        self._file.flush()

    def fileno(self) -> int:
        return self._file.fileno()


def everything_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_a_file_is_written_and_nothing_else(tmp_path: Path) -> None:
    write_report(tmp_path / "a.html", b"report")
    assert everything_in(tmp_path) == ["a.html"]
    assert (tmp_path / "a.html").read_bytes() == b"report"


def test_pictures_lie_beside_a_text(tmp_path: Path) -> None:
    write_report(tmp_path / "a.md", b"text", {"1.png": b"one", "2.png": b"two"})
    assert everything_in(tmp_path) == ["a.md", "a_assets", "a_assets/1.png", "a_assets/2.png"]


def test_a_second_report_replaces_the_first_and_keeps_what_else_lies_there(tmp_path: Path) -> None:
    write_report(tmp_path / "a.md", b"old", {"1.png": b"one"})
    (tmp_path / "a_assets" / "mine.txt").write_text("kept")
    write_report(tmp_path / "a.md", b"new", {"1.png": b"one", "2.png": b"two"})
    assert (tmp_path / "a.md").read_bytes() == b"new"
    assert (tmp_path / "a_assets" / "mine.txt").read_text() == "kept"
    assert (tmp_path / "a_assets" / "2.png").read_bytes() == b"two"


@pytest.mark.parametrize("room", [0, 2, 4, 9])
def test_a_full_disk_leaves_nothing_and_says_so(tmp_path: Path, room: int) -> None:
    with pytest.raises(ReportError, match="disk is full") as caught:
        write_report(tmp_path / "a.md", b"text of it", {"1.png": b"one"}, opener=FullDisk(room))
    assert "13 bytes" in caught.value.message
    assert caught.value.action
    assert everything_in(tmp_path) == []


def test_a_full_disk_leaves_the_older_report(tmp_path: Path) -> None:
    write_report(tmp_path / "a.pdf", b"old")
    with pytest.raises(ReportError):
        write_report(tmp_path / "a.pdf", b"newer", opener=FullDisk(3))
    assert (tmp_path / "a.pdf").read_bytes() == b"old"
    assert everything_in(tmp_path) == ["a.pdf"]


@pytest.mark.parametrize("at", range(5))
def test_stopping_at_any_time_leaves_nothing(tmp_path: Path, at: int) -> None:
    calls = 0

    def check() -> None:
        nonlocal calls
        calls += 1
        if calls == at + 1:
            raise Cancelled

    with pytest.raises(Cancelled):
        write_report(tmp_path / "a.md", b"x" * (2 * CHUNK + 1), {"1.png": b"one"}, check)
    assert everything_in(tmp_path) == []


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="gone does not exist"):
        write_report(tmp_path / "gone" / "a.html", b"report")


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.EACCES, "may not write"),
        (errno.EROFS, "may not write"),
        (errno.ENAMETOOLONG, "too long"),
        (errno.EIO, "could not be written"),
    ],
)
def test_every_failure_is_a_sentence(tmp_path: Path, number: int, said: str) -> None:
    def refuse(_path: Path) -> BinaryIO:
        raise OSError(number, os.strerror(number))

    with pytest.raises(ReportError, match=said) as caught:
        write_report(tmp_path / "a.html", b"report", opener=refuse)
    assert "No file was left behind." in caught.value.message


def test_a_target_that_is_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.md").mkdir()
    with pytest.raises(ReportError, match="is a folder"):
        write_report(tmp_path / "a.md", b"text", {"1.png": b"one"})
    assert everything_in(tmp_path) == ["a.md"]


def test_the_folder_of_pictures_is_named_after_the_file() -> None:
    assert assets_folder(Path("x/Q3 v1.2.md")) == Path("x/Q3 v1.2_assets")
