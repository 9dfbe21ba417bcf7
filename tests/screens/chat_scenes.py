"""The chat's rarer states: full contexts, notices, questions before something is lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.viewmodels.crash import crash_notice
from app.widgets.report_sheet import FaultSheet
from app.widgets.unsaved import UnsavedSheet
from tests.fakes.hand_engine import HandEngine
from tests.screens import content
from tests.screens.content import StoredFiles
from tests.screens.stage import Look, Stage

SMALL_CONTEXT = 660
CRASH = """Fatal Python error: Segmentation fault

Current thread 0x0000000104b0c580 (most recent call first):
  File "/Applications/Facet.app/Contents/app/widgets/answer_text.py", line 157 in event
  File "/Applications/Facet.app/Contents/app/main.py", line 152 in run_window
"""
CHAT: dict[str, Callable[[Path, Look], Stage]] = {}


def scene(make: Callable[[Path, Look], Stage]) -> Callable[[Path, Look], Stage]:
    """Registers a scene under its function's name."""
    CHAT[make.__name__.replace("_", "-")] = make
    return make


@scene
def context_full(folder: Path, look: Look) -> Stage:
    """The next question hardly fits: it is asked about before it is sent."""
    engine = HandEngine()
    engine.held = replace(engine.held, context_tokens=SMALL_CONTEXT)
    stage = Stage(folder, look, content.week(StoredFiles(folder / "data")), engine=engine)
    stage.open("review")
    stage.type("Which months would explain the jump after May?")
    stage.settle()
    QTest.keyClick(stage.window.pane.composer.edit, Qt.Key.Key_Return)
    return stage


@scene
def crash_told(folder: Path, look: Look) -> Stage:
    """The notice after a crash."""
    stage = Stage(folder, look, content.week(StoredFiles(folder / "data")))
    stage.open("review")
    stage.work.notices.add(crash_notice(_report(folder)))
    return stage


@scene
def crash_report(folder: Path, look: Look) -> Stage:
    """What the crash's report says."""
    stage = Stage(folder, look)
    info = crash_notice(_report(folder))
    stage.extra = FaultSheet(info, stage.program.theme, stage.window)
    stage.extra.show()
    return stage


@scene
def unsaved(folder: Path, look: Look) -> Stage:
    """The question at quitting with a full disk."""
    stage = Stage(folder, look)
    stage.extra = UnsavedSheet(3, stage.program.theme, stage.window)
    stage.extra.show()
    return stage


@scene
def settings_shortcuts(folder: Path, look: Look) -> Stage:
    """The keyboard shortcuts."""
    stage = Stage(folder, look)
    stage.window.commands.action("settings").trigger()
    stage.window.settings.show_tab("Shortcuts")
    stage.extra = stage.window.settings
    return stage


def _report(folder: Path) -> Path:
    made = folder / "crash-2026-03-04T14-32-07Z.txt"
    made.write_text(CRASH)
    return made
