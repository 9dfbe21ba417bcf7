"""Where Facet keeps things; no other module knows. FACET_HOME puts all of it into one folder."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

NAME = "Facet"
HOME_VARIABLE = "FACET_HOME"


def data_dir() -> Path:
    """Conversations, media and their backups."""
    return _folder("data", platformdirs.user_data_path(NAME, appauthor=False))


def config_dir() -> Path:
    """Preferences and the state of the window."""
    return _folder("config", platformdirs.user_config_path(NAME, appauthor=False))


def cache_dir() -> Path:
    """What can be made again at any time."""
    return _folder("cache", platformdirs.user_cache_path(NAME, appauthor=False))


def logs_dir() -> Path:
    """The log and the reports of crashes."""
    return _folder("logs", platformdirs.user_log_path(NAME, appauthor=False))


def _folder(name: str, usual: Path) -> Path:
    home = os.environ.get(HOME_VARIABLE)
    return Path(home) / name if home else usual
