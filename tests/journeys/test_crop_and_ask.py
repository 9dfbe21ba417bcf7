"""A picture is dropped, a part of it drawn and asked about, and all of it is there again later."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.core.bundled import example
from app.main import Program
from app.widgets.image import ImagePane
from inference import Image
from tests.fakes.hand_engine import HandEngine
from tests.journeys.person import Person

PART = (100, 200, 700, 500)


def image_pane(program: Program) -> ImagePane:
    pane = program.window.panes.pane("image")
    assert isinstance(pane, ImagePane)
    return pane


def drag(pane: ImagePane, start: tuple[int, int], end: tuple[int, int]) -> None:
    """Drag on the picture, from and to its pixels."""
    canvas = pane.canvas
    corner, zoom = canvas.place((0, 0, 1, 1)).topLeft(), canvas.zoom
    one, two = (
        QPoint(round(corner.x() + x * zoom), round(corner.y() + y * zoom)) for x, y in (start, end)
    )
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mousePress(canvas.viewport(), left, none, one)
    QTest.mouseMove(canvas.viewport(), (one + two) / 2)
    QTest.mouseMove(canvas.viewport(), two)
    QTest.mouseRelease(canvas.viewport(), left, none, two)


def pictures(engine: HandEngine) -> list[tuple[int, ...]]:
    """Height and width of each picture in the newest request."""
    return [
        part.pixels.shape[:2]
        for message in engine.request.messages
        for part in message.parts
        if isinstance(part, Image)
    ]


def test_ask_about_a_part_of_a_picture(
    program: Program, person: Person, engine: HandEngine, qtbot: QtBot
) -> None:
    path = example("dashboard.png")
    assert path is not None
    person.chooses("pane_image")
    pane, image = image_pane(program), program.panes.image
    assert pane.isVisible()
    program.workbench.materials.add_files([path])
    person.sees(lambda: image.state == "ready" and pane.canvas.isVisible())

    drag(pane, PART[:2], PART[2:])
    crop = image.crop
    assert crop is not None
    assert all(abs(a - b) <= 3 for a, b in zip(crop, PART, strict=True))
    cost = image.cost
    assert cost is not None

    person.asks("What stands here?")
    sent = (crop[3] - crop[1], crop[2] - crop[0])
    assert pictures(engine) == [sent]
    engine.job.text("Revenue by month.")
    engine.job.finish()
    person.sees(lambda: person.answer.text == "Revenue by month.")

    person.asks("And which month is best?")  # the part is known, so it is not sent again
    assert pictures(engine) == [sent]
    engine.job.finish()
    person.sees(lambda: not program.workbench.chat.is_running)

    qtbot.keyClick(pane.canvas, Qt.Key.Key_Escape)
    assert image.crop is None
    person.asks("And on the whole?")
    assert pictures(engine) == [sent, (800, 1280)]
    engine.job.finish()
    person.sees(lambda: not program.workbench.chat.is_running)


def test_picture_and_part_are_kept_with_the_conversation(program: Program, person: Person) -> None:
    path = example("chart.png")
    assert path is not None
    person.chooses("pane_image")
    image = program.panes.image
    program.workbench.materials.add_files([path])
    person.sees(lambda: image.state == "ready")
    image.draw_crop((10, 20), (210, 120))
    image.set_budget(140)
    kept = program.workbench.chat.conversation_id
    person.chooses("pane_chat")
    assert not image_pane(program).isVisible()
    person.chooses("pane_image")
    assert program.workbench.chat.conversation_id == kept
    assert image.crop == (10, 20, 210, 120)

    assert program.workbench.writer.flush(10)
    stored = program.store.load(kept)  # what the disk has, not what the window holds
    assert stored.pane == "image"
    assert [(a.name, a.soft_tokens, a.selection.crop) for a in stored.materials] == [
        ("chart.png", 140, (10, 20, 210, 120))
    ]
