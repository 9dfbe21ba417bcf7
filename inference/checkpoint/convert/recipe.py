"""Recipes: how many bits each kind of matrix gets when a model is quantised."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

ROUTER_BITS = 8  # at 4 bit the router of 26B-A4B picks other experts for one token in seven
TABLE_BITS = 8
GROUP_SIZES = (32, 64, 128)
BITS = (3, 4, 5, 6, 8)


@dataclass(frozen=True, slots=True)
class Recipe:
    """What becomes of a model's matrices; everything else is copied as bfloat16.

    `bits` is for most matrices of the decoder. `better_bits` is for those that lose most: the
    token table (which is the output head too), and values, attention output and down projection
    of the layers at both ends and of every third between. `table_bits` is for the per-layer table
    of the E sizes, which stays on the disk and costs no memory. `group_size` values of a row share
    a scale. With `finds_lattice`, weights of a model trained for 4 bits (QAT) are stored on the
    very grid they were trained for.

    `key` is a word for command lines and files, `label` and `detail` are for people.
    """

    key: str
    label: str
    detail: str
    bits: int
    better_bits: int
    group_size: int = 64
    table_bits: int = TABLE_BITS
    finds_lattice: bool = True

    @property
    def is_mixed(self) -> bool:
        """Whether some matrices of the decoder get more bits than others."""
        return self.better_bits != self.bits


def _plain(bits: int, detail: str) -> Recipe:
    # On a QAT model, three bits are asked for to save room, eight to keep everything.
    return Recipe(f"{bits}bit", f"{bits}-bit", detail, bits, bits, finds_lattice=3 < bits < 8)


def _mixed(bits: int, better: int, detail: str) -> Recipe:
    key, label = f"mixed-{bits}-{better}", f"mixed {bits} and {better} bit"
    return Recipe(key, label, detail, bits, better, finds_lattice=bits > 3)


_ALL = (
    _plain(8, "Hardly to be told from the original."),
    _plain(6, "Very close to the original."),
    _plain(5, "Between 4-bit and 6-bit in size and care."),
    _plain(4, "The usual choice: small and fast."),
    _plain(3, "Smallest. Expect more mistakes."),
    _mixed(4, 8, "4-bit, with the most sensitive parts at 8 bit."),
    _mixed(4, 6, "4-bit, with the most sensitive parts at 6 bit."),
    _mixed(3, 6, "3-bit, with the most sensitive parts at 6 bit."),
)
RECIPES: Mapping[str, Recipe] = MappingProxyType({recipe.key: recipe for recipe in _ALL})
USUAL_RECIPE = "4bit"
