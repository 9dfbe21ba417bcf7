"""A take is safe on disk while it is recorded."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import soundfile

from app.core.takes import HEADER, TakeFile, forget, free_path, leftovers

RAMP = np.linspace(-1, 1, 16_000, dtype=np.float32)
# Records until it is killed; says when two seconds are in the file.
RECORDING = """
import sys
from pathlib import Path
import numpy as np
from app.core.takes import TakeFile
take = TakeFile(Path(sys.argv[1]))
while True:
    take.append(np.full(800, 0.25, np.float32))
    if take.count == 32_000:
        print("two seconds", flush=True)
        sys.stdin.read()
"""


def test_a_take_reads_back(tmp_path: Path) -> None:
    take = TakeFile(tmp_path / "c1" / "Take 1.wav")
    take.append(RAMP[:7_000])
    take.append(RAMP[7_000:])
    take.close()
    samples, rate = soundfile.read(take.path, dtype="float32")
    assert rate == 16_000
    assert np.abs(samples - RAMP).max() < 1 / 30_000


def test_the_file_is_whole_after_every_piece(tmp_path: Path) -> None:
    take = TakeFile(tmp_path / "c1" / "Take 1.wav")
    for count in (0, 800, 1_600):
        with wave.open(str(take.path)) as file:
            assert file.getnframes() == count
        take.append(RAMP[:800])
    take.close()


def test_killed_while_recording(tmp_path: Path) -> None:
    path = tmp_path / "takes" / "c1" / "Take 1.wav"
    child = subprocess.Popen(
        [sys.executable, "-c", RECORDING, str(path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path(__file__).parents[4],
    )  # fmt: skip
    assert child.stdout is not None
    assert child.stdin is not None
    assert child.stdout.readline() == b"two seconds\n"
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    child.stdout.close()
    child.stdin.close()
    assert leftovers(tmp_path / "takes") == (path,)
    samples, _ = soundfile.read(path, dtype="float32")
    assert len(samples) == 32_000
    assert np.all(samples == np.float32(0.25))


def test_a_header_that_was_not_written_any_more_is_mended(tmp_path: Path) -> None:
    take = TakeFile(tmp_path / "c1" / "Take 1.wav")
    take.append(RAMP)
    take.close()
    with take.path.open("ab") as file:  # killed between sound and header, within a sample
        file.write(b"\1" * 801)
    assert leftovers(tmp_path) == (take.path,)
    assert len(soundfile.read(take.path)[0]) == 16_400
    assert take.path.stat().st_size == HEADER + 2 * 16_400


def test_an_empty_take_is_removed(tmp_path: Path) -> None:
    take = TakeFile(tmp_path / "c1" / "Take 1.wav")
    take.close()
    assert leftovers(tmp_path) == ()
    assert not take.path.parent.exists()
    assert leftovers(tmp_path / "nowhere") == ()


def test_takes_are_numbered_on(tmp_path: Path) -> None:
    first = TakeFile(free_path(tmp_path, "c1", set()))
    first.close()
    assert first.path.name == "Take 1.wav"
    assert free_path(tmp_path, "c1", {"Take 2.wav"}).name == "Take 3.wav"
    forget(first.path)
    assert not first.path.parent.exists()
    discarded = TakeFile(free_path(tmp_path, "c1", set()))
    discarded.discard()
    assert not discarded.path.parent.exists()
