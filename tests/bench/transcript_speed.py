"""How long the chat keeps the window's thread: opening, streaming, scrolling, resizing.

    python -m tests.bench.transcript_speed [--messages 1000] [--tokens 20000] [--rate 200]

Every figure is the time of one step of the GUI thread, painting included, in milliseconds. Beside
the time by the clock stands the thread's own computing time, which says more on a machine that has
other work: there the clock counts how long others were served first. How much that is stands in
the first and last line.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
from collections.abc import Callable
from time import perf_counter, thread_time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from app.core.collection import spare_startup
from app.viewmodels.values import TurnView
from app.widgets.theme import Theme
from app.widgets.transcript import Transcript
from tests.bench.noise import measure, pin

SENTENCE = (
    "the value of each month grows from ten to one hundred and ninety while safety stays "
    "behind delivery by fifteen points so that the mix of revenue matters more than volume"
)
STEP_S = 0.033
FRAME_MS = 16
CHARACTERS_PER_TOKEN = 4


def paragraph(chance: random.Random, words: int) -> str:
    """Some words with marks in them."""
    made = chance.choices(SENTENCE.split(), k=words)
    made[len(made) // 2] = f"**{made[len(made) // 2]}**"
    made[-1] += "."
    return " ".join(made)


def section(chance: random.Random, number: int) -> str:
    """What answers consist of: a heading, text, a list, code, a table, a formula."""
    rows = "\n".join(f"| part {row} | {chance.randint(1, 999)} | fair |" for row in range(6))
    code = "\n".join(f"    total += values[{row}] * {row}  # part {row}" for row in range(8))
    return (
        f"## Part {number}\n\n{paragraph(chance, 60)}\n\n- {paragraph(chance, 12)}\n"
        f"- {paragraph(chance, 14)} with `code` and $x_{{{number}}}^2$\n\n"
        f"```python\ndef part_{number}(values: list[float]) -> float:\n    total = 0.0\n{code}\n"
        f"    return total\n```\n\n| Part | Value | Rating |\n|---|--:|---|\n{rows}\n\n"
        f"{paragraph(chance, 40)}\n\n"
    )


def answer(tokens: int, seed: int = 1) -> str:
    """An answer of about so many tokens."""
    chance = random.Random(seed)
    made, number = "", 0
    while len(made) < tokens * CHARACTERS_PER_TOKEN:
        number += 1
        made += section(chance, number)
    return made[: tokens * CHARACTERS_PER_TOKEN]


def conversation(messages: int) -> list[TurnView]:
    """Questions and answers of the usual lengths, some with code."""
    chance = random.Random(2)
    made = []
    for number in range(messages):
        if number % 2 == 0:
            made.append(TurnView(f"t{number}", "user", paragraph(chance, chance.randint(5, 40))))
        else:
            text = section(chance, number) if number % 5 == 0 else paragraph(chance, 150)
            made.append(TurnView(f"t{number}", "model", text, stats="41 tok/s · 312 out"))
    return made


Times = tuple[float, float]  # by the clock, and of computing


def timed(step: Callable[[], object]) -> Times:
    """Milliseconds of a step with everything that Qt does because of it."""
    started, computed = perf_counter(), thread_time()
    step()
    QApplication.processEvents()
    return (perf_counter() - started) * 1_000, (thread_time() - computed) * 1_000


def tell(name: str, values: list[Times]) -> None:
    """Two lines of figures."""
    for what, column in (("clock", 0), ("computing", 1)):
        one = sorted(value[column] for value in values)

        def share(part: float, one: list[float] = one) -> float:
            return one[min(len(one) - 1, int(part * len(one)))]

        print(
            f"{name if column == 0 else '':32} {what:9}  n {len(one):5}"
            f"  mean {statistics.mean(one):7.1f}  p95 {share(0.95):7.1f}"
            f"  p99 {share(0.99):7.1f}  max {one[-1]:7.1f}",
            flush=True,
        )


def settle(seconds: float = 1.0) -> None:
    """Let everything that was put off happen."""
    end = perf_counter() + seconds
    while perf_counter() < end:
        QApplication.processEvents()


def measure_opening(transcript: Transcript, messages: int) -> None:
    """A conversation opened five times."""
    views = conversation(messages)
    times = []
    for _ in range(5):
        transcript.set_turns([])
        settle(0.2)
        times.append(timed(lambda: transcript.set_turns(views)))
    tell(f"open {messages} messages", times)


def measure_scrolling(transcript: Transcript) -> None:
    """Jumps to anywhere, and steps of a wheel."""
    bar = transcript.verticalScrollBar()
    chance = random.Random(3)
    jumps = [timed(lambda: bar.setValue(chance.randint(0, bar.maximum()))) for _ in range(150)]
    tell("jump anywhere", jumps)
    bar.setValue(bar.maximum() // 2)
    settle()
    steps = [timed(lambda: bar.setValue(bar.value() + 40)) for _ in range(400)]
    tell("scroll by 40 px", steps)


def measure_resizing(transcript: Transcript) -> None:
    """The window's edge dragged."""
    times = [
        timed(lambda width=width: transcript.resize(width, 700)) for width in range(1000, 600, -8)
    ]
    tell("resize by 8 px", times)
    transcript.resize(1040, 700)


def measure_streaming(transcript: Transcript, tokens: int, rate: int) -> None:
    """One long answer at so many tokens per second, thirty steps per second, as fast as it goes."""
    text = answer(tokens)
    size = max(1, round(rate * STEP_S * CHARACTERS_PER_TOKEN))
    transcript.set_turns([TurnView("q", "user", "Write a very long report.")])
    shown = TurnView("a", "model", "", state="streaming")
    transcript.add_turn(shown)
    settle(0.3)
    times = []
    for end in range(size, len(text) + size, size):
        view = TurnView("a", "model", text[:end], state="streaming")
        times.append(timed(lambda view=view: transcript.append_text(view)))
        settle(0.002)  # what waits between two steps is not part of either
    tell(f"stream {tokens} tokens, {rate}/s", times)
    quarter = len(times) // 4
    for part in range(4):
        tell(f"  quarter {part + 1}", times[part * quarter : (part + 1) * quarter])
    late = {at: round(one, 1) for at, (_, one) in enumerate(times) if one > FRAME_MS}
    print(f"  steps that computed over {FRAME_MS} ms: {len(late)} of {len(times)} {late or ''}")
    final = TurnView("a", "model", text, stats="200 tok/s")
    tell("  the end of it", [timed(lambda: transcript.change_turn(final))])
    settle(3)
    transcript.set_turns([])
    settle(0.3)
    views = [TurnView("q", "user", "Write a very long report."), final]
    tell("open it again", [timed(lambda: transcript.set_turns(views))])
    steps, end_at = [], perf_counter() + 60
    while not transcript.document_of("a").is_filled and perf_counter() < end_at:
        steps.append(timed(lambda: None))
    tell("  steps while it fills", steps or [(0.0, 0.0)])


def main() -> None:
    """All of it."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--messages", type=int, default=1_000)
    arguments.add_argument("--tokens", type=int, default=20_000)
    arguments.add_argument("--rate", type=int, default=200)
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
    settle(0.3)
    transcript.warm()  # as the program does when its window stands
    settle(3)
    spare_startup()
    if chosen.messages:
        measure_opening(transcript, chosen.messages)
        measure_scrolling(transcript)
        measure_resizing(transcript)
    if chosen.tokens:
        measure_streaming(transcript, chosen.tokens, chosen.rate)
    print(measure())
    transcript.close_formulas()


if __name__ == "__main__":
    main()
