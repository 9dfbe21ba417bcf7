"""Endless: a reader that never comes to the end of one file, as with some damaged ones."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from app.intake.runner import CalledOffError, Job, never
from tests.fakes.in_process import InProcess

NAME = "endless.png"
POLL_S = 0.005


class Endless(InProcess):
    """Reads every file but `endless.png`, which takes until nobody wants it any more."""

    def __init__(self) -> None:
        self._is_over = threading.Event()

    def call(self, job: Job, is_called_off: Callable[[], bool] = never) -> Any:
        """What the job gives."""
        if job.name != NAME:
            return super().call(job, is_called_off)
        while not is_called_off() and not self._is_over.wait(POLL_S):
            pass
        raise CalledOffError

    def abort(self) -> None:
        """End what runs."""
        self._is_over.set()
