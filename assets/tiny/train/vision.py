"""The vision tower for training: a slim forward on the parameters of transformers' tower.

It computes what `Gemma4VisionModel` computes for pictures of one grid (no padding, so no masks, and
no clamps, whose bounds are infinite), several times faster on a processor.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from assets.tiny.train import shape  # before transformers: it mends an import  # isort: skip
from transformers.models.gemma4.modeling_gemma4 import Gemma4VisionModel as Tower

PATCH, POOL = 16, 3


def new_tower() -> Tower:
    return Tower(shape.config().vision_config).float()


def patches(pictures: NDArray[np.uint8]) -> torch.Tensor:
    """Pictures [n, H, W, 3] of one size to patches [n, rows * columns, 768] in [0, 1]."""
    n, height, width, _ = pictures.shape
    rows, columns = height // PATCH, width // PATCH
    split = pictures.reshape(n, rows, PATCH, columns, PATCH, 3).transpose(0, 1, 3, 2, 4, 5)
    flat = np.ascontiguousarray(split).reshape(n, rows * columns, PATCH * PATCH * 3)
    return torch.from_numpy(flat).float() / 255


def positions(rows: int, columns: int, corners: NDArray[np.int64]) -> torch.Tensor:
    """Positions (x, y) [n, rows * columns, 2] of pictures whose first patch stands at `corners`.

    The model always starts at zero; training elsewhere teaches the far entries of the tables
    without large pictures.
    """
    grid = np.stack(np.meshgrid(np.arange(columns), np.arange(rows)), -1).reshape(-1, 2)
    return torch.from_numpy(grid[None] + corners[:, None])


class Seen(NamedTuple):
    """What the tower makes of pictures.

    Attributes:
        last: [n, patches, D], the last hidden states; soft: [n, patches / 9, D], the soft tokens.
        queries, keys: [n, heads, patches, head_dim] of the last layer's attention.
    """

    last: torch.Tensor
    soft: torch.Tensor
    queries: torch.Tensor
    keys: torch.Tensor


def forward(tower: Tower, pixels: torch.Tensor, where: torch.Tensor, columns: int) -> Seen:
    """Reads patches [n, patches, 768] at `where` [n, patches, 2], `columns` patches a row."""
    embedder = tower.patch_embedder
    table = embedder.position_embedding_table
    x = functional.linear(2 * pixels - 1, embedder.input_proj.weight)
    x = (
        x
        + functional.embedding(where[..., 0], table[0])
        + functional.embedding(where[..., 1], table[1])
    )
    cos, sin = rope(where, tower.encoder.rotary_emb.inv_freq)
    for layer in tower.encoder.layers:
        x, queries, keys = _layer(layer, x, cos, sin)
    n, count, width = x.shape
    rows = count // columns
    cells = x.view(n, rows // POOL, POOL, columns // POOL, POOL, width).mean((2, 4))
    return Seen(x, cells.reshape(n, -1, width) * math.sqrt(width), queries, keys)


def rope(where: torch.Tensor, frequencies: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Cosines and signed sines [n, patches, 1, head_dim]: x in the first half, y in the second."""
    angles = where[..., None].float() * frequencies  # [n, patches, 2, quarter]
    cos, sin = angles.cos(), angles.sin()
    cos = torch.cat([cos, cos], -1).flatten(2)
    sin = torch.cat([-sin, sin], -1).flatten(2)
    return cos[:, :, None], sin[:, :, None]


def _turn(x: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor) -> torch.Tensor:
    swapped = x.unflatten(-1, (2, 2, -1)).flip(-2).flatten(-3)  # halves of each axis change places
    return x * cos + swapped * sin


def _norm(x: torch.Tensor, weight: torch.Tensor | None, eps: float = 1e-6) -> torch.Tensor:
    return functional.rms_norm(x, (x.shape[-1],), weight, eps)


def _layer(
    layer: nn.Module, x: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    attention, mlp = layer.self_attn, layer.mlp
    n, count, _ = x.shape
    h = _norm(x, layer.input_layernorm.weight)
    weights = [p.linear.weight for p in (attention.q_proj, attention.k_proj, attention.v_proj)]
    q, k, v = (functional.linear(h, w).view(n, count, -1, attention.head_dim) for w in weights)
    q = _turn(_norm(q, attention.q_norm.weight), cos, sin).transpose(1, 2)
    k = _turn(_norm(k, attention.k_norm.weight), cos, sin).transpose(1, 2)
    v = _norm(v, None).transpose(1, 2)
    mixed = (q @ k.mT).softmax(-1) @ v
    mixed = functional.linear(mixed.transpose(1, 2).flatten(2), attention.o_proj.linear.weight)
    x = x + _norm(mixed, layer.post_attention_layernorm.weight)
    h = _norm(x, layer.pre_feedforward_layernorm.weight)
    gate = functional.gelu(functional.linear(h, mlp.gate_proj.linear.weight), approximate="tanh")
    h = functional.linear(
        gate * functional.linear(h, mlp.up_proj.linear.weight), mlp.down_proj.linear.weight
    )
    return x + _norm(h, layer.post_feedforward_layernorm.weight), q, k
