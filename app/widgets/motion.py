"""The one way to animate: short, and not at all where the person wants no motion."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QEasingCurve, QObject, QPropertyAnimation

from app.widgets.theme import Theme

QUICK_MS = 120  # knobs, chevrons, fades
PANEL_MS = 200  # sidebar and inspector
SCROLL_MS = 250


def animate(
    target: QObject, name: str, end: object, ms: int, theme: Theme, start: object = None
) -> QPropertyAnimation | None:
    """Moves the Qt property `name` of `target` to `end`; jumps where motion is reduced.

    Returns the running animation, which belongs to `target`, or None after a jump.
    """
    if theme.is_motion_reduced or ms <= 0:
        target.setProperty(name, end)
        return None
    animation = QPropertyAnimation(target, QByteArray(name.encode()), target)
    animation.setDuration(ms)
    animation.setEasingCurve(QEasingCurve.Type.OutCubic)
    if start is not None:
        animation.setStartValue(start)
    animation.setEndValue(end)
    animation.start(QPropertyAnimation.DeletionPolicy.DeleteWhenStopped)
    return animation
