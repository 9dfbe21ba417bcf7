"""The view-models of the Models pane and the first run, wired to each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.viewmodels.catalogue import CatalogueViewModel
from app.viewmodels.comparison import ComparisonViewModel
from app.viewmodels.copy_work import CopyWork
from app.viewmodels.first_run import FirstRunViewModel
from app.viewmodels.hub_ports import HubPorts
from app.viewmodels.machine import MachineViewModel, total_disk_bytes
from app.viewmodels.model_values import MenuCommand
from app.viewmodels.proof import ProofViewModel
from app.viewmodels.quantizing import QuantizingPorts, QuantizingViewModel
from app.viewmodels.workbench import Workbench


@dataclass(frozen=True, slots=True, eq=False)
class ModelsDesk:
    """What the Models pane and the first run show. `close` before the workbench is closed."""

    catalogue: CatalogueViewModel
    first_run: FirstRunViewModel
    quantizing: QuantizingViewModel | None
    comparison: ComparisonViewModel | None

    def start(self) -> None:
        """Look at the disk; before the workbench starts."""
        self.catalogue.start()

    def close(self) -> None:
        """End what runs; downloads are paused, what has arrived stays."""
        if self.quantizing is not None:
            self.quantizing.close()
        self.catalogue.close()


def assemble_models(
    work: Workbench,
    ports: HubPorts,
    *,
    quantizing: QuantizingPorts | None = None,
    proof: ProofViewModel | None = None,
    comparison: ComparisonViewModel | None = None,
    speed_here: Callable[[Path], float | None] | None = None,
    own_models: Path | None = None,
) -> ModelsDesk:
    """Build the pane's view-models of a workbench. What is None is not offered.

    `own_models` is the folder for copies that are made here.
    """
    machine = MachineViewModel(
        ports.machine, work.models, work.status, lambda: total_disk_bytes(ports.cache_folder)
    )
    doing = CopyWork(proof, speed_here)
    more: list[MenuCommand] = []
    if quantizing is not None:
        more.append("quantize")
    if comparison is not None:
        more.append("compare")
    doing.more_commands = tuple(more)
    catalogue = CatalogueViewModel(
        ports, work.models, work.preferences, work.notices, machine, doing, own_models
    )
    maker = None
    if quantizing is not None:
        maker = QuantizingViewModel(quantizing)
        maker.made.connect(catalogue.take_made)
    first_run = FirstRunViewModel(catalogue, work.models, work.preferences)
    return ModelsDesk(catalogue, first_run, maker, comparison)
