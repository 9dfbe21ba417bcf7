"""Every icon that is named exists, every file is used, and each takes the colour asked for."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from PySide6.QtGui import QColor

from app.widgets import icons
from tests.guards.tree import ROOT

pytestmark = pytest.mark.usefixtures("qapp")

FILES = {path.stem for path in icons.ICONS.glob("*.svg")}
WIDGETS = sorted((ROOT / "app" / "widgets").rglob("*.py"))


def words(path: Path) -> set[str]:
    """Every string literal in a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_no_icon_lies_unused() -> None:
    used = set().union(*(words(path) for path in WIDGETS))
    assert sorted(FILES - used) == []


@pytest.mark.parametrize("name", sorted(FILES))
def test_an_icon_is_drawn_in_the_colour_asked_for(name: str) -> None:
    image = icons.pixmap(name, 24, QColor(200, 10, 20)).toImage()
    inked = [
        image.pixelColor(x, y)
        for x in range(24)
        for y in range(24)
        if image.pixelColor(x, y).alpha() > 200
    ]
    assert inked
    assert all(colour.red() > 150 and colour.green() < 90 for colour in inked)


def test_a_sharper_screen_gets_more_pixels() -> None:
    picture = icons.pixmap("plus", 16, QColor("black"), 2.0)
    assert picture.width() == 32
    assert picture.devicePixelRatio() == 2.0


def test_the_gem_has_all_its_facets() -> None:
    image = icons.gem_pixmap(64).toImage()
    shades = {image.pixelColor(x, y).name() for x in range(64) for y in range(64)}
    assert {colour.name() for colour in icons.GEM} <= shades
    assert image.pixelColor(0, 63).alpha() == 0


def test_icons_for_menus_have_a_faint_one_for_disabled(theme: object) -> None:
    made = icons.icon("plus", theme)
    normal = made.pixmap(16, made.Mode.Normal).toImage()
    disabled = made.pixmap(16, made.Mode.Disabled).toImage()
    darkest = [
        max(image.pixelColor(x, y).alpha() for x in range(16) for y in range(16))
        for image in (normal, disabled)
    ]
    assert darkest[1] < darkest[0]
