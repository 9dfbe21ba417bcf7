"""A clip longer than the model watches: cut to a minute, asked about, and gone back to."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.main import Program
from app.viewmodels.video import VideoViewModel
from app.widgets.answer_text import AnswerText
from app.widgets.video import VideoPane
from inference import Audio, Receipt, ReceiptItem, Video
from tests.fakes.hand_engine import HandEngine
from tests.journeys.person import Person
from tests.unit.app.intake.films import number_in, numbered, tone, write_timed

SECONDS = 75
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """75 s in which each frame shows the second it begins at, with a tone."""
    return write_timed(
        tmp_path_factory.mktemp("film") / "hall.mp4",
        [(second, numbered(second)) for second in range(SECONDS)],
        codec="mpeg4",
        pixel_format="yuv420p",
        sound=tone(SECONDS, 16_000),
        sound_rate_hz=16_000,
    )


class Viewer(Person):
    """Somebody in front of the video pane."""

    def __init__(self, qtbot: QtBot, program: Program, engine: HandEngine) -> None:
        super().__init__(qtbot, program, engine)
        self.engine = engine
        self.chooses("pane_video")
        pane = self.window.panes.pane("video")
        assert isinstance(pane, VideoPane)
        self.pane = pane
        self.model: VideoViewModel = program.panes.video

    def brings(self, path: Path) -> None:
        """Drags a clip into the window and waits until all its frames are shown."""
        files = QMimeData()
        files.setUrls([QUrl.fromLocalFile(str(path))])
        at = QPointF(self.window.width() / 2, self.window.height() / 2)
        copy = Qt.DropAction.CopyAction
        QApplication.sendEvent(self.window, QDragEnterEvent(at.toPoint(), copy, files, LEFT, NONE))
        QApplication.sendEvent(self.window, QDropEvent(at, copy, files, LEFT, NONE))
        self.sees(lambda: self.model.state == "ready")
        self.sees_all_frames()

    def sees_all_frames(self) -> None:
        self.sees(lambda: self.model.frames_read == len(self.model.frames()) > 0)

    def drags_window(self, seconds: float) -> None:
        """Moves the window on the mini map by seconds."""
        bar = self.pane.mini_map
        start = bar.window_rect().center().toPoint()
        end = start + QPoint(round(bar.width() * seconds / SECONDS), 0)
        QTest.mousePress(bar, LEFT, NONE, start)
        QTest.mouseMove(bar, (start + end) / 2)
        QTest.mouseMove(bar, end)
        QTest.mouseRelease(bar, LEFT, NONE, end)

    def clicks_frame(self, second: int) -> None:
        """Leaves a frame out."""
        QTest.mouseClick(self.pane.strip, LEFT, NONE, self.pane.strip.place_of(second))

    def clicks_time(self, words: str) -> None:
        """Clicks a moment in the last answer."""
        message = self.message(self.answer)
        (text,) = [t for t in message.findChildren(AnswerText) if t.isVisible()]
        cursor = text.document().find(words)
        assert not cursor.isNull(), f"the answer does not say {words}"
        cursor.setPosition(cursor.selectionStart() + 1)
        at = text.cursorRect(cursor).center()
        QTest.mouseMove(text.viewport(), at)
        QTest.mouseClick(text.viewport(), LEFT, NONE, at)

    @property
    def shown_number(self) -> int:
        """The second that the player's picture shows."""
        image = self.pane.player.stage.image.convertToFormat(QImage.Format.Format_RGB888)
        rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
        pixels = rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3)
        return number_in(pixels)


@pytest.fixture
def viewer(qtbot: QtBot, program: Program, engine: HandEngine) -> Viewer:
    return Viewer(qtbot, program, engine)


def seconds_of(video: Video) -> list[int]:
    """What the frames that were sent show."""
    return [number_in(frame) for frame in video.frames]


def test_a_minute_of_a_longer_clip(viewer: Viewer, engine: HandEngine, film: Path) -> None:
    viewer.brings(film)
    assert viewer.pane.mini_map.isVisible()
    assert viewer.pane.window_words.text() == "0:00–1:00"

    viewer.drags_window(15)
    viewer.sees(lambda: viewer.pane.window_words.text() == "0:15–1:15")
    viewer.sees_all_frames()
    viewer.clicks_frame(20)
    viewer.clicks_frame(21)
    assert viewer.pane.choices.cost.text().startswith("58 of 60 frames")

    viewer.asks("When does the number reach 70?")
    parts = engine.request.messages[-1].parts
    (video,) = [part for part in parts if isinstance(part, Video)]
    expected = [second for second in range(15, 75) if second not in (20, 21)]
    assert seconds_of(video) == expected
    assert list(video.times_s) == pytest.approx(expected, abs=0.01)
    sound = [video.sound] if video.sound is not None else []
    sound += [part.samples for part in parts if isinstance(part, Audio)]
    assert [round(len(samples) / 16_000) for samples in sound] == [30, 30]

    frames = ReceiptItem(
        "video", "hall.mp4", 4176, frames=58, times_s=tuple(map(float, expected)), model_width=528
    )
    half = ReceiptItem("audio", "hall.mp4", 752, 750, seconds=30.0)
    received = Receipt((frames, half, half, ReceiptItem("text", "user", 9)), 5700)
    engine.job.prepare(received)
    engine.job.text("It shows 70 ", "at 1:10", ", and nothing at 9:59.")
    engine.job.finish(receipt=received)
    viewer.sees(lambda: viewer.answer.state == "complete")
    receipt = viewer.question.receipt
    assert receipt is not None
    assert "58 frames, 0:15–1:14" in receipt.line
    assert "2 left out by you" in receipt.line
    assert not receipt.is_warning

    viewer.clicks_time("1:10")
    assert viewer.model.current == 70
    viewer.sees(lambda: viewer.shown_number == 70)
    assert viewer.pane.strip.accessibleName().startswith("Frames: 1:10, frame 56 of 60")


def test_the_next_question_does_not_send_the_clip_again(
    viewer: Viewer, engine: HandEngine, film: Path
) -> None:
    viewer.brings(film)
    viewer.asks("What is this?")
    engine.job.prepare()
    engine.job.text("Numbers.")
    engine.job.finish()
    viewer.sees(lambda: viewer.answer.state == "complete")
    viewer.asks("And then?")
    clips = [
        part
        for message in engine.request.messages
        for part in message.parts
        if isinstance(part, Video)
    ]
    assert len(clips) == 1
    assert viewer.question.attachments == ()


def test_a_question_about_a_range(viewer: Viewer, film: Path) -> None:
    viewer.brings(film)
    strip = viewer.pane.strip
    QTest.mousePress(strip, LEFT, NONE, strip.place_of(12))
    QTest.mouseMove(strip, strip.place_of(25))
    QTest.mouseMove(strip, strip.place_of(31))
    QTest.mouseRelease(strip, LEFT, NONE, strip.place_of(31))
    viewer.presses("Write the question: What changed between 0:12 and 0:31?")
    assert viewer.window.pane.composer.edit.toPlainText() == ("What changed between 0:12 and 0:31?")


def test_what_was_chosen_is_there_after_another_conversation(
    viewer: Viewer, program: Program, film: Path
) -> None:
    viewer.brings(film)
    viewer.drags_window(10)
    viewer.clicks_frame(30)
    viewer.model.seek(40)
    viewer.presses("Split scene")
    conversation = program.workbench.chat.conversation_id
    viewer.chooses("pane_image")
    program.workbench.library.open(conversation)
    viewer.sees(lambda: viewer.model.state == "ready")
    assert (viewer.model.window.start, viewer.model.window.end) == (10, 70)
    assert [f.second for f in viewer.model.frames() if f.is_left_out] == [30]
    assert [(e.start_s, e.end_s) for e in viewer.model.scenes.shown()] == [(10, 40), (40, 70)]


def test_a_damaged_clip_says_so(viewer: Viewer, program: Program, tmp_path: Path) -> None:
    path = tmp_path / "broken.mp4"
    path.write_bytes(b"not a clip" * 200)
    program.workbench.arrivals.add_files([path])
    viewer.sees(lambda: viewer.model.state == "failed")
    assert "broken.mp4" in viewer.pane.empty.title.text()
    assert viewer.pane.empty.line.text()
    viewer.presses("Remove it")
    assert viewer.pane.empty.title.text() == "Drop a clip"
