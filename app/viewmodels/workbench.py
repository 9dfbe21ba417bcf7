"""All view-models, built and wired: what a window, a test or a screenshot starts from."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from app.bridge import EngineBridge, EnginePort
from app.core.preferences import PreferencesFile
from app.core.reading import MediaReader
from app.core.store import Store, Writer
from app.core.thumbnails import Thumbnails
from app.intake.runner import Runner
from app.intake.worker import Worker
from app.viewmodels.answers import Answers
from app.viewmodels.arrivals import Arrivals
from app.viewmodels.chat import ChatViewModel
from app.viewmodels.composer import ComposerViewModel
from app.viewmodels.desk import Desk
from app.viewmodels.library import LibraryViewModel
from app.viewmodels.materials import MaterialsViewModel
from app.viewmodels.models import ModelsViewModel
from app.viewmodels.notices import NoticesViewModel
from app.viewmodels.pictures import Pictures
from app.viewmodels.preferences import PreferencesViewModel
from app.viewmodels.status import StatusMeter
from app.viewmodels.tool_loop import ToolLoop
from app.viewmodels.tools import ToolsViewModel

_log = logging.getLogger(__name__)

QUIT_S = 2.0  # saving and joining may take so long together


@dataclass(frozen=True, slots=True, eq=False)
class Workbench:
    """The view-models of one window. Call `start` when the window is there, `close` at the end."""

    bridge: EngineBridge
    notices: NoticesViewModel
    preferences: PreferencesViewModel
    models: ModelsViewModel
    library: LibraryViewModel
    chat: ChatViewModel
    composer: ComposerViewModel
    answers: Answers
    desk: Desk
    store: Store
    writer: Writer
    reader: MediaReader
    status: StatusMeter
    pictures: Pictures
    materials: MaterialsViewModel
    arrivals: Arrivals
    tools: ToolsViewModel
    loop: ToolLoop

    def start(self) -> None:
        """Show what was open last and load the model used last."""
        self.reader.warm()
        self.library.open_last()
        self.models.start()

    def close(self) -> None:
        """Stop what runs, save what was written, end every thread but the store's own."""
        self.composer.save_draft()
        self.library.remember_open()
        self.answers.close()
        self.loop.close(QUIT_S / 8)
        self.status.close()
        self.bridge.close(QUIT_S / 2)
        self.reader.close(QUIT_S / 4)
        unwritten = self.writer.close()
        if unwritten:
            _log.warning("the disk did not take the last %d changes", unwritten)
        self.library.close(QUIT_S / 4)


def assemble(
    store: Store,
    engine: EnginePort,
    preferences_file: PreferencesFile,
    *,
    bundled: Path | None,
    cache_dir: Path,
    clock: Callable[[], float] = monotonic,
    make_runner: Callable[[], Runner] = Worker,
) -> Workbench:
    """Build everything around a store and an engine, both of which stay the caller's to close.

    Closing the workbench closes the engine as well. `cache_dir` may be emptied at any time.
    """
    notices = NoticesViewModel()
    writer = Writer(store, notices.report)
    reader = MediaReader(store, Thumbnails(cache_dir / "thumbnails"), make_runner)
    bridge = EngineBridge(engine)
    preferences = PreferencesViewModel(preferences_file)
    models = ModelsViewModel(bridge, preferences, bundled)
    desk = Desk(store, writer)
    tools = ToolsViewModel(preferences)
    loop = ToolLoop(desk, tools, store, make_runner, clock)
    answers = Answers(desk, bridge, models, reader, tools, loop, clock)
    pictures = Pictures(store, reader)
    status = StatusMeter(bridge, answers)
    composer = ComposerViewModel(desk, reader, pictures, models, answers)
    chat = ChatViewModel(desk, answers, models, composer, pictures, status, tools)
    materials = MaterialsViewModel(desk, reader, models, chat, composer)
    library = LibraryViewModel(store, writer, desk, answers, chat, preferences, notices)
    arrivals = Arrivals(library, chat, composer, materials)
    for notice in (*store.notices, *([preferences.notice] if preferences.notice else [])):
        notices.add(notice)
    preferences.failed.connect(notices.add)
    return Workbench(
        bridge,
        notices,
        preferences,
        models,
        library,
        chat,
        composer,
        answers,
        desk,
        store,
        writer,
        reader,
        status,
        pictures,
        materials,
        arrivals,
        tools,
        loop,
    )
