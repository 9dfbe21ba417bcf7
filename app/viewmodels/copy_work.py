"""What is being done with a copy besides fetching it: verifying, testing its senses, measuring."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.core.background import Background
from app.core.conversation import ErrorInfo
from app.viewmodels.model_values import MenuCommand, ProgressView
from app.viewmodels.proof import ProofViewModel
from app.viewmodels.words import count
from inference import FacetError, FoundModel

CLOSE_S = 2.0
Verify = Callable[[FoundModel, Callable[[float], None], Callable[[], bool]], tuple[str, ...]]
STEP = 0.01  # smaller steps of progress are not worth a signal


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a copy from work done with it.

    `badges` maps tests to their states, `tested` is like "tested 12 Sep".
    """

    badges: Mapping[str, str] = field(default_factory=dict)
    tested: str = ""
    speed: float | None = None
    progress: ProgressView | None = None
    verdict: ErrorInfo | None = None


class CopyWork(QObject):
    """One piece of work at a time. `proof` and `speed_here` are left out where there is none."""

    changed = Signal()
    _share = Signal(float)
    _verified = Signal(str, object)  # key, tuple of sentences or ErrorInfo

    def __init__(
        self,
        proof: ProofViewModel | None = None,
        speed_here: Callable[[Path], float | None] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.proof = proof
        self._speed_here = speed_here
        self._worker = Background("verifying")
        self._stop = threading.Event()
        self._verifying = ""
        self._verified_share = 0.0
        self._verdicts: dict[str, ErrorInfo] = {}
        self._sound: set[str] = set()
        self.more_commands: tuple[MenuCommand, ...] = ()
        self._share.connect(self._on_share)
        self._verified.connect(self._on_verified)
        if proof is not None:
            proof.changed.connect(self.changed)

    @property
    def is_busy(self) -> bool:
        """Whether a copy is being worked on."""
        return bool(self._verifying) or (self.proof is not None and self.proof.is_running)

    @property
    def commands(self) -> tuple[MenuCommand, ...]:
        """What can be asked of a whole copy."""
        tests: tuple[MenuCommand, ...] = ("test",) if self.proof is not None else ()
        return (*tests, *self.more_commands)

    def told(self, key: str, folder: Path | None) -> Told:
        """What is known of a copy."""
        if folder is None:
            return Told(progress=self._progress(key, None), verdict=self._verdicts.get(key))
        badges: Mapping[str, str] = {}
        tested = ""
        if self.proof is not None:
            summary = self.proof.summary(folder)
            badges = {badge.sense: badge.state for badge in summary.badges}
            tested = summary.caption
        if key in self._sound:
            tested = f"{tested} · files verified" if tested else "files verified"
        speed = self._speed_here(folder) if self._speed_here is not None else None
        return Told(badges, tested, speed, self._progress(key, folder), self._verdicts.get(key))

    def is_on(self, key: str, folder: Path | None = None) -> bool:
        """Whether this copy is being worked on."""
        return key == self._verifying or self._is_tested(folder)

    def verify(self, key: str, model: FoundModel, verify: Verify) -> None:
        """Read every byte of a copy."""
        if self._verifying:
            return
        self._verifying, self._verified_share = key, 0.0
        self.forget_verdict(key)
        self._stop.clear()

        def read() -> None:
            try:
                self._verified.emit(key, verify(model, self._share.emit, self._stop.is_set))
            except FacetError as error:
                why = f"{error.message} {error.action}".strip()
                self._verified.emit(key, ErrorInfo("The copy could not be verified.", why))

        self._worker.call(read)
        self.changed.emit()

    def test(self, folder: Path | None) -> None:
        """Prove the senses of a copy."""
        if self.proof is not None and folder is not None:
            self.proof.test(folder)

    def test_when_used(self, folder: Path | None) -> None:
        """Prove the senses of a new copy once it is the one in use."""
        if self.proof is not None and folder is not None:
            self.proof.test_when_used(folder)

    def stop(self, key: str = "") -> None:
        """End what is being done."""
        if self._verifying and key in ("", self._verifying):
            self._stop.set()
        elif self.proof is not None and self.proof.is_running:
            self.proof.stop()

    def forget_verdict(self, key: str) -> None:
        """It is being mended."""
        self._verdicts.pop(key, None)
        self._sound.discard(key)

    def close(self) -> None:
        """End what runs."""
        self._stop.set()
        self._worker.close(CLOSE_S)

    def _is_tested(self, folder: Path | None) -> bool:
        proof = self.proof
        return proof is not None and folder is not None and proof.is_running and (
            proof.folder == folder
        )  # fmt: skip

    def _progress(self, key: str, folder: Path | None) -> ProgressView | None:
        if key == self._verifying:
            words = f"{self._verified_share * 100:.0f} %"
            return ProgressView("Verifying the files", words, self._verified_share)
        proof = self.proof
        if proof is not None and self._is_tested(folder):
            done, total = proof.progress
            words = proof.phase.rpartition(": ")[2] or "Testing senses"
            return ProgressView(
                words[:1].upper() + words[1:], f"{done} of {total}", done / max(1, total)
            )
        return None

    def _on_share(self, share: float) -> None:
        if share - self._verified_share >= STEP:
            self._verified_share = share
            self.changed.emit()

    def _on_verified(self, key: str, outcome: object) -> None:
        self._verifying = ""
        if isinstance(outcome, ErrorInfo):
            self._verdicts[key] = outcome
        elif self._stop.is_set():
            pass
        elif outcome:
            assert isinstance(outcome, tuple)
            files = count(len(outcome), "file")
            self._verdicts[key] = ErrorInfo(
                f"{files[:1].upper()}{files[1:]} of this copy {_is(len(outcome))} damaged.",
                " ".join(outcome),
                "Only what is damaged will be fetched again.",
                "Repair",
                "repair",
            )
        else:
            self._sound.add(key)
        self.changed.emit()


def _is(number: int) -> str:
    return "is" if number == 1 else "are"
