"""Ways to damage a file of a database, each decided by a source of chance."""

from __future__ import annotations

import random
from collections.abc import Callable

PAGE = 4096
Damage = Callable[[bytearray, random.Random], bytearray]


def flip_bytes(data: bytearray, chance: random.Random) -> bytearray:
    """Forty bytes get other values."""
    for _ in range(40):
        data[chance.randrange(len(data))] ^= chance.randrange(1, 256)
    return data


def zero_a_page(data: bytearray, chance: random.Random) -> bytearray:
    """One page other than the first is empty."""
    page = chance.randrange(1, len(data) // PAGE) * PAGE
    data[page : page + PAGE] = bytes(PAGE)
    return data


def scramble_a_stretch(data: bytearray, chance: random.Random) -> bytearray:
    """Up to 64 kB of noise."""
    length = min(chance.randrange(1, 65536), len(data))
    start = chance.randrange(len(data) - length + 1)
    data[start : start + length] = chance.randbytes(length)
    return data


def cut_short(data: bytearray, chance: random.Random) -> bytearray:
    """Only the beginning is left."""
    return data[: chance.randrange(1, len(data))]


def spoil_the_header(data: bytearray, chance: random.Random) -> bytearray:
    """The first 100 bytes are noise."""
    data[:100] = chance.randbytes(100)
    return data


def empty(_data: bytearray, _chance: random.Random) -> bytearray:
    """Nothing is left."""
    return bytearray()


DAMAGES: tuple[Damage, ...] = (
    flip_bytes,
    zero_a_page,
    scramble_a_stretch,
    cut_short,
    spoil_the_header,
    empty,
)
