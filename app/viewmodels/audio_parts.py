"""The audio pane's view-models, built and wired to each other."""

from __future__ import annotations

from pathlib import Path

from app.capture import Devices
from app.viewmodels.audio import AudioViewModel
from app.viewmodels.hearing import Hearing
from app.viewmodels.listening import Listening
from app.viewmodels.pieces import PiecesViewModel
from app.viewmodels.recorder import Recorder
from app.viewmodels.recordings import Recordings
from app.viewmodels.side_requests import SideRequests
from app.viewmodels.takes import Takes
from app.viewmodels.waves import Waves
from app.viewmodels.workbench import Workbench


def assemble_audio(
    desk: Workbench, side: SideRequests, folder: Path, devices: Devices
) -> AudioViewModel:
    """`folder` is where takes lie while they are recorded; it must survive a crash."""
    waves = Waves(desk.reader)
    recordings = Recordings(desk.materials, waves)
    pieces = PiecesViewModel(desk.desk, side, desk.reader)
    hearing = Hearing(desk.desk, recordings, desk.chat, desk.models, desk.answers, pieces)

    def place() -> tuple[str, set[str]]:
        return desk.chat.conversation_id, {view.name for view in recordings.views}

    return AudioViewModel(
        desk.chat,
        recordings,
        hearing,
        Recorder(devices.microphone, folder, place),
        Takes(desk.desk, desk.reader, folder),
        waves,
        Listening(devices.sound_out, desk.reader),
    )
