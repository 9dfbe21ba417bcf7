"""Calls of tools: asking, running, done, refused; the lists of tools."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.core.tools.declare import from_schema
from app.core.tools.values import Outcome, ToolSpec
from app.widgets.tool_row import ToolHeader
from inference import ToolCall, ToolCallEvent
from tests.screens.stage import MODEL, Look, Stage

TOOLS: dict[str, Callable[[Path, Look], Stage]] = {}
SALES = "Month,Total,Price\nJan,1200,3.50\nFeb,1480,3.75\nMar,1905,3.75\nApr,2210,4.00\n"
OFFERED = ("calculate", "current_time", "list_files", "sum_column", "query_table")
QUERY = 'SELECT "Month", "Total" FROM sales ORDER BY "Total" DESC LIMIT 3'


def scene(make: Callable[[Path, Look], Stage]) -> Callable[[Path, Look], Stage]:
    """Registers a scene under its function's name."""
    TOOLS[make.__name__.replace("_", "-")] = make
    return make


def _asked(folder: Path, look: Look, question: str, **values: object) -> Stage:
    """A question about a table, with tools, sent to a model that is not the demonstration's."""
    stage = Stage(folder / "facet", look, **values)  # type: ignore[arg-type]
    model = folder / "Gemma 4 E4B"
    model.symlink_to(MODEL)
    stage.work.models.add_folder(model)
    stage.until(lambda: stage.work.models.state == "ready")
    stage.work.chat.change_settings(tools=OFFERED)
    table = folder / "sales.csv"
    table.write_text(SALES)
    stage.ask(question, [table])
    return stage


def _call(stage: Stage, name: str, **arguments: object) -> None:
    """The model makes a call and waits for its result."""
    stage.engine.job.say(ToolCallEvent(ToolCall(name, arguments)))
    stage.engine.job.finish("tool_calls")
    stage.until(lambda: bool(stage.work.chat.turns()[-1].tools))
    stage.settle()


@scene
def tool_asks(folder: Path, look: Look) -> Stage:
    """A tool wants to read the table."""
    stage = _asked(folder, look, "Which months were best, and what is the sum?")
    _call(stage, "query_table", sql=QUERY)
    return stage


@scene
def tool_asks_narrow(folder: Path, look: Look) -> Stage:
    """The same in a small window with the inspector."""
    stage = _asked(folder, look, "What is the sum of the column Total?", size=(960, 640))
    _call(stage, "sum_column", table="sales", column="Total")
    stage.window.commands.action("inspector").trigger()
    return stage


@scene
def tool_asks_outside(folder: Path, look: Look) -> Stage:
    """A foreign tool asks again, because the conversation holds a file; its words hide marks."""
    stage = _asked(folder, look, "File this under accounts.")
    stage.engine.job.text("I will move it.")
    spec = ToolSpec(
        from_schema("notes:move", "Move a note.", {"to": {"type": "string"}}, ["to"]),
        "move",
        "Move a note.",
        "write",
        lambda _arguments, _around: Outcome("moved"),
        lambda arguments: f"move(to: {arguments.get('to')})",
        server="notes",
    )
    stage.work.tools.set_foreign({spec.name: spec})
    stage.work.tools.set_standing(spec.key, "always")
    live = stage.work.answers.live_turn(stage.work.chat.conversation_id)
    assert live is not None
    assert live.settings is not None
    stage.work.chat.stop()
    stage.work.chat.change_settings(tools=("notes:move",))
    stage.work.chat.regenerate(live.id)
    stage.until(lambda: len(stage.engine.jobs) == 2)
    _call(stage, "notes:move", to="accounts\u202etxt.exe\u200b")
    return stage


@scene
def tool_done(folder: Path, look: Look) -> Stage:
    """Calls that were run, refused and failed, one of them open, and the answer."""
    stage = _asked(folder, look, "What is the sum of the column Total, and of 12 and 30?")
    chat, engine = stage.work.chat, stage.engine
    engine.job.say(ToolCallEvent(ToolCall("calculate", {"expression": "12 + 30"})))
    engine.job.say(ToolCallEvent(ToolCall("query_table", {"sql": QUERY})))
    engine.job.say(ToolCallEvent(ToolCall("list_files", {})))
    engine.job.say(ToolCallEvent(ToolCall("calculate", {"expression": "1 / 0"})))
    engine.job.finish("tool_calls")
    stage.until(lambda: any(tool.choices for tool in chat.turns()[-1].tools))
    chat.allow(chat.turns()[-1].id, 1, "conversation")
    chat.allow(chat.turns()[-1].id, 2, "dont")
    stage.until(lambda: len(engine.jobs) == 2)
    engine.job.text("The best month was **April** with 2,210, and 12 + 30 is 42.")
    engine.job.finish()
    stage.until(lambda: not chat.is_running)
    stage.settle()
    headers = stage.window.pane.transcript.findChildren(ToolHeader)
    QTest.mouseClick(headers[1], Qt.MouseButton.LeftButton)
    return stage


@scene
def settings_tools(folder: Path, look: Look) -> Stage:
    """The page of the settings."""
    stage = _asked(folder, look, "What is the sum?")
    stage.work.tools.set_standing("query_table", "always")
    stage.work.tools.set_standing("look_at", "never")
    stage.window.commands.action("settings").trigger()
    dialog = stage.window.settings
    dialog.show_tab("Tools")
    stage.extra = dialog
    return stage
