"""The models that can be picked, the one in use, and how loading goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from PySide6.QtCore import QObject, Signal

from app.bridge import EngineBridge, Keyed
from app.core.asking import Senses
from app.core.conversation import ErrorInfo
from app.core.model_folders import ModelFacts, read_facts
from app.viewmodels.errors import load_error
from app.viewmodels.phases import loading_phase
from app.viewmodels.preferences import PreferencesViewModel
from app.viewmodels.values import ModelChoice, ModelState, Phase
from inference import EngineStatus, Failed, Loading

BUNDLED_KEY = "tiny"
BUNDLED_NAME = "Demonstration model"
BUNDLED_NOTE = "Tiny; shows how Facet works and reads simple charts. Not a Gemma for real work."


@dataclass(frozen=True, slots=True)
class FoundCopy:
    """A copy that was found on this computer and can be chosen by its key.

    `fit` and `fit_text` are the verdict on it: "fits" and "Fits", empty while not known.
    """

    key: str
    folder: Path
    name: str
    bits: str
    fit: str = ""
    fit_text: str = ""


class ModelsViewModel(QObject):
    """Chooses, loads and lets go of models; one at a time."""

    changed = Signal()
    reclaimed = Signal()  # the person wants a model while the engine is lent

    def __init__(
        self,
        bridge: EngineBridge,
        preferences: PreferencesViewModel,
        bundled: Path | None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._preferences = preferences
        self._bundled = bundled
        self._facts: dict[Path, ModelFacts] = {}
        self._key = ""
        self._state: ModelState = "none"
        self._fraction = 0.0
        self._heard_at = 0.0
        self._error: ErrorInfo | None = None
        self._loads = 0
        self._held = EngineStatus("", False, 0, 0)
        self._lent: Phase | None = None
        self._copies: dict[str, FoundCopy] = {}
        self._awaits_copies = False
        bridge.events.connect(self._on_events)

    def choices(self) -> list[ModelChoice]:
        """Every model that can be picked."""
        listed = []
        if self._bundled is not None:
            listed.append(self._choice(BUNDLED_KEY, self._bundled))
        listed += [self._choice(copy.key, copy.folder) for copy in self._copies.values()]
        found = {copy.folder for copy in self._copies.values()}
        folders = self._preferences.value.model_folders
        return listed + [
            self._choice(folder, Path(folder)) for folder in folders if Path(folder) not in found
        ]

    @property
    def current(self) -> ModelChoice | None:
        """The model chosen, loaded or not yet."""
        folder = self._folder(self._key)
        return None if folder is None else self._choice(self._key, folder)

    @property
    def state(self) -> ModelState:
        """Whether a model is ready. One that is lent to somebody is not."""
        return self._state if self._lent is None else "loading"

    @property
    def fraction(self) -> float:
        """How much of the model is loaded, 0 to 1."""
        return self._fraction if self._lent is None else self._lent.share or 0.0

    @property
    def error(self) -> ErrorInfo | None:
        """Why the last load failed."""
        return self._error

    @property
    def phase(self) -> Phase:
        """How loading goes; ready when nothing is being loaded."""
        if self._lent is not None:
            return self._lent
        if self._state == "loading":
            size = self._facts_of_current().size_bytes
            return loading_phase(self._fraction, size, monotonic() - self._heard_at)
        if self._state == "failed":
            return Phase("Model not loaded")
        return Phase() if self._state == "ready" else Phase("No model")

    @property
    def senses(self) -> Senses:
        """What the chosen model can take."""
        held = self._status()
        if held.model:
            return Senses(held.sees, held.hears)
        facts = self._facts_of_current()
        return Senses(facts.sees, facts.hears)

    @property
    def folder(self) -> Path | None:
        """Where the chosen model lies."""
        return self._folder(self._key)

    @property
    def context_tokens(self) -> int:
        """Tokens that the chosen model can hold, 0 when unknown."""
        return self._status().context_tokens or self._facts_of_current().context_tokens

    @property
    def image_tokens(self) -> int:
        """The chosen model's own budget for a picture."""
        return self._status().image_tokens or self._facts_of_current().image_tokens

    @property
    def size_bytes(self) -> int:
        """What the chosen model's weights take on the disk."""
        return self._facts_of_current().size_bytes

    def folder_of(self, key: str) -> Path | None:
        """Where the copy with this key lies, None for a key that is not in the list."""
        return self._folder(key)

    @property
    def key(self) -> str:
        """The key of the chosen model, "" before the first choice."""
        return self._key

    def await_copies(self) -> None:
        """Copies are being looked for: the model used last time may be one of them."""
        self._awaits_copies = True

    def set_copies(self, copies: Sequence[FoundCopy]) -> None:
        """The copies that were found; those found before and not now are gone."""
        before = self._copies
        self._copies = {copy.key: copy for copy in copies}
        if self._key in before and self._key not in self._copies and self._state != "none":
            self._copies[self._key] = before[self._key]  # in use: its files may be gone, it is not
        is_late = self._awaits_copies and not self._key
        self._awaits_copies = False
        if is_late:
            self.start()
        if self._copies != before:
            self.changed.emit()

    def start(self) -> None:
        """Load the model used last time, or the bundled one; to be called once."""
        keys = [choice.key for choice in self.choices()]
        wanted = self._preferences.value.model_key
        if wanted in keys:
            self.choose(wanted)
        elif keys and not (wanted and self._awaits_copies):
            self.choose(keys[0])

    def choose(self, key: str) -> None:
        """Load the model with this key. The one in use is let go first."""
        folder = self._folder(key)
        if folder is None:
            return
        was_lent = self._reclaim()
        if key == self._key and self._state in ("loading", "ready") and not was_lent:
            return
        self._bridge.cancel(self._job)
        self._loads += 1
        self._key = key
        self._preferences.change(model_key=key)
        facts = self._facts_of(folder, fresh=True)
        self._held = EngineStatus("", False, 0, 0)
        self._fraction, self._error, self._heard_at = 0.0, None, monotonic()
        if facts.problem:
            failed = Failed(facts.problem, "Choose a folder with a Gemma 4 model.")
            self._fail(failed)
            return
        self._state = "loading"
        insists = self._preferences.value.load_despite_memory
        self._bridge.load(folder, self._job, despite_memory=insists)
        self.changed.emit()

    def add_folder(self, path: Path) -> None:
        """Add a folder with a model and choose it."""
        key = str(path.absolute())
        folders = self._preferences.value.model_folders
        if key not in folders:
            self._preferences.change(model_folders=(*folders, key))
        self.choose(key)
        self.changed.emit()

    def remove(self, key: str) -> None:
        """Forget a folder that was added; its files stay."""
        left = tuple(f for f in self._preferences.value.model_folders if f != key)
        if key == self._key:
            self.unload()
            self._key = ""
        self._preferences.change(model_folders=left)
        self.changed.emit()

    def unload(self) -> None:
        """Let the model go; a question loads it again."""
        self._reclaim()
        self._bridge.cancel(self._job)
        self._loads += 1
        self._bridge.unload()
        self._state, self._fraction = "none", 0.0
        self.changed.emit()

    def reload(self) -> None:
        """Load the chosen model anew."""
        self._state = "none"
        self.choose(self._key)

    @property
    def is_lent(self) -> bool:
        """Whether somebody else loads models at present."""
        return self._lent is not None

    def lend(self, phase: Phase) -> None:
        """Others may load what they like and say what they do; questions wait for `take_back`.

        Not while a model is being loaded. May be called again with another phase.
        """
        assert self._state != "loading"
        self._status()
        self._lent = phase
        self.changed.emit()

    def take_back(self, *, is_held: bool) -> None:
        """The engine is ours again; unless the chosen model is still in it, it is loaded again."""
        if self._lent is None:
            return
        self._lent = None
        if not is_held and self._state == "ready":
            self.reload()
            return
        if not is_held:
            self._bridge.unload()  # there was no model in it before
        self.changed.emit()

    def _reclaim(self) -> bool:
        """End a loan; whether there was one."""
        if self._lent is None:
            return False
        self._lent = None
        self.reclaimed.emit()
        return True

    @property
    def _job(self) -> str:
        return f"load {self._loads}"

    def _on_events(self, batch: list[Keyed]) -> None:
        for key, event in batch:
            if key != self._job or self._state != "loading":
                continue
            if isinstance(event, Failed):
                self._fail(event)
            elif isinstance(event, Loading):
                self._advance(event.fraction)

    def _advance(self, fraction: float) -> None:
        self._heard_at = monotonic()
        self._fraction = fraction
        if fraction >= 1:
            self._state = "ready"
        self.changed.emit()

    def _status(self) -> EngineStatus:
        """The engine's word on the loaded model; it is there a moment after the last event."""
        if self._state == "ready" and not self._held.model and self._lent is None:
            self._held = self._bridge.status()
        return self._held

    def _fail(self, failed: Failed) -> None:
        name = self.current.name if self.current else "The model"
        self._state, self._error = "failed", load_error(failed, name)
        self.changed.emit()

    def _folder(self, key: str) -> Path | None:
        if key == BUNDLED_KEY:
            return self._bundled
        if key in self._copies:
            return self._copies[key].folder
        return Path(key) if key in self._preferences.value.model_folders else None

    def _facts_of(self, folder: Path, *, fresh: bool = False) -> ModelFacts:
        if fresh or folder not in self._facts:
            self._facts[folder] = read_facts(folder)
        return self._facts[folder]

    def _facts_of_current(self) -> ModelFacts:
        folder = self._folder(self._key)
        return ModelFacts("") if folder is None else self._facts_of(folder)

    def _choice(self, key: str, folder: Path) -> ModelChoice:
        facts = self._facts_of(folder)
        bundled, copy = key == BUNDLED_KEY, self._copies.get(key)
        return ModelChoice(
            key,
            BUNDLED_NAME if bundled else copy.name if copy else facts.name,
            copy.bits if copy and copy.bits else facts.bits,
            note=facts.problem or (BUNDLED_NOTE if bundled else "" if copy else str(folder)),
            sees=facts.sees,
            hears=facts.hears,
            size_bytes=facts.size_bytes,
            is_removable=not bundled and copy is None,
            fit=copy.fit if copy else "",
            fit_text=copy.fit_text if copy else "",
        )
