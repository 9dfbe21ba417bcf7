"""The settings window: everything that works today, each with what it changes. No OK button."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.core.conversation import Settings
from app.core.preferences import LARGEST_TEXT_PX, SMALLEST_TEXT_PX
from app.viewmodels.preferences import PreferencesViewModel
from app.viewmodels.tools import ToolsViewModel
from app.widgets.about import versions
from app.widgets.buttons import Button, IconButton
from app.widgets.generation_form import GenerationForm
from app.widgets.labels import Label
from app.widgets.paint import hairline
from app.widgets.search_field import SearchField
from app.widgets.settings_rows import Page
from app.widgets.shortcut_list import ShortcutList
from app.widgets.switches import Segmented
from app.widgets.theme import Theme
from app.widgets.tools.settings_page import tools_page

WIDTH, HEIGHT = 720, 600
TAB_BAR_HEIGHT = 52
SETTLE_MS = 400  # a change of preferences writes a file
TABS = ("General", "Generation", "Tools", "Appearance", "Shortcuts", "Privacy", "Advanced")
# Only a Mac tells what the system wishes; elsewhere a choice that does nothing is not offered.
_MOTION_CHOICES = (
    (("As the system", "system"), ("Reduce", "on"), ("Do not reduce", "off"))
    if sys.platform == "darwin"
    else (("Do not reduce", "system"), ("Reduce", "on"))
)
BUDGETS = (256, 512, 1024, 2048)


class SettingsDialog(QDialog):
    """Changes apply at once. The search field goes to the first tab that has the word."""

    def __init__(
        self,
        preferences: PreferencesViewModel,
        tools: ToolsViewModel,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self._theme = theme
        self.setWindowTitle("Settings")
        self.tabs = Segmented("Settings", TABS, theme)
        self.search = SearchField("Search the settings", "Search", theme)
        self._none = Label("", theme, "small", "text2")
        self._pages = [
            self._general(),
            self._generation(),
            tools_page(tools, theme),
            self._appearance(),
            self._shortcuts(),
            self._privacy(),
            self._advanced(),
        ]
        self._stack = QStackedWidget()
        for page in self._pages:
            self._stack.addWidget(_scrolled(page))
        self._lay_out()
        self.tabs.chosen.connect(self._stack.setCurrentIndex)
        self.search.text_changed.connect(self._on_search)
        self.search.left.connect(self.reject)
        preferences.changed.connect(self._on_changed)
        theme.changed.connect(self.update)
        self.tabs.set_index(0)

    def show_tab(self, name: str) -> None:
        """Turns to a tab."""
        self.tabs.set_index(TABS.index(name))
        self._stack.setCurrentIndex(TABS.index(name))

    def sizeHint(self) -> QSize:
        """Grows with the text, within the screen."""
        screen = QGuiApplication.primaryScreen().availableSize()
        width, height = self._theme.px(WIDTH), self._theme.px(HEIGHT)
        return QSize(min(width, screen.width() - 40), min(height, screen.height() - 80))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground of the tab bar and the content."""
        painter = QPainter(self)
        tokens = self._theme.tokens
        painter.fillRect(self.rect(), tokens.win)
        bottom = self._bar.height()
        painter.fillRect(0, 0, self.width(), bottom, tokens.bar)
        hairline(painter, 0, bottom - 1, self.width(), tokens.line)

    def _lay_out(self) -> None:
        self._bar = QWidget()
        row = QHBoxLayout(self._bar)
        row.setContentsMargins(16, 0, 16, 1)
        row.setSpacing(12)
        row.addWidget(self.tabs)
        row.addWidget(self.search, 1)
        self._bar.setFixedHeight(self._theme.px(TAB_BAR_HEIGHT))
        self._none.setContentsMargins(24, 12, 24, 0)
        self._none.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar)
        column.addWidget(self._none)
        column.addWidget(self._stack, 1)
        needed = self.tabs.sizeHint().width() + self._theme.px(140) + 44
        self.setMinimumWidth(max(needed, self._theme.px(520)))
        self.resize(self.sizeHint())  # Qt's own first size stops at two thirds of the screen

    def _field(self, name: str) -> tuple[Callable[[], Any], Callable[[Any], None]]:
        def read() -> Any:
            return getattr(self._preferences.value, name)

        def write(value: Any) -> None:
            self._preferences.change(**{name: value})

        return read, write

    def _general(self) -> Page:
        page = Page(self._theme)
        page.add_choice(
            "Send with",
            "The other one begins a new line.",
            (("Return", "return"), ("Command or Ctrl + Return", "command_return")),
            *self._field("send_key"),
        )
        page.add_switch(
            "Show figures under answers",
            "Speed, waiting time and token counts stand under each answer, not only on hovering.",
            *self._field("show_stats"),
        )
        page.add_switch(
            "Open thoughts",
            "What the model thought is shown in full under each new answer.",
            *self._field("open_thoughts"),
        )
        page.add_switch(
            "Announce answers",
            "Screen readers hear when an answer begins and ends, and every failure.",
            *self._field("announce_answers"),
        )
        return page

    def _generation(self) -> Page:
        page = Page(self._theme)
        page.add_switch(
            "Think first",
            "New conversations begin with thinking on: better on hard questions, and slower.",
            lambda: self._preferences.value.settings.thinking,
            lambda on: self._change_settings({"thinking": on}),
        )
        page.add_choice(
            "Thinking budget",
            "After so many tokens of thought the model is made to answer.",
            (*((f"{n:,} tokens", n) for n in BUDGETS), ("No limit", None)),
            lambda: self._preferences.value.settings.thinking_budget,
            lambda tokens: self._change_settings({"thinking_budget": tokens}),
        )
        page.add_line()
        form = GenerationForm(self._theme, SETTLE_MS)
        form.changed.connect(self._change_settings)
        page.add_reader(lambda: form.show_settings(self._preferences.value.settings))
        page.add_wide(
            "New conversations",
            "They begin with these values. Each conversation can be changed in its inspector.",
            form,
        )
        form.show_settings(self._preferences.value.settings)
        self.finished.connect(lambda _result: form.flush())
        return page

    def _appearance(self) -> Page:
        page = Page(self._theme)
        page.add_choice(
            "Appearance",
            "Light, dark, or the same as other programs.",
            (("As the system", "system"), ("Light", "light"), ("Dark", "dark")),
            *self._field("appearance"),
        )
        page.add_row(
            "Text size",
            "All text and everything that holds it grows along.",
            self._size_stepper(page),
        )
        page.add_choice(
            "Contrast",
            "High contrast gives every control a strong edge and captions a darker grey.",
            (("As the system", "system"), ("High", "on")),
            *self._field("contrast"),
        )
        page.add_choice(
            "Reduce motion",
            "Panels appear at once, and dots stand still in place of the turning ring.",
            _MOTION_CHOICES,
            *self._field("reduce_motion"),
        )
        return page

    def _size_stepper(self, page: Page) -> QWidget:
        stepper = QWidget()
        row = QHBoxLayout(stepper)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        shown = Label("", self._theme, "body")
        smaller = IconButton("zoom-out", "Smaller text", self._theme)
        larger = IconButton("zoom-in", "Larger text", self._theme)

        def resize(by: int) -> None:
            self._preferences.change(text_px=self._preferences.value.text_px + by)

        def show() -> None:
            px = self._preferences.value.text_px
            shown.setText(f"{px} px")
            smaller.setEnabled(px > SMALLEST_TEXT_PX)
            larger.setEnabled(px < LARGEST_TEXT_PX)

        smaller.clicked.connect(lambda: resize(-1))
        larger.clicked.connect(lambda: resize(1))
        for part in (smaller, shown, larger):
            row.addWidget(part)
        page.add_reader(show)
        show()
        return stepper

    def _shortcuts(self) -> Page:
        page = Page(self._theme)
        keys = ShortcutList(self._preferences, self._theme)
        page.add_reader(keys.show_keys)
        page.add_wide(
            "Keyboard shortcuts",
            "Click a field and press the keys. Keys that another command has are not taken.",
            keys,
        )
        page.words += [row.name for row in keys.rows]
        return page

    def _privacy(self) -> Page:
        page = Page(self._theme)
        page.add_text(
            "Connections",
            "Facet opens a connection only to download a model that you chose: no account, no "
            "telemetry, no update check. Questions, files and answers stay on this computer.",
        )
        page.add_switch(
            "Stay offline",
            "No connection at all: downloads are paused until this is off.",
            *self._field("stay_offline"),
        )
        page.add_text(
            "What is kept",
            "Conversations and the files you add to them are stored in your user folder until "
            "you delete them for good. Deleted ones go with the next clean-up of unused files.",
        )
        page.add_text(
            "What is logged",
            "The log names failures and their places in the program. "
            "Questions, answers and file contents are never written to it.",
        )
        return page

    def _advanced(self) -> Page:
        page = Page(self._theme)
        page.add_switch(
            "Load models that do not fit",
            "Facet refuses them, because they crawl or stop the whole computer. On at your risk.",
            *self._field("load_despite_memory"),
        )
        used = "\n".join(f"{name} {number}" for name, number in versions().items())
        copy = Button("Copy", self._theme, small=True)
        copy.setAccessibleName("Copy the versions")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(used))
        page.add_row("Versions", used, copy)
        reset = Button("Reset", self._theme, small=True)
        reset.setAccessibleName("Reset the generation defaults")
        reset.clicked.connect(lambda: self._preferences.change(settings=Settings()))
        page.add_row(
            "Generation defaults",
            "New conversations begin as the model's makers recommend. Old ones stay as they are.",
            reset,
        )
        return page

    def _change_settings(self, changes: dict[str, Any]) -> None:
        settings = replace(self._preferences.value.settings, **changes)
        self._preferences.change(settings=settings)

    def _on_changed(self) -> None:
        for page in self._pages:
            page.shows()
        self._bar.setFixedHeight(self._theme.px(TAB_BAR_HEIGHT))

    def _on_search(self, text: str) -> None:
        wanted = text.casefold().strip()
        found = [
            number
            for number, page in enumerate(self._pages)
            if any(wanted in words.casefold() for words in (*page.words, TABS[number]))
        ]
        self._none.setVisible(bool(wanted) and not found)
        self._none.setText(f"Nothing with “{text}”")
        if wanted and found:
            self.show_tab(TABS[found[0]])


def _scrolled(page: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(page)
    area.viewport().setAutoFillBackground(False)
    page.setAutoFillBackground(False)
    return area
