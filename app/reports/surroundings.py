"""The program and the machine that a report is made with."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version

from app import __version__

GIGABYTE = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Versions, machine and moment. `made_at` is aware, in the zone the report is read in."""

    made_at: datetime
    facet: str
    mlx: str
    python: str
    system: str
    machine: str


def surroundings() -> Surroundings:
    """Those of this process, now."""
    return Surroundings(
        made_at=datetime.now().astimezone(),
        facet=__version__,
        mlx=_version_of("mlx"),
        python=platform.python_version(),
        system=_system(),
        machine=_machine(),
    )


def _version_of(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"


def _system() -> str:
    release, _, architecture = platform.mac_ver()
    if release:
        return f"macOS {release} ({architecture})"
    kernel = ".".join(platform.release().split(".")[:2])
    return f"{platform.system()} {kernel} ({platform.machine()})"


def _machine() -> str:
    processor = platform.processor() or platform.machine()
    try:
        memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError):  # not told by this system
        return processor
    return f"{processor}, {memory / GIGABYTE:.0f} GB"
