"""FakeEngine stands in for the engine only as long as it has the engine's interface."""

from __future__ import annotations

import inspect

import pytest

from inference import Engine, Job
from tests.fakes.engine import FakeEngine, FakeJob


@pytest.mark.parametrize("name", ["load", "submit", "close"])
def test_the_engines_methods_take_the_same_arguments(name: str) -> None:
    real = inspect.signature(getattr(Engine, name)).parameters
    fake = inspect.signature(getattr(FakeEngine, name)).parameters
    assert [(p.name, p.kind, p.default) for p in fake.values()] == [
        (p.name, p.kind, p.default) for p in real.values()
    ]


def test_the_jobs_offer_the_same() -> None:
    public = {name for name in dir(Job) if not name.startswith("_")}
    assert public <= {name for name in dir(FakeJob) if not name.startswith("_")}
