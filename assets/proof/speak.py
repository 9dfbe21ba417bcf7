"""Speaks the ten digits of the sound test, `assets/proof/0.flac` to `9.flac`.

    python -m assets.proof.speak

The speaker is espeak-ng, so nobody's voice is in the files. Each is a word alone, 16 kHz mono; the
test strings them together in an order of chance.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile

from assets.tiny.train.speak import RATE, say
from assets.tiny.train.words import DIGITS

VOICE = "en-us+f2"
FOLDER = Path(__file__).parent
LOUDEST = 0.6
STEPS = (
    512  # loudness in steps of 1/512: half the bytes, and the ear of the model hears no difference
)


def main() -> None:
    for digit, word in enumerate(DIGITS):
        pcm = say(word, VOICE, speed=140)
        pcm = pcm * (LOUDEST / np.abs(pcm).max())
        pcm = np.round(pcm * STEPS) / STEPS
        path = FOLDER / f"{digit}.flac"
        soundfile.write(path, pcm, RATE, format="FLAC", subtype="PCM_16")
        print(f"{path.name}: {word}, {len(pcm) / RATE:.2f} s, {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
