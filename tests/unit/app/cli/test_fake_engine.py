"""FakeEngine stands in for the engine only as long as it has the engine's interface."""

from __future__ import annotations

import inspect

import pytest

from inference import Engine, Job
from tests.fakes.engine import FakeEngine, FakeJob
from tests.fakes.hand_engine import HandEngine, HandJob


@pytest.mark.parametrize("stand_in", [FakeEngine, HandEngine])
@pytest.mark.parametrize("name", ["load", "submit", "unload", "status", "close"])
def test_the_engines_methods_take_the_same_arguments(name: str, stand_in: type) -> None:
    real = inspect.signature(getattr(Engine, name)).parameters
    fake = inspect.signature(getattr(stand_in, name)).parameters
    assert [(p.name, p.kind, p.default) for p in fake.values()] == [
        (p.name, p.kind, p.default) for p in real.values()
    ]


@pytest.mark.parametrize("stand_in", [FakeJob, HandJob])
def test_the_jobs_offer_the_same(stand_in: type) -> None:
    public = {name for name in dir(Job) if not name.startswith("_")}
    assert public <= {name for name in dir(stand_in) if not name.startswith("_")}
