"""The look of answers in a theme."""

from __future__ import annotations

from dataclasses import replace

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
        caption=_step(theme, "caption"),
        headings=(_step(theme, "h1"), _step(theme, "h2"), _step(theme, "h3")),
        colours={name: theme.colour(name) for name in _COLOURS},
        scale=theme.scale,
        ratio=ratio,
    )


def thought_style(theme: Theme, ratio: float = 1.0) -> DocumentStyle:
    """The same for thoughts: smaller and quieter."""
    small = _step(theme, "body")
    line = TypeStep(small.font, 20 * theme.scale)
    bold = _step(theme, "body_bold")
    style = document_style(theme, ratio)
    colours = {**style.colours, "text": theme.colour("text2")}
    code = TypeStep(theme.fixed_font("body"), 18 * theme.scale)
    return replace(style, read=line, code=code, headings=(bold, bold, bold), colours=colours)


def bubble_style(theme: Theme, ratio: float = 1.0) -> DocumentStyle:
    """The same for what the person wrote."""
    return replace(document_style(theme, ratio), read=_step(theme, "bubble"))


def _step(theme: Theme, name: str) -> TypeStep:
    return TypeStep(theme.font(name), theme.line_height(name))
