"""Several single-thread processes that train one model: gradients are averaged at every step."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import torch
import torch.distributed as dist
from torch import nn

PATIENCE = timedelta(minutes=20)  # the first also scores and saves while the others wait


class Peers:
    """Process `rank` of `count`; alone it changes nothing.

    All of them begin with equal parameters and take equal steps, so they stay equal. `meeting` is
    a file that does not exist yet, where they find each other.
    """

    def __init__(self, rank: int = 0, count: int = 1, meeting: Path | None = None) -> None:
        self.rank, self.count = rank, count
        if count > 1:
            assert meeting is not None
            dist.init_process_group(
                "gloo",
                init_method=f"file://{meeting.absolute()}",
                rank=rank,
                world_size=count,
                timeout=PATIENCE,
            )

    @property
    def is_first(self) -> bool:
        return self.rank == 0

    def average(
        self, parameters: Sequence[nn.Parameter], figures: Sequence[float]
    ) -> tuple[float, ...]:
        """Averages the gradients in place, and returns the averages of `figures`."""
        if self.count == 1:
            return tuple(figures)
        grads = [p.grad if p.grad is not None else torch.zeros_like(p) for p in parameters]
        flat = torch.cat([*(g.reshape(-1) for g in grads), torch.tensor(list(figures))])
        dist.all_reduce(flat)
        flat /= self.count
        start = 0
        for parameter in parameters:
            end = start + parameter.numel()
            parameter.grad = flat[start:end].view_as(parameter).clone()
            start = end
        return tuple(flat[start:].tolist())
