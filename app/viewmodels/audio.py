"""The audio pane: a recorder, the open recording, and what is heard of it."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QObject, Signal

from app.core.bundled import example
from app.core.conversation import Attachment
from app.viewmodels.chat import ChatViewModel
from app.viewmodels.hearing import TOKENS_PER_S, Hearing
from app.viewmodels.listening import Listening
from app.viewmodels.materials import MaterialView
from app.viewmodels.recorder import Recorder
from app.viewmodels.recordings import Recordings
from app.viewmodels.saving import TranscriptSaving
from app.viewmodels.takes import Takes
from app.viewmodels.waves import Waves
from app.viewmodels.words import count

State = Literal["recorder", "reading", "failed", "take", "long"]
EXAMPLE = "memo.wav"
CURRENT = "current"  # the key under which the open recording is played


class AudioViewModel(QObject):
    """What the audio pane shows and does."""

    changed = Signal()
    problem = Signal(str)

    def __init__(
        self,
        chat: ChatViewModel,
        recordings: Recordings,
        hearing: Hearing,
        recorder: Recorder,
        takes: Takes,
        waves: Waves,
        listening: Listening,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._chat, self._takes = chat, takes
        self.recordings, self.hearing, self.recorder = recordings, hearing, recorder
        self.waves, self.listening = waves, listening
        self.saving = TranscriptSaving(self)
        self._wants_recorder = False
        self._shown = ""
        recordings.changed.connect(self._on_changed)
        recordings.selected.connect(listening.stop)
        hearing.changed.connect(self.changed)
        recorder.changed.connect(self.changed)
        recorder.finished.connect(takes.add)
        takes.added.connect(self._on_take)
        chat.reset.connect(self._on_reset)
        for part in (takes, hearing.pieces, listening, recordings):
            part.problem.connect(self.problem)

    # --- what is shown -----------------------------------------------------------------------

    @property
    def state(self) -> State:
        """What the middle of the pane shows."""
        view = self.recordings.view
        if view is None or self._wants_recorder or self.recorder.state != "off":
            return "recorder"
        if view.state != "ready":
            return "reading" if view.state == "reading" else "failed"
        return "long" if self.recordings.is_long else "take"

    @property
    def others(self) -> tuple[MaterialView, ...]:
        """The earlier recordings of the conversation, the newest first."""
        view = self.recordings.view
        shown = "" if view is None or self.state == "recorder" else view.id
        items = reversed(self.recordings.views)
        return tuple(item for item in items if item.state == "ready" and item.id != shown)

    def caption(self, attachment: Attachment) -> str:
        """Length and cost: "0:27.3 · 683 tokens", "4:06 · 9 pieces"."""
        caption = self.recordings.caption(attachment)
        wave = self.waves.get(attachment)
        pieces = self.hearing.pieces.pieces(self._chat.conversation_id, attachment, wave)
        return f"{caption} · {count(len(pieces), 'piece')}" if len(pieces) > 1 else caption

    @property
    def cost(self) -> str:
        """What asking sends: "18.4 s ≈ 460 tokens"."""
        if self.state == "recorder":
            seconds = self.recorder.seconds
            tokens = count(round(seconds * TOKENS_PER_S), "token")
            return f"{seconds:.1f} s ≈ {tokens}" if self.recorder.is_recording else ""
        return self.hearing.cost

    @property
    def why_not(self) -> str:
        """Why nothing can be asked now, empty when it can."""
        if self.recorder.is_recording:
            return "Stop the recording first."
        if self.state in ("recorder", "reading", "failed"):
            return "Record something or open a recording first."
        return self.hearing.why_not

    # --- what is done ------------------------------------------------------------------------

    def ask(self) -> None:
        """Ask the chosen task about the open recording."""
        if not self.why_not:
            self.listening.stop()
            self.hearing.ask()

    def toggle_recording(self) -> None:
        """The R key: record, or stop."""
        self.listening.stop()
        self.recorder.toggle()

    def new_take(self) -> None:
        """Show the recorder; what is here is kept."""
        self.listening.stop()
        self._wants_recorder = True
        self.recorder.listen()
        self.changed.emit()

    def close_recorder(self) -> None:
        """Show the recording again."""
        self._wants_recorder = False
        self.recorder.leave()
        self.changed.emit()

    def select(self, recording_id: str) -> None:
        """Show another recording of the conversation."""
        self.listening.stop()
        self._wants_recorder = False
        self.recorder.leave()
        self.recordings.select(recording_id)

    def play(self) -> None:
        """Play the part that is sent, or stop."""
        recording = self.recordings.recording
        if recording is not None:
            whole = (0.0, recording.seconds)
            part = whole if self.recordings.is_long else self.recordings.trim
            self.listening.toggle(CURRENT, recording, *part)

    def play_from(self, second: float) -> None:
        """Play from a moment on."""
        recording = self.recordings.recording
        if recording is not None:
            self.listening.stop()
            self.listening.toggle(CURRENT, recording, second, recording.seconds)

    def play_piece(self, index: int) -> None:
        """Play a piece of a long recording, or stop."""
        recording, pieces = self.recordings.recording, self.hearing.shown_pieces
        if recording is not None and index < len(pieces):
            piece = pieces[index]
            self.listening.toggle(f"piece {index}", recording, piece.start_s, piece.end_s)

    def play_other(self, recording_id: str) -> None:
        """Play an earlier recording, or stop."""
        for item in self.others:
            if item.id == recording_id and item.attachment is not None:
                chosen, whole = item.attachment.selection, item.attachment.seconds
                end = whole if chosen.end_s is None else chosen.end_s
                self.listening.toggle(item.id, item.attachment, chosen.start_s, end)

    @property
    def has_example(self) -> bool:
        """Whether this copy of Facet brings a recording to try."""
        return example(EXAMPLE) is not None

    def use_example(self) -> None:
        """Open the bundled recording."""
        path = example(EXAMPLE)
        if path is not None:
            self.recordings.add_files([path])

    def leave(self) -> None:
        """The pane is not shown any more: the microphone is let go, a take that runs is kept."""
        self.listening.stop()
        self.recorder.leave()

    def close(self) -> None:
        """The program ends: what is being recorded or heard is kept as it is."""
        self.leave()
        self.hearing.pieces.stop()

    def find_takes(self) -> None:
        """Take in what was being recorded when the program was killed."""
        self._takes.find()

    # --- inside ------------------------------------------------------------------------------

    def _on_take(self, conversation_id: str, attachment_id: str) -> None:
        if conversation_id == self._chat.conversation_id and not self.recorder.is_recording:
            self._wants_recorder = False
            self.recorder.leave()
            self.recordings.select(attachment_id)

    def _on_changed(self) -> None:
        view = self.recordings.view
        shown = "" if view is None else view.id
        if shown != self._shown:
            self._shown = shown
            self._wants_recorder = False
            if self.recorder.state == "listening":
                self.recorder.leave()
        self.changed.emit()

    def _on_reset(self) -> None:
        """Another conversation is shown."""
        self._wants_recorder = False
        self.leave()
        self._on_changed()
