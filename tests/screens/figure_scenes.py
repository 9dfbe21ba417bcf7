"""The checked table beside its picture, in its states."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from app.core.bundled import example
from app.core.figures.values import CheckState, Crop, Figure, FigureTable, SecondReading, new_id
from app.core.work import Work
from app.viewmodels import turns as make
from tests.screens.stage import Look, Stage

NARROW = (960, 640)
FIGURES: dict[str, Callable[[Path, Look], Stage]] = {}
MONTHS: Crop = (40, 215, 825, 505)
MIX: Crop = (860, 285, 1230, 475)


def scene(make_scene: Callable[[Path, Look], Stage]) -> Callable[[Path, Look], Stage]:
    """Registers a scene under its function's name."""
    FIGURES[make_scene.__name__.replace("_", "-")] = make_scene
    return make_scene


@scene
def table_empty(folder: Path, look: Look) -> Stage:
    """The tab without a table."""
    stage = _pictured(folder, look)
    _pane(stage).show_table()
    return stage


@scene
def table_done(folder: Path, look: Look) -> Stage:
    """A dashboard that was read and checked; one figure differs, one was not found."""
    stage = _pictured(folder, look)
    _put(stage, figures())
    stage.program.panes.figures.choose("Quality")
    return stage


@scene
def table_open(folder: Path, look: Look) -> Stage:
    """A group unfolded, a value being typed."""
    stage = _pictured(folder, look)
    _put(stage, figures())
    panel = _panel(stage)
    stage.program.panes.figures.toggle("Revenue by channel")
    panel.view.edit_value("Online shop")
    return stage


@scene
def table_busy(folder: Path, look: Look) -> Stage:
    """Figures being checked."""
    stage = _pictured(folder, look)
    todo = tuple(replace(f, state="unchecked", second=None) if n > 13 else f
                 for n, f in enumerate(figures()))  # fmt: skip
    _put(stage, todo)
    shown = stage.program.panes.figures
    shown.check(("Returns",))
    stage.until(lambda: bool(stage.engine.jobs))
    return stage


@scene
def table_narrow(folder: Path, look: Look) -> Stage:
    """The smallest window."""
    stage = _pictured(folder, look, NARROW)
    _put(stage, figures())
    stage.program.panes.figures.choose("Quality")
    return stage


def figures() -> tuple[Figure, ...]:
    """The example dashboard's figures, and what became of them."""
    months = zip(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep"),
        (118, 124, 131, 127, 139, 146, 152, 149, 181),
        strict=True,
    )
    mix = (("Coffee bars", "46 %"), ("Online shop", "31 %"), ("Wholesale", "23 %"))
    return (
        *(_figure(name, f"${value}k", MONTHS, "Revenue by month") for name, value in months),
        _figure("Revenue", "$482k", (45, 100, 230, 185)),
        _figure("Orders", "8,640", (355, 100, 540, 185)),
        *(_figure(name, value, MIX, "Revenue by channel") for name, value in mix),
        _figure("Average order", "$55.79", (660, 100, 845, 185)),
        _figure("Returns", "1.8 %", (970, 100, 1085, 185)),
        _figure("Quality", "+9 %", (660, 605, 1235, 640), "Change", "differs", "+6 %"),
        _figure("Sites reporting", "14", None, "", "not found", ""),
    )


def _figure(
    name: str,
    value: str,
    crop: Crop | None,
    group: str = "",
    state: CheckState = "confirmed",
    second: str | None = None,
) -> Figure:
    wide = None if crop is None else (crop[0] - 12, crop[1] - 10, crop[2] + 12, crop[3] + 10)
    reading = SecondReading(value if second is None else second, wide, 1120)
    return Figure(name, name, value, group, state, "", value, crop, reading)


def _pictured(folder: Path, look: Look, size: tuple[int, int] = (1280, 820)) -> Stage:
    stage = Stage(folder, look, size=size)
    stage.work.library.show_pane("image")
    picture = example("dashboard.png")
    assert picture is not None
    stage.work.materials.add_files([picture])
    stage.until(lambda: stage.work.materials.current is not None)
    stage.until(lambda: stage.program.panes.image.state == "ready")
    return stage


def _put(stage: Stage, made: tuple[Figure, ...]) -> None:
    current = stage.work.materials.current
    assert current is not None
    conversation_id = stage.work.chat.conversation_id
    question = make.question(None, "Read this dashboard.", (current,))
    stage.work.desk.add_turn(conversation_id, question)
    table = FigureTable(new_id(), "dashboard", made, question.id, current.id, model="Gemma 4 E4B")
    stage.work.desk.set_work(conversation_id, Work((table,)))
    _pane(stage).show_table()
    stage.settle()


def _pane(stage: Stage):  # type: ignore[no-untyped-def]
    return stage.window.panes.pane("image")


def _panel(stage: Stage):  # type: ignore[no-untyped-def]
    from app.widgets.grid.panel import FigurePanel

    return _pane(stage).findChild(FigurePanel)
