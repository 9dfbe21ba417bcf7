"""The image and document pane."""

from app.widgets.image.pane import ImagePane

__all__ = ["ImagePane"]
