"""What a person looks at: small pictures, frames of a long clip, the wave of a recording."""

from __future__ import annotations

from io import BytesIO
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as Pillow

from app.intake.film import film
from app.intake.jobs import survey
from app.intake.looks import facts_of, peaks, picture, wave
from app.intake.sound import read_span
from app.intake.source import open_source
from inference import MediaError
from tests.unit.app.intake.films import (
    number_in,
    numbered,
    tone,
    write_aac,
    write_steady,
    write_timed,
)

RATES = st.sampled_from([4_000, 11_025, 16_000, 22_050, 44_100])


@settings(max_examples=40, deadline=None)
@given(RATES, st.lists(st.integers(1, 3_000), max_size=6), st.integers(0, 2**32 - 1))
def test_the_wave_does_not_depend_on_blocks(rate_hz: int, sizes: list[int], seed: int) -> None:
    sound = np.random.default_rng(seed).standard_normal(sum(sizes)).astype(np.float32)
    made, heard = peaks(np.split(sound, np.cumsum(sizes)[:-1]) if sizes else [], rate_hz)
    bounds = [step * rate_hz // 50 for step in range(sum(sizes) * 50 // rate_hz + 2)]
    pieces = [sound[a:b] for a, b in pairwise(bounds) if len(sound[a:b])]
    assert heard == len(sound)
    assert made.dtype == np.float32
    np.testing.assert_array_equal(
        made, np.array([[p.min(), p.max()] for p in pieces]).reshape(-1, 2)
    )


def test_the_wave_of_a_recording(tmp_path: Path) -> None:
    sound = np.concatenate([np.zeros(22_050), tone(1.0, 44_100), np.zeros(22_050)])
    soundfile.write(tmp_path / "a.wav", sound, 44_100, "FLOAT")
    made, seconds = wave(tmp_path / "a.wav")
    assert (made.shape, seconds) == ((100, 2), 2.0)
    assert np.abs(made[:25]).max() == np.abs(made[75:]).max() == 0.0
    np.testing.assert_allclose(made[26:74], np.tile([-0.5, 0.5], (48, 1)), atol=0.01)


def test_a_length_that_no_header_tells_is_measured(tmp_path: Path) -> None:
    path = write_aac(tmp_path / "a.aac", tone(40.0, 44_100) * np.float32(0.01), 44_100)
    assert facts_of(path, "audio").seconds == pytest.approx(40.0, abs=0.1)


def test_a_clip_without_a_length_is_measured(tmp_path: Path) -> None:
    whole = write_timed(tmp_path / "a.mkv", [(n / 2, numbered(n)) for n in range(9)])
    data = bytearray(whole.read_bytes())
    place = data.index(b"\x44\x89\x88")  # Duration, a float of eight bytes
    data[place : place + 11] = b"\xec\x89" + bytes(9)  # as much room, of nothing
    (tmp_path / "b.mkv").write_bytes(data)
    facts = facts_of(tmp_path / "b.mkv", "video")
    assert facts.seconds == pytest.approx(4.0, abs=0.05)
    assert facts_of(whole, "video").seconds == pytest.approx(4.5, abs=0.5)


def test_a_picture_is_reduced_and_never_enlarged(tmp_path: Path) -> None:
    Pillow.new("RGB", (400, 200), "red").save(tmp_path / "a.png")
    assert picture(tmp_path / "a.png", 100).shape == (50, 100, 3)
    assert picture(tmp_path / "a.png", 1_000).shape == (200, 400, 3)


def test_frames_of_the_middle_of_a_long_clip(tmp_path: Path) -> None:
    path = write_steady(tmp_path / "long.avi", [n % 256 for n in range(600)], 2.0)
    frames = list(film(open_source(path, 10**9), 200.0, 260.0, max_px=64))
    assert [frame.index for frame in frames] == list(range(60))
    assert [frame.time_s for frame in frames] == [200.0 + n for n in range(60)]
    assert [number_in(frame.pixels) for frame in frames] == [(400 + 2 * n) % 256 for n in range(60)]
    assert {frame.pixels.shape for frame in frames} == {(32, 64, 3)}


def test_seconds_left_out_and_seconds_without_a_picture_are_skipped(tmp_path: Path) -> None:
    times = [0.0, 1.0, 2.0, 4.5, 6.0]
    path = write_timed(tmp_path / "a.mp4", [(t, numbered(n)) for n, t in enumerate(times)])
    source = open_source(path, 10**9)
    frames = list(film(source, 0.0, 10.0, left_out=frozenset({1})))
    assert [(f.index, f.time_s, number_in(f.pixels)) for f in frames] == [
        (0, 0.0, 0), (2, 2.0, 2), (4, 4.5, 3), (6, 6.0, 4),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["a.wav", "a.flac", "a.ogg", "a.m4a", "a.mka", "a.mp3"])
def test_a_part_from_the_middle_is_the_same_as_cut_from_the_whole(
    tmp_path: Path, name: str
) -> None:
    rng = np.random.default_rng(3)
    noise = np.cumsum(rng.standard_normal(48_000 * 20)).astype(np.float32)
    noise = np.sin(noise / 40) * np.float32(0.4)  # every moment sounds unlike all others
    if name in ("a.m4a", "a.mka"):
        write_aac(tmp_path / name, noise, 48_000)
    else:
        soundfile.write(tmp_path / name, noise, 48_000)
    whole = read_span(tmp_path / name, 0.0, 60.0)
    part = read_span(tmp_path / name, 12.5, 14.5)
    wanted = whole[200_000:232_000]
    assert len(part) == len(wanted)
    middle = slice(1_000, -1_000)  # at its ends a part has other neighbours
    np.testing.assert_allclose(part[middle], wanted[middle], atol=0.02)


def test_a_part_beyond_the_end_is_empty(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", tone(1.0, 16_000), 16_000)
    assert len(read_span(tmp_path / "a.wav", 7.0, 9.0)) == 0
    write_aac(tmp_path / "a.m4a", tone(1.0, 44_100), 44_100)
    assert len(read_span(tmp_path / "a.m4a", 70.0, 90.0)) == 0


def test_a_survey_of_a_clip_looks_at_its_first_picture_only(tmp_path: Path) -> None:
    frames = [(n / 2, numbered(n)) for n in range(150)]
    path = write_timed(
        tmp_path / "long.mp4", frames, sound=tone(75.0, 16_000), sound_rate_hz=16_000
    )
    made = survey(path, "video", "long.mp4")
    assert (made.kind, made.parts, made.notes) == ("video", (), ())
    assert made.facts.seconds == pytest.approx(75.0, abs=0.6)
    assert made.facts.has_sound
    assert (made.facts.width, made.facts.height) == (128, 64)
    assert made.thumbnail.startswith(b"\xff\xd8")
    with Pillow.open(BytesIO(made.thumbnail)) as shown:
        assert number_in(np.asarray(shown)) == 0


def test_a_survey_of_anything_else_reads_it(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", tone(1.0, 16_000), 16_000)
    assert len(survey(tmp_path / "a.wav", "audio", "a.wav").parts) == 1
    write_aac(tmp_path / "a.mp4", tone(1.0, 44_100), 44_100)
    assert survey(tmp_path / "a.mp4", "video", "a.mp4").kind == "audio"
    (tmp_path / "b.mp4").write_bytes(b"no clip")
    with pytest.raises(MediaError, match=r"“b.mp4” is not a video"):
        survey(tmp_path / "b.mp4", "video", "b.mp4")
