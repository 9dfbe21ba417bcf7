"""An image pane's view-model on a real workbench, its pictures drawn instead of decoded."""

from __future__ import annotations

from pathlib import Path

from PIL import Image as Pillow
from pytestqt.qtbot import QtBot

from app.viewmodels.image import ImageViewModel
from app.viewmodels.pictures import Pictures
from app.viewmodels.workbench import Workbench
from tests.fakes.pictures import DrawnPictures, ramp

SIZE = (640, 480)


def drawn(folder: Path, name: str, size: tuple[int, int] = SIZE) -> Path:
    """A picture file."""
    path = folder / name
    Pillow.fromarray(ramp(size[1], size[0])).save(path)
    return path


def added(work: Workbench, qtbot: QtBot, *paths: Path) -> None:
    """Add files and wait until they are read."""
    wanted = len(work.materials.items()) + len(paths)
    work.materials.add_files(list(paths))
    qtbot.waitUntil(
        lambda: (
            len(work.materials.items()) == wanted
            and all(item.state != "reading" for item in work.materials.items())
        )
    )


def made(work: Workbench, reader: DrawnPictures) -> ImageViewModel:
    """The view-model in an empty conversation of the image pane."""
    work.library.show_pane("image")
    pictures = Pictures(work.store, work.reader)
    return ImageViewModel(work.materials, work.chat, work.composer, work.models, reader, pictures)
