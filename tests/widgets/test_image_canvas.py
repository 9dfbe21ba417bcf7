"""The canvas by mouse and keyboard: what a drag means in pixels of the picture, zoom, boxes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.core import crops
from app.viewmodels.image import EvidenceBox, ImageViewModel
from app.viewmodels.workbench import Workbench
from app.widgets.image import view_geometry
from app.widgets.image.canvas import Canvas
from app.widgets.theme import EVIDENCE, Theme
from tests.fakes.desk import Bench
from tests.fakes.image_desk import added, drawn, made
from tests.fakes.pictures import DrawnPictures

Ctrl, Shift, Alt = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
Left, NoKey = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def work(tmp_path: Path, qtbot: QtBot) -> Iterator[Workbench]:
    bench = Bench(tmp_path / "data")
    opened = bench.open()
    qtbot.waitUntil(lambda: opened.models.state == "ready")
    yield opened
    bench.close()


@pytest.fixture
def image(work: Workbench, qtbot: QtBot, tmp_path: Path) -> ImageViewModel:
    """A picture of 640 x 480."""
    vm = made(work, DrawnPictures())
    added(work, qtbot, drawn(tmp_path, "one.png"))
    return vm


@pytest.fixture
def canvas(image: ImageViewModel, theme: Theme) -> Iterator[Canvas]:
    """The canvas with that picture, at half its size."""
    made_canvas = Canvas(image, theme)
    made_canvas.resize(320 + 2 * view_geometry.MARGIN, 240 + 2 * view_geometry.MARGIN)
    made_canvas.show()
    QTest.qWaitForWindowExposed(made_canvas)
    yield made_canvas
    made_canvas.close()
    made_canvas.deleteLater()


def at(canvas: Canvas, x: float, y: float) -> QPoint:
    """Where a point of the picture lies in the viewport."""
    return canvas.place((0, 0, 1, 1)).topLeft().toPoint() + (QPointF(x, y) * canvas.zoom).toPoint()


def drag(
    canvas: Canvas,
    start: tuple[float, float],
    end: tuple[float, float],
    keys: Qt.KeyboardModifier = NoKey,
) -> None:
    """Drag from one point of the picture to another."""
    port = canvas.viewport()
    QTest.mousePress(port, Left, keys, at(canvas, *start))
    middle = (at(canvas, *start) + at(canvas, *end)) / 2
    QTest.mouseMove(port, middle)
    QTest.mouseMove(port, at(canvas, *end))
    QTest.mouseRelease(port, Left, keys, at(canvas, *end))


def turn(canvas: Canvas, point: QPoint, angle: int, keys: Qt.KeyboardModifier) -> None:
    """Turn the wheel at a point of the viewport."""
    event = QWheelEvent(
        QPointF(point),
        QPointF(canvas.viewport().mapToGlobal(point)),
        QPoint(),
        QPoint(0, angle),
        Qt.MouseButton.NoButton,
        keys,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas.viewport(), event)


def near(crop: crops.Crop | None, wanted: crops.Crop) -> bool:
    """Within the two pixels that a pixel of the screen covers here."""
    return crop is not None and all(abs(a - b) <= 2 for a, b in zip(crop, wanted, strict=True))


def test_the_picture_fits_and_keeps_fitting(canvas: Canvas) -> None:
    assert canvas.zoom == pytest.approx(0.5)
    canvas.resize(180, 400)
    assert canvas.is_fitted
    assert canvas.place((0, 0, 640, 480)).width() == pytest.approx(180 - 28, abs=0.5)
    canvas.resize(640 * 9, 480 * 9)
    assert canvas.zoom == view_geometry.LARGEST_FIT


def test_a_drag_draws_a_crop_in_pixels_of_the_picture(
    canvas: Canvas, image: ImageViewModel
) -> None:
    drag(canvas, (100, 60), (300, 200))
    assert near(image.crop, (100, 60, 300, 200))
    drag(canvas, (560, 400), (400, 300))  # backwards, and beside the first
    assert near(image.crop, (400, 300, 560, 400))
    assert len(image.nest) == 1


def test_a_drag_beyond_the_picture_ends_at_its_edge(canvas: Canvas, image: ImageViewModel) -> None:
    drag(canvas, (600, 440), (655, 495))
    assert image.crop is not None
    assert image.crop[2:] == (640, 480)


def test_a_drag_inside_a_crop_nests(canvas: Canvas, image: ImageViewModel) -> None:
    drag(canvas, (100, 60), (400, 300))
    drag(canvas, (200, 120), (630, 200))
    assert len(image.nest) == 2
    assert near(image.crop, (200, 120, 400, 200))
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert near(image.crop, (100, 60, 400, 300))
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert image.crop is None


def test_a_drag_can_be_given_up(canvas: Canvas, image: ImageViewModel) -> None:
    port = canvas.viewport()
    QTest.mousePress(port, Left, NoKey, at(canvas, 100, 60))
    QTest.mouseMove(port, at(canvas, 200, 160))
    QTest.mouseMove(port, at(canvas, 300, 200))
    assert canvas.pointer.is_drawing
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    QTest.mouseRelease(port, Left, NoKey, at(canvas, 300, 200))
    assert image.crop is None


def test_handles_pull_edges_and_ctrl_moves(canvas: Canvas, image: ImageViewModel) -> None:
    image.draw_crop((200, 120), (400, 320))
    drag(canvas, (400, 320), (500, 400))
    assert near(image.crop, (200, 120, 500, 400))
    drag(canvas, (200, 260), (100, 100))  # the left edge alone
    assert near(image.crop, (100, 120, 500, 400))
    drag(canvas, (300, 240), (340, 220), Ctrl)
    assert near(image.crop, (140, 100, 540, 380))
    assert len(image.nest) == 1


@pytest.mark.parametrize(
    ("key", "keys", "wanted"),
    [
        (Qt.Key.Key_Right, NoKey, (101, 60, 301, 200)),
        (Qt.Key.Key_Up, NoKey, (100, 59, 300, 199)),
        (Qt.Key.Key_Left, Shift, (90, 60, 290, 200)),
        (Qt.Key.Key_Down, Shift, (100, 70, 300, 210)),
        (Qt.Key.Key_Right, Alt, (100, 60, 301, 200)),
        (Qt.Key.Key_Up, Alt | Shift, (100, 60, 300, 190)),
    ],
)
def test_arrows_nudge(
    canvas: Canvas,
    image: ImageViewModel,
    key: Qt.Key,
    keys: Qt.KeyboardModifier,
    wanted: crops.Crop,
) -> None:
    image.draw_crop((100, 60), (300, 200))
    QTest.keyClick(canvas, key, keys)
    assert image.crop == wanted


def test_a_crop_can_be_made_without_a_pointer(canvas: Canvas, image: ImageViewModel) -> None:
    QTest.keyClick(canvas, Qt.Key.Key_C)
    assert image.crop == (160, 120, 480, 360)
    QTest.keyClick(canvas, Qt.Key.Key_Left, Shift)
    QTest.keyClick(canvas, Qt.Key.Key_Z)
    shown = canvas.place((150, 120, 470, 360))
    assert QRectF(canvas.viewport().rect()).contains(shown)
    assert canvas.zoom > 0.5


def test_escape_without_a_crop_is_left_to_the_window(canvas: Canvas, qtbot: QtBot) -> None:
    parent_got: list[int] = []

    class Parent(type(canvas.viewport())):  # type: ignore[misc]
        """Takes what the canvas leaves."""

        def keyPressEvent(self, event: object) -> None:
            parent_got.append(event.key())  # type: ignore[attr-defined]

    ground = Parent()
    qtbot.addWidget(ground)
    canvas.setParent(ground)
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    canvas.setParent(None)
    assert parent_got == [Qt.Key.Key_Escape]


def test_return_asks(canvas: Canvas, qtbot: QtBot) -> None:
    with qtbot.waitSignal(canvas.ask_wanted):
        QTest.keyClick(canvas, Qt.Key.Key_Return)


def test_ctrl_and_the_wheel_zoom_where_the_pointer_is(canvas: Canvas) -> None:
    point = QPoint(90, 70)
    before = canvas.on_picture(QPointF(point))
    turn(canvas, point, 240, Ctrl)
    assert canvas.zoom > 0.6
    assert not canvas.is_fitted
    after = canvas.on_picture(QPointF(point))
    assert after.x() == pytest.approx(before.x(), abs=2)
    assert after.y() == pytest.approx(before.y(), abs=2)


def test_zoom_keys_and_limits(canvas: Canvas) -> None:
    QTest.keyClick(canvas, Qt.Key.Key_1)
    assert canvas.zoom == 1.0
    QTest.keyClick(canvas, Qt.Key.Key_Plus)
    assert canvas.zoom == pytest.approx(view_geometry.STEP)
    QTest.keyClick(canvas, Qt.Key.Key_0)
    assert canvas.is_fitted
    for _ in range(60):
        canvas.zoom_in()
    assert canvas.zoom == view_geometry.MOST_ZOOM
    for _ in range(90):
        canvas.zoom_out()
    assert canvas.zoom == view_geometry.LEAST_ZOOM


def test_space_and_a_drag_move_the_picture(canvas: Canvas, image: ImageViewModel) -> None:
    canvas.set_zoom(3.0)
    before = canvas.on_picture(QPointF(0, 0))
    QTest.keyPress(canvas, Qt.Key.Key_Space)
    port = canvas.viewport()
    QTest.mousePress(port, Left, NoKey, QPoint(200, 150))
    QTest.mouseMove(port, QPoint(140, 120))
    QTest.mouseRelease(port, Left, NoKey, QPoint(140, 120))
    QTest.keyRelease(canvas, Qt.Key.Key_Space)
    moved = canvas.on_picture(QPointF(0, 0)) - before
    assert (moved.x(), moved.y()) == pytest.approx((20, 10), abs=1)
    assert image.crop is None


def test_arrows_scroll_where_there_is_no_crop(canvas: Canvas) -> None:
    canvas.set_zoom(3.0)
    before = canvas.on_picture(QPointF(0, 0)).x()
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    assert canvas.on_picture(QPointF(0, 0)).x() > before


def test_the_picture_is_painted_where_it_says(canvas: Canvas) -> None:
    shot = canvas.viewport().grab().toImage()
    for x, y in ((40, 40), (600, 60), (320, 440)):
        colour = shot.pixelColor(at(canvas, x, y))
        assert colour.red() == pytest.approx(255 * x / 640, abs=4)
        assert colour.green() == pytest.approx(255 * y / 480, abs=4)


def test_what_lies_around_a_crop_is_darkened(canvas: Canvas, image: ImageViewModel) -> None:
    image.draw_crop((300, 200), (500, 400))
    shot = canvas.viewport().grab().toImage()
    assert shot.pixelColor(at(canvas, 420, 300)).red() == pytest.approx(255 * 420 / 640, abs=4)
    assert shot.pixelColor(at(canvas, 600, 300)).red() < 255 * 600 / 640 * 0.7


def test_a_click_chooses_the_smallest_box(canvas: Canvas, image: ImageViewModel) -> None:
    image.set_boxes(
        (
            EvidenceBox("large", "1", (100, 100, 500, 400), "confirmed"),
            EvidenceBox("small", "2", (200, 200, 300, 300), "differs"),
        )
    )
    chosen: list[str] = []
    image.box_chosen.connect(chosen.append)
    port = canvas.viewport()
    for x, y in ((250, 250), (450, 350), (20, 20)):
        QTest.mouseClick(port, Left, NoKey, at(canvas, x, y))
    assert chosen == ["small", "large", ""]
    canvas.show_boxes(False)
    QTest.mouseClick(port, Left, NoKey, at(canvas, 250, 250))
    assert chosen[-1] == ""
    assert image.crop is None


def test_a_box_is_drawn_in_the_colour_of_its_state(canvas: Canvas, image: ImageViewModel) -> None:
    image.set_boxes((EvidenceBox("a", "1", (200, 200, 400, 300), "not found"),))
    shot = canvas.viewport().grab().toImage()
    edge = canvas.place((200, 200, 400, 300))
    colour = shot.pixelColor(round(edge.left()) + 1, round(edge.center().y()))
    assert colour == EVIDENCE["bad"]


def test_a_lit_box_comes_into_view(canvas: Canvas, image: ImageViewModel) -> None:
    image.set_boxes((EvidenceBox("a", "1", (600, 440, 630, 470), "confirmed"),))
    canvas.set_zoom(4.0)
    canvas.centerOn(0, 0)
    image.light_box("a")
    assert QRectF(canvas.viewport().rect()).contains(canvas.place((600, 440, 630, 470)))


def test_the_name_says_what_is_asked_about(canvas: Canvas, image: ImageViewModel) -> None:
    assert "one.png, 640 by 480 pixels" in canvas.accessibleName()
    image.draw_crop((100, 60), (300, 200))
    assert "part of 200 by 140 pixels at 100, 60" in canvas.accessibleName()


def test_a_tag_stays_in_view() -> None:
    room = QRectF(0, 0, 100, 100)
    assert view_geometry.tag_rect(QRectF(40, 20, 30, 30), room, 18, 17).right() == 40
    assert view_geometry.tag_rect(QRectF(5, 20, 30, 30), room, 18, 17).left() == 35
    assert room.contains(view_geometry.tag_rect(QRectF(0, -9, 100, 30), room, 18, 17))


def test_no_room_is_no_reason_to_fail() -> None:
    assert view_geometry.fit(QSizeF(0, 0), QSizeF(100, 100)) == 1.0
    assert view_geometry.fit(QSizeF(9000, 9000), QSizeF(0, 0)) == view_geometry.LEAST_ZOOM
