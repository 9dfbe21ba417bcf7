"""Draws the examples that the bundled model was trained to read: dashboard, chart, clip, report.

Run `python -m assets.examples.draw_small` after a change. They are made by the same code as its
training pictures, at the sizes it reads without resampling; the data are none it was trained on.
The figures agree with each other: shares add up to 100, and the report repeats the chart's.
"""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from assets.tiny.train.clips import NOTHING, Scene, Thing, film
from assets.tiny.train.palette import CELL, HUES, LIGHT, Canvas, Colour
from assets.tiny.train.panels import Chart, Place, draw_panel

FOLDER = Path(__file__).parent
DASHBOARD, CHART = FOLDER / "tiny-dashboard.png", FOLDER / "chart.png"
CLIP, REPORT = FOLDER / "clip.mp4", FOLDER / "report.pdf"

REVENUE = Chart("columns", "Revenue", (("Q1", 381), ("Q2", 394), ("Q3", 463), ("Q4", 517)))
ORDERS = Chart("pie", "Orders", (("Online", 46), ("Store", 31), ("Partner", 23)), "%")
BUDGET = Chart("gauge", "Budget", (("Sales", 72),), "%")
GROWTH = Chart("sliders", "Growth", (("North", 64), ("South", 38), ("West", 85)), "%")
VISITORS = Chart(
    "columns",
    "Visitors",
    (("Mon", 240), ("Tue", 315), ("Wed", 287), ("Thu", 402), ("Fri", 368)),
)
OUTPUT = Chart("bars", "Output", (("Solar", 412), ("Wind", 538), ("Hydro", 176), ("Gas", 195)))

FIRST, SECOND, THIRD = (
    Thing("circle", "blue"),
    Thing("triangle", "orange"),
    Thing("circle", "green"),
)
SCENE = Scene(
    (*[NOTHING] * 2, *[FIRST] * 3, NOTHING, *[SECOND] * 2, NOTHING, *[THIRD] * 3),
)
VARIANT = 100_000  # placements that training did not use
FRAMES_A_SECOND = 8

BLUE, TEAL, GREEN, ORANGE, PURPLE = (
    HUES[name] for name in ("blue", "teal", "green", "orange", "purple")
)
MIXED: tuple[Colour, ...] = (BLUE, TEAL, ORANGE)


def draw_dashboard() -> NDArray[np.uint8]:
    """816 x 384 pixels, 136 soft tokens."""
    canvas = Canvas(17 * CELL, 8 * CELL, LIGHT.paper)
    draw_panel(canvas, Place(0, 0, 9, 4, LIGHT, (BLUE,), grid=True), REVENUE)
    draw_panel(canvas, Place(9, 0, 8, 4, LIGHT, MIXED), ORDERS)
    draw_panel(canvas, Place(0, 4, 5, 4, LIGHT, (GREEN,)), BUDGET)
    draw_panel(canvas, Place(5, 4, 12, 4, LIGHT, (PURPLE,)), GROWTH)
    return canvas.pixels()


def draw_chart(chart: Chart = VISITORS, hue: Colour = BLUE) -> NDArray[np.uint8]:
    """528 x 288 pixels, 66 soft tokens."""
    canvas = Canvas(11 * CELL, 6 * CELL, LIGHT.card)
    draw_panel(canvas, Place(0, 0, 11, 6, LIGHT, (hue,), True, card=False), chart)
    return canvas.pixels()


def write_picture(path: Path, pixels: NDArray[np.uint8]) -> None:
    Image.fromarray(pixels).save(path, optimize=True)


def write_clip(path: Path) -> None:
    """432 x 336 pixels, 63 soft tokens a frame; each second shows one frame of the film."""
    frames = film(SCENE, VARIANT).frames
    with av.open(path, "w") as file:
        stream = file.add_stream("libx264", rate=FRAMES_A_SECOND)
        stream.height, stream.width = frames[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        stream.options = {"crf": "20", "preset": "slow"}
        for frame in frames:
            for _ in range(FRAMES_A_SECOND):
                picture = av.VideoFrame.from_ndarray(np.ascontiguousarray(frame), "rgb24")
                file.mux(stream.encode(picture))
        file.mux(stream.encode())


def write_report(path: Path) -> None:
    """One page with one chart; at 72 dots an inch a pixel of the drawing is a point."""
    Image.fromarray(draw_chart(OUTPUT, TEAL)).save(path, "PDF", resolution=72, quality=95)


def main() -> None:
    write_picture(DASHBOARD, draw_dashboard())
    write_picture(CHART, draw_chart())
    write_clip(CLIP)
    write_report(REPORT)


if __name__ == "__main__":
    main()
