"""The Models pane's view-models on a played hub and a hand-played engine."""

from __future__ import annotations

from pathlib import Path

from app.viewmodels.models_desk import ModelsDesk, assemble_models
from app.viewmodels.workbench import Workbench
from tests.fakes.desk import Bench
from tests.fakes.shop import Shop


class ModelsBench:
    """`open` builds everything and waits until the disk was looked at."""

    def __init__(self, folder: Path, shop: Shop | None = None) -> None:
        self.bench = Bench(folder)
        self.shop = shop or Shop(folder / "cache")
        self.desk: ModelsDesk | None = None

    @property
    def work(self) -> Workbench:
        assert self.bench.work is not None
        return self.bench.work

    def open(self) -> ModelsDesk:
        self.bench.open()
        self.desk = assemble_models(self.work, self.shop.ports)
        self.desk.start()
        return self.desk

    def close(self) -> None:
        if self.desk is not None:
            self.desk.close()
        self.bench.close()
