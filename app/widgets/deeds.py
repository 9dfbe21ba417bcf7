"""What each command does, in terms of the view-models and the parts of the window."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMessageBox

from app.core.preferences import LARGEST_TEXT_PX, SMALLEST_TEXT_PX, Preferences
from app.viewmodels.words import count
from app.widgets.about import AboutDialog
from app.widgets.commands import Handler
from app.widgets.editing import edit
from app.widgets.model_picker import add_model_folder
from app.widgets.palette_entries import entries

if TYPE_CHECKING:
    from app.widgets.window import MainWindow

BUDGETS: dict[str, int | None] = {
    "budget_256": 256,
    "budget_512": 512,
    "budget_1024": 1024,
    "budget_2048": 2048,
    "budget_none": None,
}
NEW_FOLDER = "New folder"


class Deeds:
    """The deeds of one window. `handlers` has one for every command."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._library = window.library
        self._chat = window.chat

    def handlers(self) -> dict[str, Handler]:
        """A deed for every command."""
        return {
            **self._of_files(),
            **self._of_editing(),
            **self._of_view(),
            **self._of_conversation(),
            **self._of_models(),
        }

    def export(self, conversation_id: str) -> None:
        """Opens the sheet that writes a report."""
        if conversation_id:
            self._window.export_sheet.open_for(conversation_id)

    def choose_model(self) -> None:
        """Opens the list of models under its pill."""
        self._window.model_picker.open_under(self._window.toolbar.model)

    def rename(self) -> None:
        """Opens the field over the title of the open conversation."""
        self._show_sidebar()
        self._window.sidebar.rename(self._library.current_id)

    def purge(self, conversation_id: str) -> None:
        """Deletes for good, after asking: this cannot be undone."""
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowModality(Qt.WindowModality.WindowModal)
        box.setText("Delete this conversation for good?")
        box.setInformativeText("Its answers, and files that no other conversation uses, are lost.")
        delete = box.addButton("Delete for good", QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        delete.clicked.connect(lambda: self._library.purge(conversation_id))
        box.open()

    def empty_trash(self) -> None:
        """Asks, then deletes everything in the trash for good."""
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowModality(Qt.WindowModality.WindowModal)
        box.setText(f"Delete {count(self._library.trash_count, 'conversation')} for good?")
        box.setInformativeText("Their answers, and files that nothing else uses, are lost.")
        empty = box.addButton("Empty trash", QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        empty.clicked.connect(self._library.empty_trash)
        box.open()

    def find(self, text: str = "") -> None:
        """Opens the find bar; with a text it goes to its first place."""
        self._window.find_bar.open_bar(text)
        self._window.content.arrange()

    def show_settings(self) -> None:
        """Opens the settings, or brings them to the front."""
        settings = self._window.settings
        if settings.isVisible():
            settings.raise_()
        settings.show()
        settings.activateWindow()

    def begin_with(self, file: str, question: str) -> None:
        """A new conversation with a bundled example and a question about it."""
        self._window.panes.leave_place()
        self._library.new_conversation("chat")
        self._window.pane.empty.chosen.emit(file, question)

    def do_asked(self, command: str) -> None:
        """What the button of an error asks of the window."""
        known: dict[str, Handler] = {
            "choose_model": self.choose_model,
            "add_model": self._add_model,
            "new_conversation": self._library.new_conversation,
            "show_comparison": self._compare,
        }
        if command in known:
            known[command]()
        elif self._window.models_place is not None:
            self._window.models_place.do_asked(command)

    def _of_files(self) -> dict[str, Handler]:
        window = self._window
        return {
            "new": self._library.new_conversation,
            "new_folder": self._add_folder,
            "attach": window.panes.choose_files,
            "export": lambda: self.export(self._library.current_id),
            "close": window.close,
            "quit": self._quit,
            "minimize": window.showMinimized,
            "about": self._show_about,
            "welcome": window.show_first_run,
        }

    def _of_editing(self) -> dict[str, Handler]:
        pane = self._window.pane
        return {
            "undo": self._undo,
            "redo": lambda: edit("redo"),
            "cut": lambda: edit("cut"),
            "copy": lambda: edit("copy"),
            "paste": lambda: edit("paste"),
            "select_all": lambda: edit("selectAll"),
            "copy_rich": lambda: pane.copy_last_answer("rich"),
            "copy_markdown": lambda: pane.copy_last_answer("markdown"),
            "copy_plain": lambda: pane.copy_last_answer("plain"),
            "copy_all": self._copy_all,
            "find": self.find,
            "find_next": lambda: self._find_again(True),
            "find_previous": lambda: self._find_again(False),
            "search": self._search,
            "settings": self.show_settings,
        }

    def _of_view(self) -> dict[str, Handler]:
        window = self._window
        change = window.preferences.change

        def now() -> Preferences:
            return window.preferences.value

        def resize(by: int) -> None:
            change(text_px=min(max(now().text_px + by, SMALLEST_TEXT_PX), LARGEST_TEXT_PX))

        show = self._library.show_pane
        return {
            "pane_chat": lambda: show("chat"),
            "pane_image": lambda: show("image"),
            "pane_video": lambda: show("video"),
            "pane_audio": lambda: show("audio"),
            "pane_models": window.show_models,
            "sidebar": lambda: change(is_sidebar_open=not now().is_sidebar_open),
            "inspector": lambda: change(is_inspector_open=not now().is_inspector_open),
            "trash_shown": self._toggle_trash,
            "palette": self._open_palette,
            "larger": lambda: resize(1),
            "smaller": lambda: resize(-1),
            "normal_size": lambda: change(text_px=Preferences().text_px),
            "appearance_system": lambda: change(appearance="system"),
            "appearance_light": lambda: change(appearance="light"),
            "appearance_dark": lambda: change(appearance="dark"),
            "full_screen": self._toggle_full_screen,
            "composer": window.pane.focus_composer,
            "conversations": self._focus_conversations,
        }

    def _of_conversation(self) -> dict[str, Handler]:
        chat, library = self._chat, self._library

        def budget(tokens: int | None) -> None:
            chat.change_settings(thinking=True, thinking_budget=tokens)

        def toggle_pin() -> None:
            row = self._window.command_state.row()
            if row is not None:
                library.set_pinned(row.id, not row.is_pinned)

        made: dict[str, Handler] = {
            name: partial(budget, tokens) for name, tokens in BUDGETS.items()
        }
        return made | {
            "stop": chat.stop,
            "regenerate": lambda: self._on_last(chat.regenerate),
            "continue": lambda: self._on_last(chat.continue_answer),
            "branch": lambda: self._on_last(chat.branch),
            "thinking": lambda: chat.set_thinking(not chat.settings.thinking),
            "thoughts": self._toggle_thoughts,
            "rename": self.rename,
            "pin": toggle_pin,
            "trash": lambda: library.trash(library.current_id),
            "restore": lambda: library.restore(library.current_id),
            "purge": lambda: self.purge(library.current_id),
            "empty_trash": self.empty_trash,
            "previous": lambda: self._step(-1),
            "next": lambda: self._step(1),
        }

    def _of_models(self) -> dict[str, Handler]:
        return {
            "model": self.choose_model,
            "add_model": self._add_model,
            "unload": self._window.models.unload,
            "compare": self._compare,
            "test_senses": lambda: self.do_asked("test_senses"),
        }

    def _compare(self) -> None:
        place = self._window.models_place
        if place is not None:
            place.show_comparison(self._library.current_id)

    def _copy_all(self) -> None:
        """Questions and answers as they are shown, without thoughts."""
        parts = [
            f"**{turn.model or 'Answer' if turn.role == 'model' else 'Question'}**\n\n"
            f"{self._chat.copy_text(turn.id, 'markdown')}"
            for turn in self._chat.turns()
            if turn.role != "note"
        ]
        QGuiApplication.clipboard().setText("\n\n".join(parts) + "\n")

    def _undo(self) -> None:
        if not edit("undo"):
            self._library.undo()

    def _on_last(self, deed: Callable[[str], object]) -> None:
        answer = self._window.command_state.last_answer()
        if answer is not None:
            deed(answer.id)

    def _add_folder(self) -> None:
        self._show_sidebar()
        self._window.sidebar.name_next_folder()
        self._library.add_folder(NEW_FOLDER)

    def _add_model(self) -> None:
        add_model_folder(self._window, self._window.models)

    def _find_again(self, is_forward: bool) -> None:
        if self._window.find_bar.isHidden():
            self.find()
        else:
            self._window.find_bar.go(is_forward)

    def _search(self) -> None:
        self._show_sidebar()
        self._window.sidebar.focus_search()

    def _focus_conversations(self) -> None:
        self._show_sidebar()
        self._window.sidebar.list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _show_sidebar(self) -> None:
        if not self._window.preferences.value.is_sidebar_open:
            self._window.preferences.change(is_sidebar_open=True)

    def _toggle_trash(self) -> None:
        self._show_sidebar()
        self._library.is_trash_shown = not self._library.is_trash_shown

    def _toggle_thoughts(self) -> None:
        is_open = not self._window.preferences.value.open_thoughts
        self._window.preferences.change(open_thoughts=is_open)
        self._window.pane.show_thoughts(is_open)

    def _toggle_full_screen(self) -> None:
        self._window.setWindowState(self._window.windowState() ^ Qt.WindowState.WindowFullScreen)
        is_full = self._window.isFullScreen()
        self._window.commands.set_checked(full_screen=is_full)

    def _open_palette(self) -> None:
        window = self._window
        window.palette_card.open_with(entries(window.commands, self._library, window.models))

    def _step(self, by: int) -> None:
        self._window.sidebar.list.step(by, self._library.current_id)

    def _show_about(self) -> None:
        dialog = AboutDialog(self._window.theme, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _quit(self) -> None:
        application = QApplication.instance()
        if self._window.close() and application is not None:
            application.quit()
