"""What is told about a conversion before, while and after it runs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from inference.checkpoint.convert.disk import KEPT_BYTES

ConversionStage = Literal["checking", "writing", "verifying"]


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a recipe makes of a model, known before anything is written.

    `size_bytes` is the size of the whole new folder, `source_bytes` that of the source's tensors.
    `bits_per_weight` is an average over everything stored. `lattice_modules` of `modules` packed
    matrices were found to lie on the grid of quantisation-aware training.
    """

    size_bytes: int
    source_bytes: int
    bits_per_weight: float
    modules: int
    lattice_modules: int = 0

    @property
    def needed_bytes(self) -> int:
        """What must be free on the disk: some stays free beside the new folder."""
        return self.size_bytes + KEPT_BYTES


@dataclass(frozen=True, slots=True)
class ConversionProgress:
    """Bytes written so far, of all that will be. `tensor` is the one being worked on."""

    stage: ConversionStage
    done_bytes: int
    total_bytes: int
    tensor: str = ""


class ConversionCancelled(Exception):  # noqa: N818 - an outcome, not an error
    """The conversion was called off; nothing of it is left."""


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A partial folder that a conversion left behind when it was killed."""

    folder: Path
    target: Path
    size_bytes: int
