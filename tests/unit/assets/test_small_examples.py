"""The bundled model's examples: small, what the script draws, and with figures that agree."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from assets.examples import draw_small
from assets.tiny.train.clips import NOTHING
from assets.tiny.train.palette import LABELS, TITLES, Canvas

MAX_BYTES = 60_000
PIXELS = {
    "dashboard": (draw_small.DASHBOARD, draw_small.draw_dashboard, (816, 384)),
    "chart": (draw_small.CHART, draw_small.draw_chart, (528, 288)),
}
CHARTS = (
    draw_small.REVENUE,
    draw_small.ORDERS,
    draw_small.BUDGET,
    draw_small.GROWTH,
    draw_small.VISITORS,
    draw_small.OUTPUT,
)


@pytest.mark.parametrize("name", PIXELS)
def test_the_picture_is_what_the_script_draws(name: str) -> None:
    path, draw, size = PIXELS[name]
    with Image.open(path) as kept:
        assert kept.size == size
        assert path.stat().st_size < MAX_BYTES
        assert _difference(np.asarray(kept.convert("RGB")), draw()) < 1.0


def test_the_figures_agree_and_use_known_words() -> None:
    assert sum(value for _label, value in draw_small.ORDERS.items) == 100
    for chart in CHARTS:
        assert chart.title in TITLES
        assert all(label in LABELS for label, _value in chart.items)
        assert len({value for _label, value in chart.items}) == len(chart.items)


def test_the_clip_shows_its_scene_second_by_second() -> None:
    assert draw_small.CLIP.stat().st_size < MAX_BYTES
    frames = draw_small.film(draw_small.SCENE, draw_small.VARIANT).frames
    with av.open(draw_small.CLIP) as file:
        shown = [frame.to_ndarray(format="rgb24") for frame in file.decode(video=0)]
    each_second = shown[:: draw_small.FRAMES_A_SECOND]
    assert len(each_second) == len(frames) == len(draw_small.SCENE.things)
    for read, drawn in zip(each_second, frames, strict=True):
        assert _difference(read, drawn) < 4.0  # what compression changes
    assert draw_small.SCENE.things[0] == NOTHING


def test_the_report_holds_one_page_of_the_chart_s_shape(tmp_path: Path) -> None:
    draw_small.write_report(tmp_path / "report.pdf")
    for path in (draw_small.REPORT, tmp_path / "report.pdf"):
        content = path.read_bytes()
        assert content.startswith(b"%PDF-")
        assert len(content) < MAX_BYTES
        assert content.count(b"/Type /Page\n") + content.count(b"/Type /Page/") <= 1
        assert b"528" in content
        assert b"288" in content


def test_text_knows_where_its_characters_stand() -> None:
    canvas = Canvas(96, 48, (255, 255, 255))
    text = canvas.text((48, 31), "118", (0, 0, 0), anchor="m")
    dark = np.flatnonzero((canvas.pixels()[:, :, 0] < 128).any(axis=0))
    assert text.middles == (36, 48, 60)
    assert 30 <= dark.min() < dark.max() < 66


def _difference(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> float:
    """Mean absolute difference; releases of Pillow may differ at edges."""
    return float(np.abs(first.astype(np.float32) - second.astype(np.float32)).mean())
