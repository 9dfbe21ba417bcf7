"""Making a smaller copy: from which, by which recipe, how large it will be, how it goes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from app.core.background import Background
from app.core.conversation import ErrorInfo
from app.core.quantizing import QuantizingProgress
from app.core.recipe_choices import RecipeChoice
from app.viewmodels.downloads import duration
from app.viewmodels.model_values import ProgressView
from app.viewmodels.words import gigabytes
from inference import USUAL_RECIPE, FacetError, Recipe

POLL_MS = 250
CLOSE_S = 2.0
# Measured: the converter holds a few rows of one matrix at a time, whatever the model's size.
PEAK = "under 1 GB"
State = Literal["reading", "choosing", "unsuited", "running", "done", "failed", "cancelled"]
_STAGES = {
    "waiting": "Starting",
    "checking": "Checking the model",
    "writing": "Writing",
    "verifying": "Checking what was written",
}


class Conversion(Protocol):
    """One conversion, in a process of its own."""

    def start(self) -> None:
        """Begin."""

    def poll(self) -> QuantizingProgress:
        """How far it is."""

    def cancel(self) -> None:
        """Stop; nothing is left behind."""

    def close(self) -> None:
        """Stop and wait a moment."""


@dataclass(frozen=True, slots=True)
class QuantizingPorts:
    """`choices` gives the recipes for a folder (slow, raises FacetError); `target` a new folder
    for a copy, inside `place`; `make` a conversion."""

    choices: Callable[[Path, Path], tuple[RecipeChoice, ...]]
    target: Callable[[Path, Recipe], Path]
    make: Callable[[Path, Path, Recipe], Conversion]
    place: Path


@dataclass(frozen=True, slots=True)
class RecipeView:
    """A recipe as it is offered. `saved` is like "−62 %"."""

    key: str
    label: str
    detail: str
    size: str
    saved: str
    problem: str = ""


class QuantizingViewModel(QObject):
    """One conversion at a time; it goes on when its sheet is closed."""

    changed = Signal()
    made = Signal(object)  # Path of the new copy
    _read = Signal(object, object)  # source, choices or ErrorInfo

    def __init__(self, ports: QuantizingPorts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ports = ports
        self._worker = Background("recipes")
        self._source: Path | None = None
        self._name = ""
        self._choices: tuple[RecipeChoice, ...] = ()
        self._key = USUAL_RECIPE
        self._problem: ErrorInfo | None = None
        self._running: Conversion | None = None
        self._seen = QuantizingProgress()
        self._state: State = "reading"
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self.poll)
        self._read.connect(self._on_read)

    @property
    def state(self) -> State:
        """What the sheet shows."""
        return self._state

    @property
    def is_running(self) -> bool:
        """Whether a copy is being made."""
        return self._running is not None

    @property
    def name(self) -> str:
        """What the copy is made from."""
        return self._name

    @property
    def source(self) -> Path | None:
        """The folder that the copy is made from."""
        return self._source

    @property
    def problem(self) -> ErrorInfo | None:
        """Why it cannot be, or has not been, done."""
        return self._problem

    @property
    def recipes(self) -> list[RecipeView]:
        """What can be chosen."""
        shown = []
        for choice in self._choices:
            size, whole = choice.prediction.size_bytes, choice.prediction.source_bytes
            saved = f"−{(1 - size / whole) * 100:.0f} %" if whole else ""
            problem = "" if choice.is_roomy else (
                f"Needs {gigabytes(choice.prediction.needed_bytes)} free, "
                f"{gigabytes(choice.free_bytes)} are."
            )  # fmt: skip
            recipe = choice.recipe
            shown.append(
                RecipeView(recipe.key, recipe.label, recipe.detail, gigabytes(size), saved, problem)
            )
        return shown

    @property
    def chosen(self) -> RecipeView | None:
        """The recipe chosen."""
        return next((one for one in self.recipes if one.key == self._key), None)

    @property
    def target(self) -> Path | None:
        """Where the copy will be."""
        choice = self._choice()
        return (
            self._ports.target(self._source, choice.recipe)
            if choice is not None and self._source is not None
            else None
        )

    @property
    def folder(self) -> Path | None:
        """The new copy once it is made."""
        return self._seen.folder

    @property
    def progress(self) -> ProgressView:
        """How far it is."""
        seen = self._seen
        words = _STAGES.get(seen.state, "")
        if seen.state == "writing" and seen.total_bytes:
            words = f"Writing {gigabytes(seen.done_bytes)} of {gigabytes(seen.total_bytes)}"
        left = duration(seen.seconds_left) if seen.seconds_left is not None else ""
        return ProgressView(words, left, seen.fraction)

    def look_at(self, source: Path, name: str) -> None:
        """Work out what can be made of a copy; while one is being made, that is shown."""
        if self.is_running:
            return
        self._source, self._name = source, name
        self._choices, self._problem, self._seen = (), None, QuantizingProgress()
        self._state = "reading"

        def read() -> None:
            try:
                self._read.emit(source, self._ports.choices(source, self._ports.place))
            except FacetError as error:
                self._read.emit(source, ErrorInfo(error.message, error.action))

        self._worker.call(read)
        self.changed.emit()

    def choose(self, key: str) -> None:
        """Another recipe."""
        self._key = key
        self.changed.emit()

    def start(self) -> None:
        """Make the copy."""
        choice, target = self._choice(), self.target
        if self.is_running or choice is None or target is None or self._source is None:
            return
        self._problem = None
        self._seen = QuantizingProgress()
        self._running = self._ports.make(self._source, target, choice.recipe)
        self._state = "running"
        self._running.start()
        self._timer.start()
        self.changed.emit()

    def cancel(self) -> None:
        """Stop; nothing of the new copy is left."""
        if self._running is not None:
            self._running.cancel()
            self.poll()

    def poll(self) -> None:
        """Look how far it is."""
        if self._running is None:
            return
        seen = self._running.poll()
        if seen == self._seen:
            return
        self._seen = seen
        if seen.is_over:
            self._timer.stop()
            self._running = None
            self._end(seen)
        self.changed.emit()

    def close(self) -> None:
        """End what runs."""
        self._timer.stop()
        if self._running is not None:
            self._running.close()
        self._worker.close(CLOSE_S)

    def _end(self, seen: QuantizingProgress) -> None:
        if seen.state == "done":
            self._state = "done"
            self.made.emit(seen.folder)
        elif seen.state == "failed":
            self._state = "failed"
            self._problem = ErrorInfo(
                seen.message, seen.action, "The model that it was made from is as it was."
            )
        else:
            self._state = "cancelled" if not self._choices else "choosing"

    def _choice(self) -> RecipeChoice | None:
        return next((one for one in self._choices if one.recipe.key == self._key), None)

    def _on_read(self, source: object, outcome: object) -> None:
        if source != self._source or self.is_running:
            return
        if isinstance(outcome, ErrorInfo):
            self._state, self._problem = "unsuited", outcome
        else:
            assert isinstance(outcome, tuple)
            self._choices, self._state = outcome, "choosing"
            keys = [choice.recipe.key for choice in outcome]
            if self._key not in keys and keys:
                self._key = USUAL_RECIPE if USUAL_RECIPE in keys else keys[0]
        self.changed.emit()
