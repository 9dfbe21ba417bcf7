"""Crops: drawn, nested, nudged, grown and pulled, always inside what they lie in."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.core import crops
from app.core.crops import Crop

WHOLE = (0, 0, 640, 480)
WITHIN = (100, 100, 300, 260)

coordinate = st.floats(-2000, 2000, allow_nan=False)
points = st.tuples(coordinate, coordinate)


@st.composite
def areas(draw: st.DrawFn) -> Crop:
    left, top = draw(st.integers(0, 500)), draw(st.integers(0, 500))
    return (left, top, left + draw(st.integers(1, 900)), top + draw(st.integers(1, 900)))


@st.composite
def inside(draw: st.DrawFn) -> tuple[Crop, Crop]:
    """A crop and what it lies in."""
    outer = draw(areas())
    made = crops.drawn(draw(points), draw(points), outer)
    return (made or outer), outer


def lies_in(crop: Crop, outer: Crop) -> bool:
    return outer[0] <= crop[0] < crop[2] <= outer[2] and outer[1] <= crop[1] < crop[3] <= outer[3]


def test_a_crop_is_drawn_from_any_corner_and_takes_whole_pixels() -> None:
    assert crops.drawn((10.2, 20.9), (49.1, 60.0), WHOLE) == (10, 20, 50, 60)
    assert crops.drawn((49.1, 60.0), (10.2, 20.9), WHOLE) == (10, 20, 50, 60)


def test_a_crop_is_cut_to_the_picture() -> None:
    assert crops.drawn((-50, -50), (90, 5000), WHOLE) == (0, 0, 90, 480)


def test_a_click_is_no_crop() -> None:
    assert crops.drawn((10, 10), (12, 12), WHOLE) is None
    assert crops.drawn((700, 10), (900, 400), WHOLE) is None


def test_a_tiny_picture_can_be_cropped_whole() -> None:
    assert crops.drawn((0, 0), (3, 2), (0, 0, 3, 2)) == (0, 0, 3, 2)


def test_a_crop_begun_inside_another_nests_in_it() -> None:
    nest = ((0, 0, 400, 400), (100, 100, 300, 300))
    assert crops.nest_at(nest, (200, 200)) == nest
    assert crops.nest_at(nest, (50, 50)) == nest[:1]
    assert crops.nest_at(nest, (500, 50)) == ()


def test_a_nudge_moves_by_pixels_and_stops_at_the_edge() -> None:
    crop = (110, 110, 150, 150)
    assert crops.moved(crop, 1, 0, WITHIN) == (111, 110, 151, 150)
    assert crops.moved(crop, 0, -crops.LONG_NUDGE, WITHIN) == (110, 100, 150, 140)
    assert crops.moved(crop, -999, 999, WITHIN) == (100, 220, 140, 260)


def test_growing_moves_the_far_edges_only() -> None:
    assert crops.grown((110, 110, 150, 150), 10, -5, WITHIN) == (110, 110, 160, 145)
    assert crops.grown((110, 110, 150, 150), -99, 999, WITHIN) == (110, 110, 118, 260)


def test_pulling_an_edge_leaves_the_others() -> None:
    crop = (110, 110, 150, 150)
    assert crops.pulled(crop, "l", (104, 0), WITHIN) == (104, 110, 150, 150)
    assert crops.pulled(crop, "br", (200.4, 190.6), WITHIN) == (110, 110, 200, 191)
    assert crops.pulled(crop, "tl", (999, 999), WITHIN) == (142, 142, 150, 150)


@given(inside(), st.integers(-900, 900), st.integers(-900, 900))
def test_nothing_leaves_what_it_lies_in(pair: tuple[Crop, Crop], right: int, down: int) -> None:
    crop, outer = pair
    assert lies_in(crops.moved(crop, right, down, outer), outer)
    assert crops.size_of(crops.moved(crop, right, down, outer)) == crops.size_of(crop)
    assert lies_in(crops.grown(crop, right, down, outer), outer)
    assert lies_in(crops.middle(outer), outer)


@given(inside(), st.sampled_from(["l", "r", "t", "b", "tl", "tr", "bl", "br"]), points)
def test_a_pulled_edge_never_crosses_the_other(
    pair: tuple[Crop, Crop], edges: str, point: tuple[float, float]
) -> None:
    crop, outer = pair
    assert lies_in(crops.pulled(crop, edges, point, outer), outer)


@given(areas(), st.integers(1, 300), st.integers(1, 300))
def test_a_foreign_crop_is_cut_to_the_picture(crop: Crop, width: int, height: int) -> None:
    made = crops.fitted(crop, width, height)
    assert made is None or lies_in(made, (0, 0, width, height))
    assert (made is None) == (crop[0] >= width or crop[1] >= height)
