"""How each pane is made when it is first shown."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QWidget

from app.core.conversation import Pane
from app.viewmodels.panes import Panes
from app.widgets.ask_panel import AskPanel
from app.widgets.audio import AudioPane
from app.widgets.grid.panel import FigurePanel
from app.widgets.image import ImagePane
from app.widgets.page_picker import PagePicker
from app.widgets.pane_stack import PaneMaker
from app.widgets.theme import Theme
from app.widgets.video import VideoPane


def pane_makers(panes: Panes, theme: Theme) -> Mapping[Pane, PaneMaker]:
    """A maker for every pane but the chat."""

    def image(ask: AskPanel) -> QWidget:
        grid = FigurePanel(panes.figures, theme)
        pane = ImagePane(panes.image, ask, theme, grid, PagePicker(panes.pages, theme))
        panes.figures.shown.connect(pane.show_table)
        grid.summary_changed.connect(pane.set_summary)
        pane.set_summary(panes.figures.summary)
        return pane

    def video(ask: AskPanel) -> QWidget:
        pane = VideoPane(panes.video, ask, theme, panes.take, panes.devices.player)
        pane.times_wanted.connect(ask.set_times_until)
        pane.hint_wanted.connect(ask.set_hint)
        ask.time_clicked.connect(pane.show_time)
        ask.time_hovered.connect(pane.light_time)
        ask.set_times_until(pane.times_until)
        return pane

    def audio(ask: AskPanel) -> QWidget:
        pane = AudioPane(panes.audio, ask, theme)
        pane.times_wanted.connect(ask.set_times_until)
        ask.time_clicked.connect(pane.show_time)
        ask.set_times_until(pane.times_until)
        return pane

    return {"image": image, "video": video, "audio": audio}
