"""`facet demo`: the window's own work without a screen, from dropped picture to written report."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer

from app.core.bundled import bundled_model, example
from app.core.conversation import ErrorInfo
from app.main import Places, Program, application, build
from app.platform.collector import Collector
from app.reports.options import ReportFormat, ReportOptions
from app.viewmodels.values import Phase
from app.widgets.theme import Theme
from inference import Engine

PICTURE = "tiny-dashboard.png"
QUESTION = "Write the dashboard as a table."
ANSWERED, FAILED = 0, 2
LONGEST_MS = 300_000
LOOK_MS = 20
SETTLE_MS = 400  # for what is drawn after the last event
SIZE = (1280, 820)


def run_demo(folder: Path) -> int:
    """Ask the demonstration model about the bundled dashboard.

    The answer is streamed to standard output; report and pictures of the window go to `folder`.
    Nothing of the person's own conversations is touched. Returns the exit code.
    """
    model, picture = bundled_model(), example(PICTURE)
    if model is None or picture is None:
        print("This copy of Facet lacks its demonstration model or example.", file=sys.stderr)
        return FAILED
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        print(f"{folder} cannot be made: {error.strerror}.", file=sys.stderr)
        return FAILED
    app = application()
    collector = Collector(app)
    with tempfile.TemporaryDirectory(prefix="facet-demo-") as home:
        program = build(Places.under(Path(home)), Engine(), model, theme=Theme("light"))
        try:
            return Demonstration(program, folder).run(picture)
        finally:
            program.close()
            app.processEvents()
            collector.close()


class Demonstration:
    """One question through the window, told on the terminal."""

    def __init__(self, program: Program, folder: Path) -> None:
        self._program = program
        self._folder = folder
        self._phase = Phase()
        self._is_in_line = False  # the answer's last line on the terminal is not ended yet
        self._chat = program.workbench.chat
        self._chat.phase_changed.connect(self._tell_phase)
        self._chat.text_appended.connect(self._tell_text)

    def run(self, picture: Path) -> int:
        """Ask, wait, export, take the pictures. Returns the exit code."""
        program, models = self._program, self._program.workbench.models
        program.window.resize(*SIZE)
        program.start()
        self._chat.change_settings(temperature=0.0)
        self._wait(lambda: models.state != "loading")
        if models.state != "ready":
            return self._fail(models.error)
        composer = program.workbench.composer
        composer.add_files([picture])
        self._wait(self._is_read)
        composer.set_text(QUESTION)
        self._wait(lambda: composer.can_send)
        self._chat.send()
        self._wait(lambda: not self._chat.is_running)
        answer = self._chat.turns()[-1]
        if answer.error is not None or answer.state != "complete":
            return self._fail(answer.error)
        self._settle()
        self._picture("window.png")
        program.theme.set_appearance("dark")
        self._settle()
        self._picture("window-dark.png")
        return self._export()

    def _is_read(self) -> bool:
        cards = self._program.workbench.composer.attachments()
        return bool(cards) and all(card.state != "reading" for card in cards)

    def _export(self) -> int:
        reports = self._program.reports
        forms: tuple[tuple[ReportFormat, str], ...] = (
            ("html", "report.html"),
            ("pdf", "report.pdf"),
        )
        for form, name in forms:
            path = self._folder / name
            problems: list[ErrorInfo] = []
            failed = reports.failed.connect(problems.append)
            options = ReportOptions(format=form)
            reports.export(self._chat.conversation_id, options, path)
            self._wait(lambda: not reports.is_running)
            reports.failed.disconnect(failed)
            if problems:
                return self._fail(problems[0])
            self._say(f"Report written: {path}")
        return ANSWERED

    def _picture(self, name: str) -> None:
        path = self._folder / name
        if self._program.window.grab().save(str(path)):
            self._say(f"Picture of the window: {path}")

    @staticmethod
    def _wait(is_done: Callable[[], bool]) -> None:
        """Runs the event loop until `is_done`; gives up after a long while."""
        loop = QEventLoop()
        look, limit = QTimer(), QTimer()
        look.timeout.connect(lambda: loop.quit() if is_done() else None)
        look.start(LOOK_MS)
        limit.setSingleShot(True)
        limit.timeout.connect(loop.quit)
        limit.start(LONGEST_MS)
        loop.exec()
        look.stop()
        limit.stop()

    def _settle(self) -> None:
        loop = QEventLoop()
        QTimer.singleShot(SETTLE_MS, loop.quit)
        loop.exec()

    def _tell_phase(self) -> None:
        phase = self._chat.phase
        # Once the answer is being written it says enough, and its lines stay whole.
        if phase.text != self._phase.text and not phase.text.startswith("Writing"):
            self._say(" ".join(filter(None, (phase.text, phase.amount))))
        self._phase = phase

    def _tell_text(self, _turn: str, piece: str) -> None:
        print(piece, end="", flush=True)
        self._is_in_line = not piece.endswith("\n")

    def _fail(self, error: ErrorInfo | None) -> int:
        self._say(f"{error.what} {error.why}".strip() if error else "The answer was not finished.")
        return FAILED

    def _say(self, text: str) -> None:
        if self._is_in_line:
            print(flush=True)
            self._is_in_line = False
        print(text, file=sys.stderr, flush=True)
