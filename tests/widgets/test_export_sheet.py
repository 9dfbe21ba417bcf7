"""The sheet of an export, worked as a person would."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.core.conversation import Conversation
from app.reports.options import SUFFIXES, Progress, ReportError, ReportOptions
from app.viewmodels.reports import ReportsViewModel
from app.widgets.controls import Control
from app.widgets.export_form import FORMATS
from app.widgets.export_sheet import ExportSheet
from app.widgets.theme import Theme
from tests.fakes.conversations import FakeBlobs, dashboard_talk
from tests.unit.app.viewmodels.test_reports import OneConversation, PlayedExporter

PATIENCE_MS = 10_000
Make = Callable[..., ExportSheet]


class Written:
    """An exporter that remembers, and writes one word; fails if it is told to."""

    def __init__(self) -> None:
        self.calls: list[tuple[ReportOptions, Path]] = []
        self.error: ReportError | None = None

    def __call__(
        self,
        conversation: Conversation,
        options: ReportOptions,
        path: Path,
        blob: Callable[[str], Path],
        progress: Progress,
    ) -> None:
        del conversation, blob
        self.calls.append((options, path))
        if self.error is not None:
            raise self.error
        progress(0.5)
        path.write_text("report")


@pytest.fixture
def written() -> Written:
    return Written()


@pytest.fixture
def make(qtbot: QtBot, theme: Theme, tmp_path: Path) -> Make:
    def build(exporter: object) -> ExportSheet:
        folder = tmp_path / "blobs"
        folder.mkdir(exist_ok=True)
        store = OneConversation(FakeBlobs(folder))
        assert dashboard_talk(FakeBlobs(folder)).id == "c1"
        target = tmp_path / "out"
        target.mkdir(exist_ok=True)
        reports = ReportsViewModel(store, exporter, target)  # type: ignore[arg-type]
        sheet = ExportSheet(reports, theme)
        qtbot.addWidget(sheet)
        sheet.open_for("c1")
        qtbot.waitExposed(sheet)
        return sheet

    return build


def choose_format(sheet: ExportSheet, index: int) -> None:
    sheet.form.format.set_index(index)
    sheet.form.format.chosen.emit(index)


def press(qtbot: QtBot, button: QWidget) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_report_is_written_with_what_was_chosen(
    qtbot: QtBot, make: Make, written: Written, tmp_path: Path
) -> None:
    sheet = make(written)
    qtbot.keyClicks(sheet.form.title, "My title")
    qtbot.keyClicks(sheet.form.author, "M. Ferreira")
    press(qtbot, sheet.form.thoughts)
    sheet.form.name.selectAll()
    qtbot.keyClicks(sheet.form.name, "for you")
    press(qtbot, sheet.right)
    qtbot.waitUntil(lambda: sheet.state == "written", timeout=PATIENCE_MS)
    ((options, path),) = written.calls
    assert options == ReportOptions("pdf", "My title", "M. Ferreira", thoughts=True)
    assert path == tmp_path / "out" / "for you.pdf"
    assert sheet.words.text() == "Saved for you.pdf"
    press(qtbot, sheet.right)
    assert not sheet.isVisible()


@pytest.mark.parametrize(("index", "format_"), list(enumerate(key for key, _ in FORMATS)))
def test_the_ending_follows_the_format(
    make: Make, written: Written, index: int, format_: str
) -> None:
    sheet = make(written)
    choose_format(sheet, index)
    assert sheet.form.options.format == format_
    suffix = SUFFIXES[format_]  # type: ignore[index]
    assert sheet.form.name.text().endswith(suffix)
    assert sheet.form.path is not None
    assert sheet.form.path.name.count(".") == 1
    assert sheet.form.paper.isEnabled() is (format_ == "pdf")


def test_a_name_cannot_lead_out_of_the_folder(make: Make, written: Written, tmp_path: Path) -> None:
    sheet = make(written)
    sheet.form.name.setText("../../a/b.pdf")
    assert sheet.form.path is not None
    assert sheet.form.path.parent == tmp_path / "out"


def test_without_a_name_there_is_nothing_to_press(
    qtbot: QtBot, make: Make, written: Written
) -> None:
    sheet = make(written)
    sheet.form.name.clear()
    assert not sheet.right.isEnabled()
    assert sheet.note.text() == "Give the file a name."
    qtbot.keyClick(sheet, Qt.Key.Key_Return)
    assert sheet.state == "choosing"


def test_replacing_a_file_is_said_before(make: Make, written: Written, tmp_path: Path) -> None:
    sheet = make(written)
    (tmp_path / "out" / "old.pdf").write_text("old")
    sheet.form.name.setText("old.pdf")
    assert sheet.right.text() == "Replace"
    assert "will be replaced" in sheet.note.text()


def test_stopping_goes_back_to_the_choices(qtbot: QtBot, make: Make, tmp_path: Path) -> None:
    played = PlayedExporter()
    sheet = make(played)
    press(qtbot, sheet.right)
    assert sheet.state == "writing"
    assert played.half_way.wait(10)
    press(qtbot, sheet.left)
    played.go_on.set()
    qtbot.waitUntil(lambda: sheet.state == "choosing", timeout=PATIENCE_MS)
    assert list((tmp_path / "out").iterdir()) == []
    assert sheet.isVisible()


def test_a_failure_keeps_the_choices(qtbot: QtBot, make: Make, written: Written) -> None:
    sheet = make(written)
    written.error = ReportError("The disk is full.", "Choose another disk.")
    sheet.form.name.setText("mine.pdf")
    press(qtbot, sheet.right)
    qtbot.waitUntil(lambda: sheet.state == "failed", timeout=PATIENCE_MS)
    assert sheet.words.text() == "The disk is full."
    assert "Choose another disk." in sheet.reason.text()
    assert "unchanged" in sheet.reason.text()
    press(qtbot, sheet.right)
    assert sheet.state == "choosing"
    assert sheet.form.name.text() == "mine.pdf"


def test_escape_closes(qtbot: QtBot, make: Make, written: Written) -> None:
    sheet = make(written)
    qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()
    assert written.calls == []


def test_everything_has_a_name_and_can_be_reached(make: Make, written: Written) -> None:
    sheet = make(written)
    reached = [w for w in sheet.findChildren(QWidget) if w.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert len(reached) >= 10
    for widget in reached:
        named = widget.accessibleName() or (widget.text() if isinstance(widget, Control) else "")
        assert named, widget
