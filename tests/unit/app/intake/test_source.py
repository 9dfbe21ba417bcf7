"""Files are looked at before they are decoded; names in sentences stay short and printable."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from app.intake.source import container, open_source
from app.intake.wording import length, megabytes, quoted
from inference import MediaError


def test_a_file_within_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"GIF89a" + bytes(94))

    source = open_source(path, 100)

    assert (source.path, source.container) == (path, "gif")
    with pytest.raises(MediaError, match="the limit is 0 MB"):
        open_source(path, 99)


def test_relative_paths_become_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("http:a").write_bytes(b"x")

    assert open_source(Path("http:a"), 10).path == tmp_path / "http:a"


@pytest.mark.parametrize("name", ["missing", "folder", "empty", "pipe", "zero\x00byte", "a/b/c"])
def test_what_is_no_readable_file_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty").touch()
    os.mkfifo(tmp_path / "pipe")  # opening it would wait for a writer

    with pytest.raises(MediaError):
        open_source(tmp_path / name, 1000)


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS makes no such names")
def test_names_in_another_encoding_are_refused(tmp_path: Path) -> None:
    path = Path(os.fsdecode(bytes(tmp_path / "caf") + b"\xe9.mp4"))
    path.write_bytes(b"x")

    with pytest.raises(MediaError, match=r"“caf\?\.mp4” is not text"):
        open_source(path, 10)


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"\x00\x00\x00\x20ftypisom", "mov"),
        (b"\x00\x00\x00\x08wide\x00\x00", "mov"),
        (b"\x1aE\xdf\xa3\x01", "matroska"),
        (b"RIFF\x00\x00\x00\x00AVI LIST", "avi"),
        (b"G" + bytes(187) + b"G" + bytes(187), "mpegts"),
        (b"OggS\x00", "ogg"),
        (b"ID3\x04", "mp3"),
        (b"\xff\xfb\x90\x00", "mp3"),
        (b"\xff\xf1\x50\x80", "aac"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", None),
        (b"fLaC", None),
        (b"\xff", None),
        (b"\xff\x00", None),
        (b"G", None),
        (b"#EXTM3U", None),
        (b"ffconcat version 1.0", None),
        (b"<!--ftyp--><MPD/>", None),
        (b"v=0\nftyp", None),
        (b"", None),
    ],
)
def test_containers_by_their_first_bytes(head: bytes, name: str | None) -> None:
    assert container(head) == name


def test_names_are_printable_and_short() -> None:
    assert quoted(Path("a/Ünïcode file.png")) == "“Ünïcode file.png”"
    assert quoted(Path("evil\x1b[31m\n\u202egnp.png")) == "“evil?[31m??gnp.png”"
    assert len(quoted(Path("x" * 300))) == 82


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.5, "0.5 s"),
        (30, "30 s"),
        (30.04, "30 s"),
        (119.9, "119.9 s"),
        (119.99, "2 min 0 s"),
        (123.4, "2 min 3 s"),
        (3599.9, "1 h 0 min"),
        (3900, "1 h 5 min"),
    ],
)
def test_lengths(seconds: float, text: str) -> None:
    assert length(seconds) == text


def test_sizes() -> None:
    assert megabytes(100_000_000) == "100 MB"
    assert megabytes(1_234_567_890) == "1,234.6 MB"
