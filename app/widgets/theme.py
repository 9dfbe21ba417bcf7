"""Colours, type and sizes of the window, light and dark. The only module that names a colour."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QFontMetricsF,
    QGuiApplication,
    QPalette,
)
from PySide6.QtWidgets import QApplication

Appearance = Literal["system", "light", "dark"]

TEXT_PX = 13  # the size that every measure in this package is written for
SMALLEST_TEXT_PX, LARGEST_TEXT_PX = 11, 28

# Where the system offers no interface font of its own, the first of these that is installed.
FAMILIES = ("Inter", "Noto Sans", "DejaVu Sans")
FIXED_FAMILIES = ("Noto Sans Mono", "DejaVu Sans Mono")


@dataclass(frozen=True, slots=True)
class Tokens:
    """One colour for each purpose. What each is for is written beside its light value."""

    win: QColor
    side: QColor
    bar: QColor
    raised: QColor
    sunk: QColor
    sel: QColor
    user: QColor
    line: QColor
    line2: QColor
    track: QColor
    text: QColor
    text2: QColor
    text3: QColor
    acc: QColor
    accfill: QColor
    accsoft: QColor
    ok: QColor
    oksoft: QColor
    warn: QColor
    warnsoft: QColor
    bad: QColor
    badsoft: QColor
    rec: QColor
    recfill: QColor
    mok: QColor
    mwarn: QColor
    hover: QColor
    pressed: QColor
    segment: QColor
    onfill: QColor
    softline: QColor
    field: QColor
    control: QColor


def _tokens(**colours: str | tuple[int, int, int, int]) -> Tokens:
    return Tokens(
        **{
            name: QColor(value) if isinstance(value, str) else QColor(*value)
            for name, value in colours.items()
        }
    )


LIGHT = _tokens(
    win="#FFFFFF",  # content
    side="#F3F3F6",  # sidebar
    bar="#FBFBFC",  # toolbar, status bar
    raised="#FFFFFF",  # composer, cards, pop-overs
    sunk="#F6F6F8",  # canvas, table head, quiet card
    sel="#E2E3E9",  # selected row
    user="#EFF0FB",  # the person's bubble
    line="#E5E6EA",  # hairline
    line2="#D2D4DB",  # edge of a control
    track="#E3E4E9",  # empty part of bars, switch off, ground of segments and search field
    text="#1C1D22",
    text2="#555963",  # secondary text, icons
    text3="#646873",  # captions, receipts; never on sel or track
    acc="#4250D0",  # links, active icon, focus ring
    accfill="#4250D0",  # filled button, switch on, progress
    accsoft="#ECEEFC",  # selected grid row, time chip
    ok="#17753F",  # confirmed, fits
    oksoft="#E3F4EA",
    warn="#875300",  # differs, may be slow, not sent
    warnsoft="#FCF0D9",
    bad="#BC2A2A",  # not found, will not fit, failure
    badsoft="#FCE9E8",
    rec="#DB3030",  # recording
    recfill="#DB3030",  # ground of a Stop button
    mok="#2EA060",  # meter segments: parts, not text
    mwarn="#C07F0E",
    hover=(0, 0, 0, 13),  # over rows and icon buttons
    pressed=(0, 0, 0, 23),
    segment="#FFFFFF",  # the chosen one of a row of segments
    onfill="#FFFFFF",  # text on a filled button
    softline=(0, 0, 0, 13),  # the soft line under a button
    field="#E7E7EB",  # search field
    control="#FFFFFF",  # plain button, pill
)

DARK = _tokens(
    win="#1B1C1F",
    side="#232428",
    bar="#1F2023",
    raised="#27282D",
    sunk="#222327",
    sel="#36383F",
    user="#2B2E45",
    line="#313338",
    line2="#45474F",
    track="#3A3C43",
    text="#ECEDF0",
    text2="#B1B4BD",
    text3="#959AA5",
    acc="#9AA5FF",
    accfill="#5562E6",
    accsoft="#2A2E4C",
    ok="#62CC8F",
    oksoft="#1C3326",
    warn="#E6B456",
    warnsoft="#392F1B",
    bad="#FF8A82",
    badsoft="#412424",
    rec="#F0453D",
    recfill="#D63A33",
    mok="#43BD78",
    mwarn="#DDA53A",
    hover=(255, 255, 255, 15),
    pressed=(255, 255, 255, 26),
    segment="#55575F",
    onfill="#FFFFFF",
    softline=(0, 0, 0, 77),
    field="#2F3034",
    control="#2E3035",
)

# The gem's facets, the same in both themes: two light ones, two middle ones, body and shade.
GEM = tuple(QColor(v) for v in ("#8D98F4", "#6573E6", "#5562DA", "#4250D0", "#333FAE"))

# Boxes on pictures look the same in both themes, as pictures do; white numbers stand on them.
EVIDENCE = {
    name: QColor(value)
    for name, value in {
        "ok": "#17753F",
        "warn": "#A86400",
        "bad": "#BC2A2A",
        "acc": "#4250D0",
        "plain": "#555963",
        "edge": "#FFFFFF",
    }.items()
}


def _high_contrast(tokens: Tokens, is_dark: bool) -> Tokens:
    edge = QColor("#7A7E88" if is_dark else "#868A95")
    return replace(tokens, line=edge, line2=edge, text3=tokens.text2)


@dataclass(frozen=True, slots=True)
class Style:
    """A step of the type scale, at text size 13: pixels, height of a line, weight, spacing."""

    px: float
    line: float
    weight: int = 400
    spacing: float = 0.0


STYLES = {
    "display": Style(26, 32, 700, -0.4),
    "title": Style(22, 28, 600, -0.2),
    "heading": Style(15, 20, 600),
    "chat_heading": Style(14, 20, 600),
    "read": Style(14, 22),
    "bubble": Style(14, 21),
    "body": Style(13, 18),
    "body_medium": Style(13, 18, 500),
    "body_bold": Style(13, 18, 600),
    "small": Style(12, 16),
    "small_medium": Style(12, 16, 500),
    "small_bold": Style(12, 16, 600),
    "caption": Style(11, 15),
    "caption_bold": Style(11, 15, 600),
    "tick": Style(10, 14),
    "timer": Style(44, 48, 600, -1.0),
    "h1": Style(17, 24, 600),
    "h2": Style(15, 22, 600),
    "h3": Style(14, 20, 600),
}
CODE_SHARE = 0.93  # size of code beside the text around it


class Theme(QObject):
    """The look in force. `changed` says that colours or sizes are others now.

    `appearance` "system" follows the desktop, as does contrast. Tests choose a fixed one, since
    the off-screen platform reports none. `is_motion_reduced` makes every animation a jump.
    """

    changed = Signal()

    def __init__(
        self,
        appearance: Appearance = "system",
        text_px: int = TEXT_PX,
        is_contrast_high: bool | None = None,
        is_motion_reduced: bool = False,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._appearance: Appearance = appearance
        self._text_px = text_px
        self._wanted_contrast = is_contrast_high
        self.is_motion_reduced = is_motion_reduced
        self._fonts: dict[str, QFont] = {}
        self._read()
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(self._on_system_changed)
        hints.accessibility().contrastPreferenceChanged.connect(self._on_system_changed)

    @property
    def tokens(self) -> Tokens:
        """The colours in force. They are shared: take `colour` for one to be changed."""
        return self._tokens

    @property
    def is_dark(self) -> bool:
        """Whether the dark colours are in force."""
        return self._is_dark

    @property
    def is_contrast_high(self) -> bool:
        """Whether edges are stronger and soft grounds get an edge of their own."""
        return self._is_contrast_high

    @property
    def text_px(self) -> int:
        """Size of body text; every other size keeps its relation to it."""
        return self._text_px

    @property
    def scale(self) -> float:
        """What text sizes, and the heights that hold text, are multiplied by."""
        return self._text_px / TEXT_PX

    def px(self, length: float) -> int:
        """A length that grows with the text, in whole pixels."""
        return round(length * self.scale)

    def colour(self, name: str) -> QColor:
        """A token by its name, for values that outlive a change of theme. It may be changed."""
        return QColor(getattr(self._tokens, name))

    def font(self, style: str) -> QFont:
        """A step of the type scale in the system's interface font, with digits of one width."""
        if style not in self._fonts:
            self._fonts[style] = self._make_font(STYLES[style])
        return QFont(self._fonts[style])

    def fixed_font(self, style: str = "read", share: float = CODE_SHARE) -> QFont:
        """The system's fixed font in the size that goes with `style`."""
        key = f"fixed {style} {share}"
        if key not in self._fonts:
            font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
            if not QGuiApplication.platformName().startswith("cocoa"):
                font.setFamilies([name for name in FIXED_FAMILIES if QFontDatabase.hasFamily(name)])
            font.setPixelSize(max(1, round(STYLES[style].px * self.scale * share)))
            self._fonts[key] = font
        return QFont(self._fonts[key])

    def line_height(self, style: str) -> float:
        """The height of a line of `style`, in pixels."""
        return max(STYLES[style].line * self.scale, QFontMetricsF(self.font(style)).height())

    def set_appearance(self, appearance: Appearance) -> None:
        """Light, dark, or as the desktop is."""
        self._appearance = appearance
        self._on_system_changed()

    def set_text_px(self, text_px: int) -> None:
        """The size of body text, held between the smallest and the largest."""
        self._text_px = min(max(text_px, SMALLEST_TEXT_PX), LARGEST_TEXT_PX)
        self._on_system_changed()

    def set_contrast(self, is_high: bool | None) -> None:
        """High contrast on or off; None follows the desktop."""
        self._wanted_contrast = is_high
        self._on_system_changed()

    def apply(self, application: QApplication) -> None:
        """Gives the application this palette and font; native controls follow."""
        application.setPalette(palette(self))
        application.setFont(self.font("body"))

    def _on_system_changed(self) -> None:
        before = (self._tokens, self._made_for_px)
        self._read()
        if before != (self._tokens, self._made_for_px):
            self.changed.emit()

    def _read(self) -> None:
        hints = QGuiApplication.styleHints()
        self._is_dark = self._appearance == "dark" or (
            self._appearance == "system" and hints.colorScheme() == Qt.ColorScheme.Dark
        )
        self._is_contrast_high = (
            hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast
            if self._wanted_contrast is None
            else self._wanted_contrast
        )
        tokens = DARK if self._is_dark else LIGHT
        if self._is_contrast_high:
            tokens = _high_contrast(tokens, self._is_dark)
        self._tokens = tokens
        self._made_for_px = self._text_px
        self._fonts.clear()

    def _make_font(self, style: Style) -> QFont:
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
        if not QGuiApplication.platformName().startswith(("cocoa", "windows")):
            installed = [name for name in FAMILIES if QFontDatabase.hasFamily(name)]
            font.setFamilies(installed or [font.family()])
        font.setPixelSize(max(1, round(style.px * self.scale)))
        font.setWeight(QFont.Weight(style.weight))
        font.setFeature(QFont.Tag("tnum"), 1)
        if style.spacing:
            font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, style.spacing * self.scale)
        return font


def palette(theme: Theme) -> QPalette:
    """The palette for native controls, in the three groups that Qt knows."""
    t = theme.tokens
    role = QPalette.ColorRole
    colours = {
        role.Window: t.bar,
        role.Base: t.win,
        role.AlternateBase: t.sunk,
        role.Text: t.text,
        role.WindowText: t.text,
        role.ButtonText: t.text,
        role.PlaceholderText: t.text3,
        role.Button: t.raised,
        role.Highlight: t.accfill,
        role.HighlightedText: t.onfill,
        role.Accent: t.accfill,
        role.Link: t.acc,
        role.LinkVisited: t.acc,
        role.ToolTipBase: t.raised,
        role.ToolTipText: t.text,
        role.Mid: t.line2,
        role.Midlight: t.line,
        role.Light: t.raised,
        role.Dark: t.line2,
        role.Shadow: t.line2,
        role.BrightText: t.onfill,
    }
    made = QPalette()
    for name, colour in colours.items():
        made.setColor(name, colour)
    for name in (role.Text, role.WindowText, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, name, t.text3)
    made.setColor(QPalette.ColorGroup.Inactive, role.Highlight, t.sel)
    made.setColor(QPalette.ColorGroup.Inactive, role.HighlightedText, t.text)
    return made


def token_names() -> tuple[str, ...]:
    """The names of all colours."""
    return tuple(item.name for item in fields(Tokens))
