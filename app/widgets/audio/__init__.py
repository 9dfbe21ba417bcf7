"""The pane for recordings."""

from app.widgets.audio.pane import AudioPane

__all__ = ["AudioPane"]
