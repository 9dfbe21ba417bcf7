"""The Models pane: what there is, what fits, what is here, and what can be done with it."""

from app.widgets.models.pane import ModelsPane

__all__ = ["ModelsPane"]
