"""Only plain files are opened: no pipe is waited for, no link followed."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from inference.checkpoint.disk import opened, read_exactly, stamp_of
from inference.errors import CheckpointError


def test_a_plain_file_and_its_stamp(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"abc")
    with opened(path) as (stream, stamp):
        assert read_exactly(stream, 3, "file") == b"abc"
    assert stamp == stamp_of(path.stat())
    assert stamp.size_bytes == 3


@pytest.mark.timeout(10)
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(CheckpointError, match="not a plain file"), opened(tmp_path / "pipe"):
        pass


def test_links_folders_and_nothing_are_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to("file")
    for name in ("link", ".", "missing", "bad\0name"):
        with pytest.raises(CheckpointError), opened(tmp_path / name):
            pass


def test_a_file_that_became_shorter() -> None:
    with pytest.raises(CheckpointError, match="became shorter"):
        read_exactly(io.BytesIO(b"ab"), 3, "file")
