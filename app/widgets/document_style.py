"""The look of answers in a theme."""

from __future__ import annotations

from app.markdown.style import DocumentStyle, TypeStep
from app.widgets.theme import Theme

_COLOURS = ("text", "text2", "text3", "acc", "accsoft", "line", "line2", "sunk", "win")


def document_style(theme: Theme, ratio: float = 1.0) -> DocumentStyle:
    """The style of documents for a screen with this pixel ratio."""
    return DocumentStyle(
        read=_step(theme, "read"),
        code=TypeStep(theme.fixed_font("read"), 20 * theme.scale),
        cell=_step(theme, "body"),
        cell_head=_step(theme, "caption_bold"),
        headings=(_step(theme, "h1"), _step(theme, "h2"), _step(theme, "h3")),
        colours={name: theme.colour(name) for name in _COLOURS},
        scale=theme.scale,
        ratio=ratio,
    )


def _step(theme: Theme, name: str) -> TypeStep:
    return TypeStep(theme.font(name), theme.line_height(name))
