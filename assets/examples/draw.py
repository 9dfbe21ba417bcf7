"""Draws dashboard.png, the example picture: a quarter of an invented coffee roaster.

Run `python assets/examples/draw.py` after a change. The figures add up, so that an answer about
the picture can be checked: the months give the revenue, the channels give 100 %.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

SIZE = (1280, 800)
SCALE = 3  # drawn larger, then reduced: smooth edges
COLOURS = 192

INK, SOFT, FAINT, PAPER, CARD = "#1f2430", "#6b7280", "#e6e8ec", "#f4f5f7", "#ffffff"
BLUE, PALE_BLUE, ORANGE, GREEN, RED = "#2f6fde", "#b9d0f6", "#e8843c", "#2a9d6f", "#c8443c"

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep")
REVENUE_K = (118, 124, 131, 127, 139, 146, 152, 149, 181)  # the last three: 482
QUARTER = REVENUE_K[-3:]
CHANNELS = (("Cafés", 46, BLUE), ("Online shop", 31, ORANGE), ("Wholesale", 23, GREEN))
PRODUCTS = (
    ("House espresso 1 kg", "3,120", "78.0", "+9 %"),
    ("Filter blend 500 g", "2,645", "47.6", "+21 %"),
    ("Decaf 250 g", "1,410", "19.7", "−4 %"),
    ("Cold brew, six cans", "1,187", "16.6", "+38 %"),
)
