"""Shapes and weights of the models: from the headers of a folder, or known for the four sizes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import prod
from pathlib import Path

from inference.checkpoint import HeaderFolder, expected_tensors, open_headers
from inference.checkpoint.expected import is_quantizable
from inference.hub.catalogue import Size
from inference.models.gemma4.config import (
    AudioConfig,
    LayerConfig,
    ModelConfig,
    MoeConfig,
    SpecialIds,
    TextConfig,
    VisionConfig,
)

_DECODER = "language_model."
_TABLE = f"{_DECODER}embed_tokens_per_layer."
_VISION = ("vision_tower.", "embed_vision.")
_EXPERTS = ".experts."
_NARROW = 2  # bytes of the bfloat16 in which plain weights are published
_GROUP = 64


@dataclass(frozen=True, slots=True)
class Part:
    """Weights of one part of a model, in bytes as stored.

    `narrow` of them are bfloat16 values that take on the width of the activations; packed weights
    and their scales stay as they are.
    """

    stored: int = 0
    narrow: int = 0

    def resident(self, item_bytes: int) -> int:
        """Bytes in memory where activations are so wide."""
        return self.stored + self.narrow * max(item_bytes - _NARROW, 0) // _NARROW


@dataclass(frozen=True, slots=True)
class Shape:
    """What of a model decides its memory: dimensions, and its weights by part.

    `decoder` is held as long as the model is loaded; `table` is the per-layer table of the E
    sizes, which stays on the disk; towers are read when the first picture or sound is sent.
    `read_bytes` is what of the decoder one token reads: all, but only the chosen experts. `bits`
    are those of most of its weights.
    """

    text: TextConfig
    vision_config: VisionConfig | None
    audio_config: AudioConfig | None
    decoder: Part
    table: Part
    vision: Part
    audio: Part
    read_bytes: int
    bits: float

    @property
    def file_bytes(self) -> int:
        """All tensors together, as stored."""
        return sum(p.stored for p in (self.decoder, self.table, self.vision, self.audio))


@dataclass(frozen=True, slots=True)
class _Stored:
    """One tensor: canonical name, bytes, and whether it is plain bfloat16."""

    name: str
    size_bytes: int
    is_narrow: bool


@lru_cache(maxsize=64)
def shape_of(size: Size, bits: float) -> Shape:
    """The published model of this size with a decoder of so many bits a weight.

    From 16 bits on nothing is packed; below, matrices are packed in groups of 64 with a scale and
    a bias of 16 bits each, the router at 8 bits, and the towers are left as they are.
    """
    config = published_config(size)
    return _shape(config, list(_published(config, bits)), bits)


def read_shape(folder: Path) -> Shape:
    """The shape of a model folder, from its checked headers. Raises CheckpointError.

    Reads no weights, but tables of a few megabytes: not for the window's thread.
    """
    return shape_from(open_headers(folder))


def shape_from(headers: HeaderFolder) -> Shape:
    """The same of a folder whose headers have been checked."""
    stored: list[_Stored] = []
    for name, source in headers.tensors.items():
        module, _, last = name.rpartition(".")
        is_scale = module in headers.quantized and last in ("scales", "biases")
        stored.extend(
            _Stored(name, part.size_bytes, part.dtype == "BF16" and not is_scale)
            for part in source.parts
        )
    packed = {spec.bits for spec in headers.quantized.values()}
    return _shape(headers.config, stored, min(packed, default=16))


def _shape(config: ModelConfig, stored: list[_Stored], bits: float) -> Shape:
    decoder = _sum(t for t in stored if t.name.startswith(_DECODER) and not _is_table(t))
    experts = sum(t.size_bytes for t in stored if _EXPERTS in t.name)
    moe = config.text.moe
    idle = 0 if moe is None else experts - experts * moe.top_k // moe.experts
    return Shape(
        text=config.text,
        vision_config=config.vision,
        audio_config=config.audio,
        decoder=decoder,
        table=_sum(t for t in stored if _is_table(t)),
        vision=_sum(t for t in stored if t.name.startswith(_VISION)),
        audio=_sum(t for t in stored if not t.name.startswith((_DECODER, *_VISION))),
        read_bytes=decoder.stored - idle,
        bits=bits,
    )


def _is_table(tensor: _Stored) -> bool:
    return tensor.name.startswith(_TABLE)


def _sum(tensors: Iterator[_Stored]) -> Part:
    listed = list(tensors)
    return Part(sum(t.size_bytes for t in listed), sum(t.size_bytes for t in listed if t.is_narrow))


def _published(config: ModelConfig, bits: float) -> Iterator[_Stored]:
    for name, shape in expected_tensors(config).items():
        is_packed = bits < 16 and name.startswith(_DECODER) and is_quantizable(name, shape)
        if not is_packed:
            yield _Stored(name, prod(shape) * _NARROW, is_narrow=True)
            continue
        own = max(bits, 8.0) if ".router." in name else bits
        words = prod(shape) * own / 8
        yield _Stored(name, int(words + prod(shape) // _GROUP * 2 * _NARROW), is_narrow=False)


def published_config(size: Size) -> ModelConfig:
    """Dimensions of a published size; its token ids are of no account here."""
    text, vision = _TEXTS[size], _SMALL if _TEXTS[size].ple_dim else _LARGE
    ids = SpecialIds(0, 1, 2, 258_880, 255_999, 258_882, 258_884, 258_881, 256_000, 258_883)
    audio = AudioConfig(hidden=1024, layers=12, heads=8) if text.ple_dim else None
    return ModelConfig(text, vision, audio, ids, stop_ids=(1, 106))


_SMALL = VisionConfig(hidden=768, ffn=3072, layers=16, heads=12, head_dim=64, clipped=True)
_LARGE = VisionConfig(hidden=1152, ffn=4304, layers=27, heads=16, head_dim=72, standardize=True)


@dataclass(frozen=True, slots=True)
class _Text:
    """A row of the table of published dimensions; see `_text`."""

    hidden: int
    ffn: int
    layers: int
    period: int  # the last of so many layers has full attention
    heads: int
    kv_heads: tuple[int, int]  # of sliding and of full layers
    window: int
    positions: int
    shared: int = 0  # so many layers at the end take their keys and values from an earlier one
    is_wide: bool = False  # these have a feed-forward of twice the width
    moe: MoeConfig | None = None


def _text(row: _Text) -> TextConfig:
    is_e_size = row.shared > 0
    first_shared = row.layers - row.shared
    layers = []
    for i in range(row.layers):
        is_full = i % row.period == row.period - 1
        donor = None
        if i >= first_shared:
            donor = first_shared - 1 if is_full else first_shared - 2
        layers.append(
            LayerConfig(
                kind="full" if is_full else "sliding",
                heads=row.heads,
                kv_heads=row.kv_heads[1 if is_full else 0],
                head_dim=512 if is_full else 256,
                ffn=row.ffn * (2 if row.is_wide and i >= first_shared else 1),
                rope_theta=1e6 if is_full else 1e4,
                rotated=64 if is_full else 128,
                keys_are_values=is_full and not is_e_size,
                kv_donor=donor,
            )
        )
    return TextConfig(
        vocab=262_144,
        hidden=row.hidden,
        layers=tuple(layers),
        window=row.window,
        max_positions=row.positions,
        ple_dim=256 if is_e_size else 0,
        ple_vocab=262_144 if is_e_size else 0,
        moe=row.moe,
        bidirectional_vision=not is_e_size,
    )


_TEXTS: Mapping[Size, TextConfig] = {
    "E2B": _text(_Text(1536, 6144, 35, 5, 8, (1, 1), 512, 131_072, shared=20, is_wide=True)),
    "E4B": _text(_Text(2560, 10_240, 42, 6, 8, (2, 2), 512, 131_072, shared=18)),
    "26B-A4B": _text(
        _Text(2816, 2112, 30, 6, 16, (8, 2), 1024, 262_144, moe=MoeConfig(128, 8, 704))
    ),
    "31B": _text(_Text(5376, 21_504, 60, 6, 32, (16, 4), 1024, 262_144)),
}
