"""The system's own question whether a device may be used."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import (
    QCameraPermission,
    QCoreApplication,
    QMicrophonePermission,
    QObject,
    Qt,
)

Wanted = QCameraPermission | QMicrophonePermission


def is_allowed(wanted: Wanted) -> bool | None:
    """What the person answered, None while nobody was asked."""
    application = QCoreApplication.instance()
    if application is None:
        return None
    status = application.checkPermission(wanted)
    if status == Qt.PermissionStatus.Undetermined:
        return None
    return status == Qt.PermissionStatus.Granted


def ask(wanted: Wanted, context: QObject, done: Callable[[bool], None]) -> None:
    """Let the system ask; an answer that was given before comes at once."""
    known = is_allowed(wanted)
    application = QCoreApplication.instance()
    if known is not None or application is None:
        done(bool(known))
        return
    application.requestPermission(
        wanted, context, lambda answer: done(answer.status() == Qt.PermissionStatus.Granted)
    )
