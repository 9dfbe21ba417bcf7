"""What the Models pane shows: every copy there is and what is known of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.viewmodels import copies as make
from app.viewmodels.copies import Known
from app.viewmodels.copy_work import CopyWork
from app.viewmodels.downloads import DownloadsViewModel
from app.viewmodels.fits import WORDS
from app.viewmodels.hub_ports import FoundFacts, HubPorts
from app.viewmodels.machine import MachineViewModel
from app.viewmodels.model_values import CopyView, MenuCommand, SizeView
from app.viewmodels.models import FoundCopy, ModelsViewModel
from app.viewmodels.notices import NoticesViewModel
from app.viewmodels.preferences import PreferencesViewModel
from app.viewmodels.words import gigabytes
from inference import CatalogueEntry, Fit, FoundModel


class CatalogueRows(QObject):
    """Rows by key: the catalogue's, and the folder's path for copies that it does not have."""

    changed = Signal()  # any row

    def __init__(
        self,
        ports: HubPorts,
        models: ModelsViewModel,
        preferences: PreferencesViewModel,
        notices: NoticesViewModel,
        machine: MachineViewModel,
        work: CopyWork,
        own_models: Path | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._ports = ports
        self._own_models = own_models
        self._models = models
        self._preferences = preferences
        self._notices = notices
        self.machine = machine
        self.work = work
        self.downloads = DownloadsViewModel(ports.downloads, ports.entries, self)
        self._entries = {entry.key: entry for entry in ports.entries}
        self._by_key: dict[str, FoundFacts] = {}
        self._fits: dict[tuple[str, int], Fit] = {}
        self._has_offered = False
        self._wanted_next = ""  # to be used as soon as it is here
        self._test_next: Path | None = None
        self._new: set[str] = set()  # downloaded, and not found on the disk yet
        self._is_searching = self._is_searching_again = False
        self.downloads.changed.connect(self.changed)
        models.changed.connect(self.changed)
        work.changed.connect(self.changed)
        self._is_offline = preferences.value.stay_offline

    # --- what is shown ---------------------------------------------------------------------------

    @property
    def cards(self) -> list[SizeView]:
        """One card for each size."""
        rows = [self._entry_row(entry) for entry in self._entries.values()]
        rows += [
            self._found_row(key, found)
            for key, found in self._by_key.items()
            if key not in self._entries
        ]
        licences = {entry.licence for entry in self._entries.values()}
        licence = licences.pop() if len(licences) == 1 else ""
        sizes = list(dict.fromkeys(entry.size for entry in self._entries.values()))
        return make.in_cards(rows, sizes, licence)

    def copy(self, key: str) -> CopyView | None:
        """One row; None for an unknown key."""
        if key in self._entries:
            return self._entry_row(self._entries[key])
        found = self._by_key.get(key)
        return None if found is None else self._found_row(key, found)

    @property
    def here(self) -> list[CopyView]:
        """The copies that can be used."""
        return [copy for card in self.cards for copy in card.copies if copy.is_here]

    @property
    def current(self) -> CopyView | None:
        """The copy in use."""
        return self.copy(self._models.key)

    @property
    def is_searching(self) -> bool:
        """Whether the disk is being looked at."""
        return self._is_searching

    @property
    def sources(self) -> list[tuple[str, str, bool]]:
        """Folders that are searched: path, what was found there, whether it can be taken off."""
        found = [facts.model for facts in self._by_key.values()]
        cached = [one for one in found if one.origin == "cache"]
        listed = [(str(self._ports.cache_folder), _counted(cached), False)]
        for folder in self._preferences.value.model_sources:
            inside = [one for one in found if one.folder.is_relative_to(folder)]
            listed.append((folder, _counted(inside), True))
        return listed

    @property
    def context(self) -> int:
        """The tokens of context that copies are judged for."""
        wanted = self._preferences.value.fit_context
        return min(self._ports.contexts, key=lambda tokens: abs(tokens - wanted))

    @property
    def contexts(self) -> tuple[int, ...]:
        """What can be chosen for it."""
        return self._ports.contexts

    def folder(self, key: str) -> Path | None:
        """Where a copy that is here lies."""
        found = self._by_key.get(key)
        return None if found is None else found.model.folder

    def is_cached(self, key: str) -> bool:
        """Whether a copy lies in the shared cache."""
        return key in self._by_key and self._by_key[key].model.origin == "cache"

    def page(self, key: str) -> str:
        """The address of a catalogue copy's page; "" for others."""
        return self._entries[key].page if key in self._entries else ""

    def entry_fit(self, entry: CatalogueEntry) -> Fit:
        """The verdict on a catalogue entry."""
        known = (entry.key, self.context)
        if known not in self._fits:
            self._fits[known] = self._ports.fit(entry, self.machine.machine, self.context)
        return self._fits[known]

    def entry_speed(self, entry: CatalogueEntry) -> float | None:
        """Tokens a second that this computer should reach."""
        return self._ports.speed(entry, self.machine.machine)

    @property
    def cache_folder(self) -> Path:
        """Where downloads go."""
        return self._ports.cache_folder

    @property
    def entries(self) -> Mapping[str, CatalogueEntry]:
        """The catalogue by key."""
        return self._entries

    # --- rows -------------------------------------------------------------------------------------

    def _choices(self) -> list[FoundCopy]:
        """What the model picker lists."""
        chosen = []
        for key, found in self._by_key.items():
            if not found.model.is_complete or found.model.problem:
                continue
            entry = self._entries.get(key)
            fit = self._fit_of(key, found)
            size = entry.size if entry else found.size
            chosen.append(
                FoundCopy(
                    key,
                    found.model.folder,
                    f"Gemma 4 {size}" if size else found.model.folder.name,
                    entry.label if entry else found.bits,
                    fit.state if fit else "",
                    WORDS[fit.state] if fit else "",
                )
            )
        return chosen

    def _fit_of(self, key: str, found: FoundFacts | None) -> Fit | None:
        measured = dict(found.fits).get(self.context) if found is not None else None
        if measured is not None:
            return measured
        entry = self._entries.get(key)
        return None if entry is None else self.entry_fit(entry)

    def _entry_row(self, entry: CatalogueEntry) -> CopyView:
        found = self._by_key.get(entry.key)
        known = self._known(entry.key, found, self.entry_speed(entry))
        return make.copy_of_entry(entry, known, self.downloads)

    def _found_row(self, key: str, found: FoundFacts) -> CopyView:
        return make.copy_of_found(found, self._known(key, found, None))

    def _known(self, key: str, found: FoundFacts | None, estimate: float | None) -> Known:
        is_chosen, state = key == self._models.key, self._models.state
        chosen = {"loading": "loading", "ready": "in_use", "failed": "failed"}.get(state, "")
        folder = found.model.folder if found is not None else None
        told = self.work.told(key, folder)
        return Known(
            found,
            self._fit_of(key, found),
            told.badges,
            told.tested,
            told.speed,
            estimate,
            chosen if is_chosen else "",
            self._models.error if is_chosen and state == "failed" else None,
            told.progress,
            told.verdict,
            self._commands(key, found),
        )

    def _commands(self, key: str, found: FoundFacts | None) -> tuple[MenuCommand, ...]:
        if found is None:
            return ("details",)
        listed: list[MenuCommand] = ["details", "reveal"]
        is_whole = found.model.is_complete and not found.model.problem
        if is_whole and not self.work.is_busy:
            if found.model.key:
                listed.append("verify")
            can = self.work.commands
            listed += [one for one in can if one != "compare" or len(self._choices()) > 1]
        if str(found.model.folder) in self._preferences.value.model_folders:
            listed.append("forget")
        if found.model.origin == "cache" and not self.work.is_on(key, found.model.folder):
            listed.append("remove")
        return tuple(listed)


def _counted(found: list[FoundModel]) -> str:
    if not found:
        return "No Gemma 4 here"
    total = sum(one.size_bytes for one in found)
    noun = "copy" if len(found) == 1 else "copies"
    return f"{len(found)} {noun} of Gemma 4 · {gigabytes(total)}"
