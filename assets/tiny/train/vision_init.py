"""Initial weights of the vision tower.

transformers leaves the position table at one everywhere, attention at random sharpness and the
patch projection random. Here patches start whitened, positions start different, the first layer
starts out looking at the neighbours of each patch, as a convolution would, and two heads of each
further layer look along the column and the row, where the value of a label stands.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import nn

from assets.tiny.train.vision import Tower

CONSTANT = 0  # this feature carries a constant, by which heads of layer 0 ask for an offset
NEIGHBOURS = ((-1, 0), (1, 0), (0, -1), (0, 1), (-2, 0), (2, 0))
ALONG = ({0: 0}, {1: 0})  # the same column, the same row
SHARP_FREQUENCIES = 3  # the fastest rotations tell neighbours apart


@torch.no_grad()
def initialise(tower: Tower, sample: torch.Tensor, seed: int = 0) -> None:
    """Sets every weight; `sample` is patches [many, 768] in [0, 1] of typical drawings."""
    dice = torch.Generator().manual_seed(seed)
    layers = tower.encoder.layers
    for name, parameter in tower.named_parameters():
        if parameter.ndim == 2:
            parameter.normal_(0, parameter.shape[1] ** -0.5, generator=dice)
        if name.endswith(("q_norm.weight", "k_norm.weight")):
            parameter.fill_(tower.config.head_dim**-0.25)
        if name.endswith(("post_attention_layernorm.weight", "post_feedforward_layernorm.weight")):
            parameter.fill_((2 * len(layers)) ** -0.5)
    offset = _whiten(tower.patch_embedder.input_proj, sample)
    _place(tower.patch_embedder.position_embedding_table, offset, dice)
    frequencies = tower.encoder.rotary_emb.inv_freq
    constant = torch.zeros(tower.config.hidden_size)
    constant[CONSTANT] = 1.0
    steps = [{0: dx, 1: dy} for dx, dy in NEIGHBOURS]
    look(layers[0].self_attn, frequencies, steps, constant)
    for name in ("q_norm", "k_norm"):
        getattr(layers[0].self_attn, name).weight.fill_(0.95)
    for layer in layers[1:]:
        look(layer.self_attn, frequencies, ALONG, constant)


def _whiten(projection: nn.Linear, sample: torch.Tensor) -> torch.Tensor:
    """Principal directions of patches, scaled to unit variance. Returns what centres them."""
    pixels = (2 * sample - 1).double()
    mean = pixels.mean(0)
    values, vectors = torch.linalg.eigh((pixels - mean).T @ (pixels - mean) / len(pixels))
    width = projection.out_features
    scale = (values + 0.002 * values.sum() / len(values) * 10).rsqrt()
    weight = (vectors * scale).T[-width:].flip(0)
    weight = torch.roll(weight, 1, 0)
    weight[CONSTANT] = 0  # gives up the least direction
    projection.weight.copy_(weight.float())
    return -(weight @ mean).float()


def _place(table: nn.Parameter, offset: torch.Tensor, dice: torch.Generator) -> None:
    """Where a patch stands in its cell (period 3), and slow waves over the whole picture."""
    axes, count, width = table.shape
    index = torch.arange(count)
    table.zero_()
    for axis in range(axes):
        inside = torch.randn(3, width, generator=dice) * 0.5
        table[axis] += inside[index % 3]
        waves = torch.arange(8)
        angles = index[:, None] * math.pi / (6 * 1.6**waves)
        features = torch.cat([angles.sin(), angles.cos()], 1)
        table[axis] += features @ torch.randn(16, width, generator=dice) * 0.1
    table[0] += offset
    table[:, :, CONSTANT] = 0
    table[0, :, CONSTANT] = 4.0


def look(
    attention: nn.Module,
    frequencies: torch.Tensor,
    heads: Sequence[dict[int, int]],
    constant: torch.Tensor,
) -> None:
    """Lets the first heads attend to places.

    Args:
        heads: for each head, the offset in patches on each axis (0: x, 1: y) that matters to it.
        constant: [width], the direction of the layer's input that is about one everywhere.
    """
    quarter, dim = len(frequencies), attention.head_dim
    for head, offsets in enumerate(heads[: attention.config.num_attention_heads]):
        key, query = torch.zeros(dim), torch.zeros(dim)
        for axis, step in offsets.items():
            for i in range(SHARP_FREQUENCIES):
                angle = frequencies[i] * step
                at = axis * 2 * quarter + i
                key[at] = 1.0
                query[at], query[at + quarter] = angle.cos(), angle.sin()
        rows = slice(head * dim, (head + 1) * dim)
        for projection, direction in ((attention.q_proj, query), (attention.k_proj, key)):
            weight = projection.linear.weight
            weight[rows] *= 0.3
            weight[rows] += torch.outer(direction - weight[rows] @ constant, constant)
