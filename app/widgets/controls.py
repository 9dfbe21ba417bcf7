"""The controls that panes are built from, in one place to import from."""

from __future__ import annotations

from app.widgets.buttons import Button, IconButton
from app.widgets.control import Control, FocusRing
from app.widgets.indicators import Bar, Chip, Ring, Spinner, draw_ring
from app.widgets.labels import Hairline, Label
from app.widgets.popover import Popover
from app.widgets.switches import Segmented, Switch

__all__ = [
    "Bar",
    "Button",
    "Chip",
    "Control",
    "FocusRing",
    "Hairline",
    "IconButton",
    "Label",
    "Popover",
    "Ring",
    "Segmented",
    "Spinner",
    "Switch",
    "draw_ring",
]
