"""Writes exported figures to a file that the person names, whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from app.viewmodels.figures import Copied

Ending = Literal["csv", "xlsx"]
_KINDS = {"csv": "CSV (*.csv)", "xlsx": "Excel workbook (*.xlsx)"}


def ask_path(parent: QWidget, name: str, ending: Ending) -> Path | None:
    """Where to write, None when the person thought better of it."""
    start = str(Path.home() / f"{name}.{ending}")
    chosen, _ = QFileDialog.getSaveFileName(parent, "Export figures", start, _KINDS[ending])
    if not chosen:
        return None
    path = Path(chosen)
    return (
        path if path.suffix.casefold() == f".{ending}" else path.with_name(f"{path.name}.{ending}")
    )


def write(path: Path, data: bytes) -> str:
    """Write a file beside its place and move it there; a sentence when that fails, else ""."""
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        why = error.strerror or str(error)
        return f"“{path.name}” could not be written: {why}. The figures are still here."
    return ""


def copy(rows: Copied) -> None:
    """Put rows on the clipboard: a table for programs with text, cells for spreadsheets."""
    made = QMimeData()
    made.setText(rows.tsv)
    made.setHtml(rows.html)
    made.setData("text/markdown", rows.markdown.encode())
    made.setData("text/tab-separated-values", rows.tsv.encode())
    QGuiApplication.clipboard().setMimeData(made)
