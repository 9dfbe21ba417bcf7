"""The view-models of the panes, wired to each other."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.capture import Devices
from app.core.conversation import ErrorInfo
from app.core.proof.book import FILE_NAME, ProofBook
from app.viewmodels.audio import AudioViewModel
from app.viewmodels.audio_parts import assemble_audio
from app.viewmodels.borrowing import Borrowing
from app.viewmodels.camera_take import CameraTake
from app.viewmodels.comparison import ComparisonViewModel
from app.viewmodels.figures import FiguresViewModel
from app.viewmodels.image import ImageViewModel
from app.viewmodels.pages import PagesViewModel
from app.viewmodels.proof import ProofViewModel
from app.viewmodels.side_requests import SideRequests
from app.viewmodels.video import VideoViewModel
from app.viewmodels.workbench import Workbench


@dataclass(frozen=True, slots=True, eq=False)
class Panes:
    """What the panes other than the chat show. `close` before the workbench is closed."""

    image: ImageViewModel
    pages: PagesViewModel
    figures: FiguresViewModel
    video: VideoViewModel
    take: CameraTake
    devices: Devices
    side: SideRequests
    audio: AudioViewModel
    borrowing: Borrowing
    proof: ProofViewModel
    comparison: ComparisonViewModel

    def close(self) -> None:
        """Let camera and microphone go and forget what was asked besides."""
        self.take.close()
        self.audio.close()
        self.figures.close()
        self.borrowing.close()
        self.proof.close()
        self.comparison.close()
        self.side.close()


def assemble_panes(desk: Workbench, data: Path, devices: Devices) -> Panes:
    """Build the panes of a workbench. `data` is the folder for what the panes keep."""
    takes = data / "takes"
    work = (desk.materials, desk.chat, desk.composer, desk.models, desk.reader)
    side = SideRequests(desk.bridge, desk.answers, desk.models)
    image = ImageViewModel(*work, desk.pictures)
    figures = FiguresViewModel(
        desk.desk, desk.answers, side, desk.models, desk.reader, desk.chat, desk.materials
    )
    image.dashboard = figures.run

    def show_boxes() -> None:
        is_shown = figures.source_id == desk.materials.current_id
        image.set_boxes(figures.boxes if is_shown else ())

    figures.boxes_changed.connect(show_boxes)
    figures.problem.connect(image.problem)
    desk.materials.current_changed.connect(show_boxes)
    image.box_chosen.connect(figures.choose)
    figures.chosen_changed.connect(lambda: image.light_box(figures.chosen_box))
    take = CameraTake(devices.camera, desk.materials, takes)
    audio = assemble_audio(desk, side, takes, devices)
    pages = PagesViewModel(image, desk.materials, desk.reader)
    borrowing = Borrowing(desk.bridge, desk.answers, desk.models)
    book = ProofBook(data / FILE_NAME)
    proof = ProofViewModel(side, borrowing, desk.models, book, desk.reader.call)
    if book.problem:
        desk.notices.add(ErrorInfo(book.problem, safe="The copies can be tested again."))
    return Panes(
        image,
        pages,
        figures,
        VideoViewModel(*work),
        take,
        devices,
        side,
        audio,
        borrowing,
        proof,
        ComparisonViewModel(desk, borrowing),
    )
