"""Errors a person can read: what happened, why, and one thing to do about it."""

from __future__ import annotations


class FacetError(Exception):
    """Base of every expected failure.

    The text is one or two sentences: what happened, why, and what to do. It may be shown as it
    is, so it never contains a traceback, a secret or more than 400 characters of foreign text.
    """

    def __init__(self, message: str, action: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.action = action

    def __str__(self) -> str:
        return f"{self.message} {self.action}".strip()


class CheckpointError(FacetError):
    """A model folder is damaged, incomplete, foreign or unsafe; nothing of it was used."""


class ConversionError(FacetError):
    """A quantised model cannot be written; nothing of it is left, its source is as it was."""


class MediaError(FacetError):
    """A picture, clip or recording cannot be given to the model as it is."""


class PromptError(FacetError):
    """A conversation cannot be rendered: wrong roles, parts, tools or token ids."""


class GenerationError(FacetError):
    """A run could not be started or finished; the model itself is still usable."""


class HubError(FacetError):
    """A model cannot be fetched, checked or removed; what is on the disk is as it was."""


class RanksError(FacetError):
    """Computers that work together cannot find each other, or one of them is gone."""


class EngineClosedError(FacetError):
    """The engine was closed; it takes no more requests."""


class NoRoomError(FacetError):
    """A model was not loaded because it cannot fit into this computer's memory."""
