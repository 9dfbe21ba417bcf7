"""Dimensions of a Gemma 4 network, as plain frozen values.

Reading and checking `config.json` is `inference.checkpoint.config`'s job; here is only what the
network needs, already resolved per layer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

LayerKind = Literal["sliding", "full"]


@dataclass(frozen=True, slots=True)
class LayerConfig:
    """One decoder layer.

    `kv_donor` is the index of the layer whose keys and values this layer uses, or None when it
    makes its own. `rotated` counts the frequencies that really turn (head_dim // 2 for a sliding
    layer, an eighth of head_dim for a full one). `keys_are_values`: values are the raw key
    projection, there is no v_proj.
    """

    kind: LayerKind
    heads: int
    kv_heads: int
    head_dim: int
    ffn: int
    rope_theta: float
    rotated: int
    keys_are_values: bool = False
    kv_donor: int | None = None


@dataclass(frozen=True, slots=True)
class MoeConfig:
    experts: int
    top_k: int
    ffn: int


@dataclass(frozen=True, slots=True)
class TextConfig:
    vocab: int
    hidden: int
    layers: tuple[LayerConfig, ...]
    window: int
    max_positions: int
    eps: float = 1e-6
    softcap: float | None = 30.0
    ple_dim: int = 0  # 0: no per-layer embeddings
    ple_vocab: int = 0
    moe: MoeConfig | None = None
    bidirectional_vision: bool = False  # image blocks see both ways on sliding layers

    @property
    def first_shared(self) -> int:
        """Index of the first layer that makes no keys and values; the layer count if none."""
        for i, layer in enumerate(self.layers):
            if layer.kv_donor is not None:
                return i
        return len(self.layers)


@dataclass(frozen=True, slots=True)
class VisionConfig:
    hidden: int
    ffn: int
    layers: int
    heads: int
    head_dim: int
    patch: int = 16
    pool: int = 3
    positions: int = 10240
    rope_theta: float = 100.0
    eps: float = 1e-6
    clipped: bool = False
    standardize: bool = False


@dataclass(frozen=True, slots=True)
class AudioConfig:
    hidden: int
    layers: int
    heads: int
    channels: tuple[int, int] = (128, 32)
    kernel: int = 5
    left_context: int = 13
    output: int = 1536
    residual_weight: float = 0.5
    logit_cap: float = 50.0
    eps: float = 1e-6
    clipped: bool = True
    mels: int = 128

    @property
    def head_dim(self) -> int:
        return self.hidden // self.heads


@dataclass(frozen=True, slots=True)
class SpecialIds:
    """Token ids the network and the renderer rely on. Names follow the published tokenizer."""

    pad: int
    eos: int
    bos: int
    image: int  # <|image|>, one per soft token
    boi: int
    eoi: int
    video: int | None
    audio: int | None
    boa: int | None
    eoa: int | None


@dataclass(frozen=True, slots=True)
class ModelConfig:
    text: TextConfig
    vision: VisionConfig | None
    audio: AudioConfig | None
    ids: SpecialIds
    stop_ids: tuple[int, ...]
    name: str = ""

    @property
    def family(self) -> Literal["E", "MoE", "dense"]:
        if self.text.ple_dim:
            return "E"
        return "MoE" if self.text.moe else "dense"

    @property
    def prefills_empty_thought(self) -> bool:
        """The two large sizes want a closed, empty thought when thinking is off."""
        return not self.text.ple_dim


@dataclass(frozen=True, slots=True)
class DrafterConfig:
    """An MTP assistant: a small decoder that reads the target's keys and values."""

    text: TextConfig
    backbone: int
    centroids: int = 0  # 0: dense tied head
    centroid_top_k: int = 0
