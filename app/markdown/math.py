"""Formulas as pictures: drawn once, on a thread of their own; shown as TeX if that fails."""

from __future__ import annotations

import queue
import re
import threading
from collections import OrderedDict
from dataclasses import dataclass

from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

LONGEST = 600  # characters; what is longer is shown as TeX
DEEPEST = 24  # braces within braces
KEPT_FORMULAS, KEPT_IMAGES = 1_000, 400
IDLE_S = 0.4  # then the thread ends; the next formula starts it again

_TAGS = re.compile(r"</?([A-Za-z:]+)")
_ALLOWED = {"svg", "g", "path", "rect", "line", "polyline", "polygon", "circle", "ellipse"}


@dataclass(frozen=True, slots=True)
class Formula:
    """A drawn formula; measures in pixels, from the line that the letters stand on."""

    svg: bytes
    width: float
    ascent: float
    descent: float


def draw(tex: str, px: float, is_display: bool) -> Formula | None:
    """TeX to vector lines, None if it cannot be read. Takes some hundredths of a second."""
    if len(tex) > LONGEST or _depth(tex) > DEEPEST or not tex.strip():
        return None
    # A tenth of a second to import: only for those who need it.
    from ziamath.config import config
    from ziamath.zmath import Latex

    try:
        config.svg2 = False  # <use> is not understood by QtSvg
        made = Latex(tex, size=px, inline=not is_display)
        svg = made.svg()
    except Exception:  # whatever a foreign text does to the parser, TeX remains
        return None
    if {tag.lower() for tag in _TAGS.findall(svg)} - _ALLOWED:
        return None
    found = re.search(r'viewBox="([-\d. e]+)"', svg)
    if found is None:
        return None
    _, top, width, height = (float(value) for value in found.group(1).split())
    if not (0 < width < 4_000 and 0 < height < 2_000):
        return None
    return Formula(svg.encode(), width, -top, height + top)


def _depth(tex: str) -> int:
    depth = deepest = 0
    for char in tex:
        depth += (char == "{") - (char == "}")
        deepest = max(deepest, depth)
    return deepest


_Key = tuple[str, float, bool]


class Formulas(QObject):
    """Draws formulas when they are asked for and tells when one is there."""

    drawn = Signal(str)  # TeX

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._known: OrderedDict[_Key, Formula | None] = OrderedDict()
        self._images: OrderedDict[tuple[_Key, int, float], QImage] = OrderedDict()
        self._asked: set[_Key] = set()
        self._queue: queue.SimpleQueue[_Key | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._is_closed = False

    def is_known(self, tex: str, px: float, is_display: bool) -> bool:
        """Whether drawing was tried; otherwise it is now, and `drawn` will follow."""
        key = (tex, px, is_display)
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return True
            if key not in self._asked and not self._is_closed:
                self._asked.add(key)
                self._queue.put(key)
                self._start()
        return False

    @property
    def is_idle(self) -> bool:
        """Whether everything that was asked for has been drawn, or could not be."""
        with self._lock:
            return not self._asked

    def get(self, tex: str, px: float, is_display: bool) -> Formula | None:
        """The formula; None if it is not there yet or cannot be drawn."""
        with self._lock:
            return self._known.get((tex, px, is_display))

    def image(
        self, tex: str, px: float, is_display: bool, colour: QColor, ratio: float
    ) -> QImage | None:
        """The formula as a picture in one colour, at the screen's pixel ratio."""
        formula = self.get(tex, px, is_display)
        if formula is None:
            return None
        key = ((tex, px, is_display), colour.rgba(), ratio)
        if key not in self._images:
            self._images[key] = _paint(formula, colour, ratio)
            if len(self._images) > KEPT_IMAGES:
                self._images.popitem(last=False)
        self._images.move_to_end(key)
        return self._images[key]

    def close(self) -> None:
        """Draw nothing more and wait for the thread."""
        with self._lock:
            self._is_closed = True
            thread = self._thread
        self._queue.put(None)
        if thread is not None:
            thread.join()

    def _start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="formulas", daemon=True)
            self._thread.start()

    def _work(self) -> None:
        while True:
            try:
                key = self._queue.get(timeout=IDLE_S)
            except queue.Empty:
                key = None
            if key is None:
                with self._lock:
                    if self._is_closed or self._queue.empty():
                        self._thread = None
                        return
                continue
            formula = draw(*key)
            with self._lock:
                self._known[key] = formula
                self._asked.discard(key)
                if len(self._known) > KEPT_FORMULAS:
                    self._known.popitem(last=False)
                if self._is_closed:
                    continue
            self.drawn.emit(key[0])


def _paint(formula: Formula, colour: QColor, ratio: float) -> QImage:
    height = formula.ascent + formula.descent
    size = QSize(max(1, round(formula.width * ratio)), max(1, round(height * ratio)))
    image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(QByteArray(formula.svg)).render(painter, QRectF(0, 0, size.width(), size.height()))
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    painter.fillRect(image.rect(), colour)
    painter.end()
    image.setDevicePixelRatio(ratio)
    return image
