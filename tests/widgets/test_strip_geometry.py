"""Where the frames of the strip lie, in both directions of reading and at every width."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.widgets.video.strip_geometry import FRAME_HEIGHT, NARROW, StripGeometry

SHAPES = st.builds(
    StripGeometry,
    width=st.integers(240, 2400).map(float),
    count=st.integers(1, 60),
    scale=st.floats(0.8, 2.2),
    is_mirrored=st.booleans(),
)


def test_two_rows_of_thirty_and_three_of_twenty_where_it_is_narrow() -> None:
    wide, narrow = StripGeometry(1008, 60), StripGeometry(728, 60)
    assert (wide.per_row, wide.rows) == (30, 2)
    assert (narrow.per_row, narrow.rows) == (20, 3)
    assert StripGeometry(NARROW, 60).per_row == 30
    assert StripGeometry(NARROW - 1, 60).per_row == 20
    assert narrow.height > wide.height


def test_frames_are_as_wide_as_the_design_says() -> None:
    shape = StripGeometry(1008, 60)
    assert shape.frame_width == pytest.approx((1008 - 29) / 30)
    assert {shape.rect(number).height() for number in range(60)} == {FRAME_HEIGHT}


@given(SHAPES)
def test_frames_fill_the_width_without_touching(shape: StripGeometry) -> None:
    rects = [shape.rect(number) for number in range(shape.count)]
    for number, rect in enumerate(rects):
        assert 0 <= rect.left() < rect.right() <= shape.width
        assert 0 <= rect.top() < rect.bottom() <= shape.height
        centre = rect.center()
        assert shape.at(centre.x(), centre.y()) == number
        assert shape.nearest(centre.x(), centre.y()) == number
    for one, next_one in pairwise(rects):
        assert not one.intersects(next_one)
    full = shape.rect(min(shape.count, shape.per_row) - 1)
    if shape.count >= shape.per_row:
        assert full.left() == 0 if shape.is_mirrored else full.right() == shape.width


@given(SHAPES, st.floats(-500, 3000), st.floats(-500, 500))
def test_a_pointer_anywhere_means_a_frame_or_nothing(
    shape: StripGeometry, x: float, y: float
) -> None:
    number = shape.at(x, y)
    assert number is None or 0 <= number < shape.count
    assert 0 <= shape.nearest(x, y) < shape.count


def test_the_times_above_a_row_belong_to_no_frame() -> None:
    shape = StripGeometry(1008, 60)
    assert shape.at(5, 3) is None
    assert shape.at(5, shape.row_height + 3) is None
    assert shape.at(5, shape.tick_height + 1) == 0


def test_right_to_left_the_first_frame_is_at_the_right() -> None:
    shape = StripGeometry(1008, 60, is_mirrored=True)
    assert shape.rect(0).right() == 1008
    assert shape.rect(0).left() > shape.rect(1).left()
