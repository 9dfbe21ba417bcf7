"""Questions to the model that are no turns of a conversation: asked in the gaps between answers.

One at a time goes to the engine, and only while nobody waits for an answer.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtCore import QObject

from app.bridge import EngineBridge, Keyed
from app.core.replies import Reply as SideAnswer
from app.core.replies import ReplyBuilder
from app.viewmodels.answers import Answers
from app.viewmodels.models import ModelsViewModel
from inference import Request

__all__ = ["OnAnswer", "SideAnswer", "SideRequests"]

OnAnswer = Callable[[SideAnswer], None]


@dataclass(slots=True)
class _Asked:
    request: Request
    done: OnAnswer
    owner: str
    key: str = ""
    reply: ReplyBuilder = field(default_factory=ReplyBuilder)


class SideRequests(QObject):
    """A queue of its own behind the answers. What was dropped is never called back."""

    def __init__(
        self,
        bridge: EngineBridge,
        answers: Answers,
        models: ModelsViewModel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._bridge, self._answers, self._models = bridge, answers, models
        self._waiting: deque[_Asked] = deque()
        self._active: _Asked | None = None
        self._count = 0
        self._is_closed = False
        bridge.events.connect(self._on_events)
        answers.ended.connect(self._next)
        answers.calling.connect(self._next)
        models.changed.connect(self._next)

    @property
    def is_waiting(self) -> bool:
        """Whether there is something to ask that cannot be asked yet."""
        return self._active is None and bool(self._waiting)

    def ask(self, request: Request, done: OnAnswer, owner: str) -> None:
        """Ask when the engine is free; `done` is called on this thread, never at once."""
        if not self._is_closed:
            self._waiting.append(_Asked(request, done, owner))
            self._next()

    def drop(self, owner: str) -> None:
        """Forget what this owner has asked; what is being answered is stopped."""
        self._waiting = deque(each for each in self._waiting if each.owner != owner)
        active = self._active
        if active is not None and active.owner == owner:
            self._active = None
            self._bridge.cancel(active.key)
            self._next()

    def close(self) -> None:
        """Stop everything; the last thing to be called."""
        self._is_closed = True
        self._waiting.clear()
        if self._active is not None:
            self._bridge.cancel(self._active.key)
            self._active = None

    def _next(self, *_: object) -> None:
        if self._active is not None or not self._waiting or self._answers.needs_engine:
            return
        if self._models.state == "none" and self._models.current is not None:
            self._models.reload()  # its next word calls this again
            return
        if self._models.state == "loading":
            return
        self._count += 1
        asked = self._active = self._waiting.popleft()
        asked.key = f"side {self._count}"
        if self._models.state != "ready":
            error = self._models.error
            why = error.what if error is not None else "There is no model to answer."
            self._end(asked, SideAnswer(problem=why))
            return
        self._bridge.submit(asked.request, asked.key)

    def _on_events(self, batch: list[Keyed]) -> None:
        for key, event in batch:
            asked = self._active
            if asked is not None and asked.key == key:
                answer = asked.reply.take(event)
                if answer is not None:
                    self._end(asked, answer)

    def _end(self, asked: _Asked, answer: SideAnswer) -> None:
        self._active = None
        asked.done(answer)
        self._next()
