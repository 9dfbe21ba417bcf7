"""The system is asked about motion without harm on any system."""

from __future__ import annotations

import sys

import pytest

from app.platform.motion import is_motion_unwanted


def test_asking_gives_yes_or_no() -> None:
    assert is_motion_unwanted() in (True, False)


@pytest.mark.skipif(sys.platform == "darwin", reason="a Mac has a setting")
def test_other_systems_are_not_asked() -> None:
    assert is_motion_unwanted() is False
