"""Frozen values of the image pane: what a picture costs, its ready tasks, its evidence boxes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.core.crops import Crop
from app.core.tasks import TaskKey

BoxState = Literal[
    "confirmed", "differs", "not found", "computed", "by hand", "unchecked", "checking"
]

BUDGET_NAMES = {70: "Glance", 140: "Low", 280: "Standard", 560: "Detail", 1120: "Fine print"}


@dataclass(frozen=True, slots=True)
class EvidenceBox:
    """Where a figure was read: a rectangle on the upright picture with its number and state.

    `page` is the page of a document, 0 for a picture.
    """

    id: str
    number: str
    crop: Crop
    state: BoxState = "unchecked"
    page: int = 0


@dataclass(frozen=True, slots=True)
class CostView:
    """What the model gets of the picture or crop with one budget.

    `width` x `height` is the size it is resized to; `seconds` is None while nothing was measured.
    """

    budget: int
    name: str
    width: int
    height: int
    tokens: int
    seconds: float | None = None
    is_chosen: bool = False  # by the person or a task; else it follows from the model and the size


@dataclass(frozen=True, slots=True)
class TaskView:
    """A ready task; `why_not` says why it cannot be asked now."""

    key: TaskKey
    title: str
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class OtherView:
    """A further picture that the shown one can be compared with."""

    id: str
    name: str
