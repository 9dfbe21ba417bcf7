"""What importing the product brings into the process, seen from a fresh interpreter."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass

import pytest

from tests.guards.tree import ROOT

MOST_MODULES = 900  # numpy, mlx and tokenizers are about 450 together
MOST_MODULES_FOR_HELP = 200

PROBE = """
import importlib, json, sys
module = importlib.import_module(sys.argv[1])
loaded = sorted(sys.modules)
import mlx.core as mx
print(json.dumps({"modules": loaded, "mlx_bytes": mx.get_peak_memory()}))
"""


@dataclass(frozen=True)
class Imported:
    modules: tuple[str, ...]
    mlx_bytes: int

    def packages(self) -> set[str]:
        return {name.split(".")[0] for name in self.modules}


def imported(name: str) -> Imported:
    """Imports `name` alone in a new Python."""
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROBE, name],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    found = json.loads(result.stdout)
    return Imported(tuple(found["modules"]), found["mlx_bytes"])


@pytest.fixture(scope="module")
def inference() -> Imported:
    return imported("inference")


def test_inference_brings_no_window_system_and_no_application(inference: Imported) -> None:
    assert not inference.packages() & {"PySide6", "shiboken6", "app"}


def test_inference_brings_no_tools_of_the_tests(inference: Imported) -> None:
    assert not inference.packages() & {"jinja2", "torch", "transformers", "safetensors", "pytest"}


def test_importing_inference_computes_nothing(inference: Imported) -> None:
    assert "inference" in inference.modules
    assert inference.mlx_bytes == 0


def test_inference_is_light(inference: Imported) -> None:
    assert len(inference.modules) < MOST_MODULES


def test_help_does_not_wait_for_the_engine() -> None:
    command = imported("app.__main__")
    assert not command.packages() & {"mlx", "numpy", "inference", "PySide6", "cv2", "PIL"}
    assert len(command.modules) < MOST_MODULES_FOR_HELP
