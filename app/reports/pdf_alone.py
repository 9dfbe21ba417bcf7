"""The Qt that a PDF needs in a program without a window."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication

_kept: list[QGuiApplication] = []  # Qt ends with the process, not with the function that began it


def ensure_application() -> None:
    """Starts Qt without a screen unless it is running. Then call it on the main thread."""
    if QGuiApplication.instance() is None:
        _kept.append(QGuiApplication(["facet", "-platform", "offscreen"]))
