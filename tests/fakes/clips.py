"""A clip without a file: materials that hold it, a reader that paints its frames when told to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from app.core.asking import Senses
from app.core.conversation import Attachment, Settings
from app.core.work import Work
from app.intake.selection import Selection
from app.viewmodels.materials import MaterialView
from app.viewmodels.values import ContextUse, ModelChoice
from tests.unit.app.intake.films import numbered

PEAKS_PER_S = 50
SCENE_S = 17  # the painted clip shows another scene every so many seconds
SCENES = ((70, 120, 160), (160, 120, 60), (60, 140, 90), (120, 70, 140), (200, 200, 190))


def clip(seconds: float = 252.0, *, sound: bool = True, **values: object) -> Attachment:
    """An attachment that says it is a clip of 1280 x 720."""
    made = Attachment(
        "clip", "video", "hall.mp4", "5" * 64, 1000, width=1280, height=720, seconds=seconds,
        has_sound=sound,
    )  # fmt: skip
    return replace(made, **values)  # type: ignore[arg-type]


def painted(second: int, width: int = 96) -> NDArray[np.uint8]:
    """The picture of a second: its number in black and white on the colour of its scene."""
    height = width * 9 // 16
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[:] = SCENES[second // SCENE_S % len(SCENES)]
    shown = numbered(second % 256)[::4, ::4]
    rows, columns = min(height, shown.shape[0]), min(width, shown.shape[1])
    pixels[:rows, :columns] = shown[:rows, :columns]
    return pixels


class Materials(QObject):
    """Holds one clip, or none, in the state it is given."""

    changed = Signal()
    current_changed = Signal()
    work_changed = Signal()
    problem = Signal(str)

    def __init__(self, attachment: Attachment | None = None) -> None:
        super().__init__()
        self.attachment = attachment
        self.view = (
            None
            if attachment is None
            else MaterialView(attachment.id, attachment.name, "video", "ready", "", attachment)
        )
        self.added: list[Path] = []
        self.stored: list[Selection] = []
        self.sent = False
        self.work = Work()

    @property
    def current(self) -> Attachment | None:
        return self.attachment

    def items(self) -> tuple[MaterialView, ...]:
        return () if self.view is None else (self.view,)

    def put(self, view: MaterialView | None) -> None:
        """Another clip, or another state of it."""
        self.view = view
        self.attachment = None if view is None else view.attachment
        self.changed.emit()
        self.current_changed.emit()

    def set_selection(self, _id: str, selection: Selection) -> None:
        self.stored.append(selection)
        self._change(selection=selection)

    def set_budget(self, _id: str, soft_tokens: int) -> None:
        self._change(soft_tokens=soft_tokens)

    def add_files(self, paths: list[Path]) -> None:
        self.added += paths

    def set_work(self, work: Work) -> None:
        self.work = work
        self.work_changed.emit()

    def remove(self, _id: str) -> None:
        self.put(None)

    def is_sent(self, _attachment: Attachment | None) -> bool:
        return self.sent

    def _change(self, **values: object) -> None:
        assert self.attachment is not None
        assert self.view is not None
        self.attachment = replace(self.attachment, **values)  # type: ignore[arg-type]
        self.view = replace(self.view, attachment=self.attachment)
        self.changed.emit()


class Chat(QObject):
    """A conversation in which nothing was said yet."""

    context_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.settings = Settings()
        self.context = ContextUse()
        self.media_seconds_per_token: float | None = None
        self.file = Path("clip.mp4")

    def image_seen(self, _sha256: str) -> Path:
        return self.file


class Models(QObject):
    """A model with a context and senses that can be changed."""

    changed = Signal()

    def __init__(self, context_tokens: int = 131_072, *, hears: bool = True) -> None:
        super().__init__()
        self.senses = Senses(True, hears)
        self.context_tokens = context_tokens
        self.listed: list[ModelChoice] = []
        self.current: ModelChoice | None = None
        self.chosen: list[str] = []

    def choices(self) -> list[ModelChoice]:
        return self.listed

    def choose(self, key: str) -> None:
        self.chosen.append(key)


class Composer(QObject):
    """Remembers what was put into it."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""

    def prefill(self, text: str) -> None:
        self.text = text


@dataclass(slots=True)
class Asked:
    """One request for frames."""

    start_s: float
    end_s: float
    max_px: int
    on_frame: Callable[[int, float, NDArray[np.uint8]], None]
    done: Callable[[str], None]
    is_cancelled: bool = False

    def cancel(self) -> None:
        """Nobody wants it any more."""
        self.is_cancelled = True


class PaintedReader:
    """Answers at once, or with `is_held` when `release` is called. `absent` have no picture."""

    def __init__(self, *, is_held: bool = False) -> None:
        self.asked: list[Asked] = []
        self.waiting: list[Asked] = []
        self.absent: set[int] = set()
        self.problem = ""
        self.waves = 0
        self._is_held = is_held

    def frames(
        self,
        _attachment: Attachment,
        start_s: float,
        end_s: float,
        max_px: int,
        on_frame: Callable[[int, float, NDArray[np.uint8]], None],
        done: Callable[[str], None],
    ) -> Asked:
        asked = Asked(start_s, end_s, max_px, on_frame, done)
        self.asked.append(asked)
        self.waiting.append(asked)
        if not self._is_held:
            self.release()
        return asked

    def release(self) -> None:
        """Deliver what was asked for."""
        while self.waiting:
            asked = self.waiting.pop(0)
            if asked.is_cancelled:
                continue
            for second in range(int(asked.start_s), int(asked.end_s)):
                if second not in self.absent and not self.problem:
                    number = second - int(asked.start_s)
                    asked.on_frame(number, float(second), painted(second))
            asked.done(self.problem)

    def wave(
        self,
        attachment: Attachment,
        done: Callable[[NDArray[np.float32] | None, float, str], None],
    ) -> Asked:
        self.waves += 1
        size = np.abs(np.sin(np.arange(int(attachment.seconds * PEAKS_PER_S)) / 120))
        done(np.stack([-size, size], 1).astype(np.float32), attachment.seconds, "")
        return Asked(0.0, 0.0, 0, lambda _i, _t, _rgb: None, lambda _problem: None)
