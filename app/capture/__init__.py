"""Camera, microphone and playing: ports without Qt, and their Qt Multimedia adapters.

Qt Multimedia is loaded on first use. Where it cannot be (a sound library of the system may be
missing), the factories give None and the window offers what works without it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.capture.ports import Camera, Microphone, SoundOut

if TYPE_CHECKING:
    from app.capture.qt_camera import QtCamera
    from app.capture.qt_microphone import QtMicrophone
    from app.capture.qt_player import QtPlayer
    from app.capture.qt_sound_out import QtSoundOut

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Devices:
    """What makes the ports of this computer when they are first wanted; None for what is not here.

    Without arguments nothing is: that is what tests and demonstrations start from.
    """

    player: Callable[[], QtPlayer | None] = lambda: None
    camera: Callable[[], Camera | None] = lambda: None
    microphone: Callable[[], Microphone | None] = lambda: None
    sound_out: Callable[[], SoundOut | None] = lambda: None


def make_player() -> QtPlayer | None:
    """A player for one clip or recording at a time; its caller closes it."""
    try:
        from app.capture.qt_player import QtPlayer
    except ImportError as error:
        _log.warning("files cannot be played: %s", error)
        return None
    return QtPlayer()


def make_camera() -> QtCamera | None:
    """The cameras of this computer; its caller closes it."""
    try:
        from app.capture.qt_camera import QtCamera
    except ImportError as error:
        _log.warning("there is no camera: %s", error)
        return None
    return QtCamera()


def make_microphone() -> QtMicrophone | None:
    """The microphones of this computer; its caller closes it."""
    try:
        from app.capture.qt_microphone import QtMicrophone
    except ImportError as error:
        _log.warning("there is no microphone: %s", error)
        return None
    return QtMicrophone()


def real_devices() -> Devices:
    """Those that Qt Multimedia knows."""
    return Devices(make_player, make_camera, make_microphone, make_sound_out)


def make_sound_out() -> QtSoundOut | None:
    """The loudspeaker of this computer; its caller stops it."""
    try:
        from app.capture.qt_sound_out import QtSoundOut
    except ImportError as error:
        _log.warning("recordings cannot be played: %s", error)
        return None
    return QtSoundOut()
