"""Walks over a window: what can take the keyboard, what it is called, whether Tab gets there."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget

# Names that say nothing about what a control is for.
EMPTY_WORDS = {"button", "icon", "text", "label", "edit", "check box", "list"}
MOST_STEPS = 300


def focusable(window: QWidget) -> list[QWidget]:
    """Everything visible in a window that can take the keyboard."""
    return [
        widget
        for widget in window.findChildren(QWidget)
        if widget.window() is window.window()
        and widget.isVisible()
        and widget.isEnabled()
        and widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and widget.focusProxy() is None
        and widget is not _viewport_of(widget)
    ]


def unnamed(window: QWidget) -> list[str]:
    """Focusable widgets whose name says nothing."""
    return [
        f"{type(widget).__name__} in {type(widget.parentWidget()).__name__}"
        for widget in focusable(window)
        if spoken_name(widget).strip().casefold() in {"", *EMPTY_WORDS}
    ]


def spoken_name(widget: QWidget) -> str:
    """What assistive technology reads."""
    face = QAccessible.queryAccessibleInterface(widget)
    return face.text(QAccessible.Text.Name) if face is not None else ""


def reached_by_tab(window: QWidget) -> list[QWidget]:
    """The widgets that Tab comes by, in order, from where the keyboard is."""
    reached: list[QWidget] = []
    for _ in range(MOST_STEPS):
        focus = window.window().focusWidget() or window
        QTest.keyClick(focus, Qt.Key.Key_Tab)
        QApplication.processEvents()
        now = window.window().focusWidget()
        if now is None or (reached and now is reached[0]):
            break
        if now in reached:
            break
        reached.append(now)
    return reached


def out_of_reach(window: QWidget) -> list[str]:
    """Widgets that want Tab and are not reached by it."""
    reached = set(reached_by_tab(window))
    return [
        f"{type(widget).__name__} {spoken_name(widget)!r}"
        for widget in focusable(window)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget not in reached
    ]


def too_small(window: QWidget, least: int = 24) -> list[str]:
    """Buttons that are hard to hit."""
    return [
        f"{type(widget).__name__} {spoken_name(widget)!r} {widget.width()} x {widget.height()}"
        for widget in focusable(window)
        if widget.inherits("QAbstractButton") and min(widget.width(), widget.height()) < least
    ]


def _viewport_of(widget: QWidget) -> QWidget | None:
    parent = widget.parentWidget()
    return parent.viewport() if isinstance(parent, QAbstractScrollArea) else None
