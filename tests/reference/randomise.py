"""Gives every stored tensor random values, rounded to bfloat16, so that no default hides a mistake.

Untouched initialisation has norms and layer scalars of one, infinite clip bounds and zero biases:
a reader that forgets one of them would still agree.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Generator, Tensor
from transformers import PreTrainedModel

Draw = Callable[[Tensor, Generator], Tensor]


def randomise(model: PreTrainedModel, seed: int) -> None:
    """Overwrite all parameters and persistent buffers of `model` in state-dict order."""
    generator = Generator().manual_seed(seed)
    for name, tensor in model.state_dict().items():
        if name == "lm_head.weight":  # tied to the token embedding
            continue
        if tensor.dtype == torch.int64:
            tensor.copy_(torch.randperm(tensor.numel(), generator=generator))
        else:
            tensor.copy_(_draw_for(name, tensor)(tensor, generator).to(torch.bfloat16))
    model.tie_weights()


def _uniform(low: float, high: float) -> Draw:
    return lambda like, g: low + (high - low) * torch.rand(like.shape, generator=g)


def _normal(std: float, mean: float = 0.0) -> Draw:
    return lambda like, g: mean + std * torch.randn(like.shape, generator=g)


# First match wins; the order puts special names before the general ones.
_RULES: tuple[tuple[tuple[str, ...], Draw], ...] = (
    (("q_norm.weight", "k_norm.weight"), _uniform(0.35, 0.75)),  # keeps the softmax soft
    (("layer_scalar",), _uniform(0.6, 1.2)),
    (("input_min", "output_min"), _uniform(-2.0, -1.0)),
    (("input_max", "output_max"), _uniform(1.0, 2.0)),
    (("per_dim_scale",), _normal(0.5, mean=0.5)),
    (("std_bias",), _normal(1.0)),
    (("std_scale", "router.scale", "per_expert_scale"), _uniform(0.5, 1.5)),
    (("position_embedding_table",), _normal(0.3)),
    ((".bias",), _normal(0.1)),
    (("router.proj.weight",), _normal(1.0)),
    (("embed_tokens_per_layer.weight",), _normal(0.25)),
)


def _draw_for(name: str, tensor: Tensor) -> Draw:
    for endings, draw in _RULES:
        if name.endswith(endings):
            return draw
    if tensor.ndim == 1:
        return _uniform(0.6, 1.4)
    if "experts." in name or "embed_tokens" in name:
        return _normal(tensor.shape[-1] ** -0.5)
    return _normal(tensor[0].numel() ** -0.5)  # all inputs of one output: convolutions too
