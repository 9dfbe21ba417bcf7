"""Which part of the application may use which part of Qt, and where colours are written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.guards.tree import imports, modules, project_files, source

CORE_ONLY = {"PySide6.QtCore"}
DOCUMENTS = CORE_ONLY | {"PySide6.QtGui", "PySide6.QtSvg"}
WHAT_MAY_USE = {
    "app/core": set(),
    "app/intake": set(),
    "app/cli": set(),
    "app/viewmodels": CORE_ONLY,
    "app/bridge.py": CORE_ONLY,
    "app/markdown": DOCUMENTS,
    "app/platform": CORE_ONLY | {"PySide6.QtNetwork"},
}
REPORTS_WITH_QT = "app/reports/pdf"
HEX_COLOUR = re.compile(r"[\"']#[0-9A-Fa-f]{3,8}[\"']")

pytestmark = pytest.mark.skipif(not project_files(), reason="not a git checkout")


def qt_imports(path: Path) -> set[str]:
    """The Qt modules that a file imports."""
    found = set()
    for name, _ in imports(path):
        if name.split(".")[0] == "PySide6":
            found.add(".".join(name.split(".")[:2]))
    return found


@pytest.mark.parametrize("place", WHAT_MAY_USE)
def test_each_layer_uses_only_its_part_of_qt(place: str) -> None:
    here = [path for path in modules(product_only=True) if path.as_posix().startswith(place)]
    assert here
    offences = {
        str(path): sorted(beyond)
        for path in here
        if (beyond := qt_imports(path) - WHAT_MAY_USE[place])
    }
    assert not offences


def test_of_the_reports_only_pdf_needs_qt() -> None:
    here = [path for path in modules() if path.as_posix().startswith("app/reports")]
    with_qt = {path.as_posix() for path in here if qt_imports(path)}
    assert with_qt
    assert all(name.startswith(REPORTS_WITH_QT) for name in with_qt)


def test_colours_of_the_window_stand_in_the_theme_alone() -> None:
    offences = [
        f"{path}:{number}"
        for path in modules(product_only=True)
        if path.parts[:2] in {("app", "widgets"), ("app", "markdown"), ("app", "viewmodels")}
        and path.name != "theme.py"
        for number, line in enumerate(source(path).splitlines(), 1)
        if HEX_COLOUR.search(line)
    ]
    assert not offences
    assert HEX_COLOUR.search("'#4250D0'")
