"""A device that the system asks the person about: what microphone and camera have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.capture.ports import Device


class AskedDevice:
    """`allowed`: None while nobody was asked, then what `answer` says."""

    def __init__(self, names: Sequence[str], allowed: bool | None) -> None:
        self.names = list(names)
        self.allowed = allowed
        self.closed = 0
        self._answer: Callable[[bool], None] | None = None

    def devices(self) -> tuple[Device, ...]:
        return tuple(Device(name.lower(), name) for name in self.names)

    @property
    def is_allowed(self) -> bool | None:
        return self.allowed

    def ask(self, done: Callable[[bool], None]) -> None:
        self._answer = done

    def answer(self, is_allowed: bool) -> None:
        """The person answers the system's question."""
        assert self._answer is not None, "the system was not asked"
        self.allowed = is_allowed
        self._answer(is_allowed)
