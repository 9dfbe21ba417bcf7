"""The image pane in its states."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from app.core.bundled import example
from app.viewmodels.image import ImageViewModel
from tests.fakes.conversations import TABLE_ANSWER
from tests.screens.stage import Look, Stage

NARROW = (960, 640)
IMAGE: dict[str, Callable[[Path, Look], Stage]] = {}


def scene(make: Callable[[Path, Look], Stage]) -> Callable[[Path, Look], Stage]:
    """Registers a scene under its function's name."""
    IMAGE[make.__name__.replace("_", "-")] = make
    return make


@scene
def image_empty(folder: Path, look: Look) -> Stage:
    """Nothing added yet."""
    stage = Stage(folder, look)
    stage.work.library.show_pane("image")
    return stage


@scene
def image_ready(folder: Path, look: Look) -> Stage:
    """Two pictures, nothing asked yet."""
    return _filled(folder, look)


@scene
def image_crop(folder: Path, look: Look) -> Stage:
    """A part inside a part."""
    stage = _filled(folder, look)
    _image(stage).draw_crop((20, 215), (860, 500))
    _image(stage).draw_crop((100, 240), (520, 490))
    return stage


@scene
def image_seen(folder: Path, look: Look) -> Stage:
    """As the model gets it with the smallest budget."""
    stage = _filled(folder, look)
    _image(stage).set_budget(70)
    _image(stage).show_seen(True)
    return stage


@scene
def image_busy(folder: Path, look: Look) -> Stage:
    """A task is being answered."""
    stage = _filled(folder, look)
    _asked(stage)
    stage.engine.job.text(TABLE_ANSWER[: len(TABLE_ANSWER) // 2])
    return stage


@scene
def image_done(folder: Path, look: Look) -> Stage:
    """A task that was answered."""
    stage = _filled(folder, look)
    _answered(stage)
    return stage


@scene
def image_narrow(folder: Path, look: Look) -> Stage:
    """The smallest window: the panel is a drawer."""
    stage = _filled(folder, look, size=NARROW)
    _answered(stage)
    return stage


@scene
def image_error(folder: Path, look: Look) -> Stage:
    """A file that is no picture."""
    stage = _filled(folder, look)
    broken = folder / "scan.png"
    broken.write_bytes(b"\x89PNG\r\n\x1a\n and nothing more")
    stage.work.materials.add_files([broken])
    stage.until(lambda: _image(stage).state == "failed")
    return stage


def _image(stage: Stage) -> ImageViewModel:
    return stage.program.panes.image


def _filled(folder: Path, look: Look, size: tuple[int, int] = (1280, 820)) -> Stage:
    stage = Stage(folder, look, size=size)
    stage.work.library.show_pane("image")
    names = ("dashboard.png", "chart.png")
    files = [path for path in map(example, names) if path is not None]
    materials = stage.work.materials
    materials.add_files(files)
    stage.until(
        lambda: (
            len(materials.items()) == len(files)
            and all(item.state == "ready" for item in materials.items())
        )
    )
    materials.select(materials.items()[0].id)
    stage.until(lambda: _image(stage).state == "ready")
    return stage


def _asked(stage: Stage) -> None:
    pane = stage.window.panes.pane("image")
    entries = pane.bar.task.menu()  # type: ignore[attr-defined]
    next(entry for entry in entries.actions() if entry.text() == "Chart to data").trigger()
    stage.until(lambda: len(stage.engine.jobs) == 1)
    stage.engine.job.prepare()


def _answered(stage: Stage) -> None:
    _asked(stage)
    stage.engine.job.text(TABLE_ANSWER)
    stage.engine.job.finish()
    stage.until(lambda: not stage.work.chat.is_running)
