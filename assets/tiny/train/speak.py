"""Spoken words: espeak-ng as the speaker, and a pool of its recordings on disk.

Voices are accents with a timbre. Some timbres are never trained on, so that a test can ask how the
model hears a voice that is new to it. All of them are synthetic: no person speaks here.
"""

from __future__ import annotations

import argparse
import io
import json
import shutil
import subprocess
import wave
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assets.tiny.train.words import phrase

RATE = 16_000  # samples a second that the model hears
ACCENTS = ("en-us", "en-gb-x-rp", "en-gb-scotland")
SEEN = tuple(f"{a}+{t}" for a in ACCENTS for t in ("m1", "m3", "m4", "m7", "f1", "f2", "f4"))
UNSEEN = tuple(f"{a}+{t}" for a in ACCENTS for t in ("m2", "m6", "f3", "f5"))
SHARD = 500  # recordings in a file of the pool

Pcm = NDArray[np.float32]


class SpeakerMissingError(RuntimeError):
    """espeak-ng is not installed."""


@dataclass(frozen=True, eq=False)
class Recording:
    """Words and their sound, float32 mono at 16 kHz, without silence at the ends."""

    words: tuple[str, ...]
    voice: str
    pcm: Pcm


def record(rng: np.random.Generator, words: tuple[str, ...], voice: str) -> Recording:
    """Speaks the words at a speed (words a minute), pitch and gap (10 ms) of chance."""
    speed, pitch = int(rng.integers(120, 181)), int(rng.integers(30, 71))
    gap = int(rng.integers(0, 11))
    return Recording(words, voice, say(" ".join(words), voice, speed, pitch, gap))


def say(text: str, voice: str, speed: int = 150, pitch: int = 50, gap: int = 4) -> Pcm:
    """One run of espeak-ng; its 22.05 kHz are brought to 16 kHz and silent ends cut off.

    Raises SpeakerMissingError without espeak-ng.
    """
    program = shutil.which("espeak-ng")
    if program is None:
        raise SpeakerMissingError("Speech needs the program espeak-ng (apt install espeak-ng).")
    options = ["-v", voice, "-s", str(speed), "-p", str(pitch), "-g", str(gap), "--stdout"]
    done = subprocess.run([program, *options, text], capture_output=True, check=True)
    with wave.open(io.BytesIO(done.stdout)) as sound:
        rate = sound.getframerate()
    # Written to a pipe, the header claims a length that is not known yet: take what follows it.
    pcm = np.frombuffer(done.stdout[44:], np.int16).astype(np.float32) / 32768
    return trim(stretch(pcm, RATE, rate))


def stretch(pcm: Pcm, rate_out: int, rate_in: int) -> Pcm:
    """Resamples through the spectrum. Silence is added until the length is a whole ratio."""
    common = int(np.gcd(rate_out, rate_in))
    up, down = rate_out // common, rate_in // common
    padded = np.concatenate([pcm, np.zeros(-len(pcm) % down, np.float32)])
    length = len(padded) // down * up
    spectrum = np.fft.rfft(padded)[: length // 2 + 1]
    return (np.fft.irfft(spectrum, length) * (up / down)).astype(np.float32)


def trim(pcm: Pcm, quiet: float = 0.004) -> Pcm:
    """Cuts off what is quieter than `quiet` at both ends."""
    loud = np.flatnonzero(np.abs(pcm) > quiet)
    return pcm[loud[0] : loud[-1] + 1] if len(loud) else pcm[:0]


class Pool:
    """Recordings that were made once, 16 bit on disk and mapped into memory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._files: list[NDArray[np.int16]] = []
        self._entries: list[tuple[int, int, int, str, str]] = []  # file, start, end, voice, text
        for index in sorted(folder.glob("*.json")):
            for start, end, voice, text in json.loads(index.read_text()):
                self._entries.append((len(self._files), start, end, voice, text))
            self._files.append(np.load(index.with_suffix(".npy"), mmap_mode="r"))

    def __len__(self) -> int:
        return len(self._entries)

    def __getitem__(self, index: int) -> Recording:
        file, start, end, voice, text = self._entries[index]
        pcm = self._files[file][start:end].astype(np.float32) / 32768
        return Recording(tuple(text.split()), voice, pcm)

    @cached_property
    def by_voice(self) -> dict[str, list[int]]:
        """Indices of the recordings of each voice."""
        found: dict[str, list[int]] = {}
        for index, entry in enumerate(self._entries):
            found.setdefault(entry[3], []).append(index)
        return found


def fill(folder: Path, count: int) -> None:
    """Adds files of SHARD recordings by seen voices until the pool holds `count`."""
    folder.mkdir(parents=True, exist_ok=True)
    for shard in range(-(-count // SHARD)):
        path = folder / f"{shard:04d}.json"
        if path.exists():
            continue
        entries, pieces, start = [], [], 0
        for seed in range(shard * SHARD, (shard + 1) * SHARD):
            rng = np.random.default_rng(seed)
            made = record(rng, phrase(rng), SEEN[seed % len(SEEN)])
            pieces.append((made.pcm * 32767).clip(-32768, 32767).astype(np.int16))
            entries.append([start, start + len(made.pcm), made.voice, " ".join(made.words)])
            start += len(made.pcm)
        np.save(path.with_suffix(".npy"), np.concatenate(pieces))
        path.write_text(json.dumps(entries))  # last: a reader takes it as the file being whole
        print(f"{path.name} {start / RATE:.0f} s of speech", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, default=Path(".train"))
    parser.add_argument("--count", type=int, default=12_000)
    chosen = parser.parse_args()
    fill(chosen.work / "speech", chosen.count)


if __name__ == "__main__":
    main()
