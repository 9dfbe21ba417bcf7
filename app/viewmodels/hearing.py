"""What is asked about the open recording: ready tasks, in one question or piece by piece."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.core.conversation import Attachment
from app.core.speech import presets
from app.core.speech.presets import PRESETS, Preset, PresetKey
from app.core.speech.values import Piece, Transcript
from app.viewmodels.answers import Answers
from app.viewmodels.chat import ChatViewModel
from app.viewmodels.desk import Desk
from app.viewmodels.models import BUNDLED_KEY, ModelsViewModel
from app.viewmodels.pieces import PiecesViewModel, new_transcript
from app.viewmodels.recordings import Recordings
from app.viewmodels.values import ModelChoice
from app.viewmodels.words import count

TOKENS_PER_S = 25
DEAF = "This model has no audio part. E2B and E4B can listen."
ONLY_WORDS = "The demonstration model only writes down words."


@dataclass(frozen=True, slots=True)
class PresetView:
    """A row of the tasks; `why_not` says why it cannot be asked, empty when it can."""

    preset: Preset
    is_chosen: bool
    why_not: str = ""


class Hearing(QObject):
    """Tasks, languages, and the pieces and transcript of the open recording."""

    changed = Signal()
    asked = Signal()  # a question went to the conversation: its answer is to be shown

    def __init__(
        self,
        desk: Desk,
        recordings: Recordings,
        chat: ChatViewModel,
        models: ModelsViewModel,
        answers: Answers,
        pieces: PiecesViewModel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk, self._recordings, self._chat = desk, recordings, chat
        self._models = models
        self.pieces = pieces
        self._preset: PresetKey = "transcribe"
        self._language, self._target = "", "English"
        self._chosen: dict[str, int] = {}  # recording -> piece
        # answer -> conversation, transcript to be filled with it
        self._expected: dict[str, tuple[str, Transcript]] = {}
        for signal in (models.changed, chat.running_changed, pieces.changed):
            signal.connect(lambda *_: self.changed.emit())
        answers.ended.connect(self._on_answer)

    # --- the model ---------------------------------------------------------------------------

    @property
    def is_deaf(self) -> bool:
        """Whether the model in use cannot hear."""
        return self._models.current is not None and not self._models.senses.hears

    @property
    def hearing_model(self) -> ModelChoice | None:
        """A model at hand that hears, where the one in use does not."""
        if not self.is_deaf:
            return None
        return next((choice for choice in self._models.choices() if choice.hears), None)

    def use_hearing_model(self) -> None:
        """Load the model that hears."""
        choice = self.hearing_model
        if choice is not None:
            self._models.choose(choice.key)

    @property
    def is_demonstration(self) -> bool:
        """Whether the bundled model answers, which knows one question about recordings."""
        current = self._models.current
        return current is not None and current.key == BUNDLED_KEY

    # --- tasks -------------------------------------------------------------------------------

    @property
    def language(self) -> str:
        """The language that is spoken, empty for any."""
        return self._language

    @property
    def target(self) -> str:
        """The language that is translated into."""
        return self._target

    def presets(self) -> tuple[PresetView, ...]:
        """The tasks."""
        chosen = self.chosen_preset
        return tuple(
            PresetView(
                each,
                each.key == chosen,
                ONLY_WORDS if self.is_demonstration and each.key != "transcribe" else "",
            )
            for each in PRESETS
        )

    @property
    def chosen_preset(self) -> PresetKey:
        """The task that is asked next."""
        return "transcribe" if self.is_demonstration else self._preset

    def choose_preset(self, key: PresetKey) -> None:
        """Ask this next."""
        self._preset = key
        self.changed.emit()

    def set_language(self, language: str) -> None:
        """The language that is spoken, empty for any."""
        self._language = language
        self.changed.emit()

    def set_target(self, language: str) -> None:
        """The language to translate into."""
        self._target = language
        self.changed.emit()

    @property
    def cost(self) -> str:
        """What asking sends: "18.4 s ≈ 460 tokens", "9 pieces ≈ 6,150 tokens"."""
        recording = self._recordings.recording
        if recording is None:
            return ""
        if self._recordings.is_long:
            heard = [piece for piece in self.shown_pieces if piece.state != "silent"]
            tokens = round(sum(p.end_s - p.start_s for p in heard) * TOKENS_PER_S)
            return f"{count(len(heard), 'piece')} ≈ {count(tokens, 'token')}"
        start, end = self._recordings.trim
        tokens = self._recordings.costed(recording).tokens
        return f"{end - start:.1f} s ≈ {count(tokens, 'token')}"

    @property
    def why_not(self) -> str:
        """Why nothing can be asked now, empty when it can."""
        if self._recordings.recording is None:
            return "Record something or open a recording first."
        if self._models.current is None:
            return "Get a model to ask."
        if self.is_deaf:
            return DEAF
        if self._chat.is_running:
            return "Gemma is still answering; stop it to ask something else."
        if self._recordings.is_long and self._recordings.wave is None:
            return "The recording is still being read."
        return ""

    def ask(self) -> None:
        """Ask the chosen task about the open recording."""
        recording = self._recordings.recording
        if recording is None or self.why_not:
            return
        if self._recordings.is_long:
            self._ask_long(recording)
            return
        key = self.chosen_preset
        answer = self._ask_chat(self._prompt(key), key, (self._recordings.costed(recording),))
        if answer and key in ("transcribe", "translate"):
            piece = Piece(*self._recordings.trim, state="running")
            transcript = self._new_transcript(recording, (piece,), key)
            self._expected[answer] = (self._chat.conversation_id, transcript)

    # --- pieces ------------------------------------------------------------------------------

    @property
    def shown_pieces(self) -> tuple[Piece, ...]:
        """The pieces of the open recording; none for a short one that was not transcribed."""
        recording = self._recordings.recording
        if recording is None:
            return ()
        if not self._recordings.is_long:
            transcript = self.transcript
            return () if transcript is None else transcript.pieces
        return self.pieces.pieces(self._chat.conversation_id, recording, self._recordings.wave)

    @property
    def transcript(self) -> Transcript | None:
        """What was heard in the open recording."""
        recording = self._recordings.recording
        if recording is None:
            return None
        return self.pieces.transcript(self._chat.conversation_id, recording)

    @property
    def is_hearing(self) -> bool:
        """Whether the pieces of the open recording are being asked about."""
        return self.pieces.is_running_for(self._recordings.recording)

    @property
    def chosen_piece(self) -> int | None:
        """The piece that typed questions are about."""
        recording = self._recordings.recording
        return None if recording is None else self._chosen.get(recording.id)

    def choose_piece(self, index: int) -> None:
        """Typed questions are about this piece from now on."""
        recording, pieces = self._recordings.recording, self.shown_pieces
        if recording is None or not self._recordings.is_long or index >= len(pieces):
            return
        self._chosen[recording.id] = index
        piece = pieces[index]
        self._recordings.set_part(piece.start_s, piece.end_s)
        self.changed.emit()

    def run_piece(self, index: int) -> None:
        """Ask about one piece again."""
        recording, transcript = self._recordings.recording, self.transcript
        if recording is None or self.why_not:
            return
        if transcript is None:
            self.ask()
            return
        prompt = self._prompt_of(transcript)
        self.pieces.run_again(self._chat.conversation_id, recording, index, prompt)

    def go_on(self) -> None:
        """Ask about what is left of the pieces."""
        recording, transcript = self._recordings.recording, self.transcript
        if recording is not None and transcript is not None and not self.why_not:
            prompt = self._prompt_of(transcript)
            self.pieces.go_on(self._chat.conversation_id, recording, prompt)

    # --- inside ------------------------------------------------------------------------------

    def _prompt(self, key: PresetKey) -> str:
        if self.is_demonstration:
            return presets.DEMONSTRATION_PROMPT
        return presets.prompt(key, self._language, self._target)

    def _prompt_of(self, transcript: Transcript) -> str:
        if self.is_demonstration:
            return presets.DEMONSTRATION_PROMPT
        key: PresetKey = transcript.task  # type: ignore[assignment]
        return presets.prompt(key, transcript.language, transcript.target or self._target)

    def _new_transcript(
        self, recording: Attachment, pieces: tuple[Piece, ...], key: PresetKey
    ) -> Transcript:
        model = self._models.current
        name = model.name if model is not None else ""
        return new_transcript(recording, pieces, key, self._language, self._target, name)

    def _ask_long(self, recording: Attachment) -> None:
        key = self.chosen_preset
        is_by_piece = presets.preset(key).is_by_piece
        heard = self.transcript
        if not is_by_piece and heard is not None and _is_words(heard):
            self._ask_about(recording, key, heard)
            return
        asked: PresetKey = key if is_by_piece else "transcribe"
        wave = self._recordings.wave
        assert wave is not None, "why_not was empty"
        pieces = self.pieces.pieces(self._chat.conversation_id, recording, wave)
        fresh = tuple(
            replace(piece, state="waiting" if piece.state != "silent" else "silent", text="")
            for piece in pieces
        )
        where = self._chat.conversation_id

        def then(transcript: Transcript) -> None:
            if not is_by_piece and self._chat.conversation_id == where:
                self._ask_about(recording, key, transcript)

        self.pieces.run(
            where,
            recording,
            self._new_transcript(recording, fresh, asked),
            self._prompt(asked),
            then,
        )

    def _ask_about(self, recording: Attachment, key: PresetKey, transcript: Transcript) -> None:
        text = self.pieces.text(transcript)
        if text:
            self._ask_chat(presets.prompt_about_text(key, recording.name, text), key)

    def _ask_chat(
        self, prompt: str, key: PresetKey, attachments: tuple[Attachment, ...] = ()
    ) -> str:
        title = f"{presets.preset(key).title}: {self._recordings.name}"
        changes: dict[str, Any] = {"thinking": False}
        if key in ("transcribe", "translate"):
            changes["temperature"] = 0.0  # what was said, not a way of saying it
        answer = self._chat.ask(prompt, attachments, title, **changes)
        if answer:
            self.asked.emit()
        return answer

    def _on_answer(self, conversation_id: str, turn_id: str) -> None:
        """A short recording was transcribed in the conversation: keep the words for export."""
        expected = self._expected.pop(turn_id, None)
        if expected is None:
            return
        where, transcript = expected
        turn = self._desk.turn(conversation_id, turn_id)
        if turn.state != "complete" or not turn.text.strip():
            return
        piece = replace(transcript.pieces[0], state="done", text=turn.text.strip())
        self.pieces.keep(where, replace(transcript, pieces=(piece,)))


def _is_words(transcript: Transcript) -> bool:
    """Whether a transcript can stand for the recording."""
    states = {piece.state for piece in transcript.pieces}
    return transcript.task in ("transcribe", "translate") and states <= {"done", "silent"}
