"""The recordings of a conversation: which one is open, its wave, its trim and its gain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal

from app.core.conversation import Attachment
from app.core.speech.splitting import PEAKS_PER_S
from app.intake.selection import WHOLE, Selection
from app.viewmodels.materials import MaterialsViewModel, MaterialView
from app.viewmodels.recorder import LONGEST_S
from app.viewmodels.waves import Wave, Waves
from app.viewmodels.words import clock, count

SLACK_S = 0.05  # an encoder's padding makes no recording long
SHORTEST_TRIM_S = 0.5
WANTED_PEAK_DB = -3.0
MOST_GAIN_DB = 30.0
LEAST_GAIN_DB = 0.5


class Recordings(QObject):
    """The open recording and its neighbours. Seconds count from the beginning of the file."""

    changed = Signal()
    problem = Signal(str)
    selected = Signal()  # another part or gain of the open one

    def __init__(
        self, materials: MaterialsViewModel, waves: Waves, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._materials, self._waves = materials, waves
        self._undo: dict[str, list[Selection]] = {}
        for signal in (materials.changed, materials.current_changed, waves.arrived):
            signal.connect(lambda *_: self.changed.emit())

    # --- which -------------------------------------------------------------------------------

    @property
    def views(self) -> tuple[MaterialView, ...]:
        """Every recording of the conversation, oldest first."""
        return tuple(item for item in self._materials.items() if item.kind == "audio")

    @property
    def view(self) -> MaterialView | None:
        """The chosen recording, else the newest one."""
        items = self.views
        chosen = [item for item in items if item.id == self._materials.current_id]
        return chosen[0] if chosen else (items[-1] if items else None)

    @property
    def recording(self) -> Attachment | None:
        """The open recording, once it has been read."""
        view = self.view
        return None if view is None else view.attachment

    @property
    def name(self) -> str:
        """What the open recording is called."""
        view = self.view
        return "" if view is None else shown_name(view.name)

    @property
    def trouble(self) -> str:
        """Why the recording cannot be read, in a sentence."""
        view = self.view
        return "" if view is None else view.problem

    @property
    def is_long(self) -> bool:
        """Whether it is longer than what the model hears at once."""
        recording = self.recording
        return recording is not None and recording.seconds > LONGEST_S + SLACK_S

    @property
    def wave(self) -> Wave | None:
        """Lowest and highest sample of each 20 ms of the open recording."""
        recording = self.recording
        return None if recording is None else self._waves.get(recording)

    def caption(self, attachment: Attachment) -> str:
        """Length and cost, like "0:27.3 · 683 tokens"; of long ones the length alone."""
        seconds = attachment.seconds
        if seconds > LONGEST_S + SLACK_S:
            return clock(seconds)
        tenths = f"{clock(seconds)}.{int(seconds * 10 + 1e-6) % 10}"
        return f"{tenths} · {count(self._materials.costed(attachment).tokens, 'token')}"

    # --- trim and gain -----------------------------------------------------------------------

    @property
    def trim(self) -> tuple[float, float]:
        """The part that is sent, in seconds."""
        recording = self.recording
        if recording is None:
            return 0.0, 0.0
        chosen = recording.selection
        end = recording.seconds if chosen.end_s is None else min(chosen.end_s, recording.seconds)
        return min(chosen.start_s, end), end

    @property
    def gain_db(self) -> float:
        """What is added to the recording."""
        return self._selection().gain_db

    @property
    def can_undo(self) -> bool:
        """Whether trim or gain can be taken back."""
        recording = self.recording
        return recording is not None and bool(self._undo.get(recording.id))

    def set_trim(self, start: float, end: float) -> None:
        """Send this part. Half a second stays at least."""
        recording = self.recording
        if recording is None or self.is_long:
            return
        whole = recording.seconds
        start = min(max(0.0, start), max(0.0, whole - SHORTEST_TRIM_S))
        end = max(min(end, whole), min(whole, start + SHORTEST_TRIM_S))
        last = None if end >= whole - 1e-3 else end
        self._select(replace(self._selection(), start_s=start, end_s=last))

    def normalise(self, is_on: bool) -> None:
        """Raise the loudest moment to -3 dB, or leave the recording as it is."""
        wave = self.wave
        if wave is None:
            return
        gain = 0.0
        if is_on:
            start, end = self.trim if not self.is_long else (0.0, float("inf"))
            last = int(min(end * PEAKS_PER_S + 1, len(wave)))
            part = wave[int(start * PEAKS_PER_S) : last]
            peak = float(np.abs(part).max()) if len(part) else 0.0
            gain = WANTED_PEAK_DB - 20 * float(np.log10(max(peak, 1e-5)))
            gain = round(min(max(gain, -MOST_GAIN_DB), MOST_GAIN_DB), 1)
            if abs(gain) < LEAST_GAIN_DB:
                self.problem.emit("The recording is as loud as it should be.")
                return
        self._select(replace(self._selection(), gain_db=gain))

    def undo(self) -> None:
        """Take the last change of trim or gain back."""
        recording = self.recording
        if recording is not None and self._undo.get(recording.id):
            before = self._undo[recording.id].pop()
            self.selected.emit()
            self._materials.set_selection(recording.id, before)

    # --- changing the list -------------------------------------------------------------------

    def add_files(self, paths: Sequence[Path]) -> None:
        """Open recordings."""
        self._materials.add_files(paths)

    def remove(self, recording_id: str = "") -> None:
        """Take a recording out of the conversation."""
        view = self.view
        wanted = recording_id or (view.id if view is not None else "")
        if wanted:
            self._materials.remove(wanted)

    def select(self, recording_id: str) -> None:
        """Show another recording of the conversation."""
        self._materials.select(recording_id)
        self.changed.emit()

    def set_part(self, start: float, end: float) -> None:
        """Send this part of a long recording; no step to be taken back."""
        recording = self.recording
        if recording is not None:
            part = replace(recording.selection, start_s=start, end_s=end)
            self._materials.set_selection(recording.id, part)

    def costed(self, attachment: Attachment) -> Attachment:
        """The recording with what it costs as it is selected now."""
        return self._materials.costed(attachment)

    # --- inside ------------------------------------------------------------------------------

    def _selection(self) -> Selection:
        recording = self.recording
        return WHOLE if recording is None else recording.selection

    def _select(self, selection: Selection) -> None:
        recording = self.recording
        if recording is None or selection == recording.selection:
            return
        self._undo.setdefault(recording.id, []).append(recording.selection)
        self.selected.emit()
        self._materials.set_selection(recording.id, selection)


def shown_name(name: str) -> str:
    """A take without the end of its file name."""
    return name.removesuffix(".wav") if name.startswith("Take ") else name
