"""Colours that can be read, sizes that follow the text, one signal for each change."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QFontMetrics, QPalette

from app.widgets.theme import STYLES, Theme, palette, token_names

pytestmark = pytest.mark.usefixtures("qapp")

TEXT, PART = 4.5, 3.0  # least ratios for text and for parts of controls

# (colour, ground, least ratio)
PAIRS = [
    *[(name, "win", TEXT) for name in ("text", "text2", "text3", "acc", "ok", "warn", "bad")],
    *[(name, "side", TEXT) for name in ("text", "text2", "text3")],
    *[(name, "bar", TEXT) for name in ("text", "text2", "text3")],
    *[(name, "raised", TEXT) for name in ("text", "text2", "text3")],
    *[(name, "control", TEXT) for name in ("text", "text2")],
    *[(name, "field", TEXT) for name in ("text", "text2", "text3")],
    *[(name, "sel", TEXT) for name in ("text", "text2")],
    *[(name, "user", TEXT) for name in ("text", "text2", "text3")],
    ("acc", "accsoft", TEXT),
    ("ok", "oksoft", TEXT),
    ("warn", "warnsoft", TEXT),
    ("bad", "badsoft", TEXT),
    ("onfill", "accfill", TEXT),
    ("onfill", "recfill", TEXT),
    *[(name, "win", PART) for name in ("mok", "mwarn", "rec", "acc")],
]


def luminance(colour: QColor) -> float:
    """Relative luminance as WCAG defines it."""
    parts = (colour.redF(), colour.greenF(), colour.blueF())
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(first: QColor, second: QColor) -> float:
    """The contrast of two colours, 1 to 21."""
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("is_high", [False, True], ids=["usual", "high contrast"])
def test_everything_written_can_be_read(look: str, is_high: bool) -> None:
    theme = Theme(look, is_contrast_high=is_high)
    weak = {
        (name, ground): round(found, 2)
        for name, ground, least in PAIRS
        if (found := ratio(theme.colour(name), theme.colour(ground))) < least
    }
    assert not weak


@pytest.mark.parametrize("look", ["light", "dark"])
def test_high_contrast_makes_edges_visible(look: str) -> None:
    usual, high = Theme(look, is_contrast_high=False), Theme(look, is_contrast_high=True)
    assert ratio(usual.tokens.line2, usual.tokens.win) < PART
    assert ratio(high.tokens.line2, high.tokens.win) >= PART
    assert high.tokens.text3 == high.tokens.text2


def test_every_token_differs_from_nothing() -> None:
    for theme in (Theme("light"), Theme("dark")):
        assert all(theme.colour(name).isValid() for name in token_names())


def test_a_colour_taken_by_name_can_be_changed_without_harm() -> None:
    theme = Theme("light")
    theme.colour("acc").setAlpha(0)
    assert theme.tokens.acc.alpha() == theme.colour("acc").alpha() == 255


def test_a_change_of_appearance_is_told_once() -> None:
    theme = Theme("light")
    told: list[bool] = []
    theme.changed.connect(lambda: told.append(theme.is_dark))
    theme.set_appearance("dark")
    theme.set_appearance("dark")
    assert told == [True]


def test_text_size_scales_fonts_and_lengths_within_limits() -> None:
    theme = Theme("light", text_px=13)
    assert theme.font("body").pixelSize() == 13
    theme.set_text_px(26)
    assert theme.font("body").pixelSize() == 26
    assert theme.font("caption").pixelSize() == 22
    assert theme.px(28) == 56
    theme.set_text_px(500)
    assert theme.text_px == 28
    theme.set_text_px(1)
    assert theme.text_px == 11


def test_lines_are_never_lower_than_their_font() -> None:
    for px in (11, 13, 28):
        theme = Theme("light", text_px=px)
        for name in STYLES:
            assert theme.line_height(name) >= QFontMetrics(theme.font(name)).height() - 1


def test_digits_have_one_width() -> None:
    metrics = QFontMetrics(Theme("light").font("caption"))
    assert metrics.horizontalAdvance("1111") == metrics.horizontalAdvance("8888")


@pytest.mark.parametrize("look", ["light", "dark"])
def test_native_controls_get_readable_colours(look: str) -> None:
    made = palette(Theme(look))
    role, group = QPalette.ColorRole, QPalette.ColorGroup
    assert ratio(made.color(role.Text), made.color(role.Base)) > 7
    assert ratio(made.color(role.ButtonText), made.color(role.Button)) > 7
    assert ratio(made.color(role.HighlightedText), made.color(role.Highlight)) >= TEXT
    inactive = group.Inactive
    text = made.color(inactive, role.HighlightedText)
    assert ratio(text, made.color(inactive, role.Highlight)) > 7
