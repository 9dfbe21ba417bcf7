"""Person: somebody in front of the window, who has a mouse, a keyboard and eyes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QEnterEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.main import Program
from app.viewmodels.values import TurnView
from app.widgets.export_sheet import ExportSheet
from app.widgets.message import Message
from tests.fakes.hand_engine import HandEngine

PATIENCE_MS = 20_000


class Person:
    """Does what a person does. Waits as a person does: until it is seen."""

    def __init__(self, qtbot: QtBot, program: Program, engine: HandEngine) -> None:
        self._qtbot = qtbot
        self._program = program
        self._engine = engine
        self.window = program.window

    # --- eyes -----------------------------------------------------------------------------

    @property
    def turns(self) -> list[TurnView]:
        """The turns shown, from top to bottom."""
        return self.window.pane.transcript.views()

    @property
    def answer(self) -> TurnView:
        """The last answer shown."""
        return next(turn for turn in reversed(self.turns) if turn.role == "model")

    @property
    def question(self) -> TurnView:
        """The last question shown."""
        return next(turn for turn in reversed(self.turns) if turn.role == "user")

    @property
    def titles(self) -> list[str]:
        """The rows of the sidebar."""
        library = self._program.workbench.library
        return [row.title for section in library.sections() for row in section.rows]

    def sees(self, holds: Callable[[], bool]) -> None:
        """Waits until something can be seen."""
        self._qtbot.waitUntil(holds, timeout=PATIENCE_MS)

    def message(self, turn: TurnView) -> Message:
        """The widget of a turn, scrolled into sight and under the pointer."""
        message = self.window.pane.transcript.show_turn(turn.id)
        assert message is not None
        at = QPointF(message.rect().center())
        QApplication.sendEvent(message, QEnterEvent(at, at, QPointF(message.mapToGlobal(at))))
        return message

    # --- hands ----------------------------------------------------------------------------

    def types(self, text: str) -> None:
        """Writes into the composer."""
        edit = self.window.pane.composer.edit
        self._qtbot.mouseClick(edit.viewport(), Qt.MouseButton.LeftButton)
        self._qtbot.keyClicks(edit, text)

    def sends(self) -> None:
        """Presses Return in the composer."""
        self._qtbot.keyClick(self.window.pane.composer.edit, Qt.Key.Key_Return)

    def asks(self, text: str) -> None:
        """Writes and sends; waits until the question is shown and the engine has it."""
        before, asked = len(self.turns), len(self._engine.requests)
        self.types(text)
        self.sends()
        self.sees(lambda: len(self.turns) >= before + 2)
        self.sees(lambda: len(self._engine.requests) > asked)

    def drops(self, paths: Sequence[Path]) -> None:
        """Drags files from the desktop into the window, and waits until they are read."""
        files = QMimeData()
        files.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        at = QPointF(self.window.width() / 2, self.window.height() / 2)
        buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        copy = Qt.DropAction.CopyAction
        QApplication.sendEvent(
            self.window, QDragEnterEvent(at.toPoint(), copy, files, buttons, keys)
        )
        assert self.window.drops.veil.isVisible()
        QApplication.sendEvent(self.window, QDropEvent(at, copy, files, buttons, keys))
        assert not self.window.drops.veil.isVisible()
        composer = self._program.workbench.composer
        self.sees(lambda: len(composer.attachments()) == len(paths))
        self.sees(lambda: all(card.state == "ready" for card in composer.attachments()))

    def presses(self, name: str, within: QWidget | None = None) -> None:
        """Clicks the button of a name; the first one that can be seen."""
        place = within or self.window
        found = [
            button
            for button in place.findChildren(QAbstractButton)
            if button.accessibleName() == name and button.isEnabled() and button.isVisible()
        ]
        assert found, f"no button {name!r} can be seen"
        self._qtbot.mouseClick(found[0], Qt.MouseButton.LeftButton)

    def chooses(self, command: str) -> None:
        """Takes an entry of the menu bar."""
        action = self.window.commands.action(command)
        assert action.isEnabled(), f"{command} cannot be chosen"
        action.trigger()

    def searches(self, text: str) -> None:
        """Types into the search field of the sidebar."""
        self.chooses("search")
        self.window.sidebar.search.edit.selectAll()
        self._qtbot.keyClicks(self.window.sidebar.search.edit, text)

    def opens_first_hit(self) -> None:
        """Presses Return in the search field."""
        self._qtbot.keyClick(self.window.sidebar.search.edit, Qt.Key.Key_Return)

    def changes_question(self, turn: TurnView, text: str) -> None:
        """Edits a question in place, with another text."""
        message = self.message(turn)
        self.presses("Edit", message)
        from app.widgets.growing_edit import GrowingEdit

        (edit,) = [e for e in message.findChildren(GrowingEdit) if e.isVisible()]
        edit.selectAll()
        self._qtbot.keyClicks(edit, text)
        self._qtbot.keyClick(edit, Qt.Key.Key_Return)

    def exports(self, folder: Path, file_format: int) -> Path:
        """Exports the open conversation with the sheet; the path of the report."""
        self.chooses("export")
        sheet: ExportSheet = self.window.export_sheet
        self.sees(sheet.isVisible)
        sheet.form.set_folder(folder)  # instead of the system's own dialog
        segments = sheet.form.format.findChildren(QAbstractButton)
        self._qtbot.mouseClick(segments[file_format], Qt.MouseButton.LeftButton)
        path = sheet.form.path
        assert path is not None
        self._qtbot.mouseClick(sheet.right, Qt.MouseButton.LeftButton)
        self.sees(lambda: sheet.state != "writing")
        assert sheet.state == "written", sheet.words.text()
        self._qtbot.mouseClick(sheet.right, Qt.MouseButton.LeftButton)
        return path
