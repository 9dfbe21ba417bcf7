"""Pictures of clips and recordings, and names of files."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PIL import Image

from app.core.conversation import Attachment
from app.reports.options import format_of, safe_name, suggested_name
from app.reports.pictures import contact_sheet, encoded, picture_of, wave
from tests.fakes.conversations import FakeBlobs
from tests.unit.app.intake.films import write_steady


def frames(count: int) -> list[np.ndarray]:
    return [np.full((90, 160, 3), number, np.uint8) for number in range(count)]


def test_a_contact_sheet_has_at_most_twelve_frames_spread_over_the_clip() -> None:
    sheet = contact_sheet(frames(60), [float(second) for second in range(60)])
    few = contact_sheet(frames(2), [0.0, 1.0])
    assert sheet.width == 1600
    assert sheet.height == pytest.approx(3 * (few.height), abs=3)
    first = sheet.getpixel((4, 4))
    assert first == (0, 0, 0)
    assert sheet.getpixel((sheet.width - 8, sheet.height - 40)) == (59, 59, 59)


def test_a_wave_is_high_where_it_is_loud() -> None:
    samples = np.concatenate([np.zeros(8000), np.ones(8000)]).astype(np.float32)
    picture = wave(samples).convert("L")
    columns = np.asarray(picture) < 200
    heights = columns.sum(axis=0)
    assert heights[:580].max() <= 3
    assert heights[620:].max() > 100


def test_a_clip_is_shown_by_its_frames(blobs: FakeBlobs, tmp_path: Path) -> None:
    film = write_steady(tmp_path / "walk.avi", list(range(8)), 2.0)
    clip = Attachment("a", "video", film.name, blobs.put(film.read_bytes()), 1)
    picture, missing = picture_of(clip, blobs.path, "full")
    assert missing == ""
    assert picture is not None
    assert picture.width <= 1600


def test_a_recording_longer_than_the_model_hears_is_shown_too(
    blobs: FakeBlobs, tmp_path: Path
) -> None:
    path = tmp_path / "memo.wav"
    soundfile.write(path, np.zeros(16_000 * 40, np.float32), 16_000)
    memo = Attachment("a", "audio", path.name, blobs.put(path.read_bytes()), 1)
    picture, missing = picture_of(memo, blobs.path, "full")
    assert missing == ""
    assert picture is not None


def test_a_drawing_is_png_and_a_photograph_jpeg() -> None:
    assert encoded(Image.new("RGB", (40, 30), "red"), 1600).media_type == "image/png"
    noise = np.random.default_rng(1).integers(0, 255, (200, 200, 3), dtype=np.uint8)
    assert encoded(Image.fromarray(noise), 1600).media_type == "image/jpeg"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("2026-09-12 Q3 dashboard – Gemma 4 E4B", "2026-09-12 Q3 dashboard – Gemma 4 E4B"),
        ("../../etc/passwd", "etc passwd"),
        ('a:b*c?"<>|\x00\n\u202e', "a b c"),
        ("...", "Report"),
        ("", "Report"),
        ("日本語 تقرير 😀", "日本語 تقرير 😀"),
        ("e\u0301", "é"),
    ],
)
def test_names_of_files_hold_nothing_reserved(text: str, name: str) -> None:
    assert safe_name(text) == name


def test_long_names_are_cut_at_what_file_systems_take() -> None:
    assert len(safe_name("日" * 500).encode()) < 245


def test_a_name_is_suggested_from_date_title_and_model() -> None:
    at = datetime(2026, 9, 12, tzinfo=UTC)
    assert suggested_name("Q3", "Gemma 4 E4B", at) == "2026-09-12 Q3 – Gemma 4 E4B"
    assert suggested_name("Q3", "", at) == "2026-09-12 Q3"


@pytest.mark.parametrize(
    ("suffix", "found"), [(".HTML", "html"), (".md", "markdown"), (".pdf", "pdf"), (".doc", None)]
)
def test_the_ending_tells_the_format(suffix: str, found: str | None) -> None:
    assert format_of(suffix) == found
