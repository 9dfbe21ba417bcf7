"""Speaks the example memo, `assets/examples/memo.wav`: words the model knows, in a new order.

    python -m assets.tiny.train.memo

The speaker is espeak-ng, so nobody's voice is in the file.
"""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np

from assets.tiny.train.speak import RATE, say

PHRASES = ("call doctor tomorrow morning", "move budget meeting friday", "send report please")
VOICE = "en-gb-x-rp+f2"  # one of the voices that the model was trained with
PAUSE_S = 0.5
FILE = Path(__file__).parents[2] / "examples" / "memo.wav"


def main() -> None:
    pause = np.zeros(int(PAUSE_S * RATE), np.float32)
    pieces = [pause]
    for phrase in PHRASES:
        pieces += [say(phrase, VOICE, speed=145), pause]
    pcm = np.concatenate(pieces)
    pcm = pcm * (0.6 / np.abs(pcm).max())
    with wave.open(str(FILE), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(np.round(pcm * 32767).astype("<i2").tobytes())
    print(f"{FILE.name}: {len(pcm) / RATE:.1f} s: {' '.join(PHRASES)}")


if __name__ == "__main__":
    main()
