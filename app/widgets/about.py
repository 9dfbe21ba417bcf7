"""What Facet is, its version, and whose work is in it."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from app import __version__
from app.core.licences import notices
from app.widgets.icon_label import IconLabel
from app.widgets.labels import Label
from app.widgets.licences import LicencesDialog
from app.widgets.theme import Theme

WIDTH = 380
PARTS = ("mlx", "PySide6-Essentials", "numpy", "tokenizers", "pillow", "av")


def versions() -> dict[str, str]:
    """The versions of what Facet stands on, as installed."""
    found = {"Facet": __version__, "Python": platform.python_version()}
    for name in PARTS:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


class AboutDialog(QDialog):
    """Gem, name, version, licences."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("About Facet")
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(8)
        column.addWidget(IconLabel("gem", theme, 56), 0, Qt.AlignmentFlag.AlignHCenter)
        self._line(column, "Facet", theme, "title", "text")
        self._line(column, f"Version {__version__}", theme, "small", "text2")
        self._line(
            column,
            "A workbench for Gemma 4 that shows what the model really received. "
            "Nothing leaves this computer.",
            theme,
            "body",
            "text",
        )
        self._line(
            column,
            "Facet is free software under the Apache licence 2.0. Gemma is a trademark of Google. "
            "The icons are from Lucide (ISC licence). Qt is used under the LGPL 3.",
            theme,
            "caption",
            "text3",
        )
        used = " · ".join(f"{name} {number}" for name, number in versions().items())
        self._line(column, used, theme, "caption", "text3")
        column.addSpacing(6)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        licences = buttons.addButton("Licences…", QDialogButtonBox.ButtonRole.HelpRole)
        licences.clicked.connect(lambda: LicencesDialog(theme, notices(), self).exec())
        column.addWidget(buttons)
        self.setFixedWidth(max(WIDTH, theme.px(WIDTH)))

    @staticmethod
    def _line(column: QVBoxLayout, text: str, theme: Theme, style: str, colour: str) -> None:
        label = Label(text, theme, style, colour)
        label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        label.setWordWrap(True)
        column.addWidget(label)
