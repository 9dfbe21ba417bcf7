"""The video pane: player, strip of frames, window, sound track, recording from the camera."""

from __future__ import annotations

from app.widgets.video.pane import VideoPane

__all__ = ["VideoPane"]
