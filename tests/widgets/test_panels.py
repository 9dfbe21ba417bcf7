"""Inspector, status bar, find bar, undo bar, notices, drop veil, palette."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDoubleSpinBox, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from app.core.conversation import ErrorInfo
from app.main import Program
from app.viewmodels.values import ContextUse
from app.widgets.context_parts import ContextParts
from app.widgets.controls import Label
from app.widgets.drop_veil import sentence
from app.widgets.find_bar import FindBar
from app.widgets.generation_form import ResetDot
from app.widgets.palette import Entry, find
from app.widgets.status_bar import memory_colour, short_count
from app.widgets.theme import Theme
from tests.fakes.hand_engine import HandEngine


def open_inspector(program: Program) -> None:
    program.window.commands.action("inspector").trigger()
    assert program.window.inspector.isVisible()


def spin_of(program: Program, name: str) -> QDoubleSpinBox:
    spins = program.window.inspector.findChildren(QDoubleSpinBox)
    return next(spin for spin in spins if spin.accessibleName() == name)


def dots(program: Program) -> list[str]:
    found = program.window.inspector.findChildren(ResetDot)
    return [dot.accessibleName() for dot in found if dot.isVisible()]


def test_a_setting_is_changed_marked_and_brought_back(qtbot: QtBot, program: Program) -> None:
    open_inspector(program)
    chat = program.workbench.chat
    assert dots(program) == []
    spin_of(program, "Temperature").setValue(0.4)
    qtbot.waitUntil(lambda: chat.settings.temperature == 0.4)
    assert dots(program) == ["Temperature as usual"]
    dot = next(d for d in program.window.inspector.findChildren(ResetDot) if d.isVisible())
    dot.click()
    assert chat.settings.temperature == 1.0
    assert spin_of(program, "Temperature").value() == 1.0
    assert dots(program) == []


def test_whole_numbers_stay_whole(qtbot: QtBot, program: Program) -> None:
    open_inspector(program)
    spin_of(program, "Top-k").setValue(40)
    qtbot.waitUntil(lambda: program.workbench.chat.settings.top_k == 40)
    assert isinstance(program.workbench.chat.settings.top_k, int)


def test_what_is_typed_belongs_to_the_conversation_it_was_typed_in(program: Program) -> None:
    open_inspector(program)
    field = program.window.inspector.findChild(QPlainTextEdit)
    QTest.keyClicks(field, "Be brief")
    program.workbench.library.open("c1")
    assert program.workbench.chat.settings.system_prompt == ""
    assert field.toPlainText() == ""
    program.workbench.library.open("c0")
    assert program.workbench.chat.settings.system_prompt == "Be brief"
    assert field.toPlainText() == "Be brief"


def test_an_empty_seed_is_a_new_one_each_time(qtbot: QtBot, program: Program) -> None:
    open_inspector(program)
    fields = program.window.inspector.findChildren(QLineEdit)
    seed = next(field for field in fields if field.accessibleName() == "Seed")
    QTest.keyClicks(seed, "x42")
    qtbot.waitUntil(lambda: program.workbench.chat.settings.seed == 42)
    seed.clear()
    qtbot.waitUntil(lambda: program.workbench.chat.settings.seed is None)


def test_context_is_told_by_kind(qtbot: QtBot, theme: Theme) -> None:
    parts = ContextParts(theme)
    qtbot.addWidget(parts)
    parts.resize(280, 200)
    parts.set_use(ContextUse((("text", 300), ("images", 700)), 4000))
    assert parts.accessibleName() == (
        "Context by kind: Text 300 tokens, Images 700 tokens, Free 3,000 tokens"
    )
    image = parts.grab().toImage()
    shades = {image.pixelColor(x, 7).name() for x in range(280)}
    assert theme.tokens.accfill.name() in shades
    assert theme.tokens.mok.name() in shades


def test_the_status_bar_speaks_and_explains(
    qtbot: QtBot, program: Program, engine: HandEngine
) -> None:
    status = program.window.status
    program.workbench.composer.set_text("How many?")
    program.workbench.chat.send()
    qtbot.waitUntil(lambda: bool(engine.jobs))
    engine.job.text("one ", "two ")
    qtbot.waitUntil(lambda: "Writing" in status.phase.text())
    assert status.phase.accessibleName() == f"Status: {status.phase.text()}"
    engine.job.finish()
    qtbot.waitUntil(lambda: status.phase.text() == "Ready")
    QTest.mouseClick(status.offline, Qt.MouseButton.LeftButton)
    labels = [label.text() for label in program.window.findChildren(Label) if label.isVisible()]
    assert any("opens no network connection" in text for text in labels)
    QTest.keyClick(program.window.focusWidget() or program.window, Qt.Key.Key_Escape)


@pytest.mark.parametrize(
    ("share", "colour"), [(0.2, "mok"), (0.69, "mok"), (0.7, "mwarn"), (0.95, "rec")]
)
def test_memory_warns_before_it_is_full(share: float, colour: str) -> None:
    assert memory_colour(share) == colour


def test_context_sizes_are_short_when_they_are_round() -> None:
    assert short_count(131_072) == "128K"
    assert short_count(512) == "512"
    assert short_count(100_000) == "100,000"


class Pages:
    """Stands for the chat pane: three places of "safe", none of anything else."""

    def __init__(self) -> None:
        self.at = 0
        self.cleared = 0

    def find_text(self, text: str, forward: bool = True) -> tuple[int, int]:
        if text != "safe":
            return 0, 0
        self.at = (self.at + (1 if forward else -1) - 1) % 3 + 1
        return self.at, 3

    def clear_find(self) -> None:
        self.cleared += 1


def test_find_goes_on_back_and_away(qtbot: QtBot, theme: Theme) -> None:
    pages = Pages()
    bar = FindBar(pages, theme)
    qtbot.addWidget(bar)
    bar.open_bar()
    bar.field.set_text("safe")
    assert bar.count.text() == "1 of 3"
    QTest.keyClick(bar.field.edit, Qt.Key.Key_Return)
    assert bar.count.text() == "2 of 3"
    QTest.keyClick(bar.field.edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert bar.count.text() == "1 of 3"
    bar.field.set_text("zebra")
    assert bar.count.text() == "Nothing with “zebra”"
    QTest.keyClick(bar.field.edit, Qt.Key.Key_Escape)
    assert pages.cleared == 1
    with qtbot.waitSignal(bar.closed):
        QTest.keyClick(bar.field.edit, Qt.Key.Key_Escape)
    assert bar.isHidden()


def test_the_undo_offer_ends_by_itself(qtbot: QtBot, program: Program) -> None:
    bar = program.window.undo_bar
    bar.offer("“A” moved to Trash", 60)
    assert bar.isVisible()
    qtbot.waitUntil(lambda: not bar.isVisible())


def test_notices_are_shown_one_by_one(program: Program) -> None:
    notices, bar = program.workbench.notices, program.window.notices
    assert bar.isHidden()
    notices.add(ErrorInfo("The disk is full.", "Nothing can be saved.", "What is here stays."))
    notices.add(ErrorInfo("The preferences could not be read."))
    assert bar.isVisible()
    assert bar.accessibleName().startswith("Notice: The disk is full.")
    bar._close.click()
    assert bar.accessibleName() == "Notice: The preferences could not be read."
    bar._close.click()
    assert bar.isHidden()


def files(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def event_of(kind: type[QDropEvent], data: QMimeData, keys: Qt.KeyboardModifier) -> QDropEvent:
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    if kind is QDragEnterEvent:
        return QDragEnterEvent(QPointF(300, 300).toPoint(), copy, data, left, keys)
    return QDropEvent(QPointF(300, 300), copy, data, left, keys)


def test_files_over_the_window_are_named_and_taken(
    qtbot: QtBot, program: Program, tmp_path: Path
) -> None:
    picture = tmp_path / "chart.png"
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    image.save(str(picture))
    window, none = program.window, Qt.KeyboardModifier.NoModifier
    hanging, dropped = files(picture), files(picture)  # an event takes its data with it
    window.drops.eventFilter(window, event_of(QDragEnterEvent, hanging, none))
    assert window.drops.veil.isVisible()
    assert window.drops.veil.text == "Add 1 image to this message"
    window.drops.veil.grab()
    window.drops.eventFilter(window, event_of(QDropEvent, dropped, none))
    assert not window.drops.veil.isVisible()
    composer = program.workbench.composer
    qtbot.waitUntil(lambda: [card.name for card in composer.attachments()] == ["chart.png"])
    qtbot.waitUntil(lambda: composer.attachments()[0].state == "ready")


def test_leaving_takes_the_veil_away(program: Program) -> None:
    window = program.window
    data = files(Path("/x/a.png"))  # the event only points to it
    enter = event_of(QDragEnterEvent, data, Qt.KeyboardModifier.NoModifier)
    window.drops.eventFilter(window, enter)
    window.drops.eventFilter(window, QDragLeaveEvent())
    assert not window.drops.veil.isVisible()


def test_alt_begins_a_new_conversation(program: Program) -> None:
    window, alt = program.window, Qt.KeyboardModifier.AltModifier
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    image.fill(QColor("blue"))
    hanging, dropped = QMimeData(), QMimeData()
    hanging.setImageData(image)
    dropped.setImageData(image)
    window.drops.eventFilter(window, event_of(QDragEnterEvent, hanging, alt))
    assert window.drops.veil.text == "Add 1 image to a new conversation"
    window.drops.eventFilter(window, event_of(QDropEvent, dropped, alt))
    assert program.workbench.library.current_id != "c0"
    assert len(program.workbench.composer.attachments()) == 1


def test_addresses_of_other_places_are_not_taken(program: Program) -> None:
    data = QMimeData()
    data.setUrls([QUrl("https://example.org/a.png")])
    event = event_of(QDragEnterEvent, data, Qt.KeyboardModifier.NoModifier)
    program.window.drops.eventFilter(program.window, event)
    assert not program.window.drops.veil.isVisible()


def test_the_veil_counts_by_kind() -> None:
    paths = [Path(name) for name in ("a.png", "b.jpg", "c.mp4", "d.m4a", "e.md", "f.xyz")]
    assert sentence(paths, False, False) == (
        "Add 2 images, 1 clip, 1 recording, 1 text and 1 file to this message"
    )
    assert sentence([Path("a.png")], True, True) == "Add 1 image to a new conversation"


def test_the_palette_finds_by_letters_and_by_words() -> None:
    def nothing() -> None: ...

    entries = [
        Entry("Settings…", nothing, words="preferences options"),
        Entry("Appearance: Dark", nothing, words="night"),
        Entry("Show sidebar", nothing),
    ]
    assert [found.entry.text for found in find(entries, "")] == [e.text for e in entries]
    assert find(entries, "night")[0].entry.text == "Appearance: Dark"
    assert find(entries, "prefer")[0].entry.text == "Settings…"
    assert find(entries, "sh")[0].entry.text == "Show sidebar"
    assert find(entries, "zzz") == []


def test_the_palette_runs_what_is_chosen(program: Program) -> None:
    window = program.window
    window.commands.action("palette").trigger()
    field = window.palette_card.field.edit
    assert window.focusWidget() is field
    QTest.keyClicks(field, "dark")
    assert window.palette_card.found()[0] == "Appearance: Dark"
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert window.palette_card.isHidden()
    assert program.theme.is_dark


def test_the_palette_walks_opens_conversations_and_closes(program: Program) -> None:
    window = program.window
    window.commands.action("palette").trigger()
    field = window.palette_card.field.edit
    QTest.keyClicks(field, "site walk")
    QTest.keyClick(field, Qt.Key.Key_Down)
    QTest.keyClick(field, Qt.Key.Key_Up)
    window.palette_card.grab()
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert program.workbench.library.current_id == "c2"
    window.commands.action("palette").trigger()
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert window.palette_card.isHidden()
