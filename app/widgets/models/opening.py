"""What is opened outside the window: a page of the catalogue, a folder of this computer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

Opener = Callable[[QUrl], bool]


def open_page(address: str, opener: Opener = QDesktopServices.openUrl) -> bool:
    """A page that the catalogue names; nothing else than https is opened."""
    url = QUrl(address)
    return url.scheme() == "https" and opener(url)


def reveal(folder: Path, opener: Opener = QDesktopServices.openUrl) -> bool:
    """The folder in the system's own browser of files."""
    return opener(QUrl.fromLocalFile(str(folder)))
