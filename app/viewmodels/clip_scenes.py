"""The scenes of the open clip as the person splits and names them; kept with the conversation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject

from app.core import clip_events
from app.core.clip_events import ClipEvent, Events
from app.core.clips import Window
from app.core.conversation import Attachment
from app.viewmodels.materials import MaterialsViewModel


class ClipScenes(QObject):
    """Pieces of the clip's time with a text each; the materials say when they are others."""

    def __init__(
        self,
        clip: Callable[[], Attachment | None],
        window: Callable[[], Window],
        materials: MaterialsViewModel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._clip, self._window, self._materials = clip, window, materials

    def shown(self) -> Events:
        """The pieces that touch the window, in order."""
        clip, window = self._clip(), self._window()
        if clip is None:
            return ()
        own = clip_events.of_clip(self._all, clip.id)
        return tuple(e for e in own if e.start_s < window.end and e.end_s > window.start)

    def split(self, second: float) -> None:
        """Begin a new piece at a second; the first split makes two of the window."""
        clip, window = self._clip(), self._window()
        if clip is not None:
            span = float(window.start), float(window.end)
            self._keep(clip_events.split(self._all, clip.id, float(second), *span))

    def rename(self, event: ClipEvent, text: str) -> None:
        """Say what happens in a piece."""
        self._keep(clip_events.renamed(self._all, event, text))

    def remove(self, event: ClipEvent) -> None:
        """Take a piece away; its neighbour grows into its place."""
        self._keep(clip_events.removed(self._all, event))

    def move(self, event: ClipEvent, start: float) -> None:
        """Let a piece begin at another second."""
        self._keep(clip_events.moved(self._all, event, float(round(start))))

    @property
    def _all(self) -> Events:
        return self._materials.work.events

    def _keep(self, events: Events) -> None:
        work = self._materials.work
        if events != work.events:
            self._materials.set_work(replace(work, events=events))
