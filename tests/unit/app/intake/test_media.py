"""The one entry picks the reader by kind and passes the caller's choice on."""

from __future__ import annotations

from pathlib import Path

import pytest
import soundfile
from PIL import Image as Pillow

from app.intake.media import MediaKind, read_media
from inference import Audio, Image, MediaError, Video
from tests.unit.app.intake.films import numbered, tone, write_timed


@pytest.fixture
def files(tmp_path: Path) -> dict[MediaKind, Path]:
    Pillow.new("RGB", (8, 8)).save(tmp_path / "picture", format="PNG")
    soundfile.write(tmp_path / "sound", tone(3, 16_000), 16_000, format="WAV")
    write_timed(tmp_path / "clip.mkv", [(float(s), numbered(s)) for s in range(4)])
    return {
        "image": tmp_path / "picture",
        "audio": tmp_path / "sound",
        "video": tmp_path / "clip.mkv",
    }


def test_each_kind_is_read(files: dict[MediaKind, Path]) -> None:
    expected: dict[MediaKind, type] = {"image": Image, "audio": Audio, "video": Video}

    for kind, path in files.items():
        part, notes = read_media(path, kind)
        assert type(part) is expected[kind]
        assert (part.name, notes) == (path.name, ())


def test_first_seconds_cut_what_has_a_length(files: dict[MediaKind, Path]) -> None:
    clip, clip_notes = read_media(files["video"], "video", 2.0)
    sound, sound_notes = read_media(files["audio"], "audio", 2.0)
    _, picture_notes = read_media(files["image"], "image", 2.0)

    assert isinstance(clip, Video)
    assert isinstance(sound, Audio)
    assert len(clip.frames) == 2
    assert len(sound.samples) == 32_000
    assert len(clip_notes) == len(sound_notes) == 1
    assert picture_notes == ()


def test_a_file_of_another_kind_is_refused(files: dict[MediaKind, Path]) -> None:
    for kind in files:
        for other, path in files.items():
            if kind != other:
                with pytest.raises(MediaError, match=path.name):
                    read_media(path, kind)
