"""Draws dashboard.png, the example picture: one quarter of an invented coffee roaster.

Run `python assets/examples/draw.py` after a change. The figures agree with each other, so that an
answer about the picture can be checked: the months and the channels add up to the revenue, the
weeks to the orders, and revenue over orders is the average order.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

TARGET = Path(__file__).with_name("dashboard.png")
WIDTH, HEIGHT = 1280, 800
SCALE = 3  # drawn larger, then reduced: smooth edges
COLOURS = 128

INK, SOFT, RULE, PAPER, CARD = "#1f2430", "#6b7280", "#e3e6eb", "#f3f4f7", "#ffffff"
BLUE, PALE_BLUE, ORANGE, GREEN = "#2f6fde", "#bcd2f7", "#e8843c", "#2a9d6f"

KEY_FIGURES = (
    ("Revenue", "$482k", "+17 % on the second quarter"),
    ("Orders", "8,640", "+12 % on the second quarter"),
    ("Average order", "$55.79", "+4 % on the second quarter"),
    ("Returns", "1.8 %", "0.4 points fewer"),
)
REVENUE_K = (
    *(("Jan", 118), ("Feb", 124), ("Mar", 131), ("Apr", 127), ("May", 139)),
    *(("Jun", 146), ("Jul", 152), ("Aug", 149), ("Sep", 181)),
)
QUARTER_START = 6
CHANNELS = (
    ("Coffee bars", 46, "$222k", BLUE),
    ("Online shop", 31, "$149k", ORANGE),
    ("Wholesale", 23, "$111k", GREEN),
)
ORDERS = (612, 598, 631, 645, 620, 655, 640, 672, 668, 690, 715, 742, 752)  # weeks 27 to 39
PRODUCTS = (
    ("House espresso, 1 kg", "3,120", "$78.0k", "+9 %"),
    ("Filter blend, 500 g", "2,645", "$47.6k", "+21 %"),
    ("Decaf, 250 g", "1,410", "$19.7k", "-4 %"),
    ("Cold brew, six cans", "1,187", "$16.6k", "+38 %"),
)

Box = tuple[float, float, float, float]  # left, top, right, bottom


class Canvas:
    """Draws in pixels of the finished picture."""

    def __init__(self) -> None:
        self.image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), PAPER)
        self._draw = ImageDraw.Draw(self.image)

    def text(
        self, at: tuple[float, float], words: str, size: int, colour: str = INK, anchor: str = "ls"
    ) -> None:
        font = ImageFont.load_default(size * SCALE)
        self._draw.text((at[0] * SCALE, at[1] * SCALE), words, colour, font, anchor)

    def block(self, box: Box, colour: str, radius: float = 0, outline: str | None = None) -> None:
        self._draw.rounded_rectangle(_scaled(box), radius * SCALE, colour, outline, SCALE)

    def line(self, points: list[tuple[float, float]], colour: str, width: float) -> None:
        scaled = [(x * SCALE, y * SCALE) for x, y in points]
        self._draw.line(scaled, colour, round(width * SCALE), joint="curve")

    def wedge(self, box: Box, start: float, end: float, colour: str) -> None:
        self._draw.pieslice(_scaled(box), start, end, colour)

    def card(self, box: Box, title: str) -> None:
        self.block(box, CARD, radius=12, outline=RULE)
        self.text((box[0] + 20, box[1] + 32), title, 16)

    def save(self, path: Path) -> None:
        small = self.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
        flat = small.quantize(COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        flat.save(path, optimize=True)


def draw_header(canvas: Canvas) -> None:
    canvas.text((32, 62), "Alder Coffee", 30)
    canvas.text((226, 62), "Third quarter 2026", 22, SOFT)
    canvas.text((WIDTH - 32, 62), "1 July to 30 September", 16, SOFT, anchor="rs")


def draw_key_figures(canvas: Canvas) -> None:
    for i, (name, value, change) in enumerate(KEY_FIGURES):
        left = 32 + i * 308
        canvas.block((left, 88, left + 292, 196), CARD, radius=12, outline=RULE)
        canvas.text((left + 20, 118), name, 15, SOFT)
        canvas.text((left + 20, 156), value, 34)
        canvas.text((left + 20, 180), change, 13, GREEN)


def draw_months(canvas: Canvas, box: Box) -> None:
    canvas.card(box, "Revenue by month, thousand dollars")
    left, floor, top = box[0] + 56, box[3] - 40, box[1] + 64
    per_unit = (floor - top) / 200
    for mark in range(0, 201, 50):
        y = floor - mark * per_unit
        canvas.line([(left, y), (box[2] - 20, y)], RULE, 1)
        canvas.text((left - 10, y), str(mark), 12, SOFT, anchor="rm")
    step = (box[2] - 20 - left) / len(REVENUE_K)
    for i, (month, value) in enumerate(REVENUE_K):
        middle = left + (i + 0.5) * step
        height = value * per_unit
        colour = BLUE if i >= QUARTER_START else PALE_BLUE
        canvas.block((middle - 24, floor - height, middle + 24, floor), colour, radius=4)
        canvas.block((middle - 24, floor - 8, middle + 24, floor), colour)
        canvas.text((middle, floor - height - 8), str(value), 14, anchor="ms")
        canvas.text((middle, floor + 22), month, 13, SOFT, anchor="ms")


def draw_channels(canvas: Canvas, box: Box) -> None:
    canvas.card(box, "Revenue by channel")
    x, y, outer, inner = box[0] + 116, box[1] + 168, 88, 54
    start = -90.0
    for _name, share, _amount, colour in CHANNELS:
        end = start + share * 3.6
        canvas.wedge((x - outer, y - outer, x + outer, y + outer), start, end, colour)
        start = end
    canvas.block((x - inner, y - inner, x + inner, y + inner), CARD, radius=inner)
    canvas.text((x, y - 2), "$482k", 22, anchor="ms")
    canvas.text((x, y + 18), "in all", 13, SOFT, anchor="ms")
    for i, (name, share, amount, colour) in enumerate(CHANNELS):
        left, line = box[0] + 228, box[1] + 118 + i * 52
        canvas.block((left, line - 11, left + 12, line + 1), colour, radius=3)
        canvas.text((left + 22, line), name, 15)
        canvas.text((left + 22, line + 20), f"{share} %, {amount}", 13, SOFT)


def draw_weeks(canvas: Canvas, box: Box) -> None:
    canvas.card(box, "Orders per week")
    left, right, floor, top = box[0] + 56, box[2] - 32, box[3] - 40, box[1] + 60
    lowest, highest = 550, 800
    per_unit = (floor - top) / (highest - lowest)
    for mark in range(lowest, highest + 1, 50):
        y = floor - (mark - lowest) * per_unit
        canvas.line([(left, y), (box[2] - 20, y)], RULE, 1)
        if mark % 100 == 0:
            canvas.text((left - 10, y), str(mark), 12, SOFT, anchor="rm")
    step = (right - left - 12) / (len(ORDERS) - 1)
    points = [
        (left + 12 + i * step, floor - (value - lowest) * per_unit)
        for i, value in enumerate(ORDERS)
    ]
    for start, end in pairwise(points):
        canvas.line([start, end], BLUE, 2.5)
    for week, (x, y) in enumerate(points, 27):
        canvas.block((x - 3.5, y - 3.5, x + 3.5, y + 3.5), BLUE, radius=3.5)
        if week % 3 == 0:
            canvas.text((x, floor + 22), f"week {week}", 12, SOFT, anchor="ms")
    canvas.text((points[-1][0], points[-1][1] - 12), str(ORDERS[-1]), 14, anchor="ms")
    canvas.text((points[0][0] + 2, points[0][1] - 12), str(ORDERS[0]), 14, anchor="ms")


def draw_products(canvas: Canvas, box: Box) -> None:
    canvas.card(box, "Best-selling products")
    columns = (box[0] + 20, box[0] + 330, box[0] + 440, box[2] - 20)
    for x, name in zip(columns[1:], ("Sold", "Revenue", "Change"), strict=True):
        canvas.text((x, box[1] + 62), name, 13, SOFT, anchor="rs")
    for i, (name, sold, revenue, change) in enumerate(PRODUCTS):
        line = box[1] + 100 + i * 38
        canvas.line([(columns[0], line - 25), (columns[3], line - 25)], RULE, 1)
        canvas.text((columns[0], line), name, 15)
        canvas.text((columns[1], line), sold, 15, anchor="rs")
        canvas.text((columns[2], line), revenue, 15, anchor="rs")
        colour = GREEN if change.startswith("+") else ORANGE
        canvas.text((columns[3], line), change, 15, colour, anchor="rs")


def draw_dashboard(path: Path) -> None:
    canvas = Canvas()
    draw_header(canvas)
    draw_key_figures(canvas)
    draw_months(canvas, (32, 212, 828, 512))
    draw_channels(canvas, (844, 212, 1248, 512))
    draw_weeks(canvas, (32, 528, 632, 772))
    draw_products(canvas, (648, 528, 1248, 772))
    canvas.save(path)


def _scaled(box: Box) -> Box:
    left, top, right, bottom = box
    return left * SCALE, top * SCALE, right * SCALE, bottom * SCALE


if __name__ == "__main__":
    draw_dashboard(TARGET)
