"""Where a tensor of the network lies in the files, and how its stored layout becomes MLX's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from inference.checkpoint.header import TensorRef

Transform = Literal["none", "conv2d", "conv1d"]

# Where axis i of the MLX layout is found in the published one.
_AXES: Mapping[Transform, tuple[int, ...]] = {"conv2d": (0, 2, 3, 1), "conv1d": (0, 2, 1)}


@dataclass(frozen=True, slots=True)
class TensorSource:
    """Where a canonical tensor comes from.

    Several `parts` are joined along `axis` (experts' gate and up stored apart). `transform` is
    the change from the published convolution layout to MLX's that loading still has to make.
    """

    parts: tuple[TensorRef, ...]
    axis: int = 0
    transform: Transform = "none"

    @property
    def axes(self) -> tuple[int, ...] | None:
        """The transposition that `transform` stands for, None if there is none."""
        return _AXES.get(self.transform)

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape after joining and transforming."""
        shape = list(self.parts[0].shape)
        if len(self.parts) > 1:
            shape[self.axis] = sum(part.shape[self.axis] for part in self.parts)
        return tuple(shape[axis] for axis in self.axes or range(len(shape)))


def convolution_transform(
    stored: tuple[int, ...], wanted: tuple[int, ...], is_mlx: bool
) -> Transform:
    """What turns a convolution weight of shape `stored` into `wanted`, its shape in MLX layout.

    The shape decides. Where it fits both layouts, only a file written by MLX is left as it is.
    """
    transform: Transform = "conv2d" if len(wanted) == 4 else "conv1d"
    if len(stored) != len(wanted) or tuple(stored[a] for a in _AXES[transform]) != wanted:
        return "none"
    return "none" if is_mlx and stored == wanted else transform
