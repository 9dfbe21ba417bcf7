"""The dimensions of the Gemma 4 sizes that the generator can write, and their smaller variants."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Vision:
    hidden: int
    ffn: int
    layers: int
    heads: int
    clipped: bool
    standardize: bool
    positions: int = 10240

    @property
    def head_dim(self) -> int:
        return self.hidden // self.heads


@dataclass(frozen=True, slots=True)
class Audio:
    hidden: int = 1024
    layers: int = 12
    heads: int = 8
    channels: tuple[int, int] = (128, 32)
    output: int = 1536


@dataclass(frozen=True, slots=True)
class Experts:
    count: int
    top_k: int
    ffn: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """One checkpoint. Every `period`-th layer has full attention, the others a sliding window.

    The last `shared` layers make no keys and values of their own. `kv_full` is None where full
    layers have as many KV heads as sliding ones.
    """

    name: str
    hidden: int
    ffn: int
    layers: int
    period: int
    heads: int
    kv_sliding: int
    window: int
    max_positions: int
    vision: Vision
    kv_full: int | None = None
    head_dim: int = 256
    full_head_dim: int = 512
    shared: int = 0
    double_wide: bool = False
    ple: int = 0
    keys_are_values: bool = False
    experts: Experts | None = None
    audio: Audio | None = None
    vocab: int = 262144

    @property
    def first_shared(self) -> int:
        return self.layers - self.shared

    def is_full(self, layer: int) -> bool:
        return layer % self.period == self.period - 1

    def head_dim_of(self, layer: int) -> int:
        return self.full_head_dim if self.is_full(layer) else self.head_dim

    def kv_heads_of(self, layer: int) -> int:
        return self.kv_full if self.is_full(layer) and self.kv_full else self.kv_sliding

    def ffn_of(self, layer: int) -> int:
        return self.ffn * (2 if self.double_wide and layer >= self.first_shared else 1)


SMALL_TOWER = Vision(hidden=768, ffn=3072, layers=16, heads=12, clipped=True, standardize=False)
LARGE_TOWER = Vision(hidden=1152, ffn=4304, layers=27, heads=16, clipped=False, standardize=True)

SIZES = {
    size.name: size
    for size in (
        Size(
            name="e2b",
            hidden=1536,
            ffn=6144,
            layers=35,
            period=5,
            heads=8,
            kv_sliding=1,
            window=512,
            max_positions=131072,
            vision=SMALL_TOWER,
            shared=20,
            double_wide=True,
            ple=256,
            audio=Audio(),
        ),
        Size(
            name="e4b",
            hidden=2560,
            ffn=10240,
            layers=42,
            period=6,
            heads=8,
            kv_sliding=2,
            window=512,
            max_positions=131072,
            vision=SMALL_TOWER,
            shared=18,
            ple=256,
            audio=Audio(),
        ),
        Size(
            name="26b-a4b",
            hidden=2816,
            ffn=2112,
            layers=30,
            period=6,
            heads=16,
            kv_sliding=8,
            kv_full=2,
            window=1024,
            max_positions=262144,
            vision=LARGE_TOWER,
            keys_are_values=True,
            experts=Experts(count=128, top_k=8, ffn=704),
        ),
        Size(
            name="31b",
            hidden=5376,
            ffn=21504,
            layers=60,
            period=6,
            heads=32,
            kv_sliding=16,
            kv_full=4,
            window=1024,
            max_positions=262144,
            vision=LARGE_TOWER,
            keys_are_values=True,
        ),
    )
}


def with_layers(size: Size, layers: int) -> Size:
    """The size with fewer decoder layers: same pattern, KV sharing in proportion.

    Raises ValueError unless `layers` is a multiple of the period, so that the last layer has full
    attention and a sharing layer finds a donor of each kind.
    """
    if layers < size.period or layers % size.period or layers > size.layers:
        raise ValueError(
            f"{size.name} can have a multiple of {size.period} layers up to {size.layers}, "
            f"not {layers}"
        )
    blocks = layers // size.period
    shared_blocks = min(blocks - 1, blocks * size.shared // size.layers)
    return replace(size, layers=layers, shared=shared_blocks * size.period)


def with_tiny_width(size: Size) -> Size:
    """The size with all its layers but almost no arithmetic in them; widths suit group size 64."""
    return replace(
        size,
        name=f"tiny-{size.name}",
        hidden=128,
        ffn=128,
        heads=4,
        kv_sliding=min(size.kv_sliding, 2),
        kv_full=1 if size.kv_full else None,
        head_dim=32,
        full_head_dim=64,
        ple=64 if size.ple else 0,
        experts=replace(size.experts, ffn=64) if size.experts else None,
        vision=replace(size.vision, hidden=64, ffn=128, layers=2, heads=2, positions=1024),
        audio=Audio(hidden=64, layers=2, heads=2, output=96) if size.audio else None,
        vocab=1024,
    )


def find_size(name: str) -> Size:
    """A size by name: one of SIZES, `tiny-` and one of them, or `moe6` (six layers of 26b-a4b).

    Raises ValueError for any other name.
    """
    if name == "moe6":
        return replace(with_layers(SIZES["26b-a4b"], 6), name="moe6")
    plain = name.removeprefix("tiny-")
    if plain not in SIZES:
        raise ValueError(f"there is no size {name!r}; sizes are {', '.join(SIZES)} and moe6")
    return SIZES[plain] if plain == name else with_tiny_width(SIZES[plain])
