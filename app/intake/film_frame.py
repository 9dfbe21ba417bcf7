"""One picture of a clip."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class FilmFrame:
    """`index` counts whole seconds after the start of the part; `time_s` is the file's own time."""

    index: int
    time_s: float
    pixels: NDArray[np.uint8]  # RGB [H, W, 3], upright
