"""A lean forward of the audio tower on transformers' own parameters, equal to transformers' result.

It leaves out clamps that never bind and builds the attention's two blocks directly. Axes: B
recordings, M mel frames, T soft tokens (a quarter of M), H hidden, N heads, D head size, W = 12
frames in a block.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import torch
import torch.nn.functional as F  # noqa: N812 - the name everybody uses
from torch import nn

from assets.tiny.train import shape  # first: it mends what transformers imports

if TYPE_CHECKING:
    from transformers.models.gemma4.modeling_gemma4 import Gemma4AudioModel

PREFIX = "model.audio_tower."  # of the parameters' names in the whole model
EPS = 1e-6


def build() -> Gemma4AudioModel:
    """The tower in float32 with initial weights from which it learns well."""
    from transformers.models.gemma4.modeling_gemma4 import Gemma4AudioModel

    tower: Any = Gemma4AudioModel(shape.config().audio_config).float()
    with torch.no_grad():
        for name, weight in tower.named_parameters():
            if weight.ndim >= 2:
                fan_in = weight[0].numel()
                gain = math.sqrt(2) if "subsample" in name and "conv." in name else 1.0
                weight.normal_(std=gain / math.sqrt(fan_in))
            elif "post" in name and "norm" in name:
                weight.fill_(0.5)  # sub-layers begin as small corrections
    typed: Gemma4AudioModel = tower
    return typed


def forward(tower: Gemma4AudioModel, mel: torch.Tensor) -> torch.Tensor:
    """Log-mel [B, M, 128], zeros after a row's valid frames -> [B, T, output].

    Rows that are filled up must have an odd number of valid frames: then no convolution's window
    over the filling reaches a valid frame, and the masks between the convolutions change nothing.
    The conformer looks back only: what follows a row's valid soft tokens is garbage and reaches
    nothing before it.
    """
    conv: Any = tower.subsample_conv_projection
    x = mel[:, None].to(memory_format=torch.channels_last)
    for layer in (conv.layer0, conv.layer1):
        y = F.conv2d(x, layer.conv.weight, stride=2, padding=1).permute(0, 2, 3, 1)
        y = F.layer_norm(y, y.shape[-1:], layer.norm.weight, None, layer.norm.eps).relu()
        x = y.permute(0, 3, 1, 2)
    x = conv.input_proj_linear(x.permute(0, 2, 3, 1).flatten(2))
    distances = tower.rel_pos_enc(x)[0, -_reach(tower) :]  # distances 11 … 0
    for layer in tower.layers:
        x = _layer(layer, x, distances)
    out: torch.Tensor = tower.output_proj(x)
    return out


def soft_tokens_of(frames: int) -> int:
    """Soft tokens of so many valid mel frames."""
    return -(-frames // 4)


def norm(x: torch.Tensor, weight: torch.Tensor | None = None) -> torch.Tensor:
    """Root-mean-square norm over the last axis."""
    return F.rms_norm(x, x.shape[-1:], weight, EPS)


def _reach(tower: Gemma4AudioModel) -> int:
    return int(tower.config.attention_context_left) - 1


def _layer(layer: Any, x: torch.Tensor, distances: torch.Tensor) -> torch.Tensor:
    x = _feed_forward(layer.feed_forward1, x)
    y = _attention(layer.self_attn, norm(x, layer.norm_pre_attn.weight), distances)
    x = x + norm(y, layer.norm_post_attn.weight)
    x = _light_conv(layer.lconv1d, x)
    x = _feed_forward(layer.feed_forward2, x)
    return norm(x, layer.norm_out.weight)


def _feed_forward(part: Any, x: torch.Tensor) -> torch.Tensor:
    y = norm(x, part.pre_layer_norm.weight)
    y = part.ffw_layer_2.linear(F.silu(part.ffw_layer_1.linear(y)))
    return x + norm(y, part.post_layer_norm.weight * part.post_layer_scale)


def _light_conv(part: Any, x: torch.Tensor) -> torch.Tensor:
    y = F.glu(part.linear_start.linear(norm(x, part.pre_layer_norm.weight)), dim=-1)
    y = F.pad(y, (0, 0, part.depthwise_conv1d.left_pad, 0))
    taps = part.depthwise_conv1d.weight[:, 0].T  # [5, H]
    length = x.shape[1]
    # Five shifted products: cheaper on a CPU than a grouped convolution and two transpositions.
    y = sum(y[:, k : k + length] * taps[k] for k in range(len(taps)))
    return x + part.linear_end.linear(F.silu(norm(y, part.conv_norm.weight)))


def _attention(part: Any, x: torch.Tensor, distances: torch.Tensor) -> torch.Tensor:
    """[B, T, H] -> [B, T, H]: each frame sees itself and the 11 before it."""
    batch, length, _ = x.shape
    heads, size, reach = part.num_heads, part.head_dim, len(distances)
    q = part.q_proj.linear(x).unflatten(-1, (heads, size))
    q = _blocks(q * (part.q_scale * F.softplus(part.per_dim_scale)), reach)
    k = _with_previous(_blocks(part.k_proj.linear(x).unflatten(-1, (heads, size)), reach))
    v = _with_previous(_blocks(part.v_proj.linear(x).unflatten(-1, (heads, size)), reach))
    r = part.relative_k_proj(distances).view(reach, heads, size).permute(1, 2, 0)  # [N, D, W]
    by_distance = F.pad(q @ r[:, None], (1, reach))  # [B, N, blocks, W, 2W + 1]
    # Read again in rows of 2W, row i is shifted right by i: entry e comes to key i + 1 + e.
    shifted = by_distance.flatten(-2)[..., : 2 * reach * reach].unflatten(-1, (reach, 2 * reach))
    logits = (q @ k.mT) * part.k_scale + shifted
    cap = part.attention_logits_soft_cap
    logits = torch.tanh(logits / cap) * cap + _unseen(q.shape[2], reach)
    y = logits.softmax(-1) @ v
    y = y.permute(0, 2, 3, 1, 4).reshape(batch, -1, heads * size)[:, :length]
    out: torch.Tensor = part.post.linear(y)
    return out


def _blocks(x: torch.Tensor, reach: int) -> torch.Tensor:
    """[B, T, N, D] -> [B, N, blocks, W, D], the last block filled up with zeros."""
    x = F.pad(x, (0, 0, 0, 0, 0, -x.shape[1] % reach))
    return x.unflatten(1, (-1, reach)).permute(0, 3, 1, 2, 4)


def _with_previous(blocks: torch.Tensor) -> torch.Tensor:
    """[B, N, blocks, W, D] -> [B, N, blocks, 2W, D]: each block behind the one before."""
    before = F.pad(blocks, (0, 0, 0, 0, 1, 0))[:, :, :-1]
    return torch.cat([before, blocks], dim=3)


def _unseen(blocks: int, reach: int) -> torch.Tensor:
    """Added to the logits [blocks, W, 2W]: a large negative number where a key is not seen."""
    distance = reach + torch.arange(reach)[:, None] - torch.arange(2 * reach)
    seen = (distance >= 0) & (distance < reach)
    first = (torch.arange(blocks) == 0)[:, None, None] & (torch.arange(2 * reach) < reach)
    return torch.where(seen & ~first, 0.0, -1e9)


class WordHead(nn.Module):
    """A word or the blank for every soft token: the tower's teacher, left out of the model."""

    def __init__(self, words: int) -> None:
        super().__init__()
        self.head = nn.Linear(shape.AUDIO_OUT, words + 1)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        """[B, T, output] -> log-probabilities [B, T, words + 1]; the blank comes last."""
        return F.log_softmax(self.head(norm(tokens)), dim=-1)
