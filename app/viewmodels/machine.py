"""This computer for the Models pane and the first run: what it is, what is taken, what is free."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.viewmodels.model_values import MachineView
from app.viewmodels.models import ModelsViewModel
from app.viewmodels.status import StatusMeter
from app.viewmodels.words import gigabytes
from inference import Machine


class MachineViewModel(QObject):
    """Looks at the machine when asked to, and at the memory in use whenever that changes."""

    changed = Signal()

    def __init__(
        self,
        look: Callable[[], Machine],
        models: ModelsViewModel,
        status: StatusMeter,
        disk_bytes: Callable[[], int] = lambda: 0,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._models = models
        self._status = status
        self._disk_bytes = disk_bytes
        self._machine: Machine | None = None
        self._disk = 0
        status.changed.connect(self.changed)

    @property
    def machine(self) -> Machine:
        """The machine as last looked at."""
        if self._machine is None:
            self._machine = self._look()
            self._disk = self._disk_bytes()
        return self._machine

    @property
    def is_mac(self) -> bool:
        """Whether this is one; elsewhere it is called "this computer"."""
        return self.machine.chip.startswith("Apple")

    @property
    def called(self) -> str:
        """How it is spoken of within a sentence."""
        return "this Mac" if self.is_mac else "this computer"

    def refresh(self) -> None:
        """Look again: the free disk changes."""
        self._machine = None
        self.changed.emit()

    @property
    def view(self) -> MachineView:
        """Ready words."""
        machine = self.machine
        memory, gpu = whole_gigabytes(machine.memory_bytes), machine.available_bytes
        chip = machine.chip.removeprefix("Apple").strip() or "Unknown chip"
        used = self._status.value.memory_used
        weights = min(used, self._models.size_bytes if self._models.state == "ready" else 0)
        taken = max(0, self._disk - machine.free_disk_bytes)
        return MachineView(
            "This Mac" if self.is_mac else "This computer",
            chip,
            f"{memory} GB",
            gigabytes(gpu),
            _short(machine.free_disk_bytes),
            f"{chip} · {memory} GB memory",
            f"{used / 1e9:.1f} of {gigabytes(gpu)}",
            _share(weights, gpu),
            _share(used - weights, gpu),
            f"{_short(machine.free_disk_bytes)} free",
            _share(taken, self._disk),
        )


def total_disk_bytes(folder: Path) -> int:
    """How large the disk with `folder`, or with its nearest parent that exists, is; 0 unknown."""
    import shutil

    place = folder.absolute()
    while not place.exists() and place != place.parent:
        place = place.parent
    try:
        return shutil.disk_usage(place).total
    except OSError:
        return 0


def whole_gigabytes(size_bytes: int) -> int:
    """Memory as it is sold: powers of two, rounded."""
    return round(size_bytes / 2**30)


def _short(size_bytes: int) -> str:
    return f"{size_bytes / 1e9:.0f} GB" if size_bytes >= 10e9 else gigabytes(size_bytes)


def _share(part: int, whole: int) -> float:
    return min(1.0, max(0.0, part / whole)) if whole > 0 else 0.0
