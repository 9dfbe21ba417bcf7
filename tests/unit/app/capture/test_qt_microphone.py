"""The microphone through a real sound server: a tone goes into a pipe and comes out as samples."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from time import monotonic

import numpy as np
import pytest

pytest.importorskip(
    "PySide6.QtMultimedia", reason="Qt Multimedia needs a sound library", exc_type=ImportError
)

from PySide6.QtMultimedia import QAudioFormat

from app.capture.qt_microphone import Converter

RATE, HZ = 16_000, 440.0
PATIENCE_S = 60
AHEAD_S = 0.2
# A process of its own: Qt connects to one sound server for as long as it lives.
LISTENING = """
import sys
import numpy as np
from PySide6.QtCore import QCoreApplication, QTimer
from app.capture.qt_microphone import QtMicrophone
app = QCoreApplication([])
microphone, heard, total = QtMicrophone(), [], 0
devices = [device for device in microphone.devices() if "fifo" in device.id]
assert devices, f"no pipe among {microphone.devices()}"
assert microphone.is_allowed
def take(samples):
    assert samples.dtype == np.float32 and samples.ndim == 1
    heard.append(samples)
    if sum(map(len, heard)) >= 32_000:
        app.quit()
def fail(problem):
    print("FAILED", problem)
    app.exit(1)
microphone.listen(devices[0].id, take, fail)
print("listening", flush=True)
QTimer.singleShot(30_000, lambda: app.exit(2))
code = app.exec()
microphone.close()
np.save(sys.argv[1], np.concatenate(heard) if heard else np.zeros(0))
sys.exit(code)
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[dict[str, str], Path]]:
    """A sound server whose only microphone is a pipe: its environment, and the pipe."""
    pulseaudio = shutil.which("pulseaudio")
    if pulseaudio is None:
        pytest.skip("pulseaudio is not installed")
    fifo, runtime = tmp_path / "mic", tmp_path / "run"
    runtime.mkdir(mode=0o700)
    environment = {**os.environ, "XDG_RUNTIME_DIR": str(runtime), "HOME": str(tmp_path)}
    environment.pop("PULSE_SERVER", None)
    source = f"module-pipe-source file={fifo} format=s16le rate={RATE} channels=1"
    command = [pulseaudio, "-n", "--daemonize=no", "--exit-idle-time=-1"]
    command += ["-L", "module-native-protocol-unix", "-L", source]
    log = (tmp_path / "log").open("wb")
    child = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        for _ in range(200):
            if fifo.exists() and (runtime / "pulse" / "native").exists():
                break
            with suppress(subprocess.TimeoutExpired):
                child.wait(0.05)
            if child.returncode is not None:
                pytest.skip(f"pulseaudio does not run: {(tmp_path / 'log').read_text()[-300:]}")
        yield environment, fifo
    finally:
        child.terminate()
        child.wait()
        log.close()


def test_a_tone_is_heard(server: tuple[dict[str, str], Path], tmp_path: Path) -> None:
    environment, fifo = server
    command = [sys.executable, "-c", LISTENING, str(tmp_path / "heard.npy")]
    listener = subprocess.Popen(
        command, env={**environment, "QT_QPA_PLATFORM": "offscreen"}, stdout=subprocess.PIPE
    )
    assert listener.stdout is not None
    assert listener.stdout.readline() == b"listening\n"
    # A second of the tone over and over: it holds whole waves, so there is no seam.
    tone = (16_383 * np.sin(2 * np.pi * HZ * np.arange(RATE) / RATE)).astype("<i2").tobytes()
    pipe = os.open(fifo, os.O_RDWR)  # both ends, so that writing never breaks
    os.set_blocking(pipe, False)
    begun, written = monotonic(), 0
    while listener.poll() is None:
        # As fast as a microphone: what comes faster is dropped on the way.
        due = int((monotonic() - begun + AHEAD_S) * RATE) * 2
        with suppress(BlockingIOError):
            while written < due:
                at = written % len(tone)
                written += os.write(pipe, tone[at : at + 1_000])
        with suppress(subprocess.TimeoutExpired):
            listener.wait(0.01)
    assert listener.wait(PATIENCE_S) == 0
    listener.stdout.close()
    os.close(pipe)
    heard = np.load(tmp_path / "heard.npy")
    assert len(heard) >= 2 * RATE
    steady = heard[-RATE:]
    spectrum = np.abs(np.fft.rfft(steady * np.hanning(len(steady))))
    assert int(np.argmax(spectrum)) == round(HZ)  # one bin is one hertz
    assert float(np.abs(steady).max()) == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize(
    ("form", "dtype", "full"),
    [
        (QAudioFormat.SampleFormat.UInt8, np.uint8, 127.0),
        (QAudioFormat.SampleFormat.Int16, np.int16, 32_767.0),
        (QAudioFormat.SampleFormat.Int32, np.int32, 2_147_483_000.0),
        (QAudioFormat.SampleFormat.Float, np.float32, 1.0),
    ],
)
@pytest.mark.parametrize("rate", [16_000, 44_100, 48_000])
@pytest.mark.parametrize("channels", [1, 2])
def test_every_format_becomes_mono_at_sixteen_kilohertz(
    form: QAudioFormat.SampleFormat, dtype: type, full: float, rate: int, channels: int
) -> None:
    wanted = QAudioFormat()
    wanted.setSampleFormat(form)
    wanted.setSampleRate(rate)
    wanted.setChannelCount(channels)
    tone = 0.5 * np.sin(2 * np.pi * HZ * np.arange(2 * rate) / rate)
    raw = np.repeat(tone * full, channels)
    if dtype is np.uint8:
        raw = raw + 128
    data = raw.astype(dtype).tobytes()
    convert = Converter(wanted)
    size = 4_097  # no whole number of samples
    parts = [convert.take(data[at : at + size]) for at in range(0, len(data), size)]
    heard = np.concatenate(parts)
    assert heard.dtype == np.float32
    assert len(heard) == pytest.approx(2 * RATE, abs=800)
    middle = heard[RATE // 2 : RATE // 2 + RATE]
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle))))
    assert int(np.argmax(spectrum)) == round(HZ)
    assert float(np.abs(middle).max()) == pytest.approx(0.5, abs=0.02)
