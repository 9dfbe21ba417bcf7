"""How long the longest step of the window's thread is while hostile answers are shown.

    python -m tests.bench.hostile_speed [--slowest 12]

Each of the two hundred answers is opened, filled and scrolled through. Computing time of the
thread is what is told: the clock would count other work of the machine.
"""

from __future__ import annotations

import argparse
import os
from time import monotonic

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from app.core.collection import spare_startup
from app.viewmodels.values import TurnView
from app.widgets.theme import Theme
from app.widgets.transcript import Transcript
from tests.bench.noise import measure, pin
from tests.bench.transcript_speed import settle, timed
from tests.fakes.hostile_answers import hostile_answers

LIMIT_MS = 100
PATIENCE_S = 60


def longest_step(transcript: Transcript, number: int, text: str) -> float:
    """The longest step while one answer is opened, filled and scrolled through."""
    view = TurnView(f"t{number}", "model", text)
    steps = [timed(lambda: transcript.set_turns([view]))[1]]
    end = monotonic() + PATIENCE_S
    while not transcript.document_of(view.id).is_filled and monotonic() < end:
        steps.append(timed(lambda: None)[1])
    bar = transcript.verticalScrollBar()
    for part in range(8):
        place = bar.maximum() * part // 7
        steps.append(timed(lambda place=place: bar.setValue(place))[1])
    return max(steps)


def main() -> None:
    """All of them, the slowest told."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--slowest", type=int, default=12)
    chosen = arguments.parse_args()
    pin()
    print(measure())
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    theme = Theme("light", is_motion_reduced=True)
    theme.apply(application)
    transcript = Transcript(theme)
    transcript.resize(1040, 700)
    transcript.show()
    settle(0.5)
    spare_startup()
    longest = [
        (longest_step(transcript, number, text), text)
        for number, text in enumerate(hostile_answers())
    ]
    longest.sort(key=lambda pair: pair[0], reverse=True)
    for time, text in longest[: chosen.slowest]:
        print(f"{time:8.1f} ms  {len(text):9,} characters  {text[:44]!r}")
    slow = sum(time > LIMIT_MS for time, _ in longest)
    print(f"{slow} of {len(longest)} answers have a step over {LIMIT_MS} ms")
    transcript.close_formulas()


if __name__ == "__main__":
    main()
