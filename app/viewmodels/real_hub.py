"""The real ports of the Models pane: the shared cache, the public hub, this computer."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from app.core.model_digest import model_digest
from app.core.model_folders import read_facts
from app.viewmodels.hub_ports import FoundFacts, HubPorts
from inference import (
    CATALOGUE,
    CONTEXTS,
    SIZES,
    Downloads,
    FacetError,
    Fit,
    FoundModel,
    KeychainTokens,
    Machine,
    Shape,
    checked_token,
    entry_of_repo,
    find_models,
    find_token,
    fit_entry,
    fit_shape,
    read_shape,
    remove_model,
    shape_of,
    speed_estimate,
    this_machine,
    verify_model,
)

_log = logging.getLogger(__name__)
WHOLE_BITS = 16.0


def real_hub(downloads: Downloads, machine: Callable[[], Machine] | None = None) -> HubPorts:
    """Everything that the pane needs, around a set of downloads."""
    cache = downloads.cache_folder
    look = machine or (lambda: this_machine(cache))
    finder = Finder(cache, look)
    return HubPorts(
        tuple(entry for entry in CATALOGUE if not entry.is_drafter),
        downloads,
        look,
        finder.find,
        lambda entry, here, context: fit_entry(entry, here, context),
        speed_estimate,
        remove_model,
        _verify,
        cache,
        _keeper(downloads),
        CONTEXTS,
    )


def hand_over_token(downloads: Downloads) -> None:
    """Give the downloads the token that was kept, if there is one. May wait for the keychain."""
    token = find_token(KeychainTokens())
    if token:
        downloads.set_token(token)


def _keeper(downloads: Downloads) -> Callable[[str], None]:
    """Keeps a token in the keychain and hands it to the downloads."""

    def keep(token: str) -> None:
        checked = checked_token(token)
        KeychainTokens().set(checked)
        downloads.set_token(checked)

    return keep


class Finder:
    """Finds copies and judges each by its own headers, which are read once."""

    def __init__(self, cache: Path, machine: Callable[[], Machine]) -> None:
        self._cache = cache
        self._machine = machine
        self._shapes: dict[tuple[Path, int], Shape | None] = {}

    def find(self, folders: Sequence[Path]) -> tuple[FoundFacts, ...]:
        """Every copy in the cache and in these folders. Slow: for a background thread."""
        here = self._machine()
        return tuple(self._facts(model, here) for model in find_models(folders, self._cache))

    def _facts(self, model: FoundModel, here: Machine) -> FoundFacts:
        facts = read_facts(model.folder)
        model_digest(model.folder)  # kept, so that asking for it in the window costs nothing
        shape = self._shape(model) if model.is_complete and not model.is_drafter else None
        fits: tuple[tuple[int, Fit], ...] = ()
        if shape is not None:
            fits = tuple((tokens, fit_shape(shape, here, tokens)) for tokens in CONTEXTS)
        entry = entry_of_repo(model.repo) if model.repo else None
        size = entry.size if entry is not None else _size_of(shape)
        return FoundFacts(model, size, facts.bits, facts.sees, facts.hears, fits)

    def _shape(self, model: FoundModel) -> Shape | None:
        known = (model.folder, model.size_bytes)
        if known not in self._shapes:
            try:
                self._shapes[known] = read_shape(model.folder)
            except FacetError as error:
                _log.info("the headers of a copy cannot be read: %s", error.message)
                self._shapes[known] = None
        return self._shapes[known]


def _size_of(shape: Shape | None) -> str:
    """Which of the published sizes a shape is, "" for another."""
    if shape is None:
        return ""
    for size in SIZES:
        text = shape_of(size, WHOLE_BITS).text
        if (text.hidden, len(text.layers)) == (shape.text.hidden, len(shape.text.layers)):
            return size
    return ""


def _verify(
    model: FoundModel, on_progress: Callable[[float], None], is_cancelled: Callable[[], bool]
) -> tuple[str, ...]:
    def tell(done: int, total: int) -> None:
        on_progress(done / total if total else 1.0)

    report = verify_model(model.folder, tell, is_cancelled)
    return tuple(f"{check.name} is {check.state}." for check in report.bad)
