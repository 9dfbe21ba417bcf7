"""One optimiser for every part: Muon for matrices, AdamW for embeddings, norms and heads.

Muon steps along the momentum's nearest orthogonal matrix, found by five Newton-Schulz iterations,
so all directions of a matrix learn at one speed. At these widths it costs little.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

import torch
from torch import nn

NEWTON_SCHULZ = (3.4445, -4.7750, 2.0315)  # the usual quintic: steep at zero, about 1 at the end
NEWTON_SCHULZ_STEPS = 5
# Matrices under these names are tables or read-outs: their rows are separate things.
NOT_MUON = ("embed_tokens", "position_embedding", "head", "lm_head", "bias", "norm")


def orthogonalise(matrices: torch.Tensor) -> torch.Tensor:
    """Makes the singular values of [..., rows, columns] about one, keeping the directions."""
    a, b, c = NEWTON_SCHULZ
    wide = matrices.shape[-2] <= matrices.shape[-1]
    x = matrices if wide else matrices.mT
    x = x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    for _ in range(NEWTON_SCHULZ_STEPS):
        gram = x @ x.mT
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x if wide else x.mT


class Muon(torch.optim.Optimizer):
    """Nesterov momentum, orthogonalised per matrix; updates have the size of an Adam step.

    Matrices of one shape are stacked and treated together: fewer, larger products.
    """

    def __init__(
        self,
        params: Iterable[nn.Parameter],
        lr: float,
        momentum: float = 0.95,
        weight_decay: float = 0.0,
    ) -> None:
        defaults = {"lr": lr, "momentum": momentum, "weight_decay": weight_decay}
        super().__init__(params, defaults)

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> None:  # type: ignore[override]
        assert closure is None
        for group in self.param_groups:
            by_shape: dict[torch.Size, list[nn.Parameter]] = {}
            for parameter in group["params"]:
                if parameter.grad is not None:
                    by_shape.setdefault(parameter.shape, []).append(parameter)
            for shape, alike in by_shape.items():
                self._step_alike(group, shape, alike)

    def _step_alike(
        self, group: dict[str, float], shape: torch.Size, alike: list[nn.Parameter]
    ) -> None:
        directions = []
        for parameter in alike:
            state = self.state[parameter]
            if not state:
                state["momentum"] = torch.zeros_like(parameter)
            momentum = state["momentum"].lerp_(parameter.grad, 1 - group["momentum"])
            directions.append(parameter.grad.lerp(momentum, group["momentum"]).flatten(1))
        stacked = orthogonalise(torch.stack(directions))
        # An orthogonal update has root-mean-square entries 1/sqrt(longer side); this factor makes
        # them 0.2, as an Adam step's, so that one rate suits every shape.
        size = 0.2 * math.sqrt(max(stacked.shape[-2:]))
        for parameter, update in zip(alike, stacked, strict=True):
            if group["weight_decay"]:
                parameter.mul_(1 - group["lr"] * group["weight_decay"])
            parameter.add_(update.view(shape), alpha=-group["lr"] * size)


class Optimiser:
    """Muon and AdamW behind one rate that follows a schedule.

    Args:
        parameters: (name, parameter) pairs, as `named_parameters` yields them.
        rate: peak rate of the matrices; about 4e-3 from scratch, a tenth of it to go on.
        steps: the whole length of training, for the schedule.
        other_rate: peak rate of everything else.
    """

    def __init__(
        self,
        parameters: Iterable[tuple[str, nn.Parameter]],
        rate: float,
        steps: int,
        other_rate: float = 2e-3,
        decay_from: float = 0.5,
        warm: int = 30,
    ) -> None:
        self.steps, self.decay_from, self.warm = steps, decay_from, warm
        matrices, others = [], []
        for name, parameter in parameters:
            if parameter.requires_grad:
                is_table = any(part in name for part in NOT_MUON)
                (others if parameter.ndim < 2 or is_table else matrices).append(parameter)
        self.muon = Muon(matrices, lr=rate)
        self.adam = torch.optim.AdamW(others, lr=other_rate, betas=(0.9, 0.98), weight_decay=0.0)
        self.all = [*matrices, *others]
        self.peaks = (rate, other_rate)

    def step(self, step: int, clip: float = 1.0) -> float:
        """Clips, steps, clears the gradients. Returns the gradient's norm before clipping."""
        factor = schedule(step / max(1, self.steps), self.decay_from) * min(
            1.0, (step + 1) / self.warm
        )
        norm = nn.utils.clip_grad_norm_(self.all, clip)
        for optimiser, peak in zip((self.muon, self.adam), self.peaks, strict=True):
            for group in optimiser.param_groups:
                group["lr"] = peak * factor
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
        return float(norm)

    def state_dict(self) -> dict[str, object]:
        return {"muon": self.muon.state_dict(), "adam": self.adam.state_dict()}

    def load_state_dict(self, state: dict[str, dict[str, object]]) -> None:
        self.muon.load_state_dict(state["muon"])
        self.adam.load_state_dict(state["adam"])


def schedule(progress: float, decay_from: float) -> float:
    """Constant until `decay_from` of the whole, then a line down to 2 percent."""
    if progress <= decay_from:
        return 1.0
    return max(0.02, 1.0 - 0.98 * (progress - decay_from) / (1.0 - decay_from))
