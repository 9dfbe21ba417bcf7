"""The composition root: the only place that builds the program, and the loop it runs in."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QApplication

from app import __version__
from app.bridge import EnginePort
from app.capture import Devices, real_devices
from app.core import paths
from app.core.benchmark.book import FILE_NAME, SpeedBook
from app.core.bundled import bundled_model
from app.core.collection import spare_startup
from app.core.logs import Logs
from app.core.model_digest import model_digest
from app.core.preferences import PreferencesFile
from app.core.quantizing import Quantizing
from app.core.recipe_choices import recipe_choices, suggested_target
from app.core.store import Store
from app.platform.collector import Collector
from app.platform.single_instance import SingleInstance
from app.reports.export import export
from app.viewmodels.advice import Advice
from app.viewmodels.crash import crash_notice
from app.viewmodels.hub_ports import HubPorts
from app.viewmodels.models_desk import ModelsDesk, assemble_models
from app.viewmodels.panes import Panes, assemble_panes
from app.viewmodels.passwords import Passwords
from app.viewmodels.quantizing import QuantizingPorts
from app.viewmodels.real_hub import hand_over_token, real_hub
from app.viewmodels.reports import ReportsViewModel
from app.viewmodels.workbench import Workbench, assemble
from app.widgets.advice_bar import AdviceBar
from app.widgets.grid.sheet import TableChecker
from app.widgets.pane_makers import pane_makers
from app.widgets.password_sheet import PasswordSheet
from app.widgets.theme import Theme
from app.widgets.window import MainWindow
from inference import Downloads, Engine, Lead

WARM_MS = 1_500  # after the window stands, before anybody has asked anything
SIGNAL_TICK_MS = 200


@dataclass(frozen=True, slots=True)
class Places:
    """The folders that one run of the program uses."""

    data: Path
    config: Path
    cache: Path
    logs: Path

    @classmethod
    def usual(cls) -> Places:
        """The folders that the system has for this."""
        return cls(paths.data_dir(), paths.config_dir(), paths.cache_dir(), paths.logs_dir())

    @classmethod
    def under(cls, folder: Path) -> Places:
        """Everything in one folder, for demonstrations and tests."""
        return cls(folder / "data", folder / "config", folder / "cache", folder / "logs")


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """One window with everything behind it."""

    window: MainWindow
    theme: Theme
    workbench: Workbench
    panes: Panes
    reports: ReportsViewModel
    store: Store
    models: ModelsDesk | None = None

    def start(self) -> None:
        """Show the window, the conversation open last, and load the model used last.

        Somebody who has chosen no model yet gets the first run.
        """
        self.window.show()
        if self.models is not None:
            self.models.start()
        self.workbench.start()
        if self.models is not None and self.models.first_run.is_due:
            self.window.show_first_run()
        transcript = self.window.pane.transcript
        QTimer.singleShot(WARM_MS, transcript, transcript.warm)

    def open_files(self, files: Sequence[Path]) -> None:
        """Put files into the message or the pane and come to the front."""
        if files:
            self.workbench.arrivals.add_files(list(files))
        self.window.showNormal() if self.window.isMinimized() else self.window.show()
        self.window.raise_()
        self.window.activateWindow()

    def close(self) -> None:
        """Stop, save and let everything go, the window last."""
        self.window.close()
        self.window.pane.transcript.close_formulas()
        self.reports.close()
        if self.models is not None:
            self.models.close()
        self.panes.close()
        self.workbench.close()
        self.store.close()
        self.window.deleteLater()


def build(
    places: Places,
    engine: EnginePort,
    bundled: Path | None,
    *,
    theme: Theme | None = None,
    devices: Devices | None = None,
    hub: HubPorts | None = None,
) -> Program:
    """Everything, wired and not yet shown. The program owns the engine from now on.

    Without `devices` nothing is played or recorded, without `hub` there is no Models pane.
    """
    store = Store.open(places.data)
    workbench = assemble(
        store,
        engine,
        PreferencesFile(places.config / "preferences.json"),
        bundled=bundled,
        cache_dir=places.cache,
    )
    preferred = workbench.preferences.value
    look = theme or Theme(preferred.appearance, text_px=preferred.text_px)
    folder = Path(preferred.report_folder) if preferred.report_folder else _documents()
    reports = ReportsViewModel(store, export, folder)
    panes = assemble_panes(workbench, places.data, devices or Devices())
    models = _models_desk(workbench, panes, hub, places) if hub is not None else None
    window = MainWindow(
        workbench.library,
        workbench.chat,
        workbench.composer,
        workbench.models,
        workbench.preferences,
        reports,
        workbench.arrivals,
        look,
        pane_makers(panes, look),
        models,
    )
    PasswordSheet(Passwords(workbench.reader), look, window)  # the window keeps it
    advice = AdviceBar(Advice(workbench, panes.proof, panes.comparison, window), look, window)
    advice.acted.connect(window.deeds.do_asked)
    window.pane.set_advice(advice)
    window.pane.check_table = TableChecker(workbench.chat, panes.figures, look, window).open
    return Program(window, look, workbench, panes, reports, store, models)


def _models_desk(workbench: Workbench, panes: Panes, hub: HubPorts, places: Places) -> ModelsDesk:
    own = places.data / "models"
    speeds = SpeedBook(places.data / FILE_NAME)
    return assemble_models(
        workbench,
        hub,
        quantizing=QuantizingPorts(
            recipe_choices,
            lambda source, recipe: suggested_target(source, recipe, own),
            Quantizing,
            own,
        ),
        proof=panes.proof,
        comparison=panes.comparison,
        speed_here=lambda folder: speeds.speed(model_digest(folder)),
        own_models=own,
    )


def application() -> QApplication:
    """The one application object, with the names the system shows."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(sys.argv[:1])
    app.setApplicationName("Facet")
    app.setApplicationDisplayName("Facet")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("facet")
    if sys.platform != "darwin":
        app.setStyle("Fusion")
    return app


def run_window(files: Sequence[Path] = (), lead: Lead | None = None) -> int:
    """Open the window and stay until it is closed. A second start brings the first to the front.

    With `lead` several computers share the model; this one has the window.
    """
    places = Places.usual()
    app = application()
    with ExitStack() as last:
        instance = SingleInstance(places.data)
        last.callback(instance.close)
        if not instance.claim(files):
            return 0
        logs = Logs(places.logs)
        logs.start()
        last.callback(logs.close)
        collector = Collector(app)
        last.callback(collector.close)
        downloads = Downloads()
        program = build(places, Engine(lead=lead), bundled_model(), devices=real_devices(),
                        hub=real_hub(downloads))  # fmt: skip
        Thread(target=hand_over_token, args=(downloads,), name="token", daemon=True).start()
        last.callback(program.close)
        instance.asked.connect(program.open_files)
        program.window.restore(QSettings(str(places.config / "window.ini"), _INI))
        crash = logs.previous_crash()
        if crash is not None:
            program.workbench.notices.add(crash_notice(crash))
        program.start()
        program.open_files(files)
        spare_startup()
        _end_on_signals(app)
        return int(app.exec())


_INI = QSettings.Format.IniFormat


def _end_on_signals(app: QApplication) -> None:
    """Ctrl-C and a polite kill close the window as its button does: everything is saved."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: app.quit())
    # Python runs its handlers only between bytecodes, so it has to wake up now and then.
    timer = QTimer(app)
    timer.timeout.connect(lambda: None)
    timer.start(SIGNAL_TICK_MS)


def _documents() -> Path:
    folder = Path.home() / "Documents"
    return folder if folder.is_dir() and os.access(folder, os.W_OK) else Path.home()
