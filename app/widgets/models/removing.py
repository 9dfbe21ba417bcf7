"""Asks before a copy is deleted, and says what that frees."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from app.viewmodels.model_values import CopyView


def ask_to_remove(copy: CopyView, remove: Callable[[], object], parent: QWidget) -> QMessageBox:
    """A sheet over the window; it goes away when it is answered."""
    box = QMessageBox(parent.window())
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowModality(Qt.WindowModality.WindowModal)
    box.setText(f"Remove Gemma 4 {copy.name} from this computer?")
    in_use = " It is in use and will be let go." if copy.state == "in_use" else ""
    again = "It can be downloaded again." if copy.licence else ""
    box.setInformativeText(
        f"This frees {copy.bytes_text}. Other programs that share its files lose it "
        f"too.{in_use} {again}".strip()
    )
    delete = box.addButton(f"Remove, free {copy.bytes_text}",
                           QMessageBox.ButtonRole.DestructiveRole)  # fmt: skip
    box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    delete.clicked.connect(lambda: remove())
    box.open()
    return box
