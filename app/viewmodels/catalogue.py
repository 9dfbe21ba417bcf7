"""The Models pane: every copy there is, what is known of it, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.core.background import Background
from app.core.conversation import ErrorInfo
from app.viewmodels.catalogue_rows import CatalogueRows
from app.viewmodels.copy_work import CopyWork
from app.viewmodels.downloads import amount
from app.viewmodels.hub_ports import FoundFacts, HubPorts
from app.viewmodels.machine import MachineViewModel
from app.viewmodels.models import ModelsViewModel
from app.viewmodels.notices import NoticesViewModel
from app.viewmodels.preferences import PreferencesViewModel
from app.viewmodels.words import gigabytes
from inference import FacetError, Leftover

CLOSE_S = 2.0
Found = tuple[tuple[FoundFacts, ...], tuple[Leftover, ...]]


class CatalogueViewModel(CatalogueRows):
    """What can be done with the copies, and what follows from it."""

    searched = Signal()  # the disk was looked at
    removed = Signal(str, str)  # key, a sentence
    _found = Signal(object)
    _removed = Signal(str, object)  # key, bytes freed or ErrorInfo

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
        super().__init__(ports, models, preferences, notices, machine, work, own_models, parent)
        self._worker = Background("models")
        self._found.connect(self._on_found)
        self._removed.connect(self._on_removed)
        self.downloads.ended.connect(self._on_downloaded)
        self.downloads.failed.connect(self._on_failed)
        preferences.changed.connect(self._on_preferences)
        ports.downloads.set_offline(self._is_offline)

    # --- verbs -----------------------------------------------------------------------------------

    def start(self) -> None:
        """Look at the disk for the first time, before a model is loaded."""
        self._models.await_copies()
        self.search()

    def forget(self, key: str) -> None:
        """Take a folder that was added off the list; its files stay."""
        found = self._by_key.get(key)
        if found is not None:
            self._models.remove(str(found.model.folder))
            self.search()

    def take_made(self, folder: object) -> None:
        """A copy was made here: list it, and test its senses."""
        assert isinstance(folder, Path)
        self._test_next = folder
        self.search()

    def search(self) -> None:
        """Look at the disk again."""
        if self._is_searching:
            self._is_searching_again = True
            return
        self._is_searching = True
        known = self._preferences.value
        folders = [] if self._own_models is None else [self._own_models]
        folders += [Path(each) for each in (*known.model_sources, *known.model_folders)]

        def look() -> None:
            found = self._ports.find(folders)
            self._found.emit((found, self._ports.downloads.leftovers()))

        self._worker.call(look)
        self.changed.emit()

    def get(self, key: str, *, then_use: bool = False) -> None:
        """Fetch a copy; `then_use` loads it when it is here."""
        if key not in self._entries:
            return
        if then_use:
            self._wanted_next = key
        self.downloads.start(key)

    def use(self, key: str) -> None:
        """Load a copy that is here."""
        self._models.choose(key)

    def set_context(self, tokens: int) -> None:
        """Judge every copy for so many tokens of context."""
        self._preferences.change(fit_context=tokens)
        self._models.set_copies(self._choices())
        self.changed.emit()

    def set_offline(self, is_offline: bool) -> None:
        """Open no connection, or allow them again."""
        self._preferences.change(stay_offline=is_offline)

    def keep_token(self, token: str) -> str:
        """Keep an access token for downloads; a sentence where that cannot be done."""
        if self._ports.keep_token is None:
            return "This copy of Facet cannot keep tokens."
        try:
            self._ports.keep_token(token)
        except FacetError as error:
            return f"{error.message} {error.action}".strip()
        return ""

    def add_source(self, folder: Path) -> None:
        """Search a folder too; what is found there is used in place."""
        path = str(folder.absolute())
        sources = self._preferences.value.model_sources
        if path not in sources:
            self._preferences.change(model_sources=(*sources, path))
        self.search()

    def remove_source(self, path: str) -> None:
        """Search a folder no more; its files stay."""
        left = tuple(one for one in self._preferences.value.model_sources if one != path)
        self._preferences.change(model_sources=left)
        self.search()

    def remove(self, key: str) -> None:
        """Delete a copy from the disk; the one in use is let go first."""
        found = self._by_key.get(key)
        if found is None:
            return
        if key == self._models.key:
            self._models.unload()

        def delete() -> None:
            try:
                self._removed.emit(key, self._ports.remove(found.model))
            except FacetError as error:
                why = f"{error.message} {error.action}".strip()
                info = ErrorInfo("The copy could not be removed.", why)
                self._removed.emit(key, info)

        self._worker.call(delete)

    def verify(self, key: str) -> None:
        """Read every byte of a copy and compare it with what it has to be."""
        found = self._by_key.get(key)
        if found is not None:
            self.work.verify(key, found.model, self._ports.verify)

    def do(self, key: str, command: str) -> bool:
        """A command of a row or of its problem; False for one that is the window's to do."""
        verbs: dict[str, Callable[[str], object]] = {
            "get": self.get,
            "use": self.use,
            "pause": self.downloads.pause,
            "resume": self.downloads.resume,
            "cancel": self._cancel,
            "verify": self.verify,
            "test": lambda one: self.work.test(self.folder(one)),
            "repair": self._repair,
            "go_online": self._go_online,
        }
        if command not in verbs:
            return False
        verbs[command](key)
        return True

    def settle(self, command: str) -> None:
        """A notice's button was pressed: it need not be shown any more."""
        for number, notice in enumerate(self._notices.items()):
            if notice.command == command:
                self._notices.dismiss(number)
                return

    def close(self) -> None:
        """End what runs; downloads are paused and what has arrived stays."""
        self.work.close()
        self.downloads.close()
        self._worker.close(CLOSE_S)

    # --- reactions -------------------------------------------------------------------------------

    def _repair(self, key: str) -> None:
        self.work.forget_verdict(key)
        self.get(key)

    def _cancel(self, key: str) -> None:
        if key == self._wanted_next:
            self._wanted_next = ""
        if self.work.is_on(key, self.folder(key)):
            self.work.stop(key)
        else:
            self.downloads.cancel(key)

    def _on_preferences(self) -> None:
        is_offline = self._preferences.value.stay_offline
        if is_offline != self._is_offline:
            self._is_offline = is_offline
            self._ports.downloads.set_offline(is_offline)
            self.downloads.poll()
            self.changed.emit()

    def _go_online(self, key: str) -> None:
        self.set_offline(False)
        self.downloads.resume(key)

    def _on_found(self, found: Found) -> None:
        models, leftovers = found
        self._is_searching = False
        self._by_key = {}
        for facts in models:
            if facts.model.is_drafter:
                continue
            key = facts.model.key or str(facts.model.folder)
            kept = self._by_key.get(key)
            if kept is None or (facts.model.is_complete and not kept.model.is_complete):
                self._by_key[key] = facts
        self.machine.refresh()
        self.downloads.set_leftovers(leftovers)
        self._offer(leftovers)
        self._models.set_copies(self._choices())
        if self._wanted_next in self._by_key:
            wanted, self._wanted_next = self._wanted_next, ""
            self._models.choose(wanted)
        for key in [key for key in self._new if key in self._by_key]:
            self._new.discard(key)
            self.work.test_when_used(self.folder(key))
        if self._test_next is not None and self.copy(str(self._test_next)) is not None:
            folder, self._test_next = self._test_next, None
            self.work.test(folder)
        self.searched.emit()
        self.changed.emit()
        if self._is_searching_again:
            self._is_searching_again = False
            self.search()

    def _offer(self, leftovers: tuple[Leftover, ...]) -> None:
        """Downloads that a crash or a restart cut off; told of once."""
        if self._has_offered:
            return
        self._has_offered = True
        for one in leftovers:
            entry = self._entries.get(one.key)
            if entry is not None and not self._is_offline:
                self._notices.add(
                    ErrorInfo(
                        f"The download of {entry.name} was interrupted.",
                        f"{amount(one.done_bytes, one.total_bytes)} are here.",
                        "It goes on where it stopped; in Models it can be deleted.",
                        "Go on",
                        f"resume {one.key}",
                    )
                )

    def _on_downloaded(self, key: str) -> None:
        entry = self._entries[key]
        self._new.add(key)
        if key != self._wanted_next:
            self._notices.add(
                ErrorInfo(
                    f"{entry.name} is here.", "", "", "Use it", f"use_copy {key}",
                )
            )  # fmt: skip
        self._notices.announced.emit(f"{entry.name} is downloaded", False)
        self.search()

    def _on_failed(self, key: str) -> None:
        problem = self.downloads.problem(key)
        if problem is not None:
            self._notices.announced.emit(f"{self._entries[key].name}: {problem.what}", True)

    def _on_removed(self, key: str, outcome: object) -> None:
        if isinstance(outcome, ErrorInfo):
            self._notices.add(outcome)
        else:
            assert isinstance(outcome, int)
            self.removed.emit(key, f"{gigabytes(outcome)} are free again.")
        self.search()
