"""How long the shell keeps the window waiting with 2,000 conversations and 1,000 turns.

python -m tests.bench.shell_speed
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter, thread_time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication

from app.core.conversation import Conversation, Turn
from app.core.preferences import Preferences, PreferencesFile
from app.core.store import Store
from app.main import Places, Program, application, build
from tests.fakes.hand_engine import HandEngine
from tests.widgets.conftest import MODEL, NOON

CONVERSATIONS, TURNS, ROUNDS = 2000, 1000, 9


def fill(places: Places) -> None:
    """A store with many short conversations and one long one, which is open."""
    store = Store.open(places.data)
    for number in range(CONVERSATIONS):
        store.create(Conversation(f"c{number}", f"Conversation {number}", NOON, NOON))
    turns: list[Turn] = []
    for number in range(TURNS):
        parent = turns[-1].id if turns else None
        role = "model" if number % 2 else "user"
        turns.append(Turn(f"t{number}", parent, role, NOON, text="some words " * 60))
    leaf = turns[-1].id
    store.create(Conversation("long", "Long", NOON, NOON, turns=tuple(turns), active_leaf=leaf))
    store.close()
    PreferencesFile(places.config / "preferences.json").save(
        Preferences(open_conversation="long", reduce_motion="on", appearance="light")
    )


def steps(program: Program) -> dict[str, Callable[[], object]]:
    """What the GUI thread does in one go."""
    window, library = program.window, program.workbench.library
    return {
        "sidebar takes a change (lists unchanged)": window.sidebar._on_changed,
        "sidebar is drawn": window.sidebar.grab,
        "menus are brought up to date": window.command_state.refresh,
        "palette opens": window.commands.action("palette").trigger,
        "palette finds three letters": lambda: window.palette_card._on_text("con"),
        "palette is drawn": window.palette_card.grab,
        "another conversation is opened": lambda: library.open("c7"),
        "the long one is opened again": lambda: library.open("long"),
        "the appearance changes": window.commands.action("appearance_dark").trigger,
        "and back": window.commands.action("appearance_light").trigger,
        "the whole window is drawn": window.grab,
    }


def main() -> None:
    """Prints the median and the longest of some rounds, in milliseconds."""
    app = application()
    with tempfile.TemporaryDirectory() as folder:
        places = Places.under(Path(folder))
        fill(places)
        program = build(places, HandEngine(), MODEL)
        started = perf_counter()
        program.start()
        app.processEvents()
        print(f"{'shown after building':45} {(perf_counter() - started) * 1000:8.1f} ms")
        times: dict[str, list[tuple[float, float]]] = {}
        for _ in range(ROUNDS):
            for name, step in steps(program).items():
                began, worked = perf_counter(), thread_time()
                step()
                taken = (thread_time() - worked) * 1000, (perf_counter() - began) * 1000
                times.setdefault(name, []).append(taken)
                QCoreApplication.processEvents()
        print(f"{'':45} {'computing, ms':>20} {'by the clock, ms':>20}")
        print(f"{'':45} {'median':>10} {'longest':>9} {'median':>10} {'longest':>9}")
        for name, taken_each in times.items():
            columns = [
                f"{median(column):10.1f} {max(column):9.1f}"
                for column in zip(*taken_each, strict=True)
            ]
            print(f"{name:45} {' '.join(columns)}")
        program.close()


if __name__ == "__main__":
    main()
