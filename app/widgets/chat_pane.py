"""The chat: transcript or empty state, and the composer below."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from app.markdown.blocks import Table
from app.markdown.times import second_of
from app.viewmodels.chat import ChatViewModel
from app.viewmodels.composer import ComposerViewModel
from app.viewmodels.models import ModelsViewModel
from app.viewmodels.preferences import PreferencesViewModel
from app.widgets import copying, links
from app.widgets.advice_bar import AdviceBar
from app.widgets.composer import SHADOW, Composer
from app.widgets.controls import Label
from app.widgets.empty_chat import EmptyChat
from app.widgets.finding import Finder
from app.widgets.receipt import ReceiptSheet
from app.widgets.table_block import TableSheet
from app.widgets.theme import Theme
from app.widgets.transcript import Transcript
from app.widgets.turn_area import SIDE_ROOM

COMPOSER_WIDTH = 760
BOTTOM = 12
PROBLEM_MS = 6_000
NOTICE_HEIGHT = 20
ADVICE_GAP = 6


class ChatPane(QWidget):
    """Shows one conversation and lets the person answer it."""

    time_clicked = Signal(float)  # a time in an answer, where times are links
    time_hovered = Signal(object)  # the same while the pointer is over it, else None

    def __init__(
        self,
        chat: ChatViewModel,
        composer: ComposerViewModel,
        models: ModelsViewModel,
        preferences: PreferencesViewModel,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.check_table: Callable[[str, Table], bool] | None = None
        self._chat, self._composer = chat, composer
        self._models, self._preferences = models, preferences
        self._theme = theme
        self.transcript = Transcript(theme, self)
        self.empty = EmptyChat(theme, self)
        self.composer = Composer(chat, composer, preferences, theme, self)
        self._hint = Label("", theme, "body", "text3")
        self._hint.setParent(self)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setWordWrap(True)
        self._hint.hide()
        self._advice: AdviceBar | None = None
        self._is_beside = False  # in a pane, beside what is asked about
        self._problem = Label("", theme, "caption", "warn")
        self._problem.setParent(self)
        self._problem.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._problem.hide()
        self._problem_timer = QTimer(self)
        self._problem_timer.setSingleShot(True)
        self._problem_timer.setInterval(PROBLEM_MS)
        self._problem_timer.timeout.connect(self._problem.hide)
        self._finder = Finder(self.transcript)
        self._shown_id = ""
        self._connect()
        self._on_reset()

    def _connect(self) -> None:
        chat, transcript = self._chat, self.transcript
        chat.reset.connect(self._on_reset)
        chat.turn_added.connect(self._on_added)
        chat.turn_changed.connect(lambda turn: transcript.change_turn(chat.turn(turn)))
        chat.text_appended.connect(lambda turn, _: transcript.append_text(chat.turn(turn)))
        chat.thought_appended.connect(lambda turn, _: transcript.append_thought(chat.turn(turn)))
        chat.phase_changed.connect(self._show_phase)
        chat.running_changed.connect(self._show_phase)
        transcript.acted.connect(self._on_acted)
        self.composer.height_changed.connect(self._arrange)
        self.composer.files_wanted.connect(self.choose_files)
        self._composer.problem.connect(self._show_problem)
        self.empty.chosen.connect(self._on_starter)
        self._preferences.changed.connect(self._take_preferences)
        self._theme.changed.connect(self._arrange)
        self._take_preferences()

    # --- for the window --------------------------------------------------------------------------

    def set_place(self, hint: str) -> None:
        """Stand beside what is asked about, with these words in the empty message field; without
        any, be the chat."""
        self._is_beside = bool(hint)
        self._hint.setText("Answers will stand here." if hint else "")
        self.composer.set_place(hint)
        self._show_which(bool(self.transcript.views()))
        self._arrange()

    def set_advice(self, bar: AdviceBar) -> None:
        """Have this between the answers and the message field."""
        self._advice = bar
        bar.setParent(self)
        bar.setVisible(bar.wanted_height(self.width()) > 0)
        bar.height_changed.connect(self._arrange)
        self._arrange()

    def find_text(self, text: str, forward: bool = True) -> tuple[int, int]:
        """Select the next place of `text`; its number from 1 (0: none) and how many there are."""
        return self._finder.find_text(text, forward)

    def clear_find(self) -> None:
        """Take the marks of `find_text` away."""
        self._finder.clear()

    def focus_composer(self) -> None:
        """Put the keyboard into the composer."""
        self.composer.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def choose_files(self) -> None:
        """Ask for files to attach."""
        dialog = QFileDialog(self, "Attach files")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(lambda names: self._composer.add_files(list(map(Path, names))))
        dialog.open()

    def copy_last_answer(self, form: copying.Form = "rich") -> None:
        """Copy the last answer as "rich", "markdown" or "plain"."""
        answers = [view for view in self._chat.turns() if view.role == "model" and view.text]
        if answers:
            copying.copy_turn(answers[-1].text, form, is_plain=False)

    def show_thoughts(self, shown: bool) -> None:
        """Open or close the thoughts of every answer."""
        self.transcript.open_thoughts(shown)

    # --- layout ----------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Composer at the bottom, the rest above."""
        super().resizeEvent(event)
        self._arrange()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground."""
        QPainter(self).fillRect(self.rect(), self._theme.tokens.win)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Typing anywhere in the pane goes to the composer."""
        if event.text().isprintable() and event.text().strip():
            self.focus_composer()
            self.composer.edit.insertPlainText(event.text())
            return
        super().keyPressEvent(event)

    def _arrange(self) -> None:
        width = min(self._theme.px(COMPOSER_WIDTH), self.width() - 2 * SIDE_ROOM + 2 * SHADOW)
        wide = min(width + 2 * SHADOW, self.width())
        tall = self.composer.wanted_height(wide)
        bottom = self.height() - BOTTOM + SHADOW
        left = (self.width() - wide) // 2
        self.composer.setGeometry(left, bottom - tall, wide, tall)
        top_of_frame = bottom - tall + SHADOW
        top_of_frame -= self._arrange_advice(left + SHADOW, top_of_frame, wide - 2 * SHADOW)
        room = QRect(0, 0, self.width(), max(0, top_of_frame - 6))
        self.transcript.setGeometry(room)
        self.empty.setGeometry(room)
        self._hint.setGeometry(room.adjusted(24, 0, -24, 0))
        self._problem.setGeometry(0, top_of_frame - NOTICE_HEIGHT - 4, self.width(), NOTICE_HEIGHT)
        self.composer.raise_()
        self._problem.raise_()

    def _arrange_advice(self, left: int, bottom: int, width: int) -> int:
        """Put the advice above the message field; how much room it takes."""
        tall = self._advice.wanted_height(width) if self._advice is not None else 0
        if self._advice is None or not tall:
            return 0
        self._advice.setGeometry(left, bottom - tall - ADVICE_GAP, width, tall)
        self._advice.raise_()
        return tall + ADVICE_GAP

    # --- what the view-models say ----------------------------------------------------------------

    def _on_reset(self) -> None:
        views = self._chat.turns()
        is_same = self._shown_id == self._chat.conversation_id
        self._shown_id = self._chat.conversation_id
        if not is_same:
            self._finder.clear()
        self.transcript.set_turns(views, keeps_place=is_same)
        self._show_which(bool(views))
        self._show_phase()

    def _on_added(self, turn_id: str) -> None:
        self._show_which(True)
        self.transcript.add_turn(self._chat.turn(turn_id))

    def _show_which(self, has_turns: bool) -> None:
        self.transcript.setVisible(has_turns)
        self.empty.setVisible(not has_turns and not self._is_beside)
        self._hint.setVisible(not has_turns and self._is_beside)

    def _show_phase(self) -> None:
        phase = self._chat.phase
        views = self.transcript.views()
        # The line of a running thought says the same.
        thinks = bool(views) and views[-1].is_thinking and not phase.hint
        self.transcript.set_phase(phase, self._chat.is_running and not thinks)

    def _show_problem(self, text: str) -> None:
        self._problem.setText(text)
        self._problem.show()
        self._problem_timer.start()

    def _take_preferences(self) -> None:
        value = self._preferences.value
        self.transcript.set_options(value.show_stats, value.open_thoughts)

    # --- what the person does ---------------------------------------------------------------------

    def _on_starter(self, file: str, question: str) -> None:
        self._composer.add_files([Path(file)])
        self.composer.edit.replace_text(question)
        self.focus_composer()

    def _on_acted(self, turn_id: str, name: str, value: object) -> None:
        chat = self._chat
        match name, value:
            case "copy", str(form):
                view = chat.turn(turn_id)
                copying.copy_turn(view.text, form, view.role == "user")  # type: ignore[arg-type]
            case "edit", str(text):
                chat.edit(turn_id, text)
            case "regenerate", _:
                chat.regenerate(turn_id)
            case "continue", _:
                chat.continue_answer(turn_id)
            case "branch", _:
                chat.branch(turn_id)
            case "version", int(step):
                chat.show_version(turn_id, step)
            case "command", str(command):
                chat.run_command(turn_id, command)
            case "tool", (int(place), str(choice)):
                chat.allow(turn_id, place, choice)
            case "receipt", _:
                ReceiptSheet(chat, turn_id, self._theme, self.window()).open()
            case "link", str(target) if (second := second_of(target)) is not None:
                self.time_clicked.emit(float(second))
            case "time_hover", second:
                self.time_hovered.emit(second)
            case "link", str(target):
                links.ask_and_open(target, self._theme, self.window())
            case "table", Table() as table:
                self._open_table(turn_id, table)

    def _open_table(self, turn_id: str, table: Table) -> None:
        """In a window; its figures can be checked where somebody can do that."""
        check = self.check_table
        TableSheet(
            table, self._theme, self.window(), check and (lambda: check(turn_id, table))
        ).open()
