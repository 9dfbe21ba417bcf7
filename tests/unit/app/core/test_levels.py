"""The level meter: decibels, peak hold, the lamp, the flat line. Time is counted in samples."""

from __future__ import annotations

import numpy as np
import pytest

from app.core.levels import Meter


def hum(meter: Meter, seconds: float, loudness: float) -> None:
    """A constant level, in pieces of a twentieth of a second."""
    for _ in range(round(seconds * 20)):
        meter.take(np.full(800, loudness, np.float32))


@pytest.mark.parametrize(("loudness", "db"), [(1.0, 0.0), (0.5, -6.0), (0.1, -20.0), (0.0, -60.0)])
def test_levels_are_decibels_below_full_scale(loudness: float, db: float) -> None:
    meter = Meter()
    hum(meter, 0.1, loudness)
    assert meter.level_db == pytest.approx(db, abs=0.1)


def test_the_peak_is_held_for_a_second_and_a_half() -> None:
    meter = Meter()
    hum(meter, 0.05, 0.5)
    hum(meter, 1.4, 0.01)
    assert meter.peak_db == pytest.approx(-6.0, abs=0.1)
    hum(meter, 0.2, 0.01)
    assert meter.peak_db == pytest.approx(-40.0, abs=0.1)


def test_the_bar_falls_slowly() -> None:
    meter = Meter()
    hum(meter, 0.05, 1.0)
    hum(meter, 0.5, 0.0)
    assert meter.level_db == pytest.approx(-15.0, abs=0.1)


def test_the_lamp_stays_lit_until_the_next_take() -> None:
    meter = Meter()
    hum(meter, 0.05, 1.0)
    hum(meter, 5.0, 0.1)
    assert meter.has_clipped
    meter.begin()
    assert not meter.has_clipped


def test_two_seconds_of_nothing_are_a_flat_line() -> None:
    meter = Meter()
    hum(meter, 1.95, 0.0)
    assert not meter.is_flat
    hum(meter, 0.1, 0.0)
    assert meter.is_flat
    hum(meter, 0.05, 0.001)  # a quiet room
    assert not meter.is_flat


def test_a_line_on_which_nothing_comes_is_flat_too() -> None:
    meter = Meter()
    for _ in range(4):
        meter.wait(0.5)
    assert meter.is_flat
