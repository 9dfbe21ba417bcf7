"""The video pane in its states, on a clip drawn here: four scenes of a walk through a hall."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import ImageDraw

from app.capture import Devices
from app.viewmodels.video import VideoViewModel
from app.widgets.video import VideoPane
from inference import Prefill, Receipt, ReceiptItem, Statistics
from tests.fakes.take_camera import TakeCamera
from tests.screens.stage import Look, Stage
from tests.unit.app.intake.films import write_timed

NARROW = (960, 640)
SECONDS, START, LEFT_OUT = 105, 42, (48, 49)
SCENES = (
    (START, "Corridor"),
    (58, "Conveyor, stop light from 1:05"),
    (71, "Pressure panel, alarm from 1:20"),
    (87, "Loading dock"),
)
QUESTION = "What changes on the panel, and did anything stop?"
ANSWER = (
    "The conveyor's light turns red at 1:05 and boxes stop arriving in the frame two seconds "
    "later.\n\nOn the panel the left gauge climbs from 1:11 and enters the red zone at 1:20, where "
    "the alarm lamp comes on. The right gauge does not move.\n\nA truck reaches the dock at 1:31."
)
VIDEO: dict[str, Callable[[Path, Look], Stage]] = {}


def scene(make: Callable[[Path, Look], Stage]) -> Callable[[Path, Look], Stage]:
    """Registers a scene under its function's name."""
    VIDEO[make.__name__.replace("_", "-")] = make
    return make


@scene
def video_empty(folder: Path, look: Look) -> Stage:
    """No clip yet, and a camera at hand."""
    stage = Stage(folder, look, devices=Devices(camera=lambda: TakeCamera(allowed=True)))
    stage.work.library.show_pane("video")
    return stage


@scene
def video_reading(folder: Path, look: Look) -> Stage:
    """The clip is on its way."""
    stage = Stage(folder, look)
    stage.work.library.show_pane("video")
    stage.work.materials.add_files([_film(folder)])
    return stage


@scene
def video_busy(folder: Path, look: Look) -> Stage:
    """A question about a minute of the clip is being read."""
    stage = _asked(folder, look)
    stage.engine.job.say(Prefill(2_400, 5_700, 0))
    return stage


@scene
def video_done(folder: Path, look: Look) -> Stage:
    """Answered; the frame of 1:20 is lit and enlarged."""
    stage = _answered(folder, look)
    strip = _pane(stage).strip
    shown = next(frame for frame in _video(stage).frames() if frame.second == 80)
    strip.hovered.emit(shown, strip.geometry_now.rect(shown.number - 1))
    return stage


@scene
def video_range(folder: Path, look: Look) -> Stage:
    """A range of frames is chosen."""
    stage = _answered(folder, look)
    _pane(stage).strip.set_range((71, 86))
    return stage


@scene
def video_deaf(folder: Path, look: Look) -> Stage:
    """The model cannot hear."""
    stage = _filled(folder, look)
    stage.engine.hears = False
    stage.work.models.reload()
    stage.until(lambda: _video(stage).sound == "deaf")
    return stage


@scene
def video_failed(folder: Path, look: Look) -> Stage:
    """A clip that cannot be read."""
    stage = Stage(folder, look)
    stage.work.library.show_pane("video")
    path = folder / "Site walk.mp4"
    path.write_bytes(b"this is no clip" * 300)
    stage.work.materials.add_files([path])
    stage.until(lambda: _video(stage).state == "failed")
    return stage


@scene
def video_recording(folder: Path, look: Look) -> Stage:
    """Twelve seconds are recorded."""
    camera = TakeCamera(allowed=True)
    stage = Stage(folder, look, devices=Devices(camera=lambda: camera))
    stage.work.library.show_pane("video")
    _pane(stage).record()
    stage.program.panes.take.start()
    for _ in range(3):
        stage.program.panes.take.count_down()
    camera.show(drawn(83))
    return stage


@scene
def video_narrow(folder: Path, look: Look) -> Stage:
    """The smallest window: three rows of 20."""
    return _answered(folder, look, NARROW)


def _pane(stage: Stage) -> VideoPane:
    pane = stage.window.panes.pane("video")
    assert isinstance(pane, VideoPane)
    return pane


def _video(stage: Stage) -> VideoViewModel:
    return stage.program.panes.video


def _filled(folder: Path, look: Look, size: tuple[int, int] = (1280, 820)) -> Stage:
    """A clip with its window, two frames left out and four named scenes."""
    stage = Stage(folder, look, size=size)
    stage.work.library.show_pane("video")
    stage.work.materials.add_files([_film(folder)])
    video = _video(stage)
    stage.until(lambda: video.state == "ready")
    video.move_window(START)
    for second in LEFT_OUT:
        video.toggle(second)
    for second, _name in SCENES[1:]:
        video.scenes.split(second)
    for event, (_second, name) in zip(video.scenes.shown(), SCENES, strict=True):
        video.scenes.rename(event, name)
    stage.until(lambda: video.frames_read == 60 and video.wave is not None)
    return stage


def _asked(folder: Path, look: Look, size: tuple[int, int] = (1280, 820)) -> Stage:
    stage = _filled(folder, look, size)
    before = len(stage.engine.jobs)
    stage.work.composer.set_text(QUESTION)
    stage.work.chat.send()
    stage.until(lambda: len(stage.engine.jobs) > before)
    return stage


def _answered(folder: Path, look: Look, size: tuple[int, int] = (1280, 820)) -> Stage:
    stage = _asked(folder, look, size)
    times = tuple(float(s) for s in range(START, START + 60) if s not in LEFT_OUT)
    frames = ReceiptItem("video", "Site walk.mp4", 4_176, frames=58, times_s=times, model_width=528)
    half = ReceiptItem("audio", "Site walk.mp4", 752, 750, seconds=30.0)
    receipt = Receipt((frames, half, half, ReceiptItem("text", "user", 12)), 5_700)
    stage.engine.job.prepare(receipt)
    stage.engine.job.text(ANSWER)
    figures = Statistics(
        prompt_tokens=5_700,
        generated_tokens=92,
        first_token_s=18.0,
        media_s=9.0,
        decode_tokens_per_s=38.7,
    )
    stage.engine.job.finish(receipt=receipt, statistics=figures)
    stage.until(lambda: not stage.work.chat.is_running)
    _video(stage).seek(80)
    return stage


# --- the clip --------------------------------------------------------------------------------


def _film(folder: Path) -> Path:
    t = np.arange(SECONDS * 16_000) / 16_000
    loud = (0.3 + 0.7 * np.abs(np.sin(0.9 * t))) * (0.4 + 0.6 * np.abs(np.sin(0.13 * t)))
    sound = (0.4 * np.sin(2 * np.pi * 180 * t) * loud).astype(np.float32)
    frames = [(float(second), drawn(second)) for second in range(SECONDS)]
    return write_timed(
        folder / "Site walk.mp4",
        frames,
        codec="mpeg4",
        pixel_format="yuv420p",
        sound=sound,
        sound_rate_hz=16_000,
    )


def drawn(second: int) -> NDArray[np.uint8]:
    """The picture of a second, uint8 RGB [360, 640, 3]."""
    picture = Pillow.new("RGB", (640, 360), (60, 66, 77))
    pen = ImageDraw.Draw(picture)
    if second < SCENES[1][0]:
        _corridor(pen, second)
    elif second < SCENES[2][0]:
        _conveyor(pen, second)
    elif second < SCENES[3][0]:
        _panel(pen, second)
    else:
        _dock(pen, second)
    return np.asarray(picture, dtype=np.uint8)


def _corridor(pen: ImageDraw.ImageDraw, second: int) -> None:
    pen.rectangle([0, 0, 640, 360], fill=(120, 130, 140))
    pen.polygon([(200, 360), (440, 360), (350, 150), (290, 150)], fill=(200, 170, 80))
    left = 60 + 3 * second
    pen.rectangle([left, 80, left + 60, 240], fill=(70, 80, 95))


def _conveyor(pen: ImageDraw.ImageDraw, second: int) -> None:
    pen.rectangle([0, 240, 640, 360], fill=(70, 80, 95))
    for number in range(5):
        left = (number * 150 + second * 37) % 700 - 60
        pen.rectangle([left, 170, left + 80, 240], fill=(200, 150, 90))
    lamp = (220, 60, 50) if second >= 65 else (60, 180, 90)
    pen.ellipse([580, 30, 610, 60], fill=lamp)


def _panel(pen: ImageDraw.ImageDraw, second: int) -> None:
    pen.rounded_rectangle([70, 40, 570, 320], 20, fill=(205, 210, 210))
    for centre, degrees in ((200, -140 + (second - 71) * 12), (440, -95)):
        ring = [centre - 85, 105, centre + 85, 275]
        pen.ellipse(ring, fill=(250, 250, 247), outline=(90, 100, 105), width=9)
        pen.arc([ring[0] + 14, ring[1] + 14, ring[2] - 14, ring[3] - 14], -40, 20,
                fill=(215, 85, 65), width=10)  # fmt: skip
        angle = math.radians(degrees)
        end = (centre + 62 * math.cos(angle), 190 + 62 * math.sin(angle))
        pen.line([centre, 190, *end], fill=(35, 40, 48), width=12)
    lamp = (225, 85, 65) if second >= 80 else (150, 150, 150)
    pen.ellipse([510, 52, 536, 78], fill=lamp)


def _dock(pen: ImageDraw.ImageDraw, second: int) -> None:
    pen.rectangle([0, 0, 640, 360], fill=(190, 210, 222))
    pen.rectangle([0, 260, 640, 360], fill=(120, 130, 140))
    left = (second - 87) * 18 % 700 - 100
    pen.rectangle([left, 140, left + 200, 270], fill=(245, 245, 245))
    pen.rectangle([left + 200, 180, left + 270, 270], fill=(50, 110, 170))
