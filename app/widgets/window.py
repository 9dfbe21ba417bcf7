"""The main window. It places the parts and connects them; it decides nothing."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from PySide6.QtCore import QByteArray, QSettings, QSize, Qt
from PySide6.QtGui import (
    QCloseEvent,
    QIcon,
    QKeyEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from app.core.conversation import Pane
from app.platform.motion import is_motion_unwanted
from app.viewmodels.arrivals import Arrivals
from app.viewmodels.chat import ChatViewModel
from app.viewmodels.composer import ComposerViewModel
from app.viewmodels.library import LibraryViewModel
from app.viewmodels.models import ModelsViewModel
from app.viewmodels.models_desk import ModelsDesk
from app.viewmodels.preferences import PreferencesViewModel
from app.viewmodels.reports import ReportsViewModel
from app.widgets import icons, inspector, sidebar
from app.widgets.announcing import announce
from app.widgets.bar_stack import BarStack
from app.widgets.chat_pane import ChatPane
from app.widgets.command_state import CommandState
from app.widgets.commands import Commands
from app.widgets.content_area import ContentArea
from app.widgets.deeds import Deeds
from app.widgets.drop_veil import FileDrops
from app.widgets.export_sheet import ExportSheet
from app.widgets.find_bar import FindBar
from app.widgets.inspector import Inspector
from app.widgets.mode_rows import NAMES, Place
from app.widgets.model_picker import ModelPicker
from app.widgets.models.place import ModelsPlace
from app.widgets.notice_bar import NoticeBar
from app.widgets.palette import Palette
from app.widgets.pane_stack import PaneMaker, PaneStack
from app.widgets.settings_dialog import SettingsDialog
from app.widgets.sidebar import Sidebar
from app.widgets.slide_panel import SlidePanel
from app.widgets.status_bar import StatusBar
from app.widgets.theme import Theme
from app.widgets.toolbar import Toolbar
from app.widgets.undo_bar import UndoBar
from app.widgets.unsaved import asker, may_close

SIZE, SMALLEST = QSize(1280, 820), QSize(960, 640)


class MainWindow(QMainWindow):
    """Sidebar, toolbar, content, inspector, status bar; menus, palette, dialogs.

    `restore` gives it its place and size of last time.
    """

    def __init__(
        self,
        library: LibraryViewModel,
        chat: ChatViewModel,
        composer: ComposerViewModel,
        models: ModelsViewModel,
        preferences: PreferencesViewModel,
        reports: ReportsViewModel,
        arrivals: Arrivals,
        theme: Theme,
        makers: Mapping[Pane, PaneMaker] | None = None,
        models_desk: ModelsDesk | None = None,
    ) -> None:
        super().__init__()
        self.library, self.chat, self.composer = library, chat, composer
        self.arrivals, self._makers, self._models_desk = arrivals, makers or {}, models_desk
        self.models, self.preferences, self.reports = models, preferences, reports
        self.theme = theme
        self._state: QSettings | None = None
        self.setWindowTitle("Facet")
        self.setWindowIcon(QIcon(icons.gem_pixmap(256)))
        self.setMinimumSize(SMALLEST)
        follow_preferences(theme, preferences)
        self.commands = Commands(self)
        self._make_parts()
        self._lay_out()
        self.deeds = Deeds(self)
        self.commands.bind(self.deeds.handlers())
        # In a text these keys delete words, so that they must not reach the conversation there.
        trash = self.commands.action("trash")
        trash.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.sidebar.addAction(trash)
        self.menus = self.commands.fill(self.menuBar())
        self._add_folder_menu()
        self.command_state = CommandState(self.commands, library, chat, models, preferences)
        self._connect()
        self._begin()

    def _make_parts(self) -> None:
        theme, chat = self.theme, self.chat
        panes: list[Place] = ["chat", *self._makers]
        if self._models_desk is not None:
            panes.append("models")
        modes = [(pane, self.commands.action(f"pane_{pane}").shortcut()) for pane in panes]
        self.sidebar = Sidebar(self.library, theme, modes if self._makers else ())
        for pane in NAMES:
            self.commands.action(f"pane_{pane}").setVisible(pane in panes and bool(self._makers))
            self.commands.action(f"pane_{pane}").setEnabled(pane in panes and bool(self._makers))
        self.toolbar = Toolbar(chat, self.models, theme)
        self.bars = BarStack(self.toolbar)
        self.pane = ChatPane(chat, self.composer, self.models, self.preferences, theme)
        self.panes = PaneStack(self.pane, chat, self._makers)
        self.inspector = Inspector(chat, theme)
        self.status = StatusBar(chat, theme)
        self.notices = NoticeBar(self.library.notices, theme)
        self.find_bar = FindBar(self.pane, theme)
        self.sidebar_panel = SlidePanel(
            self.sidebar, "start", (sidebar.NARROWEST, sidebar.WIDTH, sidebar.WIDEST), theme
        )
        self.inspector_panel = SlidePanel(
            self.inspector, "end", (inspector.NARROWEST, inspector.WIDTH, inspector.WIDEST), theme
        )
        self.inspector_panel.set_open(False, is_animated=False)
        self.content = ContentArea(self.panes, self.find_bar, self.inspector_panel, theme)
        self.undo_bar = UndoBar(self.content, theme)
        self.palette_card = Palette(self, theme)
        self.model_picker = ModelPicker(self, self.models, theme)
        self.drops = FileDrops(self, self.arrivals, theme)
        self.export_sheet = ExportSheet(self.reports, theme, self)
        self.settings = SettingsDialog(self.preferences, self.chat.tools, theme, self)
        self.models_place: ModelsPlace | None = None
        if self._models_desk is not None:
            self.models_place = ModelsPlace(self._models_desk, theme, self)
            self.bars.add("models", self.models_place.bar)
            self.panes.add_place("models", self.models_place.pane)
            self.status.follow_downloads(self._models_desk.catalogue.downloads)
        for name in ("welcome", "compare", "test_senses"):
            self.commands.action(name).setVisible(self.models_place is not None)

    def _lay_out(self) -> None:
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        if sys.platform == "darwin":
            bar = QToolBar("Toolbar", self)
            bar.setMovable(False)
            bar.addWidget(self.bars)
            self.addToolBar(bar)
            self.setUnifiedTitleAndToolBarOnMac(True)
        else:
            column.addWidget(self.bars)
        column.addWidget(self.notices)
        column.addWidget(self.content, 1)
        column.addWidget(self.status)
        central = QWidget()
        row = QHBoxLayout(central)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.sidebar_panel)
        row.addLayout(column, 1)
        self.setCentralWidget(central)

    def _connect(self) -> None:
        change = self.preferences.change
        self.sidebar.hide_wanted.connect(lambda: change(is_sidebar_open=False))
        self.sidebar.settings_wanted.connect(self.deeds.show_settings)
        self.sidebar.export_wanted.connect(self.deeds.export)
        self.sidebar.purge_wanted.connect(self.deeds.purge)
        self.sidebar.hit_opened.connect(self.deeds.find)
        self.toolbar.sidebar_wanted.connect(lambda: change(is_sidebar_open=True))
        self.toolbar.inspector_wanted.connect(self.commands.action("inspector").trigger)
        self.toolbar.export_wanted.connect(self.commands.action("export").trigger)
        self.toolbar.model_wanted.connect(self.deeds.choose_model)
        self.toolbar.rename_wanted.connect(self.deeds.rename)
        keys = self.commands.action("search").shortcut()
        self.sidebar.search.set_hint(keys.toString(keys.SequenceFormat.NativeText))
        self.commands.action("export").enabledChanged.connect(self.toolbar.set_can_export)
        self.toolbar.set_can_export(self.commands.action("export").isEnabled())
        self.inspector.hide_wanted.connect(lambda: change(is_inspector_open=False))
        self.sidebar.pane_wanted.connect(
            lambda name: self.commands.action(f"pane_{name}").trigger()
        )
        self.chat.reset.connect(self._on_place)
        self.panes.place_changed.connect(self._on_place)
        self.library.opened.connect(self.panes.leave_place)
        self.command_state.place = lambda: self.panes.shown
        if self.models_place is not None:
            self.models_place.bar.sidebar_wanted.connect(lambda: change(is_sidebar_open=True))
            self.models_place.shown.connect(self.show_models)
            self.models_place.example_wanted.connect(self.deeds.begin_with)
            self.models_place.export_wanted.connect(self.deeds.export)
            self.models_place.conversation_wanted.connect(self.library.open)
        self._on_place()
        self.notices.acted.connect(self.deeds.do_asked)
        self.undo_bar.undone.connect(self.library.undo)
        self.library.undo_offered.connect(self.undo_bar.offer)
        self.library.current_changed.connect(self._on_current_changed)
        self.library.notices.announced.connect(self.announce)
        self.chat.announced.connect(self.announce)
        self.chat.title_changed.connect(self._on_title)
        self.chat.reset.connect(self._on_title)
        self.chat.command_asked.connect(self.deeds.do_asked)
        self.preferences.changed.connect(self._on_preferences)
        self._on_title()

    def restore(self, state: QSettings) -> None:
        """Takes place and size from `state`, and keeps them there when the window closes."""
        self._state = state
        geometry = state.value("geometry")
        if isinstance(geometry, QByteArray):
            self.restoreGeometry(geometry)
        width = str(state.value("sidebar_width", ""))
        if width.isdigit():
            self.sidebar_panel.set_open_width(int(width))

    def show_models(self) -> None:
        """Shows the models in place of the conversation."""
        if self.models_place is not None:
            self.find_bar.close_bar()
            self.panes.show_place("models")

    def show_first_run(self) -> None:
        """Opens the five steps over the window."""
        if self.models_place is not None:
            self.models_place.show_first_run()

    def announce(self, text: str, is_urgent: bool) -> None:
        """Says something to screen readers, if the person wants that."""
        if self.preferences.value.announce_answers:
            announce(self, text, is_urgent)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape that no part wanted stops the answer."""
        if event.key() == Qt.Key.Key_Escape and self.chat.is_running:
            self.chat.stop()
            event.accept()
            return
        super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keeps place and size; asks first while the disk has not taken everything."""
        self.composer.save_draft()
        if not may_close(self.library.unwritten, asker(self.theme, self)):
            event.ignore()
            return
        if self._state is not None:
            self._state.setValue("geometry", self.saveGeometry())
            self._state.setValue("sidebar_width", self.sidebar_panel.open_width)
        super().closeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Overlays cover the whole window."""
        super().resizeEvent(event)
        self.drops.veil.setGeometry(self.rect())

    def _begin(self) -> None:
        self.resize(SIZE)
        value = self.preferences.value
        self.sidebar_panel.set_open(value.is_sidebar_open, is_animated=False)
        self.inspector_panel.set_open(value.is_inspector_open, is_animated=False)
        self._on_preferences()
        self.pane.focus_composer()

    def _add_folder_menu(self) -> None:
        menu = QMenu("Move to folder", self)
        self.menus["Conversation"].insertMenu(self.commands.action("trash"), menu)

        def fill() -> None:
            menu.clear()
            row = self.command_state.row()
            if row is None:
                menu.addAction("Ask something first").setEnabled(False)
            else:
                self.sidebar.fill_folders(menu, row)

        menu.aboutToShow.connect(fill)
        fill_later = menu.menuAction()
        fill_later.setMenuRole(fill_later.MenuRole.NoRole)

    def _on_current_changed(self, _conversation_id: str) -> None:
        self.find_bar.close_bar()
        self.pane.focus_composer()

    def _on_place(self) -> None:
        """Sidebar, toolbar and menu follow what is shown."""
        shown = self.panes.shown
        self.sidebar.set_pane(shown)
        self.bars.show_for(shown)
        self.inspector_panel.setVisible(shown != "models")
        self.content.arrange()
        self.command_state.refresh()

    def _on_title(self) -> None:
        title = self.chat.title
        self.setWindowTitle(f"{title} – Facet" if title else "Facet")

    def _on_preferences(self) -> None:
        value = self.preferences.value
        self.commands.set_keys(dict(value.shortcuts))
        self.sidebar_panel.set_open(value.is_sidebar_open)
        self.inspector_panel.set_open(value.is_inspector_open)
        self.toolbar.set_sidebar_shown(value.is_sidebar_open)
        if self.models_place is not None:
            self.models_place.bar.set_sidebar_shown(value.is_sidebar_open)
        self.toolbar.set_inspector_shown(value.is_inspector_open)


def follow_preferences(theme: Theme, preferences: PreferencesViewModel) -> None:
    """Gives the theme what the person prefers, now and whenever that changes."""

    def follow() -> None:
        value = preferences.value
        theme.is_motion_reduced = value.reduce_motion == "on" or (
            value.reduce_motion == "system" and is_motion_unwanted()
        )
        theme.set_appearance(value.appearance)
        theme.set_text_px(value.text_px)
        theme.set_contrast(True if value.contrast == "on" else None)

    def apply() -> None:
        application = QApplication.instance()
        if isinstance(application, QApplication):
            theme.apply(application)

    preferences.changed.connect(follow)
    theme.changed.connect(apply)
    follow()
    apply()
