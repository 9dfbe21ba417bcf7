"""The Models pane with its toolbar, sheets and the first run, for the window to place."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from app.core.bundled import example
from app.viewmodels.models_desk import ModelsDesk
from app.widgets.empty_chat import STARTERS
from app.widgets.first_run.overlay import FirstRunOverlay
from app.widgets.models.bar import ModelsBar
from app.widgets.models.compare import CompareSheet
from app.widgets.models.find_sheet import FindSheet
from app.widgets.models.pane import ModelsPane
from app.widgets.models.quantize_sheet import QuantizeSheet
from app.widgets.models.token_sheet import TokenSheet
from app.widgets.theme import Theme

USE_COPY = "use_copy "


class ModelsPlace(QObject):
    """Builds the parts and connects them; sheets are made when they are first wanted."""

    shown = Signal()  # the pane is wanted
    example_wanted = Signal(str, str)  # file, question
    export_wanted = Signal(str)  # id of a conversation
    conversation_wanted = Signal(str)

    def __init__(self, desk: ModelsDesk, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._desk, self._theme, self._window = desk, theme, window
        self.bar = ModelsBar(desk.catalogue, theme)
        self.pane = ModelsPane(desk.catalogue, theme)
        self.first_run: FirstRunOverlay | None = None
        self.find_sheet: FindSheet | None = None
        self.quantize_sheet: QuantizeSheet | None = None
        self.compare_sheet: CompareSheet | None = None
        self.token_sheet: TokenSheet | None = None
        self.bar.wanted.connect(self._on_bar)
        self.pane.sheet_wanted.connect(self._open)

    def show_first_run(self) -> None:
        """The five steps over the window."""
        if self.first_run is None:
            self.first_run = FirstRunOverlay(self._desk.first_run, self._theme, self._window)
            self._desk.first_run.example_wanted.connect(self._on_example)
        self.first_run.open_overlay()

    def do_asked(self, command: str) -> None:
        """What the button of a notice or of an error asks."""
        catalogue = self._desk.catalogue
        if command.startswith(USE_COPY):
            catalogue.settle(command)
            catalogue.use(command.removeprefix(USE_COPY))
        elif command.startswith("resume "):
            catalogue.settle(command)
            catalogue.do(command.removeprefix("resume "), "resume")
        elif command == "test_senses" and catalogue.current is not None:
            catalogue.do(catalogue.current.key, "test")
        elif command == "manage_models":
            self.shown.emit()

    def show_comparison(self, conversation_id: str) -> None:
        """Two answers side by side, or the form where the conversation is no comparison."""
        sheet = self._comparing()
        if sheet is None or self._desk.comparison is None:
            return
        if self._desk.comparison.is_comparison(conversation_id):
            sheet.open_record(conversation_id)
        else:
            sheet.open_for()

    def _comparing(self) -> CompareSheet | None:
        comparison = self._desk.comparison
        if self.compare_sheet is None and comparison is not None:
            self.compare_sheet = CompareSheet(comparison, self._theme, self._window)
            self.compare_sheet.export_wanted.connect(self.export_wanted)
            self.compare_sheet.conversation_wanted.connect(self.conversation_wanted)
        return self.compare_sheet

    def _on_bar(self, command: str) -> None:
        current = self._desk.catalogue.current
        if command == "find":
            self._open("find", "")
        elif current is not None:
            self.pane.act(current.key, command)
        elif command == "quantize":
            self._open("quantize", "")

    def _open(self, command: str, key: str) -> None:
        if command == "find":
            if self.find_sheet is None:
                self.find_sheet = FindSheet(self._desk.catalogue, self._theme, self._window)
            self.find_sheet.open_sheet()
        elif command == "token":
            if self.token_sheet is None:
                keep = self._desk.catalogue.keep_token
                self.token_sheet = TokenSheet(keep, self._theme, self._window)
            self.token_sheet.accepted.connect(
                lambda: self._desk.catalogue.do(key, "resume"),
                Qt.ConnectionType.SingleShotConnection,
            )
            self.token_sheet.open_sheet()
        elif command == "compare":
            sheet = self._comparing()
            if sheet is not None:
                sheet.open_for(key)
        elif command == "quantize" and self._desk.quantizing is not None:
            if self.quantize_sheet is None:
                self.quantize_sheet = QuantizeSheet(
                    self._desk.quantizing, self._desk.catalogue, self._theme, self._window
                )
                self.quantize_sheet.use_wanted.connect(self._desk.catalogue.use)
            self.quantize_sheet.open_for(key)

    def _on_example(self, name: str) -> None:
        for starter in STARTERS:
            path = example(starter.file)
            if starter.file.startswith(name) and path is not None:
                self.example_wanted.emit(str(path), starter.question)
