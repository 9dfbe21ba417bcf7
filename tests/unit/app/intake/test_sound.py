"""Recordings of known tones: rate, channels and length come out right, longer ones are refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.intake.sound import read_sound
from inference import MediaError
from tests.unit.app.intake.films import Samples, loudest_hz, numbered, tone, write_aac, write_timed


def _wav(path: Path, samples: Samples, rate_hz: int, subtype: str = "FLOAT") -> Path:
    soundfile.write(path, samples, rate_hz, subtype=subtype, format="WAV")
    return path


@pytest.mark.parametrize(
    "rate_hz", [8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000, 192_000]
)
def test_every_rate_becomes_sixteen_thousand(tmp_path: Path, rate_hz: int) -> None:
    path = _wav(tmp_path / "tone.wav", tone(2, rate_hz), rate_hz)

    recording, notes = read_sound(path)

    assert recording.samples.dtype == np.float32
    assert len(recording.samples) == 32_000
    inner = slice(1000, -1000)  # the ends ring
    np.testing.assert_allclose(recording.samples[inner], tone(2, 16_000)[inner], atol=1e-4)
    assert (recording.name, notes) == ("tone.wav", ())


@pytest.mark.parametrize(("samples", "expected"), [(44_100, 16_000), (44_101, 16_001), (500, 182)])
def test_a_part_of_a_sample_counts(tmp_path: Path, samples: int, expected: int) -> None:
    path = _wav(tmp_path / "a.wav", np.zeros(samples, np.float32), 44_100)

    assert len(read_sound(path)[0].samples) == expected


@pytest.mark.parametrize("frequency_hz", [8_600.0, 11_000.0, 15_560.0])
def test_what_sixteen_thousand_cannot_hold_is_not_folded_back(
    tmp_path: Path, frequency_hz: float
) -> None:
    path = _wav(tmp_path / "high.wav", tone(1.0, 48_000, frequency_hz), 48_000)

    recording, _ = read_sound(path)

    assert np.abs(recording.samples[1000:-1000]).max() < 1e-3


@pytest.mark.parametrize(
    ("kind", "subtype", "tolerance"),
    [
        ("WAV", "PCM_16", 1e-4),
        ("WAV", "PCM_24", 1e-6),
        ("WAV", "PCM_U8", 0.01),
        ("WAV", "ULAW", 0.03),
        ("AIFF", "PCM_16", 1e-4),
        ("FLAC", "PCM_16", 1e-4),
        ("OGG", "VORBIS", 0.03),
        ("MP3", "MPEG_LAYER_III", 0.05),
    ],
)
def test_every_format_gives_the_tone(
    tmp_path: Path, kind: str, subtype: str, tolerance: float
) -> None:
    path = tmp_path / "tone.bin"  # the name says nothing
    expected = tone(5.0, 16_000)
    soundfile.write(path, expected, 16_000, format=kind, subtype=subtype)

    recording, _ = read_sound(path)

    assert len(recording.samples) == 80_000
    difference = np.abs(recording.samples - expected)[200:-200]
    assert difference.max() < tolerance


def test_names_are_not_trusted(tmp_path: Path) -> None:
    for name in ("tone.raw", "tone.mp4", "tone"):
        path = _wav(tmp_path / name, tone(0.5, 16_000), 16_000)
        recording, _ = read_sound(path)
        np.testing.assert_array_equal(recording.samples, tone(0.5, 16_000))


def test_m4a_and_the_sound_of_a_film(tmp_path: Path) -> None:
    memo = write_aac(tmp_path / "memo.m4a", tone(2.0, 44_100, 660), 44_100)
    frames = [(0.0, numbered(1)), (1.0, numbered(2))]
    film = write_timed(tmp_path / "film.mp4", frames, sound=tone(2.0, 44_100, 990))

    for path, frequency in ((memo, 660), (film, 990)):
        recording, _ = read_sound(path)
        assert loudest_hz(recording.samples) == pytest.approx(frequency, abs=1)
        assert len(recording.samples) == pytest.approx(32_000, abs=1600)


@pytest.mark.parametrize("channels", [1, 2, 6])
def test_channels_are_averaged(tmp_path: Path, channels: int) -> None:
    samples = np.zeros((8000, channels), np.float32)
    samples[:, 0] = tone(0.5, 16_000)

    recording, _ = read_sound(_wav(tmp_path / "tone.wav", samples, 16_000))

    np.testing.assert_allclose(recording.samples, samples[:, 0] / channels, atol=1e-7)


def test_exactly_thirty_seconds_pass_unchanged(tmp_path: Path) -> None:
    recording, notes = read_sound(_wav(tmp_path / "a.wav", tone(30, 16_000), 16_000))

    assert len(recording.samples) == 480_000
    assert notes == ()


def test_the_padding_of_a_codec_is_left_out_with_a_note(tmp_path: Path) -> None:
    path = _wav(tmp_path / "a.wav", tone(30.08, 16_000), 16_000)

    recording, notes = read_sound(path)

    np.testing.assert_array_equal(recording.samples, tone(30, 16_000))
    assert notes == ("Of “a.wav” (30.1 s), only 30 s were read.",)


@pytest.mark.parametrize(
    ("seconds", "rate_hz", "words"), [(31, 16_000, "31 s"), (200, 4_000, "3 min 20 s")]
)
def test_a_longer_recording_is_refused_with_both_lengths(
    tmp_path: Path, seconds: int, rate_hz: int, words: str
) -> None:
    path = _wav(tmp_path / "a.wav", tone(seconds, rate_hz), rate_hz)

    with pytest.raises(MediaError, match=f"lasts {words}; the model hears at most 30 s"):
        read_sound(path)


def test_the_caller_may_choose_a_part(tmp_path: Path) -> None:
    whole = np.concatenate([tone(20, 16_000, f) for f in (300, 600)])
    path = _wav(tmp_path / "a.wav", whole, 16_000)

    beginning, notes = read_sound(path, 2.5)
    later, _ = read_sound(path, 2.5, start_s=19.0)
    end, end_notes = read_sound(path, start_s=35.0)

    np.testing.assert_array_equal(beginning.samples, whole[:40_000])
    np.testing.assert_array_equal(later.samples, whole[304_000:344_000])
    np.testing.assert_array_equal(end.samples, whole[560_000:])
    assert notes == ("Of “a.wav” (40 s), only 2.5 s were read.",)
    assert end_notes == ()


@pytest.mark.parametrize(
    ("first_seconds", "start_s"),
    [(0.0, 0.0), (-1.0, 0.0), (30.5, 0.0), (float("nan"), 0.0), (1.0, -1.0), (1.0, float("nan"))],
)
def test_impossible_parts_are_refused(tmp_path: Path, first_seconds: float, start_s: float) -> None:
    path = _wav(tmp_path / "a.wav", tone(1, 16_000), 16_000)

    with pytest.raises(MediaError, match="cannot"):
        read_sound(path, first_seconds, start_s=start_s)


def test_nothing_to_hear_is_refused(tmp_path: Path) -> None:
    empty = _wav(tmp_path / "empty.wav", np.zeros(0, np.float32), 16_000)
    short = _wav(tmp_path / "short.wav", tone(1, 16_000), 16_000)

    with pytest.raises(MediaError, match="holds no sound"):
        read_sound(empty)
    with pytest.raises(MediaError, match="holds no sound at 2 s or later"):
        read_sound(short, start_s=2.0)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_values_that_are_no_numbers_are_refused(tmp_path: Path, value: float) -> None:
    samples = tone(1, 44_100)
    samples[1234] = value

    with pytest.raises(MediaError, match="not numbers"):
        read_sound(_wav(tmp_path / "a.wav", samples, 44_100))


@pytest.mark.parametrize(("rate_hz", "channels"), [(1, 1), (3_999, 1), (384_001, 1), (16_000, 65)])
def test_rates_and_channels_have_limits(tmp_path: Path, rate_hz: int, channels: int) -> None:
    path = _wav(tmp_path / "a.wav", np.zeros((100, channels), np.float32), rate_hz)

    with pytest.raises(MediaError, match=f"{channels} channels at {rate_hz} Hz"):
        read_sound(path)


def test_a_file_that_ends_before_its_header_says_is_not_filled_up(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    soundfile.write(path, tone(10, 44_100), 44_100, format="MP3")
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])

    recording, _ = read_sound(path)

    assert 0.4 < len(recording.samples) / 160_000 < 0.55
    np.testing.assert_allclose(
        recording.samples[1000:-3000],
        tone(10, 16_000)[1000 : len(recording.samples) - 3000],
        atol=0.03,
    )


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.flac"
    soundfile.write(path, tone(5, 44_100), 44_100)
    path.write_bytes(path.read_bytes()[:20_000])

    with pytest.raises(MediaError, match=r"“a\.flac”.*damaged"):
        read_sound(path)


@pytest.mark.parametrize("content", [b"\x00", b"hello " * 100, b"\xff\xfb" + bytes(999), b"ID3"])
def test_what_is_no_recording_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(content)

    with pytest.raises(MediaError):
        read_sound(path)


def test_a_silent_film_is_refused(tmp_path: Path) -> None:
    path = write_timed(tmp_path / "film.mkv", [(0.0, numbered(1))])

    with pytest.raises(MediaError, match="no sound"):
        read_sound(path)


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.sampled_from(["WAV", "FLAC", "OGG", "MP3", "M4A"]),
    st.lists(st.tuples(st.integers(0, 2**14), st.integers(0, 255)), min_size=1, max_size=20),
)
def test_damage_gives_samples_or_one_sentence(
    tmp_path: Path, kind: str, damage: list[tuple[int, int]]
) -> None:
    path = tmp_path / f"sound.{kind.lower()}"
    if not path.exists() and kind == "M4A":
        write_aac(path, tone(0.5, 16_000), 16_000)
    elif not path.exists():
        soundfile.write(path, tone(0.5, 16_000), 16_000, format=kind)
    data = bytearray(path.read_bytes())
    for place, value in damage:
        data[place % len(data)] = value
    damaged = tmp_path / "damaged"
    damaged.write_bytes(data)

    try:
        recording, _ = read_sound(damaged)
    except MediaError:
        return
    assert 0 < len(recording.samples) <= 480_000
    assert np.isfinite(recording.samples).all()
