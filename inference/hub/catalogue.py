"""The Gemma 4 models that are offered: one entry for each quantization of each size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Size = Literal["E2B", "E4B", "26B-A4B", "31B"]

SIZES: tuple[Size, ...] = ("E2B", "E4B", "26B-A4B", "31B")
APACHE = "Apache-2.0"
_HEARING: tuple[Size, ...] = ("E2B", "E4B")


@dataclass(frozen=True, slots=True)
class _Row:
    """What the four sizes have in common in one row of the table."""

    key: str
    label: str
    detail: str
    bits: float
    is_qat: bool = False
    is_drafter: bool = False


_ROWS = (
    _Row("4bit", "4-bit", "affine, group 64", 4),
    _Row("6bit", "6-bit", "affine, group 64", 6),
    _Row("8bit", "8-bit", "affine, group 64", 8),
    _Row("bf16", "bf16", "as published by Google", 16),
    _Row("qat-4bit", "4-bit QAT", "trained for 4 bits, then packed", 4, is_qat=True),
    _Row("qat-bf16", "bf16 QAT", "trained for 4 bits, to be packed here", 16, is_qat=True),
    _Row("drafter", "drafter", "proposes tokens ahead, bf16", 16, is_drafter=True),
)

# (repository, bytes, whether the bytes are the sum of the files that the hub lists) in the order
# of _ROWS. Every name was seen in use in public programs; none could be asked for here. Listed
# sizes are exact or rounded to 10 MB; the rest are published roundings or follow from the number
# of parameters. What a download really takes is asked of the hub before it begins.
_Repository = tuple[str, int, bool]
_REPOSITORIES: dict[Size, tuple[_Repository, ...]] = {
    "E2B": (
        ("mlx-community/gemma-4-e2b-it-4bit", 3_583_088_661, True),
        ("mlx-community/gemma-4-e2b-it-6bit", 4_741_044_371, True),
        ("mlx-community/gemma-4-e2b-it-8bit", 5_899_036_930, True),
        ("google/gemma-4-E2B-it", 10_278_800_000, True),
        ("mlx-community/gemma-4-E2B-it-qat-4bit", 4_400_000_000, False),
        ("google/gemma-4-E2B-it-qat-q4_0-unquantized", 10_241_000_000, True),
        ("mlx-community/gemma-4-E2B-it-assistant-bf16", 190_000_000, False),
    ),
    "E4B": (
        ("mlx-community/gemma-4-e4b-it-4bit", 5_250_000_000, True),
        ("mlx-community/gemma-4-e4b-it-6bit", 7_120_000_000, True),
        ("mlx-community/gemma-4-e4b-it-8bit", 9_000_000_000, True),
        ("google/gemma-4-E4B-it", 16_024_800_000, True),
        ("mlx-community/gemma-4-E4B-it-qat-4bit", 6_800_000_000, False),
        ("google/gemma-4-E4B-it-qat-q4_0-unquantized", 16_025_000_000, False),
        ("mlx-community/gemma-4-E4B-it-assistant-bf16", 192_000_000, False),
    ),
    "26B-A4B": (
        ("mlx-community/gemma-4-26b-a4b-it-4bit", 15_373_588_575, True),
        ("mlx-community/gemma-4-26b-a4b-it-6bit", 21_679_806_248, True),
        ("mlx-community/gemma-4-26b-a4b-it-8bit", 27_990_000_000, True),
        ("google/gemma-4-26B-A4B-it", 51_644_200_000, True),
        ("mlx-community/gemma-4-26B-A4B-it-qat-4bit", 15_600_000_000, False),
        ("google/gemma-4-26B-A4B-it-qat-q4_0-unquantized", 51_644_000_000, False),
        ("mlx-community/gemma-4-26B-A4B-it-assistant-bf16", 872_000_000, False),
    ),
    "31B": (
        ("mlx-community/gemma-4-31b-it-4bit", 18_444_421_751, True),
        ("mlx-community/gemma-4-31b-it-6bit", 26_119_973_860, True),
        ("mlx-community/gemma-4-31b-it-8bit", 33_800_000_000, True),
        ("google/gemma-4-31B-it", 62_578_500_000, True),
        ("mlx-community/gemma-4-31B-it-qat-4bit", 28_800_000_000, False),
        ("google/gemma-4-31B-it-qat-q4_0-unquantized", 62_578_000_000, False),
        ("mlx-community/gemma-4-31B-it-assistant-bf16", 971_000_000, False),
    ),
}

# The same weights under another name, as they may lie in a cache: repository -> key.
_ALSO_KNOWN_AS = {
    "mlx-community/gemma-4-e2b-it-bf16": "e2b-bf16",
    "mlx-community/gemma-4-e4b-it-bf16": "e4b-bf16",
    "mlx-community/gemma-4-26b-a4b-it-bf16": "26b-a4b-bf16",
    "mlx-community/gemma-4-31b-it-bf16": "31b-bf16",
    "google/gemma-4-e2b-it-assistant": "e2b-drafter",
    "google/gemma-4-e4b-it-assistant": "e4b-drafter",
    "google/gemma-4-26b-a4b-it-assistant": "26b-a4b-drafter",
    "google/gemma-4-31b-it-assistant": "31b-drafter",
}


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """One repository of the hub that Facet can run.

    `download_bytes` is about what is fetched: what the hub listed where `is_size_listed`, an
    estimate elsewhere. `bits` are those of the packed matrices (16 for bf16), 4 of the QAT
    repositories being mixed: weigh those by `download_bytes`.
    """

    key: str
    size: Size
    label: str
    detail: str
    repo: str
    download_bytes: int
    bits: float
    sees: bool = True
    hears: bool = False
    is_qat: bool = False
    is_drafter: bool = False
    licence: str = APACHE
    revision: str = "main"
    is_size_listed: bool = False

    @property
    def name(self) -> str:
        """Like "Gemma 4 E2B · 4-bit"."""
        return f"Gemma 4 {self.size} · {self.label}"

    @property
    def page(self) -> str:
        """Where a person reads about it and accepts terms, if it has any."""
        return f"https://huggingface.co/{self.repo}"


CATALOGUE: tuple[CatalogueEntry, ...] = tuple(
    CatalogueEntry(
        key=f"{size.lower()}-{row.key}",
        size=size,
        label=row.label,
        detail=row.detail,
        repo=repo,
        download_bytes=download_bytes,
        bits=row.bits,
        sees=not row.is_drafter,
        hears=size in _HEARING and not row.is_drafter,
        is_qat=row.is_qat,
        is_drafter=row.is_drafter,
        is_size_listed=is_size_listed,
    )
    for size in SIZES
    for row, (repo, download_bytes, is_size_listed) in zip(_ROWS, _REPOSITORIES[size], strict=True)
)


def entry(key: str) -> CatalogueEntry:
    """The entry with this key. Raises KeyError."""
    for candidate in CATALOGUE:
        if candidate.key == key:
            return candidate
    raise KeyError(key)


def entry_of_repo(repo: str) -> CatalogueEntry | None:
    """The entry with the weights of `repo`, in any spelling; None where there is none."""
    wanted = repo.lower()
    if wanted in _ALSO_KNOWN_AS:
        return entry(_ALSO_KNOWN_AS[wanted])
    return next((one for one in CATALOGUE if one.repo.lower() == wanted), None)
