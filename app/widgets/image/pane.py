"""The image pane: film strip, canvas, budgets, and the answers beside or below."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication, QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.viewmodels.image import ImageViewModel
from app.widgets.controls import Button, Label
from app.widgets.drop_veil import dropped_paths, png
from app.widgets.icon_label import IconLabel
from app.widgets.image.budget_bar import BudgetBar
from app.widgets.image.canvas import Canvas
from app.widgets.image.canvas_bar import CanvasBar
from app.widgets.image.film_strip import FilmStrip
from app.widgets.image.page_words import PageWords
from app.widgets.image.side_panel import ANSWER, TABLE, SidePanel
from app.widgets.image.splitter import PaneSplitter
from app.widgets.image.states import ImageStates
from app.widgets.paint import hairline
from app.widgets.theme import Theme

PANEL_WIDTH, PANEL_LEAST = 392, 320
DRAWER_HEIGHT = 236
PICKER_WIDTH = 184
LEAST_CANVAS = 372  # as wide as the budgets
NARROW = 900  # a pane below this width has its panel as a drawer
PROBLEM_MS = 6_000
LATE_MS = 250  # a picture that takes longer is said to be being read
FILTER = (
    "Pictures and documents (*.png *.jpg *.jpeg *.heic *.heif *.webp *.gif *.tif *.tiff *.bmp"
    " *.avif *.pdf *.docx *.xlsx *.pptx *.csv *.tsv *.txt *.md);;All files (*)"
)


class ImagePane(QWidget):
    """Pictures and documents of the open conversation, and questions about them.

    `ask` is a panel with transcript and composer (it has `focus_composer`), `grid` the table of
    figures, `picker` the pages of a document.
    """

    def __init__(
        self,
        view_model: ImageViewModel,
        ask: QWidget,
        theme: Theme,
        grid: QWidget | None = None,
        picker: QWidget | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._vm, self._theme, self.ask = view_model, theme, ask
        self._picker = picker
        self._is_narrow = False
        self.film = FilmStrip(view_model, theme)
        self.canvas = Canvas(view_model, theme)
        self.states = ImageStates(view_model, theme)
        self.bar = CanvasBar(view_model, self.canvas, theme)
        self.budget = BudgetBar(view_model, theme)
        self.sightless = SightlessBar(view_model, theme)
        self.panel = SidePanel(ask, grid, theme)
        self._stage = QStackedWidget()
        self._stage.addWidget(self.states)
        self._stage.addWidget(self.canvas)
        self.words = PageWords(view_model, theme)
        self._stage.addWidget(self.words)
        self._problem = ProblemLine(theme)
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(LATE_MS)
        self._late.timeout.connect(lambda: self._stage.setCurrentWidget(self.states))
        self._middle = QWidget()
        self._below = QVBoxLayout(self._middle)
        self._split = PaneSplitter(theme)
        self._lay_out()
        self._connect()
        self._show_state()

    # --- for the window --------------------------------------------------------------------------

    @property
    def is_narrow(self) -> bool:
        """Whether the panel is a drawer below the canvas."""
        return self._is_narrow

    def choose_files(self) -> None:
        """Ask for pictures or documents to add."""
        dialog = QFileDialog(self, "Add pictures or documents")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilter(FILTER)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(lambda names: self._vm.add_files(list(map(Path, names))))
        dialog.open()

    def paste(self) -> bool:
        """Add what the clipboard holds; whether that was a picture or files."""
        data = QGuiApplication.clipboard().mimeData()
        if data is None:
            return False
        if paths := dropped_paths(data):
            self._vm.add_files(paths)
            return True
        image = data.imageData() if data.hasImage() else None
        if isinstance(image, QImage) and not image.isNull():
            self._vm.add_bytes(png(image), "Pasted picture.png")
            return True
        self._problem.say("The clipboard holds no picture and no file. Copy one first.")
        return False

    def show_table(self) -> None:
        """Show the table of figures."""
        self.panel.show_tab(TABLE)

    def show_answer(self) -> None:
        """Show the answers."""
        self.panel.show_tab(ANSWER)

    def set_summary(self, words: str) -> None:
        """Like "21 confirmed · 1 differs", beside the tabs."""
        self.panel.set_summary(words)

    def focus_composer(self) -> None:
        """Put the keyboard into the question."""
        self.show_answer()
        focus = getattr(self.ask, "focus_composer", None)
        if focus is not None:
            focus()

    # --- layout ----------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Beside each other where there is room, else the panel below."""
        super().resizeEvent(event)
        self._arrange()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground."""
        QPainter(self).fillRect(self.rect(), self._theme.tokens.win)

    def _lay_out(self) -> None:
        self._below.setContentsMargins(0, 0, 0, 0)
        self._below.setSpacing(0)
        self._below.addWidget(self.bar)
        self._below.addWidget(self.sightless)
        self._below.addWidget(self._stage, 1)
        self._below.addWidget(self._problem)
        self._below.addWidget(self.budget)
        self._split.addWidget(self._middle)
        self._split.addWidget(self.panel)
        self._split.setStretchFactor(0, 1)
        self._split.setStretchFactor(1, 0)
        self._split.setChildrenCollapsible(False)
        self._middle.setMinimumWidth(self._theme.px(LEAST_CANVAS))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.film)
        if self._picker is not None:
            row.addWidget(self._picker)
            self.bar.leave_pages_to_picker()
        row.addWidget(self._split, 1)
        self._set_narrow(False)

    def _connect(self) -> None:
        vm = self._vm
        self.film.add_wanted.connect(self.choose_files)
        self.states.open_wanted.connect(self.choose_files)
        self.states.paste_wanted.connect(self.paste)
        self.canvas.ask_wanted.connect(self.focus_composer)
        self.canvas.paste_wanted.connect(self.paste)
        self.bar.task.asked.connect(self._on_asked)
        vm.problem.connect(self._problem.say)
        vm.changed.connect(self._show_state)
        vm.picture_changed.connect(self._show_state)
        vm.box_chosen.connect(self._on_box)
        self._theme.changed.connect(self._arrange)

    def _arrange(self) -> None:
        is_narrow = self.width() < self._theme.px(NARROW)
        if is_narrow != self._is_narrow:
            self._set_narrow(is_narrow)

    def _set_narrow(self, is_narrow: bool) -> None:
        self._is_narrow = is_narrow
        px = self._theme.px
        self.film.set_narrow(is_narrow)
        self.budget.set_compact(is_narrow)
        self.panel.set_drawer(is_narrow)
        if self._picker is not None:
            self._picker.setFixedWidth(px(PICKER_WIDTH))
        if is_narrow:
            self._below.removeWidget(self.budget)
            self.bar.take_budget(self.budget)
            self._split.setOrientation(Qt.Orientation.Vertical)
            self.panel.setMinimumSize(0, px(140))
            self._split.set_end_size(px(DRAWER_HEIGHT))
        else:
            self.bar.take_budget(None)
            self._below.addWidget(self.budget)
            self._split.setOrientation(Qt.Orientation.Horizontal)
            self.panel.setMinimumSize(px(PANEL_LEAST), 0)
            self._split.set_end_size(px(PANEL_WIDTH))

    # --- reactions -------------------------------------------------------------------------------

    def _show_state(self) -> None:
        is_ready, is_empty = self._vm.state == "ready", self._vm.state == "empty"
        self.film.setVisible(not is_empty)
        is_read = self._vm.attachment is not None
        self.bar.setVisible(is_read)
        self.budget.setVisible(is_read and not self._vm.page_text)
        if self._picker is not None:
            self._picker.setVisible(self._vm.is_document and is_read)
        self._show_hint()
        shown = self.words if self._vm.page_text else self.canvas
        if is_ready:
            self._stage.setCurrentWidget(shown)
        elif self._vm.state == "reading" and self._vm.attachment is not None:
            if not self._late.isActive():
                self._late.start()  # the next picture is there in a moment, mostly
            return
        else:
            self._stage.setCurrentWidget(self.states)
        self._late.stop()

    def _show_hint(self) -> None:
        """The message field says what a question is about."""
        set_hint = getattr(self.ask, "set_hint", None)
        if set_hint is None:
            return
        what = "document" if self._vm.is_document else "picture"
        set_hint(f"Ask about this part of the {what}" if self._vm.crop else f"Ask about the {what}")

    def _on_asked(self, key: str) -> None:
        self.show_table() if key == "dashboard" else self.show_answer()

    def _on_box(self, box_id: str) -> None:
        if box_id:
            self.show_table()


class SightlessBar(QWidget):
    """Says that the model in use cannot see, and offers one that can."""

    def __init__(self, vm: ImageViewModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._vm, self._theme = vm, theme
        self._words = Label("", theme, "small", "warn")
        self._words.setWordWrap(True)
        self.use = Button("", theme, small=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 14, 6)
        row.setSpacing(8)
        row.addWidget(IconLabel("triangle-alert", theme, 14, "warn"))
        row.addWidget(self._words, 1)
        row.addWidget(self.use)
        self.use.clicked.connect(vm.use_seeing_model)
        vm.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show or hide it."""
        self.setVisible(not self._vm.sees)
        other = self._vm.seeing_model
        words = "The model in use cannot see: pictures are left out of questions."
        self._words.setText(words if other else f"{words} Every published Gemma 4 size can.")
        self.use.setVisible(other is not None)
        self.use.setText(f"Use {other.name} {other.bits}".strip() if other else "")
        self.use.setAccessibleName(self.use.text())
        self.use.updateGeometry()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A soft ground."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.tokens.warnsoft)
        hairline(painter, 0, self.height() - 1, self.width(), self._theme.tokens.line)


class ProblemLine(QWidget):
    """A sentence under the canvas that goes by itself."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.words = Label("", theme, "small", "warn")
        self.words.setWordWrap(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 5, 14, 5)
        row.setSpacing(8)
        row.addWidget(IconLabel("triangle-alert", theme, 14, "warn"))
        row.addWidget(self.words, 1)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PROBLEM_MS)
        self._timer.timeout.connect(self.hide)
        self.hide()

    def say(self, words: str) -> None:
        """Show a sentence for a while."""
        self.words.setText(words)
        self.setVisible(bool(words))
        self._timer.start()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A soft ground."""
        QPainter(self).fillRect(self.rect(), self._theme.tokens.warnsoft)
