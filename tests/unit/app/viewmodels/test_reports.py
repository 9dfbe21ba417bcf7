"""Exports on their own thread: progress, stopping, and every outcome as a signal."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.core.conversation import Conversation, ErrorInfo
from app.reports.export import export
from app.reports.options import Progress, ReportError, ReportOptions
from app.viewmodels.reports import ReportsViewModel
from tests.fakes.conversations import FakeBlobs, dashboard_talk

PATIENCE_MS = 20_000


class OneConversation:
    """A store with one conversation."""

    def __init__(self, blobs: FakeBlobs) -> None:
        self._blobs = blobs
        self.conversation = dashboard_talk(blobs)

    def load(self, conversation_id: str) -> Conversation:
        if conversation_id != self.conversation.id:
            raise KeyError(conversation_id)
        return self.conversation

    def blob(self, sha256: str) -> Path:
        return self._blobs.path(sha256)


class PlayedExporter:
    """An exporter that waits in the middle until it is let go, or fails."""

    def __init__(self, error: Exception | None = None) -> None:
        self.half_way = threading.Event()
        self.go_on = threading.Event()
        self.thread: threading.Thread | None = None
        self._error = error

    def __call__(
        self,
        conversation: Conversation,
        options: ReportOptions,
        path: Path,
        blob: Callable[[str], Path],
        progress: Progress,
    ) -> None:
        del conversation, options, blob
        self.thread = threading.current_thread()
        progress(0.5)
        self.half_way.set()
        assert self.go_on.wait(10)
        if self._error is not None:
            raise self._error
        progress(0.9)
        path.write_bytes(b"report")
        progress(1.0)


@pytest.fixture
def store(tmp_path: Path) -> OneConversation:
    folder = tmp_path / "blobs"
    folder.mkdir()
    return OneConversation(FakeBlobs(folder))


@pytest.fixture
def played() -> Iterator[PlayedExporter]:
    exporter = PlayedExporter()
    yield exporter
    exporter.go_on.set()


def test_a_real_report_is_written(qtbot: QtBot, store: OneConversation, tmp_path: Path) -> None:
    reports = ReportsViewModel(store, export, tmp_path)
    path = tmp_path / "report.html"
    with qtbot.waitSignal(reports.exported, timeout=PATIENCE_MS) as done:
        reports.export("c1", ReportOptions(format="html"), path)
    assert done.args == [path]
    assert b"Operations review" in path.read_bytes()
    assert not reports.is_running


def test_a_pdf_can_be_written_off_the_window_thread(
    qtbot: QtBot, store: OneConversation, tmp_path: Path
) -> None:
    reports = ReportsViewModel(store, export, tmp_path)
    path = tmp_path / "report.pdf"
    with qtbot.waitSignal(reports.exported, timeout=PATIENCE_MS):
        reports.export("c1", ReportOptions(format="pdf"), path)
    assert path.read_bytes().startswith(b"%PDF-")


def test_the_work_is_on_another_thread_and_the_signals_on_this(
    qtbot: QtBot, store: OneConversation, played: PlayedExporter, tmp_path: Path
) -> None:
    reports = ReportsViewModel(store, played, tmp_path)
    shares: list[tuple[float, threading.Thread]] = []
    reports.progress_changed.connect(
        lambda share: shares.append((share, threading.current_thread()))
    )
    reports.export("c1", ReportOptions(), tmp_path / "a.pdf")
    qtbot.waitUntil(lambda: bool(shares), timeout=PATIENCE_MS)
    assert reports.is_running
    assert reports.share == 0.5
    with qtbot.waitSignal(reports.exported, timeout=PATIENCE_MS):
        played.go_on.set()
    assert played.thread is not threading.main_thread()
    assert {thread for _, thread in shares} == {threading.main_thread()}


def test_stopping_leaves_no_file_and_says_so(
    qtbot: QtBot, store: OneConversation, played: PlayedExporter, tmp_path: Path
) -> None:
    reports = ReportsViewModel(store, played, tmp_path)
    reports.export("c1", ReportOptions(), tmp_path / "a.pdf")
    assert played.half_way.wait(10)
    reports.cancel()
    with qtbot.waitSignal(reports.stopped, timeout=PATIENCE_MS):
        played.go_on.set()
    assert not (tmp_path / "a.pdf").exists()
    assert not reports.is_running


def test_a_second_export_waits_for_nobody(
    qtbot: QtBot, store: OneConversation, played: PlayedExporter, tmp_path: Path
) -> None:
    reports = ReportsViewModel(store, played, tmp_path)
    reports.export("c1", ReportOptions(), tmp_path / "a.pdf")
    reports.export("c1", ReportOptions(), tmp_path / "b.pdf")
    with qtbot.waitSignal(reports.exported, timeout=PATIENCE_MS):
        played.go_on.set()
    assert not (tmp_path / "b.pdf").exists()


@pytest.mark.parametrize(
    ("error", "what"),
    [
        (ReportError("The disk is full.", "Make room."), "The disk is full."),
        (RuntimeError("oops"), "The report could not be made."),
    ],
    ids=["expected", "fault"],
)
def test_a_failure_is_an_error_in_words(
    qtbot: QtBot, store: OneConversation, tmp_path: Path, error: Exception, what: str
) -> None:
    exporter = PlayedExporter(error)
    exporter.go_on.set()
    reports = ReportsViewModel(store, exporter, tmp_path)
    with qtbot.waitSignal(reports.failed, timeout=PATIENCE_MS) as failed:
        reports.export("c1", ReportOptions(), tmp_path / "a.pdf")
    (info,) = failed.args
    assert isinstance(info, ErrorInfo)
    assert info.what == what
    assert "unchanged" in info.safe


def test_a_conversation_that_is_gone_is_said(
    qtbot: QtBot, store: OneConversation, tmp_path: Path
) -> None:
    reports = ReportsViewModel(store, export, tmp_path)
    with qtbot.waitSignal(reports.failed, timeout=PATIENCE_MS) as failed:
        reports.export("gone", ReportOptions(), tmp_path / "a.pdf")
    assert failed.args[0].what == "This conversation no longer exists."


def test_choices_are_remembered_but_for_the_title(
    qtbot: QtBot, store: OneConversation, tmp_path: Path
) -> None:
    reports = ReportsViewModel(store, export, Path("elsewhere"))
    chosen = ReportOptions(format="markdown", title="Once", author="M.", thoughts=True)
    with qtbot.waitSignal(reports.exported, timeout=PATIENCE_MS):
        reports.export("c1", chosen, tmp_path / "a.md")
    assert reports.options == ReportOptions(format="markdown", author="M.", thoughts=True)
    assert reports.folder == tmp_path


def test_a_name_is_made_of_date_title_and_model(store: OneConversation, tmp_path: Path) -> None:
    reports = ReportsViewModel(store, export, tmp_path)
    name = reports.file_name("c1", ReportOptions(format="html"))
    assert name.endswith(" Operations review, Q3 2026 – Gemma 4 E2B, 8-bit.html")


def test_closing_ends_the_thread(
    store: OneConversation, played: PlayedExporter, tmp_path: Path, qtbot: QtBot
) -> None:
    del qtbot
    reports = ReportsViewModel(store, played, tmp_path)
    reports.export("c1", ReportOptions(), tmp_path / "a.pdf")
    assert played.half_way.wait(10)
    played.go_on.set()
    reports.close()
    assert played.thread is not None
    assert not played.thread.is_alive()
