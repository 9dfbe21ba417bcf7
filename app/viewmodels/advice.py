"""What should be known before the next question: a sense that failed its test, a comparison."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.core.conversation import AttachmentKind, ErrorInfo
from app.viewmodels.comparison import ComparisonViewModel
from app.viewmodels.proof import ProofViewModel
from app.viewmodels.proof_values import TEST_COMMAND, Kind
from app.viewmodels.workbench import Workbench

STOP_TEST, SHOW_COMPARISON = "stop_test", "show_comparison"
_KINDS: dict[AttachmentKind, tuple[Kind, ...]] = {
    "image": ("image",),
    "document": ("image",),
    "video": ("video",),
    "audio": ("audio",),
    "text": (),
}


class Advice(QObject):
    """One thing at a time, for the bar above the message field."""

    changed = Signal()

    def __init__(
        self,
        work: Workbench,
        proof: ProofViewModel,
        comparison: ComparisonViewModel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._work, self._proof, self._comparison = work, proof, comparison
        self._item: ErrorInfo | None = None
        for signal in (
            work.chat.reset,
            work.chat.settings_changed,
            work.composer.attachments_changed,
            work.materials.current_changed,
            work.models.changed,
            proof.changed,
            comparison.changed,
        ):
            signal.connect(self._look)

    @property
    def item(self) -> ErrorInfo | None:
        """What is to be shown; None for nothing."""
        return self._item

    @property
    def is_warning(self) -> bool:
        """Whether it warns, rather than offers something."""
        return self._item is not None and self._item.command not in (STOP_TEST, SHOW_COMPARISON)

    def act(self, command: str) -> bool:
        """Do what its button says; False for what is the window's to do."""
        if command == TEST_COMMAND:
            self._proof.test()
        elif command == STOP_TEST:
            self._proof.stop()
        else:
            return False
        return True

    def _look(self, *_: object) -> None:
        item = self._found()
        if item != self._item:
            self._item = item
            self.changed.emit()

    def _found(self) -> ErrorInfo | None:
        warnings = self._proof.warnings(*self._kinds())
        if warnings and self._proof.is_running and self._proof.folder == self._work.models.folder:
            done, total = self._proof.progress
            why = f"{done} of {total}" if total else ""
            return ErrorInfo(f"{self._proof.phase}.", why, "", "Stop", STOP_TEST)
        if warnings:
            return warnings[0]
        conversation_id = self._work.chat.conversation_id
        if conversation_id and self._comparison.is_comparison(conversation_id):
            return ErrorInfo(
                "This conversation compares two copies.",
                action="Show side by side",
                command=SHOW_COMPARISON,
            )
        return None

    def _kinds(self) -> tuple[Kind, ...]:
        """What the next question would need."""
        composer, chat = self._work.composer, self._work.chat
        if not chat.conversation_id:
            return ()
        kinds: list[Kind] = []
        for view in composer.attachments():
            kinds += _KINDS[view.kind]
        for attachment in composer.companions():
            kinds += _KINDS[attachment.kind]
        if chat.settings.tools:
            kinds.append("tools")
        return tuple(kinds)
