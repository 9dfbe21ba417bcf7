"""The example picture: small, and its figures agree, so that answers about it can be checked."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from assets.examples.draw import (
    CHANNELS,
    HEIGHT,
    KEY_FIGURES,
    ORDERS,
    QUARTER_START,
    REVENUE_K,
    TARGET,
    WIDTH,
    draw_dashboard,
)

MAX_BYTES = 60_000


def test_the_figures_agree() -> None:
    shown = {name: value for name, value, _change in KEY_FIGURES}
    revenue_k = sum(value for _month, value in REVENUE_K[QUARTER_START:])
    assert shown["Revenue"] == f"${revenue_k}k"
    assert shown["Orders"] == f"{sum(ORDERS):,}"
    assert shown["Average order"] == f"${revenue_k * 1000 / sum(ORDERS):.2f}"
    assert sum(share for _name, share, _amount, _colour in CHANNELS) == 100
    for _name, share, amount, _colour in CHANNELS:
        assert amount == f"${revenue_k * share / 100:.0f}k"


def test_the_picture_is_what_the_script_draws(tmp_path: Path) -> None:
    assert TARGET.stat().st_size < MAX_BYTES
    draw_dashboard(tmp_path / "drawn.png")
    with Image.open(TARGET) as kept, Image.open(tmp_path / "drawn.png") as drawn:
        assert kept.size == (WIDTH, HEIGHT)
        first, second = (np.asarray(p.convert("RGB"), np.float32) for p in (kept, drawn))
    assert np.abs(first - second).mean() < 1.0  # releases of Pillow may differ at edges
