"""Clips whose frames show their own number: the right ones arrive, upright, with their times."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.intake.clip import read_clip
from inference import MediaError
from tests.unit.app.intake.films import (
    HEIGHT,
    WIDTH,
    Pixels,
    loudest_hz,
    number_in,
    numbered,
    tone,
    turn_clockwise,
    write_aac,
    write_steady,
    write_timed,
)


def _numbers(frames: list[Pixels]) -> list[int]:
    return [number_in(frame) for frame in frames]


def _each_second(seconds: int) -> list[tuple[float, Pixels]]:
    return [(float(s), numbered(s)) for s in range(seconds)]


@pytest.mark.parametrize(("name", "fourcc"), [("clip.avi", "MJPG"), ("clip.mp4", "mp4v")])
def test_one_frame_a_second(tmp_path: Path, name: str, fourcc: str) -> None:
    path = write_steady(tmp_path / name, range(35), fps=10, fourcc=fourcc)

    clip, notes = read_clip(path)

    assert _numbers(list(clip.frames)) == [0, 10, 20, 30]
    assert list(clip.times_s) == [0.0, 1.0, 2.0, 3.0]
    assert clip.frames[0].shape == (HEIGHT, WIDTH, 3)
    assert clip.frames[0].dtype == np.uint8
    assert (clip.name, clip.sound, notes) == (name, None, ())


def test_a_rate_that_misses_the_whole_seconds(tmp_path: Path) -> None:
    path = write_steady(tmp_path / "clip.avi", range(20), fps=6.4)

    clip, _ = read_clip(path)

    # frame n stands at n / 6.4 s: 7 is the first at or after 1 s, 13 after 2 s, 20 would be 3.1 s
    assert _numbers(list(clip.frames)) == [0, 7, 13]
    np.testing.assert_allclose(clip.times_s, [0, 7 / 6.4, 13 / 6.4], atol=1e-3)


def test_more_frames_a_second(tmp_path: Path) -> None:
    path = write_steady(tmp_path / "clip.avi", range(25), fps=10)

    clip, _ = read_clip(path, fps=2, max_frames=60)

    assert _numbers(list(clip.frames)) == [0, 5, 10, 15, 20]
    assert list(clip.times_s) == [0.0, 0.5, 1.0, 1.5, 2.0]


def test_varying_frame_rate_goes_by_times(tmp_path: Path) -> None:
    times = [0, 0.1, 0.2, 0.9, 1.25, 1.5, 4.6, 4.9, 5.0, 5.1]
    path = write_timed(tmp_path / "clip.mkv", [(t, numbered(n)) for n, t in enumerate(times)])

    clip, _ = read_clip(path)

    assert _numbers(list(clip.frames)) == [0, 4, 6, 8]  # nothing begins in the third and fourth
    assert list(clip.times_s) == [0.0, 1.25, 4.6, 5.0]


def test_colours_are_red_green_blue(tmp_path: Path) -> None:
    picture = np.zeros((64, 64, 3), np.uint8)
    picture[:] = (200, 30, 60)
    path = write_timed(tmp_path / "clip.mkv", [(0.0, picture)])

    clip, _ = read_clip(path)

    np.testing.assert_allclose(clip.frames[0].reshape(-1, 3).mean(axis=0), (200, 30, 60), atol=4)


def test_stored_rotation_is_applied(tmp_path: Path) -> None:
    path = turn_clockwise(write_steady(tmp_path / "clip.mp4", [3, 77], fps=1, fourcc="mp4v"))

    clip, _ = read_clip(path)

    assert clip.frames[0].shape == (WIDTH, HEIGHT, 3)
    assert [number_in(np.rot90(frame, 1)) for frame in clip.frames] == [3, 77]


@pytest.mark.parametrize("transfer", [None, 18])  # by OpenCV, by FFmpeg
def test_times_count_from_the_first_picture(tmp_path: Path, transfer: int | None) -> None:
    frames = [(s + 2.5, numbered(s)) for s in range(3)]
    path = write_timed(tmp_path / "clip.mkv", frames, transfer=transfer)

    clip, _ = read_clip(path)

    assert _numbers(list(clip.frames)) == [0, 1, 2]
    assert list(clip.times_s) == [0.0, 1.0, 2.0]


@pytest.mark.parametrize("turned", [False, True])
def test_av1_and_its_rotation(
    tmp_path: Path, turned: bool, capfd: pytest.CaptureFixture[str]
) -> None:
    path = write_timed(
        tmp_path / "clip.mp4", _each_second(3), codec="libsvtav1", pixel_format="yuv420p"
    )
    if turned:
        turn_clockwise(path)
    capfd.readouterr()

    clip, _ = read_clip(path)

    assert capfd.readouterr().err == ""  # nothing has tried it in vain
    upright = [np.rot90(frame, 1) if turned else frame for frame in clip.frames]
    assert _numbers(upright) == [0, 1, 2]
    assert list(clip.times_s) == [0.0, 1.0, 2.0]


def test_hdr_is_marked(tmp_path: Path) -> None:
    path = write_timed(
        tmp_path / "clip.mkv",
        _each_second(2),
        codec="ffv1",
        pixel_format="yuv420p10le",
        transfer=18,
    )

    clip, notes = read_clip(path)

    assert _numbers(list(clip.frames)) == [0, 1]
    assert any("HDR" in note for note in notes)


def test_animated_gif(tmp_path: Path) -> None:
    path = write_timed(tmp_path / "clip.gif", _each_second(3), codec="gif", pixel_format="gray")

    clip, _ = read_clip(path)

    assert _numbers(list(clip.frames)) == [0, 1, 2]


def test_sixty_seconds_fit_and_a_moment_more(tmp_path: Path) -> None:
    frames = [(s / 2, numbered(s)) for s in range(121)]  # the last begins at 60.0 s
    path = write_timed(tmp_path / "clip.mkv", frames)

    clip, notes = read_clip(path)

    assert _numbers(list(clip.frames)) == list(range(0, 120, 2))
    assert clip.times_s[-1] == 59.0
    assert [note for note in notes if "only 60 s were read" in note]


def test_a_longer_clip_is_refused_with_both_lengths(tmp_path: Path) -> None:
    path = write_timed(tmp_path / "clip.mkv", _each_second(91))

    with pytest.raises(MediaError, match=r"lasts 90\.?\d* s; the model sees at most 60 s"):
        read_clip(path)


def test_a_length_in_the_header_is_enough_to_refuse(tmp_path: Path) -> None:
    path = write_timed(tmp_path / "clip.mkv", _each_second(91))
    path.write_bytes(path.read_bytes()[:20_000])  # a few frames are left

    with pytest.raises(MediaError, match="lasts 9"):
        read_clip(path)


def test_a_header_that_hides_the_length_does_not_help(tmp_path: Path) -> None:
    path = write_timed(tmp_path / "clip.mkv", _each_second(70))
    data = path.read_bytes()
    place = data.index(b"\x44\x89\x88") + 3  # Matroska: Duration, a float of 8 bytes
    path.write_bytes(data[:place] + bytes(8) + data[place + 8 :])

    with pytest.raises(MediaError, match="lasts 69 s"):  # from its packets
        read_clip(path)


def test_the_caller_may_choose_a_part(tmp_path: Path) -> None:
    path = write_timed(tmp_path / "clip.mkv", _each_second(91))

    clip, notes = read_clip(path, 7.5)

    assert _numbers(list(clip.frames)) == list(range(8))
    assert len(notes) == 1
    assert "only 7.5 s were read" in notes[0]
    assert "(90" in notes[0]


@pytest.mark.parametrize("seconds", [0.0, -1.0, 60.1, float("nan"), float("inf")])
def test_an_impossible_part_is_refused(tmp_path: Path, seconds: float) -> None:
    with pytest.raises(MediaError, match="at most 60 s"):
        read_clip(tmp_path / "clip.mkv", seconds)


def test_sound_comes_with_the_clip(tmp_path: Path) -> None:
    path = write_timed(tmp_path / "clip.mp4", _each_second(3), sound=tone(2.0, 44_100, 880.0))

    clip, notes = read_clip(path)

    assert clip.sound is not None
    assert clip.sound.dtype == np.float32
    assert len(clip.sound) == pytest.approx(32_000, abs=1600)
    assert loudest_hz(clip.sound) == pytest.approx(880, abs=2)
    assert notes == ()


def test_sound_stops_at_thirty_seconds_and_says_so(tmp_path: Path) -> None:
    path = write_timed(
        tmp_path / "clip.mp4", _each_second(40), sound=tone(40, 16_000), sound_rate_hz=16_000
    )

    clip, notes = read_clip(path)
    part, part_notes = read_clip(path, 5.0)

    assert len(clip.frames) == 40
    assert clip.sound is not None
    assert len(clip.sound) == 480_000
    assert notes == ("Of the sound track of “clip.mp4”, only the first 30 s were read.",)
    assert part.sound is not None
    assert len(part.sound) == 80_000
    assert len(part_notes) == 1


def test_large_frames_are_reduced_in_proportion(tmp_path: Path) -> None:
    path = write_steady(tmp_path / "clip.avi", [170], fps=1)

    clip, notes = read_clip(path, max_frame_pixels=HEIGHT * WIDTH // 4)

    assert clip.frames[0].shape == (HEIGHT // 2, WIDTH // 2, 3)
    assert number_in(clip.frames[0]) == 170
    assert notes == (
        f"The frames of “clip.avi” were reduced to {WIDTH // 2} x {HEIGHT // 2} pixels.",
    )


def test_oversized_pictures_are_refused(tmp_path: Path) -> None:
    path = write_steady(tmp_path / "clip.avi", [1], fps=1)

    with pytest.raises(MediaError, match="128 x 64"):
        read_clip(path, max_source_pixels=HEIGHT * WIDTH - 1)


def test_a_cut_off_file_gives_what_is_there_and_says_so(tmp_path: Path) -> None:
    path = write_timed(tmp_path / "clip.mkv", _each_second(20))
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])

    clip, notes = read_clip(path)

    assert _numbers(list(clip.frames)) == list(range(len(clip.frames)))
    assert 5 < len(clip.frames) < 15
    assert any("its pictures end at" in note for note in notes)


def test_content_decides_not_the_name(tmp_path: Path) -> None:
    path = write_steady(tmp_path / "clip.avi", [5], fps=1)
    renamed = path.rename(tmp_path / "holiday.jpg")

    clip, _ = read_clip(renamed)

    assert _numbers(list(clip.frames)) == [5]


@pytest.mark.parametrize(
    "text",
    [
        "#EXTM3U\n#EXTINF:1,\nother.avi\n",
        "ffconcat version 1.0\nfile other.avi\n",
        '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"/>',
        "<!--ftyp--><MPD/>",
        "hello",
    ],
)
def test_playlists_and_texts_are_refused(tmp_path: Path, text: str) -> None:
    write_steady(tmp_path / "other.avi", [1], fps=1)
    path = tmp_path / "clip.mp4"
    path.write_text(text)

    with pytest.raises(MediaError, match="not a video"):
        read_clip(path)


def test_sound_alone_is_no_clip(tmp_path: Path) -> None:
    path = write_aac(tmp_path / "sound.mp4", tone(1.0, 44_100), 44_100)

    with pytest.raises(MediaError, match="no moving picture"):
        read_clip(path)


@pytest.mark.parametrize("keep", [1, 40, 600])
def test_a_stump_of_a_file_is_refused(tmp_path: Path, keep: int) -> None:
    path = write_steady(tmp_path / "clip.mp4", range(20), fps=10, fourcc="mp4v")
    path.write_bytes(path.read_bytes()[:keep])

    with pytest.raises(MediaError, match=r"clip\.mp4"):
        read_clip(path)


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.tuples(st.integers(0, 2**20), st.integers(0, 255)), min_size=1, max_size=40))
def test_damage_gives_frames_or_one_sentence(tmp_path: Path, damage: list[tuple[int, int]]) -> None:
    path = tmp_path / "clip.mkv"
    if not path.exists():
        write_timed(path, _each_second(4), sound=tone(0.5, 44_100))
    data = bytearray(path.read_bytes())
    for place, value in damage:
        data[place % len(data)] = value
    damaged = tmp_path / "damaged.mkv"
    damaged.write_bytes(data)

    try:
        clip, _ = read_clip(damaged)
    except MediaError:
        return
    assert len(clip.frames) == len(clip.times_s) > 0
    assert list(clip.times_s) == sorted(clip.times_s)
