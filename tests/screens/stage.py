"""A program with a played engine and prepared conversations, to be put into a state and grabbed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from time import monotonic
from typing import Literal

from PySide6.QtCore import QEventLoop
from PySide6.QtGui import QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.capture import Devices
from app.core.conversation import Conversation
from app.core.preferences import Preferences, PreferencesFile
from app.core.store import Store
from app.main import Places, Program, build
from app.viewmodels.hub_ports import HubPorts
from app.widgets.theme import Theme
from tests.fakes.hand_engine import HandEngine

Look = Literal["light", "dark"]
MODEL = Path(__file__).parents[1] / "parity" / "data" / "e"
PATIENCE_S = 40.0  # a busy machine starts the file worker slowly
SETTLE_S = 0.35  # fades and slides take up to 200 ms


class Stage:
    """One window in its own folder. `extra` is what is grabbed instead of the window."""

    def __init__(
        self,
        folder: Path,
        look: Look,
        conversations: Sequence[Conversation] = (),
        *,
        engine: HandEngine | None = None,
        size: tuple[int, int] = (1280, 820),
        text_px: int = 13,
        has_model: bool = True,
        preferences: Preferences | None = None,
        devices: Devices | None = None,
        hub: HubPorts | None = None,
    ) -> None:
        self.engine = engine or HandEngine()
        self.extra: QWidget | None = None
        places = Places.under(folder)
        store = Store.open(places.data)
        for conversation in conversations:
            store.create(conversation)
        store.close()
        if preferences is not None:
            PreferencesFile(places.config / "preferences.json").save(preferences)
        theme = Theme(look, text_px=text_px, is_motion_reduced=True)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        theme.apply(application)
        bundled = MODEL if has_model else None
        self.program: Program = build(
            places, self.engine, bundled, theme=theme, devices=devices, hub=hub
        )
        self.window = self.program.window
        self.work = self.program.workbench
        # After the preferences, which the window takes its appearance from.
        self.work.preferences.change(appearance=look, text_px=text_px, reduce_motion="on")
        theme.apply(application)
        self.window.resize(*size)
        self.program.start()
        self.settle()

    def open(self, conversation_id: str) -> None:
        """Shows a conversation."""
        self.work.library.open(conversation_id)
        self.settle()

    def type(self, text: str) -> None:
        """Types into the composer."""
        QTest.keyClicks(self.window.pane.composer.edit, text)

    def ask(self, text: str, files: Sequence[Path] = ()) -> None:
        """Sends a question and waits until the engine has it."""
        if files:
            self.attach(files)
        self.work.composer.set_text(text)
        before = len(self.engine.jobs)
        self.work.chat.send()
        self.until(lambda: len(self.engine.jobs) > before)

    def attach(self, files: Sequence[Path]) -> None:
        """Attaches files and waits until they are read."""
        self.work.composer.add_files(list(files))
        self.until(
            lambda: (
                len(self.work.composer.attachments()) >= len(files)
                and all(a.state != "reading" for a in self.work.composer.attachments())
            )
        )

    def until(self, holds: Callable[[], bool]) -> None:
        """Lets the program run until something holds. Raises TimeoutError."""
        end = monotonic() + PATIENCE_S
        while not holds():
            if monotonic() > end:
                raise TimeoutError("the program did not get into the state for this picture")
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)

    def settle(self) -> None:
        """Lets everything that is on its way arrive."""
        end = monotonic() + SETTLE_S
        while monotonic() < end:
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)

    def grab(self) -> QPixmap:
        """The picture."""
        self.settle()
        self.until(lambda: self.window.pane.transcript.formulas.is_idle)
        self.settle()
        return (self.extra or self.window).grab()

    def close(self) -> None:
        """Ends the program."""
        if self.extra is not None:
            self.extra.close()
        self.program.close()
        QApplication.processEvents()
