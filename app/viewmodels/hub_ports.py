"""What the Models pane needs of the world: the catalogue, the disk, the hub, this computer.

The composition root fills it in; tests and pictures hand in fakes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from inference import (
    CatalogueEntry,
    DownloadProgress,
    Fit,
    FoundModel,
    Leftover,
    Machine,
)


class DownloadPort(Protocol):
    """One model on its way. Every method returns at once."""

    @property
    def entry(self) -> CatalogueEntry:
        """What is fetched."""

    def progress(self) -> DownloadProgress:
        """How far it is."""

    def pause(self) -> None:
        """Stop; what has arrived is kept."""

    def resume(self) -> None:
        """Go on, after a failure too."""

    def cancel(self) -> None:
        """End it and delete what has arrived."""


class DownloadsPort(Protocol):
    """All downloads of one cache."""

    def start(self, entry: CatalogueEntry) -> DownloadPort:
        """Begin, or go on."""

    def leftovers(self) -> tuple[Leftover, ...]:
        """What earlier runs did not finish."""

    def discard(self, leftover: Leftover) -> int:
        """Delete what had arrived of it."""

    def set_offline(self, is_offline: bool) -> None:
        """Open no connection."""

    def close(self) -> None:
        """Pause everything; part files stay."""


@dataclass(frozen=True, slots=True)
class FoundFacts:
    """What is told of a found copy besides where it lies; worked out on a background thread."""

    model: FoundModel
    size: str = ""  # "E4B", "" when it cannot be told
    bits: str = ""  # "4-bit"
    sees: bool = True
    hears: bool = False
    fits: tuple[tuple[int, Fit], ...] = ()  # for each context that can be chosen


@dataclass(frozen=True, slots=True)
class HubPorts:
    """Functions and values. None of them may be slow but `find`, `remove` and `verify`.

    `find` searches the shared cache and these folders. `fit` judges an entry for a context.
    `remove` deletes a copy and gives the bytes that were freed; it raises FacetError.
    `verify` reads every byte of a copy: it calls back with the share done, stops when the second
    function says so, and returns what is wrong, a sentence for each file. `keep_token` stores an
    access token for the downloads; it raises FacetError.
    """

    entries: tuple[CatalogueEntry, ...]
    downloads: DownloadsPort
    machine: Callable[[], Machine]
    find: Callable[[Sequence[Path]], tuple[FoundFacts, ...]]
    fit: Callable[[CatalogueEntry, Machine, int], Fit]
    speed: Callable[[CatalogueEntry, Machine], float | None]
    remove: Callable[[FoundModel], int]
    verify: Callable[[FoundModel, Callable[[float], None], Callable[[], bool]], tuple[str, ...]]
    cache_folder: Path
    keep_token: Callable[[str], None] | None = None
    contexts: tuple[int, ...] = (16_384,)
