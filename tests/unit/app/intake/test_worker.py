"""The file reader's process: killed when it must be, back at once, and never a word too many."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import numpy as np
import pytest
from PIL import Image as Pillow

from app.intake.runner import CalledOffError, Job
from app.intake.selection import Selection
from app.intake.vitals import resident_bytes
from app.intake.worker import Worker
from inference import MediaError
from tests.unit.app.intake.films import number_in, numbered, tone, write_steady, write_timed

SOON_S = 20.0


@pytest.fixture
def worker() -> Iterator[Worker]:
    worker = Worker()
    yield worker
    worker.close()


@pytest.fixture
def red(tmp_path: Path) -> Path:
    path = tmp_path / "red.png"
    Pillow.new("RGB", (8, 4), (255, 0, 0)).save(path)
    return path


def read(path: Path, kind: str = "image", **values: float) -> Job:
    return Job("read", path, path.name, (kind, path.name), **values)


def pid_of(worker: Worker) -> int:
    assert worker.pid is not None
    return worker.pid


def deafen(worker: Worker) -> int:
    """Leave the process as deaf as a decoder that runs in circles."""
    os.kill(pid := pid_of(worker), signal.SIGSTOP)
    return pid


def test_it_reads_many_files_in_one_process(worker: Worker, red: Path) -> None:
    worker.warm()
    pid = pid_of(worker)
    for _ in range(3):
        made = worker.call(read(red))
        (picture,) = made.parts
        assert picture.pixels.shape == (4, 8, 3)
        assert (picture.pixels == [255, 0, 0]).all()
        picture.pixels[:] = 0  # its own copy, as if it had been read here
        assert made.thumbnail.startswith(b"\xff\xd8")
    assert worker.pid == pid
    assert 20e6 < resident_bytes(pid) < 500e6


def test_a_refusal_names_the_file_as_the_person_does(worker: Worker, tmp_path: Path) -> None:
    path = tmp_path / "5f7c"
    path.write_bytes(b"no picture")
    with pytest.raises(MediaError, match=r"^“holiday.png” is not a picture"):
        worker.call(Job("selected", path, "holiday.png", ("image", "holiday.png", Selection())))


def test_a_file_that_takes_too_long_is_named_and_the_next_is_read(
    worker: Worker, red: Path, tmp_path: Path
) -> None:
    worker.call(read(red))
    pid = deafen(worker)
    with pytest.raises(
        MediaError, match=r"“slow.png” was not read within 0.1 s, so reading it was"
    ):
        worker.call(read(tmp_path / "slow.png", limit_s=0.1))
    assert worker.call(read(red)).parts
    assert worker.pid != pid


def test_a_file_that_takes_too_much_memory_is_named(red: Path, tmp_path: Path) -> None:
    big = tmp_path / "big.png"
    Pillow.new("1", (9900, 9900)).save(big)  # a few kilobytes that become half a gigabyte
    modest = Worker(memory_bytes=300_000_000, poll_s=0.002)
    try:
        with pytest.raises(MediaError, match=r"“big.png” takes more than 0.3 GB of memory"):
            modest.call(read(big))
        assert modest.call(read(red)).parts
    finally:
        modest.close()


@pytest.mark.parametrize("end", [signal.SIGSEGV, signal.SIGABRT, signal.SIGKILL])
def test_a_crash_is_a_sentence_and_the_next_file_is_read(
    worker: Worker, red: Path, tmp_path: Path, end: signal.Signals
) -> None:
    worker.call(read(red))
    clip = write_steady(tmp_path / "crash.avi", range(250), 5.0)
    frames = worker.stream(Job("frames", clip, "crash.avi", (0.0, 50.0, 128)))
    next(frames)
    os.kill(pid_of(worker), end)
    with pytest.raises(MediaError, match=r"“crash.avi” brought the file reader down"):
        list(frames)
    assert worker.call(read(red)).parts


def test_a_crash_between_two_files_is_no_fault_of_the_second(worker: Worker, red: Path) -> None:
    worker.call(read(red))
    pid = pid_of(worker)
    os.kill(pid, signal.SIGKILL)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    assert worker.call(read(red)).parts
    assert worker.pid != pid


def test_frames_come_one_by_one_and_stop_when_nobody_listens(
    worker: Worker, red: Path, tmp_path: Path
) -> None:
    clip = write_steady(tmp_path / "clip.avi", range(250), 5.0)
    job = Job("frames", clip, "clip.avi", (10.0, 50.0, 128))
    pid = None
    for count, frame in enumerate(worker.stream(job)):
        pid = worker.pid
        assert (frame.index, frame.time_s) == (count, 10.0 + count)
        assert number_in(frame.pixels) == 50 + 5 * count
        if count == 3:
            break
    assert worker.call(read(red)).parts
    assert worker.pid == pid  # it stopped by itself
    assert len(list(worker.stream(job))) == 40


def test_what_is_called_off_may_end_by_itself(worker: Worker, red: Path, tmp_path: Path) -> None:
    clip = write_steady(tmp_path / "clip.avi", range(250), 5.0)
    worker.call(read(red))
    pid = deafen(worker)
    asked: list[int] = []

    def is_called_off() -> bool:
        asked.append(pid)
        os.kill(pid, signal.SIGCONT)
        return True

    with pytest.raises(CalledOffError):
        list(worker.stream(Job("frames", clip, "clip.avi", (0.0, 50.0, 128)), is_called_off))
    assert len(asked) == 1
    assert worker.call(read(red)).parts
    assert worker.pid == pid


def test_a_job_that_does_not_end_by_itself_is_ended(
    worker: Worker, red: Path, tmp_path: Path
) -> None:
    worker.call(read(red))
    pid = deafen(worker)
    began = monotonic()
    with pytest.raises(CalledOffError):
        worker.call(read(tmp_path / "noise.png"), lambda: True)
    assert monotonic() - began < SOON_S
    assert worker.pid != pid
    assert worker.call(read(red)).parts


def test_abort_from_another_thread_ends_a_deaf_process(worker: Worker, red: Path) -> None:
    worker.call(read(red))
    deafen(worker)
    timer = threading.Timer(0.05, worker.abort)
    timer.start()
    with pytest.raises(CalledOffError):
        worker.call(read(red))
    timer.join()
    with pytest.raises(CalledOffError):
        worker.call(read(red))


def test_a_fault_in_a_decoder_is_a_sentence(worker: Worker, red: Path) -> None:
    with pytest.raises(MediaError, match=r"“red.png” cannot be read: it is damaged or of a rare"):
        worker.call(Job("picture", red, "red.png", ("no number",)))


def test_a_clip_crosses_with_frames_times_sound_and_facts(worker: Worker, tmp_path: Path) -> None:
    frames = [(0.5 * n, numbered(n)) for n in range(8)]
    clip = write_timed(tmp_path / "clip.mp4", frames, sound=tone(4.0, 44_100))
    made = worker.call(read(clip, "video"))
    (video,) = made.parts
    assert [number_in(frame) for frame in video.frames] == [0, 2, 4, 6]
    assert list(video.times_s) == [0.0, 1.0, 2.0, 3.0]
    assert video.sound.dtype == np.float32
    assert abs(len(video.sound) - 64_000) < 2_000
    assert made.facts.has_sound
    assert (made.facts.width, made.facts.height) == (128, 64)
