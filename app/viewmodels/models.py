"""The models that can be picked, the one in use, and how loading goes."""

from __future__ import annotations

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


class ModelsViewModel(QObject):
    """Chooses, loads and lets go of models; one at a time."""

    changed = Signal()

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
        bridge.events.connect(self._on_events)

    def choices(self) -> list[ModelChoice]:
        """Every model that can be picked."""
        listed = []
        if self._bundled is not None:
            listed.append(self._choice(BUNDLED_KEY, self._bundled))
        folders = self._preferences.value.model_folders
        return listed + [self._choice(folder, Path(folder)) for folder in folders]

    @property
    def current(self) -> ModelChoice | None:
        """The model chosen, loaded or not yet."""
        folder = self._folder(self._key)
        return None if folder is None else self._choice(self._key, folder)

    @property
    def state(self) -> ModelState:
        """Whether a model is ready."""
        return self._state

    @property
    def fraction(self) -> float:
        """How much of the model is loaded, 0 to 1."""
        return self._fraction

    @property
    def error(self) -> ErrorInfo | None:
        """Why the last load failed."""
        return self._error

    @property
    def phase(self) -> Phase:
        """How loading goes; ready when nothing is being loaded."""
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

    def start(self) -> None:
        """Load the model used last time, or the bundled one; to be called once."""
        keys = [choice.key for choice in self.choices()]
        wanted = self._preferences.value.model_key
        if wanted in keys:
            self.choose(wanted)
        elif keys:
            self.choose(keys[0])

    def choose(self, key: str) -> None:
        """Load the model with this key. The one in use is let go first."""
        folder = self._folder(key)
        if folder is None or (key == self._key and self._state in ("loading", "ready")):
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
        self._bridge.load(folder, self._job)
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
        if self._state == "ready" and not self._held.model:
            self._held = self._bridge.status()
        return self._held

    def _fail(self, failed: Failed) -> None:
        name = self.current.name if self.current else "The model"
        self._state, self._error = "failed", load_error(failed, name)
        self.changed.emit()

    def _folder(self, key: str) -> Path | None:
        if key == BUNDLED_KEY:
            return self._bundled
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
        bundled = key == BUNDLED_KEY
        return ModelChoice(
            key,
            BUNDLED_NAME if bundled else facts.name,
            facts.bits,
            note=facts.problem or (BUNDLED_NOTE if bundled else str(folder)),
            sees=facts.sees,
            hears=facts.hears,
            size_bytes=facts.size_bytes,
            is_removable=not bundled,
        )
