"""How late the event loop gets while tokens pour in: `python -m tests.bench.bridge_load`.

Tokens come from a thread at 60, 400 and 2,000 a second, pass the bridge, the answer and the open
conversation, and are saved by the real store. A timer of 5 ms tells how late the loop is; each
piece tells how long it took from the engine's thread to the signal that a widget would hear.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEventLoop, Qt, QTimer

from app.core.preferences import PreferencesFile
from app.core.store import Store
from app.viewmodels.workbench import Workbench, assemble
from inference import Event, Finished, Prepared, Receipt, Request, Statistics, TokenText
from tests.fakes.desk import MODEL
from tests.fakes.hand_engine import HandEngine, HandJob

RATES = (60, 400, 2000)
TICK_MS = 5
PATIENCE_S = 60.0


class _PouringJob(HandJob):
    """Says `count` tokens at `rate` a second. Each token is its time and number."""

    def __init__(self, on_event: Callable[[Event], None], rate: int, count: int) -> None:
        super().__init__(on_event, ends_when_cancelled=False)
        self._pour = threading.Thread(target=self._run_pour, args=(on_event, rate, count))
        self._pour.start()

    def _run_pour(self, on_event: Callable[[Event], None], rate: int, count: int) -> None:
        receipt = Receipt((), 10)
        on_event(Prepared(receipt))
        begin = time.perf_counter()
        for index in range(count):
            due = begin + index / rate
            while (wait := due - time.perf_counter()) > 0:
                time.sleep(wait)
            on_event(TokenText(f"{time.perf_counter():.6f} "))
        self._ended.set()
        on_event(Finished("stop", Statistics(generated_tokens=count), receipt))

    def end(self) -> None:
        self._pour.join()
        super().end()


class PouringEngine(HandEngine):
    """Answers every request with tokens at `rate` for `seconds`."""

    rate = 60
    seconds = 5.0

    def submit(self, request: Request, on_event: Callable[[Event], None]) -> HandJob:
        self.requests.append(request)
        job = _PouringJob(on_event, self.rate, round(self.rate * self.seconds))
        self.jobs.append(job)
        return job


@dataclass(slots=True)
class Measured:
    """Milliseconds, in order of arrival."""

    late: list[float] = field(default_factory=list)
    delay: list[float] = field(default_factory=list)
    pieces: int = 0
    text: str = ""


def until(met: Callable[[], bool]) -> None:
    """Run the loop until it is so."""
    end = time.monotonic() + PATIENCE_S
    while not met():
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 50)
        if time.monotonic() > end:
            raise TimeoutError("the answer did not end")


def measure(work: Workbench) -> Measured:
    """One answer."""
    measured = Measured()
    expected = time.perf_counter() + TICK_MS / 1000

    def on_tick() -> None:
        nonlocal expected
        now = time.perf_counter()
        measured.late.append(max(0.0, (now - expected) * 1000))
        expected = now + TICK_MS / 1000

    def on_text(_turn_id: str, text: str) -> None:
        now = time.perf_counter()
        measured.pieces += 1
        measured.text += text
        measured.delay += [(now - float(sent)) * 1000 for sent in text.split()]

    ticker = QTimer()
    ticker.setTimerType(Qt.TimerType.PreciseTimer)
    ticker.timeout.connect(on_tick)
    work.chat.text_appended.connect(on_text)
    work.composer.set_text("Go.")
    ticker.start(TICK_MS)
    expected = time.perf_counter() + TICK_MS / 1000
    work.chat.send()
    until(lambda: not work.chat.is_running)
    ticker.stop()
    work.chat.text_appended.disconnect(on_text)
    return measured


def line(rate: int, measured: Measured, cpu_share: float) -> str:
    """A row of the table."""
    tokens = len(measured.delay)
    late, delay = sorted(measured.late), sorted(measured.delay)
    return (
        f"{rate:>6,} tok/s  {tokens:>6,} tokens in {measured.pieces:>4} pieces   late "
        f"{statistics.fmean(late):5.2f} / {_at(late, 0.95):5.1f} / {late[-1]:5.1f} ms   "
        f"to the signal {statistics.fmean(delay):5.1f} / {_at(delay, 0.95):5.1f} / "
        f"{delay[-1]:5.1f} ms   process CPU {cpu_share:4.0%}"
    )


def _at(values: list[float], share: float) -> float:
    return values[min(len(values) - 1, int(len(values) * share))]


def main() -> None:
    """Measure every rate and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0)
    seconds = parser.parse_args().seconds
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QCoreApplication([])
    engine = PouringEngine()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = Store.open(folder / "data")
        work = assemble(
            store,
            engine,
            PreferencesFile(folder / "preferences.json"),
            bundled=MODEL,
            cache_dir=folder / "cache",
        )
        try:
            work.start()
            until(lambda: work.models.state == "ready")
            print(f"mean / 95 % / most; {seconds:g} s each, {os.cpu_count()} cores")
            for rate in RATES:
                engine.rate, engine.seconds = rate, seconds
                cpu, begin = time.process_time(), time.perf_counter()
                measured = measure(work)
                share = (time.process_time() - cpu) / (time.perf_counter() - begin)
                assert measured.text == work.chat.turns()[-1].text, "text was lost"
                print(line(rate, measured, share))
        finally:
            work.close()
            store.close()
    del app


if __name__ == "__main__":
    main()
