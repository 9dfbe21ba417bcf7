"""The open conversation as it is shown: its turns, phase, figures, and what changes in them."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, Signal

from app.core.conversation import (
    Conversation,
    Pane,
    Settings,
    Turn,
)
from app.viewmodels import turns as make
from app.viewmodels.answers import Answers
from app.viewmodels.composer import ComposerViewModel
from app.viewmodels.contexts import context_use
from app.viewmodels.copying import copied_text
from app.viewmodels.desk import Desk
from app.viewmodels.models import ModelsViewModel
from app.viewmodels.pictures import Pictures
from app.viewmodels.shown import Shown
from app.viewmodels.status import StatusMeter
from app.viewmodels.tools import ToolsViewModel
from app.viewmodels.values import ContextUse, Phase, Status, TurnView
from app.viewmodels.words import count
from inference import Receipt


class ChatShown(QObject):
    """What the open conversation shows, and the word whenever it is another.

    `text_appended` and `thought_appended` tell what is already part of `turn`. `command_asked`
    carries what only the window can do, such as "choose_model".
    """

    reset = Signal()
    turn_added = Signal(str)
    turn_changed = Signal(str)
    text_appended = Signal(str, str)
    thought_appended = Signal(str, str)
    running_changed = Signal(bool)
    phase_changed = Signal()
    status_changed = Signal()
    context_changed = Signal()
    settings_changed = Signal()
    title_changed = Signal()
    announced = Signal(str, bool)  # text, assertive
    command_asked = Signal(str)
    branched = Signal(str)

    def __init__(
        self,
        desk: Desk,
        answers: Answers,
        models: ModelsViewModel,
        composer: ComposerViewModel,
        pictures: Pictures,
        status: StatusMeter,
        tools: ToolsViewModel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._answers = answers
        self._models = models
        self._composer = composer
        self._pictures = pictures
        self._status = status
        self.tools = tools
        self._shown = Shown(desk, answers, pictures, tools)
        self._was_running = False
        self._announced = ""
        self._asked_for = ""
        answers.begun.connect(self._on_begun)
        answers.ended.connect(self._on_ended)
        answers.turn_changed.connect(self._on_turn_changed)
        answers.text_appended.connect(self._on_text)
        answers.thought_appended.connect(self._on_thought)
        answers.phase_changed.connect(self._on_phase_changed)
        models.changed.connect(self._on_model_changed)
        pictures.found.connect(self._on_picture_found)
        status.changed.connect(self.status_changed)
        desk.changed.connect(self._on_desk_changed)
        tools.changed.connect(self._on_tools_changed)

    # --- what is shown -----------------------------------------------------------------------

    @property
    def conversation_id(self) -> str:
        """The open conversation."""
        return self._id

    @property
    def title(self) -> str:
        """The conversation's title."""
        return self._conversation.title if self._id else ""

    @property
    def settings(self) -> Settings:
        """The conversation's settings."""
        return self._conversation.settings if self._id else Settings()

    @property
    def pane(self) -> Pane:
        """Where the conversation is shown."""
        return self._conversation.pane if self._id else "chat"

    @property
    def media_seconds_per_token(self) -> float | None:
        """How long a soft token took until the first word, by the newest answer that tells."""
        for turn in reversed(self._shown.path):
            figures = turn.statistics
            if figures is None or not figures.media_s:
                continue
            tokens = figures.prompt_tokens - figures.reused_tokens
            return figures.first_token_s / tokens if tokens > 0 else None
        return None

    @property
    def phase(self) -> Phase:
        """What is going on in this conversation, or with the model."""
        return self._answers.phase(self._id) or self._models.phase

    @property
    def status(self) -> Status:
        """Speed and memory."""
        return self._status.value

    @property
    def context(self) -> ContextUse:
        """How full the context window is."""
        return context_use(self._shown.path, self._models.context_tokens)

    @property
    def is_running(self) -> bool:
        """Whether an answer of this conversation is being made or waits for its turn."""
        return self._answers.is_running(self._id)

    def turns(self) -> list[TurnView]:
        """The turns shown, in order."""
        return self._shown.views() if self._id else []

    def turn(self, turn_id: str) -> TurnView:
        """One turn of the conversation. Raises KeyError."""
        return self._shown.view(turn_id)

    @property
    def has_turns(self) -> bool:
        """Whether anything was said yet."""
        return bool(self._id) and self._conversation.active_leaf is not None

    @property
    def last_answer(self) -> TurnView | None:
        """The newest answer shown."""
        answer = make.last_answer(self._shown.path)
        return None if answer is None else self._shown.view(answer.id)

    def receipt_of(self, turn_id: str) -> Receipt | None:
        """What the model received with this question, or for this answer."""
        return self._shown.receipt_of(turn_id)

    def image_seen(self, sha256: str) -> Path:
        """The file of an attachment as it was given. Raises KeyError."""
        return self._pictures.file(sha256)

    def copy_text(self, turn_id: str, form: Literal["plain", "markdown"]) -> str:
        """A turn's text without its thought."""
        return copied_text(self._shown.newest(self._stored(turn_id)), form)

    # --- reactions ---------------------------------------------------------------------------

    @property
    def _id(self) -> str:
        return self._shown.id

    @property
    def _conversation(self) -> Conversation:
        return self._shown.conversation

    def _stored(self, turn_id: str) -> Turn:
        return self._shown.stored(turn_id)

    def _restructured(self) -> None:
        self._shown.renew()
        self._status.set_last(make.last_answer(self._shown.path))
        self.reset.emit()
        self.context_changed.emit()

    def _show_running(self) -> None:
        running = self.is_running
        if running != self._was_running:
            self._was_running = running
            self.running_changed.emit(running)

    def _on_begun(self, conversation_id: str, _turn_id: str) -> None:
        if conversation_id == self._id:
            self._shown.renew()
            self._composer.refresh()
            self._show_running()

    def _on_ended(self, conversation_id: str, turn_id: str) -> None:
        if conversation_id != self._id:
            return
        turn = self._stored(turn_id)
        self._announced = ""
        self._shown.renew()
        self._status.set_last(turn)
        self._composer.refresh()
        self._show_running()
        self.turn_changed.emit(turn_id)
        self.context_changed.emit()
        self._announce_end(turn)

    def _announce_end(self, turn: Turn) -> None:
        if turn.error is not None:
            self.announced.emit(turn.error.what, True)
            return
        tokens = turn.statistics.generated_tokens if turn.statistics else 0
        word = "Stopped" if turn.state == "stopped" else "Finished"
        self.announced.emit(f"{word}, {count(tokens, 'token')}" if tokens else word, False)

    def _on_turn_changed(self, conversation_id: str, turn_id: str) -> None:
        if conversation_id != self._id:
            return
        parent_id = self._stored(turn_id).parent_id
        before = self._shown.around().receipts.get(parent_id or "")
        self._shown.renew()
        self.turn_changed.emit(turn_id)
        if parent_id is not None and self._shown.around().receipts.get(parent_id) is not before:
            self.turn_changed.emit(parent_id)  # its receipt has come
            self.context_changed.emit()

    def _on_text(self, conversation_id: str, turn_id: str, text: str) -> None:
        if conversation_id == self._id:
            self.text_appended.emit(turn_id, text)
            if self._announced != turn_id:
                self._announced = turn_id
                self.announced.emit("Gemma is writing", False)

    def _on_thought(self, conversation_id: str, turn_id: str, text: str) -> None:
        if conversation_id == self._id:
            self.thought_appended.emit(turn_id, text)

    def _on_phase_changed(self, conversation_id: str) -> None:
        if conversation_id == self._id:
            self._announce_question()
            self.phase_changed.emit()

    def _announce_question(self) -> None:
        """A call that asks is said once, at once: the answer goes on only after a word."""
        live = self._answers.live_turn(self._id) if self._answers.is_calling(self._id) else None
        asking = [] if live is None else [t for t in self.turn(live.id).tools if t.choices]
        said = f"{asking[0].title} asks for permission: {asking[0].words}" if asking else ""
        if said and said != self._asked_for:
            self.announced.emit(said, True)
        self._asked_for = said

    def _on_model_changed(self) -> None:
        self._composer.refresh_cards()
        self.phase_changed.emit()
        self.context_changed.emit()

    def _on_picture_found(self, sha256: str) -> None:
        for turn in self._shown.path:
            if any(attachment.sha256 == sha256 for attachment in turn.attachments):
                self.turn_changed.emit(turn.id)

    def _on_tools_changed(self) -> None:
        """Permissions or tools are others: a card that asks may have other buttons."""
        if self._id and self._answers.is_calling(self._id):
            live = self._answers.live_turn(self._id)
            if live is not None:
                self.turn_changed.emit(live.id)
        self.settings_changed.emit()

    def _on_desk_changed(self, conversation_id: str) -> None:
        if conversation_id == self._id:
            self.title_changed.emit()
