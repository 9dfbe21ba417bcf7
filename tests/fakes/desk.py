"""A whole set of view-models on a real store in a test's folder, with an engine played by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from app.core.preferences import PreferencesFile
from app.core.store import Store
from app.intake.runner import Runner
from app.viewmodels.workbench import Workbench, assemble
from tests.fakes.hand_engine import HandEngine
from tests.fakes.in_process import InProcess

MODEL = Path(__file__).parents[1] / "parity" / "data" / "e"  # only its config.json is looked at


class Moment:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def pass_s(self, seconds: float) -> None:
        """Let time go by."""
        self.now += seconds


class Bench:
    """`open` may be called again after `close`, as a second start of the program."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.make_runner: Callable[[], Runner] = InProcess
        self.clock = Moment()
        self.engine = HandEngine()
        self.store: Store | None = None
        self.work: Workbench | None = None

    def open(self, engine: HandEngine | None = None, *, model: bool = True) -> Workbench:
        """Build everything, start it, and give it back."""
        self.engine = engine or HandEngine()
        self.store = Store.open(self.folder / "data")
        self.work = assemble(
            self.store,
            self.engine,
            PreferencesFile(self.folder / "preferences.json"),
            bundled=MODEL if model else None,
            cache_dir=self.folder / "cache",
            clock=self.clock,
            make_runner=self.make_runner,
        )
        self.work.start()
        return self.work

    def close(self) -> None:
        """As quitting does."""
        if self.work is not None and self.store is not None:
            self.work.close()
            self.store.close()
            self.work = self.store = None
