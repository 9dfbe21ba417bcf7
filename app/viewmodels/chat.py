"""The open conversation: asking, stopping, versions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from app.core.asking import title_of
from app.core.conversation import (
    Attachment,
    Settings,
    Turn,
    leaf_under,
    versions,
)
from app.viewmodels import turns as make
from app.viewmodels.chat_shown import ChatShown
from app.viewmodels.notes import change_note


class ChatViewModel(ChatShown):
    """Shows one conversation and asks the model in it."""

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

    def allow(self, turn_id: str, place: int, choice: str) -> None:
        """Answer a tool call that asks: "once", "conversation", "always", "never" or "dont"."""
        self._answers.allow(self._id, turn_id, place, choice)

    def offer_tool(self, name: str, on: bool) -> None:
        """Offer the model a tool in this conversation, or no longer."""
        kept = tuple(each for each in self.settings.tools if each != name)
        self.change_settings(tools=(*kept, name) if on else kept)

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
