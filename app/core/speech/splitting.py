"""Where to cut a long recording: at silences, into pieces that the model can hear.

Works on the wave that is drawn (lowest and highest sample of each 20 ms), so that an hour is cut
in milliseconds and without the samples.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.core.speech.values import Piece

PEAKS_PER_S = 50
LONGEST_S = 30.0  # what the model hears at most
OVERLAP_S = 1.0
SHORTEST_SILENCE_S = 0.2
SHORTEST_END_S = 5.0  # the last piece is not cut shorter than this
QUIETEST_DB = -100.0
SILENT_PEAK = 10 ** (-60 / 20)  # a piece that is nowhere louder holds nothing to hear
LOUDEST_SILENCE_DB = -20.0
SHARE_OF_RANGE = 0.3  # how far above the noise silence may reach, of the way to the speech
PULL_S = 0.6  # how much longer a silence must be to be taken though it lies half a piece earlier
BLUNT_S = 0.3  # without a silence, the quietest moment of this length in the last third

Wave = NDArray[np.float32]


class Silence(NamedTuple):
    """A stretch without speech, in seconds."""

    start_s: float
    end_s: float


class _Cut(NamedTuple):
    end_s: float  # where the piece before ends
    start_s: float  # where the next one starts, not later
    shares_words: bool


def split(wave: Wave, seconds: float, longest_s: float = LONGEST_S) -> tuple[Piece, ...]:
    """Pieces of at most `longest_s` that cover `[0, seconds)` in order and overlap at the cuts.

    `wave` is float32 [n, 2], a row for each 20 ms. At a silence the pieces share up to a second
    of it and no words; where there is none they share a second of speech.
    """
    loudness = _decibels(wave, seconds)
    silences = find_silences(loudness)
    pieces: list[Piece] = []
    start, shares = 0.0, False
    while seconds - start > longest_s:
        cut = _cut(start, seconds, longest_s, silences, loudness)
        pieces.append(_piece(wave, start, cut.end_s, shares))
        start, shares = cut.start_s, cut.shares_words
    pieces.append(_piece(wave, start, seconds, shares))
    return tuple(pieces)


def find_silences(loudness: NDArray[np.float32]) -> tuple[Silence, ...]:
    """Stretches of at least 0.2 s that are quiet beside the rest; `loudness` in dB per 20 ms."""
    if not len(loudness):
        return ()
    noise, speech = np.percentile(loudness, (10, 95))
    limit = min(noise + SHARE_OF_RANGE * (speech - noise), LOUDEST_SILENCE_DB)
    quiet = np.concatenate(([False], loudness <= limit, [False]))
    edges = np.flatnonzero(quiet[1:] != quiet[:-1])
    found = [
        Silence(first / PEAKS_PER_S, last / PEAKS_PER_S)
        for first, last in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
    ]
    return tuple(each for each in found if each.end_s - each.start_s >= SHORTEST_SILENCE_S)


def _cut(
    start: float,
    seconds: float,
    longest: float,
    silences: tuple[Silence, ...],
    loudness: NDArray[np.float32],
) -> _Cut:
    """The best cut for a piece that begins at `start`; it lies in the piece's second half."""
    half = OVERLAP_S / 2
    earliest = start + longest / 2
    latest = min(start + longest - half, max(earliest, seconds - SHORTEST_END_S))
    best, best_score = None, float("-inf")
    for silence in silences:
        first, last = max(silence.start_s, earliest), min(silence.end_s, latest)
        if last <= first:
            continue
        middle = min(max((silence.start_s + silence.end_s) / 2, first), last)
        position = (middle - earliest) / max(latest - earliest, 1e-9)
        score = min(silence.end_s - silence.start_s, 2.0) + PULL_S * position
        if score > best_score:
            best_score = score
            end = min(middle + half, silence.end_s, start + longest)
            best = _Cut(end, max(middle - half, silence.start_s), shares_words=False)
    return best or _blunt_cut(start, earliest, latest, longest, loudness)


def _blunt_cut(
    start: float, earliest: float, latest: float, longest: float, loudness: NDArray[np.float32]
) -> _Cut:
    """Nobody paused: the quietest moment of the last third, with a second heard twice."""
    half = OVERLAP_S / 2
    from_s = max(earliest, latest - longest / 3)
    first, last = int(from_s * PEAKS_PER_S), int(latest * PEAKS_PER_S)
    width = int(BLUNT_S * PEAKS_PER_S)
    middle = latest
    if last - first > width:
        sums = np.convolve(loudness[first:last], np.ones(width), mode="valid")
        middle = (first + int(np.argmin(sums)) + width / 2) / PEAKS_PER_S
    middle = min(max(middle, earliest), latest)
    return _Cut(min(middle + half, start + longest), middle - half, shares_words=True)


def _piece(wave: Wave, start: float, end: float, shares_words: bool) -> Piece:
    part = wave[int(start * PEAKS_PER_S) : int(np.ceil(end * PEAKS_PER_S))]
    is_silent = not len(part) or float(np.abs(part).max()) < SILENT_PEAK
    return Piece(start, end, "silent" if is_silent else "waiting", shares_words=shares_words)


def _decibels(wave: Wave, seconds: float) -> NDArray[np.float32]:
    """Loudness of each 20 ms in dB below full scale, for the whole length."""
    size = np.zeros(max(len(wave), int(seconds * PEAKS_PER_S) + 1), np.float32)
    size[: len(wave)] = np.abs(wave).max(axis=1) if len(wave) else 0.0
    decibels = 20 * np.log10(np.maximum(size, 10 ** (QUIETEST_DB / 20)))
    return np.asarray(decibels, dtype=np.float32)
