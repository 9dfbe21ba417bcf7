"""Where things lie on the canvas: fitting, handles, number tags. Only numbers."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSizeF

LEAST_ZOOM, MOST_ZOOM = 0.02, 32.0
LARGEST_FIT = 4.0  # a small picture is enlarged so much at most
STEP = 1.25
MARGIN = 14  # around a picture that fits, for the tags that hang outside
HANDLE, REACH = 8, 7  # side of a handle, and how far from an edge it can be caught
TAG_WIDTH, TAG_HEIGHT = 18, 17

# Where the handles sit, as shares of width and height.
HANDLES = {
    "tl": (0.0, 0.0),
    "t": (0.5, 0.0),
    "tr": (1.0, 0.0),
    "l": (0.0, 0.5),
    "r": (1.0, 0.5),
    "bl": (0.0, 1.0),
    "b": (0.5, 1.0),
    "br": (1.0, 1.0),
}


def fit(picture: QSizeF, room: QSizeF, margin: float = MARGIN) -> float:
    """The zoom at which a picture just lies in a room."""
    if picture.isEmpty():
        return 1.0
    wide = max(1.0, room.width() - 2 * margin) / picture.width()
    tall = max(1.0, room.height() - 2 * margin) / picture.height()
    return held(min(wide, tall, LARGEST_FIT))


def held(zoom: float) -> float:
    """A zoom within the limits."""
    return min(max(zoom, LEAST_ZOOM), MOST_ZOOM)


def handle_rects(area: QRectF) -> dict[str, QRectF]:
    """The handles of a crop by their edges; fewer where it is small on the screen."""
    names = list(HANDLES)
    if min(area.width(), area.height()) < 4 * HANDLE:
        names = ["tl", "br"]
    made = {}
    for name in names:
        share = HANDLES[name]
        centre = QPointF(
            area.left() + share[0] * area.width(), area.top() + share[1] * area.height()
        )
        made[name] = QRectF(centre.x() - HANDLE / 2, centre.y() - HANDLE / 2, HANDLE, HANDLE)
    return made


def edges_at(area: QRectF, point: QPointF) -> str:
    """Which edges of a crop a press at `point` catches; "" for none."""
    for name, handle in handle_rects(area).items():
        if handle.adjusted(-REACH / 2, -REACH / 2, REACH / 2, REACH / 2).contains(point):
            return name
    return ""


def tag_rect(box: QRectF, room: QRectF, width: float, height: float) -> QRectF:
    """The number tag of a box: outside left at the top, right where there is no room."""
    left = box.left() - width
    if left < room.left():
        left = box.right()
        if left + width > room.right():
            left = box.left()
    top = min(max(box.top(), room.top()), max(room.top(), room.bottom() - height))
    return QRectF(left, top, width, height)
