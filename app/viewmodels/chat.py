"""The open conversation: its turns, asking, stopping, versions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from PySide6.QtCore import QObject, Signal

from app.core.asking import title_of
from app.core.conversation import (
    Attachment,
    Conversation,
    Pane,
    Settings,
    Turn,
    leaf_under,
    versions,
)
from app.viewmodels import turns as make
from app.viewmodels.answers import Answers
from app.viewmodels.composer import ComposerViewModel
from app.viewmodels.contexts import context_use
from app.viewmodels.copying import copied_text
from app.viewmodels.desk import Desk
from app.viewmodels.models import ModelsViewModel
from app.viewmodels.notes import change_note
from app.viewmodels.pictures import Pictures
from app.viewmodels.shown import Shown
from app.viewmodels.status import StatusMeter
from app.viewmodels.values import ContextUse, Phase, Status, TurnView
from app.viewmodels.words import count
from inference import Receipt


class ChatViewModel(QObject):
    """Shows one conversation and asks the model in it.

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
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._answers = answers
        self._models = models
        self._composer = composer
        self._pictures = pictures
        self._status = status
        self._shown = Shown(desk, answers, pictures)
        self._was_running = False
        self._announced = ""
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

    # --- what is done ------------------------------------------------------------------------

    def open(self, conversation_id: str) -> None:
        """Show another conversation; a running answer goes on. Raises KeyError."""
        self._desk.get(conversation_id)
        self._shown.id = conversation_id
        self._shown.renew()
        self._composer.open(conversation_id)
        self._status.set_last(make.last_answer(self._shown.path))
        self.reset.emit()
        for signal in (self.title_changed, self.settings_changed, self.context_changed):
            signal.emit()
        self.phase_changed.emit()
        self._show_running()

    def send(self) -> None:
        """Ask what stands in the composer."""
        if not self._id or not self._composer.can_send:
            return
        text, attachments = self._composer.take()
        self._note_changes()
        self._ask(make.question(self._conversation.active_leaf, text, attachments))

    def ask(
        self, text: str, attachments: tuple[Attachment, ...] = (), title: str = "", **changes: Any
    ) -> str:
        """Ask without the composer, as tasks do; `changes` are settings for this answer alone.

        `title` names a conversation that begins with this, in place of the question's words. Gives
        the id of the answer, empty when nothing can be asked now.
        """
        if not self._id or self.is_running or self._models.current is None:
            return ""
        self._note_changes()
        question = make.question(self._conversation.active_leaf, text, attachments)
        self._ask(question, replace(self.settings, **changes), title)
        answer = make.last_answer(self._shown.path)
        return "" if answer is None else answer.id

    def stop(self) -> None:
        """Stop the running answer and keep its text."""
        self._answers.stop(self._id)

    def regenerate(self, turn_id: str) -> None:
        """Answer again, as a further version."""
        turn = self._stored(turn_id)
        if turn.role == "user":
            self._settled(lambda: self._answer(turn_id))
        elif turn.role == "model":
            self._settled(lambda: self._answer(turn.parent_id))

    def continue_answer(self, turn_id: str) -> None:
        """Go on where an answer was cut off."""
        if not self.turn(turn_id).can_continue:
            return
        self._go_on(make.begun_again(self._stored(turn_id)), is_continued=True)

    def edit(self, turn_id: str, text: str) -> None:
        """Ask a changed question, as a further version."""
        turn = self._stored(turn_id)
        if turn.role == "user" and (text.strip() or turn.attachments):
            self._settled(lambda: self._ask(make.question(turn.parent_id, text, turn.attachments)))

    def branch(self, turn_id: str) -> str:
        """A new conversation that holds everything up to this turn; opens it, gives its id."""
        copy = make.branch(self._conversation, turn_id)
        self._desk.add(copy)
        self.branched.emit(copy.id)
        return copy.id

    def show_version(self, turn_id: str, step: int) -> None:
        """Show the version before (-1) or after (+1) this one."""
        ids = versions(self._conversation, turn_id)
        wanted = ids.index(turn_id) + step
        if 0 <= wanted < len(ids):
            leaf = leaf_under(self._conversation, ids[wanted])
            self._desk.set_leaf(self._id, leaf)
            self._restructured()

    def retry(self, turn_id: str) -> None:
        """Try a failed answer again: in its place when it is empty, else as a further version."""
        turn = self._stored(turn_id)
        is_empty = turn.role == "model" and not turn.text and not turn.thought
        if is_empty and turn.id == self._conversation.active_leaf and not self.is_running:
            self._go_on(make.emptied(turn), is_continued=False)
        else:
            self.regenerate(turn_id)

    def run_command(self, turn_id: str, command: str) -> None:
        """Do what the button of an error says."""
        match command:
            case "retry":
                self.retry(turn_id)
            case "continue":
                self.continue_answer(turn_id)
            case "reload_model":
                self._models.reload()
                self.retry(turn_id)
            case _:
                self.command_asked.emit(command)

    def set_thinking(self, on: bool) -> None:
        """Switch thinking for this conversation."""
        self.change_settings(thinking=on)

    def set_thinking_budget(self, tokens: int | None) -> None:
        """Limit thoughts to so many tokens, None for no limit."""
        self.change_settings(thinking_budget=tokens)

    def change_settings(self, **changes: Any) -> None:
        """Set fields of `Settings` by name; answers from now on are made with them."""
        settings = replace(self.settings, **changes)
        if self._id and settings != self.settings:
            self._desk.set_settings(self._id, settings)
            self._composer.refresh_cards()
            self.settings_changed.emit()

    # --- asking ------------------------------------------------------------------------------

    def _settled(self, go_on: Callable[[], None]) -> None:
        """Do something to a conversation in which nothing is running any more."""
        self._answers.stop_now(self._id)
        go_on()

    def _ask(self, question: Turn, settings: Settings | None = None, title: str = "") -> None:
        self._desk.add_turn(self._id, question)
        conversation = self._conversation
        is_first = not any(t.role == "user" and t.id != question.id for t in conversation.turns)
        if is_first and not conversation.has_own_title:
            self._desk.set_title(self._id, title or title_of(question), own=False)
        has_siblings = len(versions(self._conversation, question.id)) > 1
        if not has_siblings:
            self._shown.renew()
            self.turn_added.emit(question.id)
        self._answer(question.id, settings)

    def _answer(self, parent_id: str | None, settings: Settings | None = None) -> None:
        """Begin an answer; when it is a further version, the way to it changes as a whole."""
        answer = make.answer(parent_id, self._models.current, settings or self.settings)
        before = self._conversation
        is_next = parent_id is not None and parent_id == before.active_leaf
        has_versions = is_next and len(versions(before, parent_id)) > 1 if parent_id else False
        self._desk.add_turn(self._id, answer)
        # Before it is shown: an answer that nobody makes counts as interrupted.
        self._answers.start(self._id, answer)
        if is_next and not has_versions:
            self._shown.renew()
            self.turn_added.emit(answer.id)
        else:
            self._restructured()

    def _go_on(self, turn: Turn, *, is_continued: bool) -> None:
        self._desk.update_turn(self._id, turn)
        self._answers.start(self._id, turn, is_continued=is_continued)
        self._shown.renew()
        self.turn_changed.emit(turn.id)

    def _note_changes(self) -> None:
        """Say in the conversation what is different from the answer before."""
        model = self._models.current
        text = change_note(
            make.last_answer(self._shown.path),
            model.name if model else "",
            model.key if model else "",
            self.settings,
        )
        if text:
            note = make.note(self._conversation.active_leaf, text)
            self._desk.add_turn(self._id, note)
            self._shown.renew()
            self.turn_added.emit(note.id)

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
            self.phase_changed.emit()

    def _on_model_changed(self) -> None:
        self._composer.refresh_cards()
        self.phase_changed.emit()
        self.context_changed.emit()

    def _on_picture_found(self, sha256: str) -> None:
        for turn in self._shown.path:
            if any(attachment.sha256 == sha256 for attachment in turn.attachments):
                self.turn_changed.emit(turn.id)

    def _on_desk_changed(self, conversation_id: str) -> None:
        if conversation_id == self._id:
            self.title_changed.emit()
