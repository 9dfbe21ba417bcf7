"""The port between asking and showing."""

from __future__ import annotations

from typing import Protocol

from inference import Event


class Output(Protocol):
    """Where events go: a person's terminal or a program's pipe."""

    def phase(self, label: str) -> None:
        """Work outside the engine has begun."""

    def tick(self) -> None:
        """A short time has passed."""

    def show(self, event: Event) -> None:
        """An event of the engine, or one of the same kind from here."""
