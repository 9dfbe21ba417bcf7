"""The states that are worth a picture, each reached as a person would reach it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.core.preferences import Preferences
from app.widgets.question_message import QuestionMessage
from app.widgets.receipt import ReceiptSheet
from inference import Loading, Prefill, ReadingMedia, Thought
from tests.fakes.conversations import DASHBOARD, TABLE_ANSWER
from tests.fakes.hand_engine import HandEngine
from tests.screens import content
from tests.screens.audio_scenes import AUDIO
from tests.screens.chat_scenes import CHAT
from tests.screens.compare_scenes import COMPARE
from tests.screens.content import StoredFiles
from tests.screens.figure_scenes import FIGURES
from tests.screens.image_scenes import IMAGE
from tests.screens.models_scenes import MODELS
from tests.screens.stage import Look, Stage
from tests.screens.tool_scenes import TOOLS
from tests.screens.video_scenes import VIDEO

Scene = Callable[[Path, Look], Stage]
SCENES: dict[str, Scene] = {
    **CHAT,
    **FIGURES,
    **IMAGE,
    **VIDEO,
    **AUDIO,
    **MODELS,
    **TOOLS,
    **COMPARE,
}
QUESTION = "Which months would explain the jump after May?"


def scene(make: Scene) -> Scene:
    """Registers a scene under its function's name."""
    SCENES[make.__name__.replace("_", "-")] = make
    return make


def _with_week(folder: Path, look: Look, **values: object) -> Stage:
    files = StoredFiles(folder / "data")
    return Stage(folder, look, content.week(files), **values)  # type: ignore[arg-type]


@scene
def first_run(folder: Path, look: Look) -> Stage:
    """No model at all."""
    return Stage(folder, look, has_model=False)


@scene
def empty(folder: Path, look: Look) -> Stage:
    """A new conversation, nothing asked yet."""
    return Stage(folder, look)


@scene
def chat(folder: Path, look: Look) -> Stage:
    """The main picture: an answer with a table, and the next question half written."""
    stage = _with_week(folder, look)
    stage.open("review")
    stage.type(QUESTION)
    return stage


@scene
def code(folder: Path, look: Look) -> Stage:
    """Code, formula, quotation, list, link."""
    stage = _with_week(folder, look)
    stage.open("code")
    return stage


@scene
def rtl(folder: Path, look: Look) -> Stage:
    """Arabic and Japanese."""
    stage = _with_week(folder, look)
    stage.open("rtl")
    return stage


@scene
def warning(folder: Path, look: Look) -> Stage:
    """Something was not sent; an answer was stopped, one ended at its limit."""
    stage = _with_week(folder, look)
    stage.open("warned")
    return stage


@scene
def long(folder: Path, look: Look) -> Stage:
    """The end of a long conversation."""
    stage = _with_week(folder, look)
    stage.open("long")
    return stage


@scene
def versions(folder: Path, look: Look) -> Stage:
    """The second of three answers."""
    files = StoredFiles(folder / "data")
    stage = Stage(folder, look, [content.versions(files)])
    stage.open("review")
    return stage


@scene
def attached(folder: Path, look: Look) -> Stage:
    """A picture in the composer."""
    stage = _with_week(folder, look)
    stage.work.library.new_conversation()
    stage.attach([DASHBOARD])
    stage.type("Read every figure on this dashboard.")
    return stage


@scene
def loading(folder: Path, look: Look) -> Stage:
    """The model is on its way."""
    stage = _with_week(folder, look, engine=HandEngine(loads_by_itself=False))
    stage.open("code")
    if stage.engine.loads:
        stage.engine.loads[-1].say(Loading("gemma-4-E4B-it-4bit", 0.62))
    return stage


@scene
def reading(folder: Path, look: Look) -> Stage:
    """The prompt is being read."""
    stage = _asked(folder, look)
    job = stage.engine.job
    job.say(ReadingMedia("dashboard.png", 1, 1), Prefill(4_812, 6_300, 1_050))
    return stage


@scene
def thinking(folder: Path, look: Look) -> Stage:
    """The model is thinking."""
    stage = _asked(folder, look, thinking=True)
    job = stage.engine.job
    job.prepare(content.receipt())
    job.say(Prefill(330, 330, 0))
    for piece in content.THOUGHT.split(" "):
        job.say(Thought(f"{piece} "))
    return stage


@scene
def streaming(folder: Path, look: Look) -> Stage:
    """The answer is being written, in the middle of its table."""
    stage = _asked(folder, look, thinking=True)
    job = stage.engine.job
    job.prepare(content.receipt())
    job.say(Prefill(330, 330, 0), Thought(content.THOUGHT), Thought("", 0, closed=True))
    cut = TABLE_ANSWER.index("| Average")
    job.text(*(f"{piece} " for piece in TABLE_ANSWER[:cut].split(" ")))
    return stage


@scene
def error(folder: Path, look: Look) -> Stage:
    """The engine gave up."""
    stage = _asked(folder, look)
    job = stage.engine.job
    job.prepare(content.receipt())
    job.text("Revenue rose in most")
    job.fail(
        "The prompt needs about 42.7 GB; this machine can give about 36 GB.",
        "Use fewer pictures, or a smaller model.",
    )
    return stage


@scene
def stopped(folder: Path, look: Look) -> Stage:
    """Stopped by the person."""
    stage = _asked(folder, look)
    job = stage.engine.job
    job.prepare(content.receipt())
    job.text("Revenue rose in most months and ")
    stage.settle()
    stage.work.chat.stop()
    stage.until(lambda: not stage.work.chat.is_running)
    return stage


@scene
def thought_open(folder: Path, look: Look) -> Stage:
    """A finished thought, unfolded."""
    stage = _with_week(folder, look)
    stage.open("review")
    stage.window.pane.show_thoughts(True)
    return stage


@scene
def search(folder: Path, look: Look) -> Stage:
    """Hits in titles and texts."""
    stage = _with_week(folder, look)
    stage.open("review")
    stage.window.commands.action("search").trigger()
    QTest.keyClicks(stage.window.sidebar.search.edit, "median")
    stage.until(lambda: bool(stage.work.library.hits))
    return stage


@scene
def find(folder: Path, look: Look) -> Stage:
    """A word found in the open conversation."""
    stage = _with_week(folder, look)
    stage.open("review")
    stage.window.deeds.find("revenue")
    return stage


@scene
def trash(folder: Path, look: Look) -> Stage:
    """A conversation was put into the trash, and may come back."""
    stage = _with_week(folder, look)
    stage.open("review")
    stage.work.library.trash("code")
    stage.work.library.is_trash_shown = True
    return stage


@scene
def palette(folder: Path, look: Look) -> Stage:
    """The command palette."""
    stage = _with_week(folder, look)
    stage.open("review")
    stage.window.commands.action("palette").trigger()
    return stage


@scene
def models(folder: Path, look: Look) -> Stage:
    """The list of models."""
    stage = _with_week(folder, look)
    stage.open("review")
    stage.window.commands.action("model").trigger()
    return stage


@scene
def inspector(folder: Path, look: Look) -> Stage:
    """Settings of the conversation at the right."""
    stage = _with_week(folder, look, preferences=Preferences(is_inspector_open=True))
    stage.open("review")
    return stage


@scene
def narrow(folder: Path, look: Look) -> Stage:
    """The smallest window."""
    stage = _with_week(folder, look, size=(960, 640))
    stage.open("review")
    return stage


@scene
def large_text(folder: Path, look: Look) -> Stage:
    """Text half as large again."""
    stage = _with_week(folder, look, text_px=20)
    stage.open("review")
    return stage


@scene
def settings(folder: Path, look: Look) -> Stage:
    """The settings, at their first tab."""
    stage = _with_week(folder, look)
    stage.window.commands.action("settings").trigger()
    stage.extra = stage.window.settings
    return stage


@scene
def settings_generation(folder: Path, look: Look) -> Stage:
    """The settings of new conversations."""
    stage = settings(folder, look)
    stage.window.settings.show_tab("Generation")
    return stage


@scene
def receipt(folder: Path, look: Look) -> Stage:
    """What the model saw."""
    stage = _with_week(folder, look)
    stage.open("review")
    stage.extra = ReceiptSheet(stage.work.chat, "review-t0", stage.program.theme, stage.window)
    stage.extra.show()
    return stage


@scene
def editing(folder: Path, look: Look) -> Stage:
    """The question is being changed."""
    stage = _with_week(folder, look)
    stage.open("code")
    message = stage.window.findChild(QuestionMessage)
    assert message is not None
    message.begin_edit()
    return stage


@scene
def drop(folder: Path, look: Look) -> Stage:
    """A file is held over the window."""
    stage = _with_week(folder, look)
    stage.open("review")
    files = QMimeData()
    files.setUrls([QUrl.fromLocalFile(str(DASHBOARD))])
    at = QPoint(600, 400)
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entered = QDragEnterEvent(at, Qt.DropAction.CopyAction, files, buttons, keys)
    QApplication.sendEvent(stage.window, entered)
    return stage


@scene
def export(folder: Path, look: Look) -> Stage:
    """The sheet of an export."""
    stage = _with_week(folder, look)
    stage.open("review")
    stage.window.commands.action("export").trigger()
    stage.extra = stage.window.export_sheet
    return stage


def _asked(folder: Path, look: Look, *, thinking: bool = False) -> Stage:
    stage = _with_week(folder, look)
    stage.work.library.new_conversation()
    if thinking:
        stage.work.chat.change_settings(thinking=True, thinking_budget=1024)
    stage.ask("Read every figure on this dashboard. What would you look at first?", [DASHBOARD])
    return stage
