"""For every test: a fast BLAS, the CPU as the device, and nothing left behind."""

from __future__ import annotations

import ctypes
import gc
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest


def _load_openblas() -> str:
    """Puts OpenBLAS ahead of the reference BLAS that MLX links on Linux (20 to 40 times faster).

    It must be in the process before MLX, and visible to it. The answer is for the header.
    """
    if sys.platform != "linux":
        return "the platform's own"
    try:
        ctypes.CDLL("libopenblas.so.0", mode=ctypes.RTLD_GLOBAL)
    except OSError:
        return "reference BLAS, slow; `apt install libopenblas0-pthread` makes it fast"
    return "OpenBLAS"


BLAS = _load_openblas()

# Windows are drawn into memory unless somebody wants to see them.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import mlx.core as mx  # noqa: E402 - only after OpenBLAS

from app.core.collection import collect_due  # noqa: E402
from tests.guards.left_behind import child_processes, environment  # noqa: E402
from tests.guards.tree import size_summary  # noqa: E402

JOIN_S = 2.0

# Metal may multiply float32 with less precision than the tolerances of the parity tests allow.
mx.set_default_device(mx.cpu)


def pytest_report_header() -> list[str]:
    return [
        f"mlx {mx.__version__} on {mx.default_device().type.name}, BLAS: {BLAS}",
        f"modules: {size_summary()}",
    ]


@pytest.fixture(autouse=True)
def nothing_left_behind() -> Iterator[None]:
    """Fails a test after which a thread or child process runs on, or the surroundings differ."""
    # As in the window: a widget that is collected on another thread ends the process later on.
    gc.disable()
    threads, children = set(threading.enumerate()), child_processes()
    folder, variables = Path.cwd(), environment()
    yield
    collect_due()
    for thread in set(threading.enumerate()) - threads:
        thread.join(JOIN_S)
    running = [thread.name for thread in set(threading.enumerate()) - threads]
    assert not running, f"threads still running: {running}"
    assert not (left := child_processes() - children), f"child processes still running: {left}"
    assert Path.cwd() == folder, "the current folder was changed"
    assert environment() == variables, "environment variables were changed"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home folder; HOME and the XDG variables point there."""
    folder = tmp_path / "home"
    folder.mkdir()
    for name in [name for name in os.environ if name.startswith("XDG_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(folder))
    return folder
