"""The first run: this computer, a model that fits it, its download, its proof, a first question."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QObject, Signal

from app.core.conversation import ErrorInfo
from app.viewmodels.catalogue import CatalogueViewModel
from app.viewmodels.copies import senses
from app.viewmodels.fits import first_words, fit_view
from app.viewmodels.model_values import CopyView, FoundView, PickCard, ProgressView
from app.viewmodels.models import BUNDLED_KEY, ModelsViewModel
from app.viewmodels.preferences import PreferencesViewModel
from app.viewmodels.proof_values import ProofSummary
from app.viewmodels.words import gigabytes
from inference import CatalogueEntry

Step = Literal["machine", "pick", "download", "proof", "chart"]
STEPS: tuple[tuple[Step, str], ...] = (
    ("machine", "This Mac"),
    ("pick", "Pick Gemma 4"),
    ("download", "Download"),
    ("proof", "Proof of senses"),
    ("chart", "First chart"),
)
CARDS = 3
LINES = {
    "E2B": "Small and quick. Short answers, simple charts.",
    "E4B": "The everyday model. Reads dashboards, listens, watches.",
    "26B-A4B": "Better judgement on hard pages. Needs most of the memory.",
    "31B": "The most careful reader. Slow, and needs a large Mac.",
}
USUAL = "-4bit"
SLOWEST = 8.0  # tokens/s; a model that writes slower is not recommended


class FirstRunViewModel(QObject):
    """Goes from step to step. Whatever it began goes on when it is closed."""

    changed = Signal()
    closed = Signal()
    example_wanted = Signal(str)  # "chart", "clip", "memo"

    def __init__(
        self,
        catalogue: CatalogueViewModel,
        models: ModelsViewModel,
        preferences: PreferencesViewModel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.catalogue = catalogue
        self._models = models
        self._preferences = preferences
        self._step: Step = "machine"
        self._reached = 0
        self._chosen = ""
        self._is_open = False
        self._was_tested = ""
        catalogue.changed.connect(self._on_changed)

    # --- what is shown ---------------------------------------------------------------------------

    @property
    def is_due(self) -> bool:
        """Whether it is to be shown by itself: once, and not to somebody who has a model."""
        value = self._preferences.value
        return not value.first_run_done and value.model_key in ("", BUNDLED_KEY)

    @property
    def step(self) -> Step:
        """The step shown."""
        return self._step

    @property
    def steps(self) -> list[tuple[Step, str, bool]]:
        """Every step with its name, and whether it is behind."""
        at = self._index(self._step)
        names = []
        for number, (step, name) in enumerate(STEPS):
            if step == "machine" and not self.catalogue.machine.is_mac:
                name = "This computer"
            names.append((step, name, number < at))
        return names

    @property
    def cards(self) -> list[PickCard]:
        """Three sizes, one recommended."""
        entries = self._offered()
        best = self.recommended
        return [self._card(entry, entry.key == best) for entry in entries]

    @property
    def recommended(self) -> str:
        """The key of the largest that fits and is quick enough; "" when none fits."""
        best = ""
        for entry in self._offered():
            fit = self.catalogue.entry_fit(entry)
            speed = self.catalogue.entry_speed(entry)
            if fit.state == "fits" and (speed is None or speed >= SLOWEST):
                best = entry.key
        if best:
            return best
        slow = [e for e in self._offered() if self.catalogue.entry_fit(e).state == "slow"]
        return slow[0].key if slow else ""

    @property
    def chosen(self) -> CopyView | None:
        """The copy picked."""
        key = self._chosen or self.recommended
        return self.catalogue.copy(key) if key else None

    @property
    def found(self) -> FoundView | None:
        """The best copy that is here already."""
        here = [copy for copy in self.catalogue.here if copy.fit.word != "wont_fit"]
        if not here:
            return None
        best = max(here, key=lambda copy: copy.size_bytes)
        is_cached = self.catalogue.is_cached(best.key)
        where = "in the Hugging Face cache" if is_cached else "in a folder of yours"
        where_on = "this Mac" if self.catalogue.machine.is_mac else "this computer"
        return FoundView(
            best.key,
            f"Found on {where_on}: {best.size}, {best.title}",
            f"{best.bytes_text} {where}, used where it is",
        )

    @property
    def can_fit_any(self) -> bool:
        """Whether any of the sizes can be used here."""
        return bool(self.recommended)

    @property
    def progress(self) -> ProgressView | None:
        """How the download goes."""
        copy = self.chosen
        return copy.progress if copy is not None else None

    @property
    def problem(self) -> ErrorInfo | None:
        """Why it does not go."""
        copy = self.chosen
        return copy.problem if copy is not None else None

    @property
    def proof(self) -> ProofSummary | None:
        """What the tests of the chosen copy have said so far; None where nothing is tested."""
        proof, copy = self.catalogue.work.proof, self.chosen
        folder = self.catalogue.folder(copy.key) if copy is not None else None
        return proof.summary(folder) if proof is not None and folder is not None else None

    @property
    def is_proving(self) -> bool:
        """Whether a test is going on."""
        summary = self.proof
        return summary is not None and summary.state == "running"

    @property
    def has_bundled(self) -> bool:
        """Whether the demonstration model can be used meanwhile."""
        return any(choice.key == BUNDLED_KEY for choice in self._models.choices())

    # --- verbs -----------------------------------------------------------------------------------

    def open(self) -> None:
        """It is shown: look at the disk, and go on where it was left."""
        self._is_open = True
        if self._step in ("proof", "chart"):
            self._step = "machine"
        self.catalogue.search()
        self.changed.emit()

    def close(self) -> None:
        """Not shown again by itself; a download goes on."""
        self._is_open = False
        self._preferences.change(first_run_done=True)
        self.closed.emit()

    def choose(self, key: str) -> None:
        """Pick a card."""
        self._chosen = key
        self.changed.emit()

    def go_on(self) -> None:
        """The filled button."""
        if self._step == "machine":
            self._go("pick")
        elif self._step == "pick":
            self._take()
        elif self._step == "proof":
            self._go("chart")
        elif self._step == "download":
            self.close()
        else:
            self.want_example("chart")

    def go_back(self) -> None:
        """One step back."""
        at = self._index(self._step)
        self._go("pick" if self._step in ("proof", "chart") else STEPS[max(0, at - 1)][0])

    def skip(self) -> None:
        """Use the demonstration model for now."""
        if self._models.key in ("", BUNDLED_KEY):
            self._models.choose(BUNDLED_KEY)
        self.close()

    def use_found(self) -> None:
        """Use what is here in place of a download."""
        found = self.found
        if found is not None:
            self._chosen = found.key
            self._take()

    def want_example(self, name: str) -> None:
        """Close, and put an example into the message."""
        self.close()
        self.example_wanted.emit(name)

    def _take(self) -> None:
        copy = self.chosen
        if copy is None:
            return
        self._chosen = copy.key
        if copy.is_here:
            self.catalogue.use(copy.key)
            self._prove(copy.key)
            return
        if copy.progress is None:
            self.catalogue.get(copy.key, then_use=True)
        self._go("download")

    def _prove(self, key: str) -> None:
        self._was_tested = key
        folder = self.catalogue.folder(key)
        if self.catalogue.work.proof is None or folder is None:
            self._go("chart")
            return
        self._go("proof")
        summary = self.proof
        if summary is not None and summary.state == "untested":
            self.catalogue.work.test(folder)

    def _on_changed(self, *_values: object) -> None:
        copy = self.chosen
        is_there = copy is not None and copy.state == "in_use"
        if self._is_open and self._step == "download" and copy is not None and is_there:
            self._prove(copy.key)
        self.changed.emit()

    def _go(self, step: Step) -> None:
        self._step = step
        self.changed.emit()

    def _index(self, step: Step) -> int:
        return [name for name, _ in STEPS].index(step)

    def _offered(self) -> list[CatalogueEntry]:
        """The usual quantization of three sizes; the largest three where the largest fits."""
        usual = [
            entry for entry in self.catalogue.entries.values()
            if entry.key.endswith(USUAL) and not entry.is_drafter and not entry.is_qat
        ]  # fmt: skip
        if len(usual) > CARDS and self.catalogue.entry_fit(usual[CARDS]).state == "fits":
            return usual[-CARDS:]
        return usual[:CARDS]

    def _card(self, entry: CatalogueEntry, is_recommended: bool) -> PickCard:
        fit = self.catalogue.entry_fit(entry)
        speed = self.catalogue.entry_speed(entry)
        copy = self.catalogue.copy(entry.key)
        return PickCard(
            entry.key,
            entry.size,
            LINES.get(entry.size, ""),
            senses(entry.sees, entry.hears, {}),
            gigabytes(entry.download_bytes),
            f"{speed:.0f} tok/s" if speed and fit.state != "wont_fit" else "",
            fit_view(fit),
            first_words(fit),
            is_recommended,
            copy is not None and copy.is_here,
        )
