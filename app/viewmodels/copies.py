"""Makes the rows of the Models pane from what is known. Pure: everything is handed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.core.conversation import ErrorInfo
from app.viewmodels.downloads import DownloadsViewModel
from app.viewmodels.fits import fit_view
from app.viewmodels.hub_ports import FoundFacts
from app.viewmodels.model_values import (
    CopyView,
    MenuCommand,
    ProgressView,
    RowState,
    SenseName,
    SenseState,
    SenseView,
    SizeView,
)
from app.viewmodels.words import gigabytes
from inference import CatalogueEntry, Fit

OTHERS = "Others"
TITLES = {
    "E2B": "Small and quick",
    "E4B": "The everyday model",
    "26B-A4B": "128 experts, 4 billion at work",
    "31B": "The most careful reader",
}
HEARING = {"E2B", "E4B"}
_TESTS: Mapping[SenseName, tuple[str, ...]] = {
    "sees": ("picture", "chart"),
    "hears": ("sound",),
    "watches": ("clip",),
}
_SAID: Mapping[SenseName, tuple[str, str]] = {
    "sees": ("Sees pictures and pages", "Cannot see"),
    "hears": ("Hears speech", "Cannot hear"),
    "watches": ("Watches clips", "Cannot watch"),
}
_OUTCOMES = {"untested": "not tested", "passed": "tested", "failed": "test failed"}


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one copy besides its catalogue entry.

    `badges` maps tests to their states. `work` is how far something that is being done with it
    is; `speed` is measured, `estimate` computed. `can` are the commands that can be given.
    """

    found: FoundFacts | None = None
    fit: Fit | None = None
    badges: Mapping[str, str] = field(default_factory=dict)
    tested: str = ""
    speed: float | None = None
    estimate: float | None = None
    chosen: str = ""  # "loading", "in_use", "failed" where it is the one chosen
    load_problem: ErrorInfo | None = None
    work: ProgressView | None = None
    verdict: ErrorInfo | None = None  # of a verification
    can: tuple[MenuCommand, ...] = ()


def copy_of_entry(entry: CatalogueEntry, known: Known, downloads: DownloadsViewModel) -> CopyView:
    """The row of a catalogue entry."""
    state = _state(entry.key, known, downloads)
    caption = downloads.caption(entry.key) or _caption(entry.detail, known)
    problem = known.verdict or known.load_problem or downloads.problem(entry.key)
    found = known.found
    if problem is None and state == "incomplete" and found is not None:
        why = found.model.problem or "Some of its files are missing."
        problem = ErrorInfo("This copy is not complete.", why, "", "Repair", "get")
    size = found.model.size_bytes if found is not None else entry.download_bytes
    return CopyView(
        entry.key,
        entry.size,
        entry.label,
        caption,
        gigabytes(size),
        state,
        fit_view(known.fit),
        senses(entry.sees, entry.hears, known.badges),
        *_speed(known),
        licence=entry.licence,
        origin=str(found.model.folder) if found is not None else entry.repo,
        progress=known.work or downloads.view(entry.key),
        problem=problem,
        menu=known.can,
        size_bytes=size,
        is_promoted=state != "absent" or _is_usual(entry),
    )


def copy_of_found(found: FoundFacts, known: Known) -> CopyView:
    """The row of a copy that the catalogue does not have."""
    model = found.model
    state: RowState = "installed" if model.is_complete and not model.problem else "incomplete"
    if known.chosen in ("loading", "in_use"):
        state = "loading" if known.chosen == "loading" else "in_use"
    problem = known.verdict or known.load_problem
    if problem is None and state == "incomplete":
        problem = ErrorInfo("This copy cannot be used.", model.problem or "Files are missing.")
    return CopyView(
        str(model.folder),
        found.size or OTHERS,
        found.bits or "As it is",
        _caption(model.folder.name, known),
        gigabytes(model.size_bytes),
        state,
        fit_view(known.fit),
        senses(found.sees, found.hears, known.badges),
        *_speed(known),
        origin=str(model.folder),
        progress=known.work,
        problem=problem,
        menu=known.can,
        size_bytes=model.size_bytes,
    )


def in_cards(copies: Sequence[CopyView], sizes: Sequence[str], licence: str) -> list[SizeView]:
    """The rows in one card for each size; what has none comes last."""
    cards = []
    for size in (*sizes, OTHERS):
        rows = tuple(copy for copy in copies if copy.size == size)
        if not rows:
            continue
        if size == OTHERS:
            cards.append(SizeView(size, "Others on this computer", "Found in your folders", rows))
            continue
        hears = size in HEARING
        line = "sees, hears, watches" if hears else "sees and watches, cannot hear"
        title = TITLES.get(size, "")
        words = f"{title} · {line}" if title else line
        cards.append(SizeView(size, f"Gemma 4 {size}", words, rows, licence))
    return cards


def senses(sees: bool, hears: bool, badges: Mapping[str, str]) -> tuple[SenseView, ...]:
    """Seeing, hearing and watching with what their tests said."""
    there = {"sees": sees, "hears": hears, "watches": sees}
    shown = []
    for name, tests in _TESTS.items():
        can, cannot = _SAID[name]
        if not there[name]:
            shown.append(SenseView(name, "absent", cannot))
            continue
        state = _outcome([badges.get(test, "untested") for test in tests])
        shown.append(SenseView(name, state, f"{can}, {_OUTCOMES[state]}"))
    return tuple(shown)


def _outcome(states: Sequence[str]) -> SenseState:
    if "failed" in states:
        return "failed"
    return "passed" if states and all(state == "passed" for state in states) else "untested"


def _state(key: str, known: Known, downloads: DownloadsViewModel) -> RowState:
    if known.chosen in ("loading", "in_use"):
        return "loading" if known.chosen == "loading" else "in_use"
    fetched = downloads.state(key)
    found = known.found
    is_whole = found is not None and found.model.is_complete and not found.model.problem
    if fetched is not None and not (is_whole and fetched == "paused"):
        return fetched
    if is_whole:
        return "installed"
    return "absent" if found is None else "incomplete"


def _caption(detail: str, known: Known) -> str:
    return f"{detail} · {known.tested}" if known.tested else detail


def _speed(known: Known) -> tuple[str, bool]:
    if known.speed:
        return f"{known.speed:,.1f} tok/s", True
    if not known.estimate or (known.fit is not None and known.fit.state == "wont_fit"):
        return "–", False
    digits = 0 if known.estimate >= 9.95 else 1
    return f"≈ {known.estimate:,.{digits}f} tok/s", False


def _is_usual(entry: CatalogueEntry) -> bool:
    """Shown without unfolding: the usual quantization, and the next larger one."""
    return entry.bits in (4, 8) and not entry.is_drafter and not entry.is_qat
