"""The Models pane and the first run in their states."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from app.core.preferences import Preferences
from app.viewmodels.first_run import FirstRunViewModel
from app.widgets.models.place import ModelsPlace
from tests.fakes.shop import SMALL_MAC, Shop, leftover
from tests.screens import content
from tests.screens.content import StoredFiles
from tests.screens.stage import MODEL, Look, Stage

NARROW = (960, 640)
MODELS: dict[str, Callable[[Path, Look], Stage]] = {}


def scene(make: Callable[[Path, Look], Stage]) -> Callable[[Path, Look], Stage]:
    """Registers a scene under its function's name."""
    MODELS[make.__name__.replace("_", "-")] = make
    return make


def place(stage: Stage) -> ModelsPlace:
    """The pane with its parts."""
    made = stage.window.models_place
    assert made is not None
    return made


def first(stage: Stage) -> FirstRunViewModel:
    """The first run's view-model."""
    assert stage.program.models is not None
    return stage.program.models.first_run


def shop(folder: Path, **values: object) -> Shop:
    """Two copies are here, one of them in use."""
    made = Shop(folder / "cache", **values)  # type: ignore[arg-type]
    made.put("e2b-4bit", folder=MODEL)
    made.put("e4b-4bit", folder=MODEL.parent / "dense")
    return made


def pane(
    folder: Path, look: Look, made: Shop, size: tuple[int, int] = (1280, 820), **values: object
) -> Stage:
    """The pane is shown, E4B 4-bit is in use."""
    files = StoredFiles(folder / "data")
    chosen = Preferences(model_key="e4b-4bit", first_run_done=True)
    stage = Stage(
        folder, look, content.week(files), size=size, preferences=chosen, hub=made.ports,
        **values,  # type: ignore[arg-type]
    )  # fmt: skip
    stage.until(lambda: stage.work.models.state == "ready")
    stage.window.show_models()
    stage.settle()
    return stage


@scene
def models_pane(folder: Path, look: Look) -> Stage:
    """As in the design: one in use, one on its way."""
    made = shop(folder)
    stage = pane(folder, look, made)
    place(stage).pane.act("e4b-8bit", "get")
    made.downloads.started["e4b-8bit"].at(3.4)
    return stage


@scene
def models_narrow(folder: Path, look: Look) -> Stage:
    """The smallest window, with a pause and a failure."""
    made = shop(folder)
    stage = pane(folder, look, made, NARROW)
    place(stage).pane.act("e4b-8bit", "get")
    made.downloads.started["e4b-8bit"].at(3.4)
    stage.settle()
    place(stage).pane.act("e4b-8bit", "pause")
    place(stage).pane.act("e2b-8bit", "get")
    made.downloads.started["e2b-8bit"].at(1.1)
    stage.settle()
    made.downloads.started["e2b-8bit"].fail(
        "The disk is too full.", "It needs 5.2 GB, 3.1 GB are free on this disk.", "no_space"
    )
    return stage


@scene
def models_states(folder: Path, look: Look) -> Stage:
    """Stalled, failed, left over, damaged, incomplete."""
    made = shop(folder)
    made.damaged = ("model-00002-of-00002.safetensors is damaged.",)
    made.put("31b-4bit", problem="model-00003-of-00004.safetensors is missing.")
    made.downloads.left = (leftover("26b-a4b-4bit", 3.2),)
    stage = pane(folder, look, made)
    act = place(stage).pane.act
    for key in ("e2b-8bit", "e4b-8bit"):
        act(key, "get")
        made.downloads.started[key].at(1.2)
    stage.settle()
    stalled = made.downloads.started["e2b-8bit"]
    stalled.at(1.2, 0.0)
    stalled.now = replace(
        stalled.now, state="stalled", message="No data for 15 s. Trying again, 2 of 8."
    )
    made.downloads.started["e4b-8bit"].fail(
        "One file keeps arriving damaged (model-00002).",
        "Only that file will be fetched again.", "damaged",
    )  # fmt: skip
    act("e2b-4bit", "verify")
    return stage


@scene
def models_fit(folder: Path, look: Look) -> Stage:
    """The sum behind a verdict."""
    stage = pane(folder, look, shop(folder))
    card = place(stage).pane.cards["31B"]
    card.rows[0].fit.click()
    return stage


@scene
def models_small_mac(folder: Path, look: Look) -> Stage:
    """8 GB: nearly nothing fits; everything is unfolded."""
    stage = pane(folder, look, shop(folder, machine=SMALL_MAC))
    for card in place(stage).pane.cards.values():
        if not card.more.isHidden():
            card.more.click()
    return stage


@scene
def models_find(folder: Path, look: Look) -> Stage:
    """Where copies are looked for."""
    made = shop(folder)
    made.put_own(folder / "Models" / "gemma-4-e4b-it-mixed-4-8", "E4B", "4-bit", 5_900_000_000)
    stage = pane(folder, look, made)
    stage.work.preferences.change(model_sources=(str(folder / "Models"),))
    place(stage).bar.wanted.emit("find")
    stage.extra = place(stage).find_sheet
    return stage


@scene
def models_large_text(folder: Path, look: Look) -> Stage:
    """Text at 20 px."""
    made = shop(folder)
    stage = pane(folder, look, made, text_px=20)
    place(stage).pane.act("e4b-8bit", "get")
    made.downloads.started["e4b-8bit"].at(3.4)
    return stage


def welcome(
    folder: Path, look: Look, made: Shop | None = None, size: tuple[int, int] = (1280, 820)
) -> tuple[Stage, Shop]:
    """The first run, just begun."""
    shown = made or Shop(folder / "cache")
    stage = Stage(folder, look, size=size, hub=shown.ports)
    stage.settle()
    return stage, shown


@scene
def welcome_machine(folder: Path, look: Look) -> Stage:
    """Step 1."""
    return welcome(folder, look)[0]


@scene
def welcome_pick(folder: Path, look: Look) -> Stage:
    """Step 2, with a copy on the disk."""
    made = Shop(folder / "cache")
    made.put("e4b-8bit", folder=MODEL)
    stage, _ = welcome(folder, look, made)
    first(stage).go_on()
    first(stage).choose("e4b-4bit")
    return stage


@scene
def welcome_pick_narrow(folder: Path, look: Look) -> Stage:
    """The same in the smallest window."""
    made = Shop(folder / "cache")
    made.put("e4b-8bit", folder=MODEL)
    stage, _ = welcome(folder, look, made, NARROW)
    first(stage).go_on()
    first(stage).choose("e4b-4bit")
    return stage


@scene
def welcome_download(folder: Path, look: Look) -> Stage:
    """Step 3."""
    stage, made = welcome(folder, look)
    first(stage).go_on()
    first(stage).choose("e4b-4bit")
    first(stage).go_on()
    made.downloads.started["e4b-4bit"].at(2.1)
    return stage


@scene
def welcome_chart(folder: Path, look: Look) -> Stage:
    """Step 5."""
    stage, _ = welcome(folder, look)
    first(stage)._go("chart")
    return stage
