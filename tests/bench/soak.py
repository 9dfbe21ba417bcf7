"""The window in use for minutes: do memory and threads stay where they are?

    nice -n 19 python -m tests.bench.soak [--minutes 10] [--every 15]

A person without rest: writes into new and old conversations while others stream, opens, scrolls,
searches, opens thoughts, answers again, stops, deletes. The engine is played, everything else is
the program. Every `--every` seconds the window comes to rest and memory (resident, after a
collection), threads, widgets and open files are written down. The line at the end says how fast
memory grew after the first fifth, in which caches fill.
"""

from __future__ import annotations

import argparse
import gc
import os
import random
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QThread
from PySide6.QtWidgets import QApplication

from app.core.collection import spare_startup
from app.main import Places, Program, build
from inference import Event, Finished, Prepared, Receipt, Request, Statistics, Thought, TokenText
from tests.bench.transcript_speed import section
from tests.fakes.desk import MODEL
from tests.fakes.hand_engine import HandEngine, HandJob

RATE, TOKEN = 200, 4  # tokens a second, characters a token
MOST_CONVERSATIONS = 12
PATIENCE_S = 30.0


class _TalkingJob(HandJob):
    """Thinks a little and writes an answer at `RATE` tokens a second, or until it is stopped."""

    def __init__(self, on_event: Callable[[Event], None], text: str) -> None:
        super().__init__(on_event, ends_when_cancelled=False)
        self._talk = threading.Thread(target=self._run_talk, args=(on_event, text))
        self._talk.start()

    def _run_talk(self, on_event: Callable[[Event], None], text: str) -> None:
        receipt = Receipt((), 10)
        on_event(Prepared(receipt))
        for number in range(20):
            on_event(Thought(f"step {number} "))
        count = 0
        for start in range(0, len(text), TOKEN):
            if self.is_cancelled:
                break
            on_event(TokenText(text[start : start + TOKEN]))
            count += 1
            time.sleep(1 / RATE)
        reason = "cancelled" if self.is_cancelled else "stop"
        self._ended.set()
        on_event(Finished(reason, Statistics(generated_tokens=count), receipt))

    def end(self) -> None:
        self._talk.join()
        super().end()


class TalkingEngine(HandEngine):
    """Answers every request with some sections of text and keeps nothing of what is over."""

    def __init__(self, chance: random.Random) -> None:
        super().__init__()
        self._chance = chance

    def submit(self, request: Request, on_event: Callable[[Event], None]) -> HandJob:
        del request
        for job in [job for job in self.jobs if job.done]:
            job.end()
            self.jobs.remove(job)
        text = "".join(section(self._chance, number) for number in range(2))
        self.jobs.append(_TalkingJob(on_event, text))
        return self.jobs[-1]


@dataclass(frozen=True, slots=True)
class Sample:
    """What is there at one moment of rest."""

    seconds: float
    megabytes: float
    threads: int
    widgets: int
    files: int
    answers: int

    def __str__(self) -> str:
        return (
            f"{self.seconds:6.0f} s  {self.megabytes:7.1f} MB  {self.threads:3} threads"
            f"  {self.widgets:5} widgets  {self.files:3} files  {self.answers:5} answers"
        )


class Person:
    """Does one thing after the other."""

    def __init__(self, program: Program, chance: random.Random) -> None:
        self._program = program
        self._chance = chance
        self.answers = 0

    def step(self) -> None:
        """Something; most often a question."""
        kinds = (self.ask, self.ask, self.look_around, self.answer_again, self.search, self.tidy)
        self._chance.choice(kinds)()

    def ask(self) -> None:
        """A question, often in a new conversation; another one is opened while it is answered."""
        work = self._program.workbench
        if self._chance.random() < 0.5 or not work.library.current_id:
            work.library.new_conversation()
        work.composer.set_text(f"What about {self._chance.random():.6f}?")
        work.chat.send()
        self.answers += 1
        wait(0.3)
        if self._chance.random() < 0.3:
            self.look_around()
        if self._chance.random() < 0.2:
            work.chat.stop()
        self.rest()

    def answer_again(self) -> None:
        """Another version of the last answer."""
        chat = self._program.workbench.chat
        last = chat.last_answer
        if last is not None and not chat.is_running:
            chat.regenerate(last.id)
            self.answers += 1
            self.rest()

    def look_around(self) -> None:
        """Open others, scroll, open and close thoughts."""
        library, pane = self._program.workbench.library, self._program.window.pane
        rows = [row.id for section in library.sections() for row in section.rows]
        for row in self._chance.sample(rows, min(3, len(rows))):
            library.open(row)
            bar = pane.transcript.verticalScrollBar()
            for part in range(5):
                bar.setValue(bar.maximum() * part // 4)
                wait(0.02)
            pane.transcript.open_thoughts(True)
            wait(0.05)
            pane.transcript.open_thoughts(False)

    def search(self) -> None:
        """Look for a word in all conversations and in this one."""
        library, pane = self._program.workbench.library, self._program.window.pane
        library.query = "revenue"
        wait(0.2)
        library.query = ""
        pane.find_text("value", True)
        wait(0.1)

    def tidy(self) -> None:
        """Keep some conversations and delete the others for good."""
        library = self._program.workbench.library
        rows = [row.id for section in library.sections() for row in section.rows]
        for row in rows[MOST_CONVERSATIONS:]:
            library.trash(row)
            library.purge(row)
        wait(0.2)

    def rest(self) -> None:
        """Until nothing is being written."""
        chat = self._program.workbench.chat
        end = time.monotonic() + PATIENCE_S
        while self._is_busy() and time.monotonic() < end:
            wait(0.05)
        if chat.is_running:
            raise TimeoutError("an answer did not end")

    def _is_busy(self) -> bool:
        work = self._program.workbench
        return work.chat.is_running or any(
            row.is_running for section in work.library.sections() for row in section.rows
        )


def wait(seconds: float) -> None:
    """Run the window's loop for a while."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        QThread.msleep(2)


def sample(started: float, answers: int) -> Sample:
    """What is there, after everything that was put off has happened."""
    wait(0.7)  # threads that end when they are idle
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect()
    widgets = len(QApplication.allWidgets())
    return Sample(
        time.monotonic() - started, _resident_mb(), _threads(), widgets, _files(), answers
    )


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _threads() -> int:
    return len(list(Path("/proc/self/task").iterdir()))


def _files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def slope(samples: list[Sample]) -> float:
    """Megabytes a minute, by least squares."""
    times = [one.seconds / 60 for one in samples]
    sizes = [one.megabytes for one in samples]
    middle, level = sum(times) / len(times), sum(sizes) / len(sizes)
    spread = sum((at - middle) ** 2 for at in times) or 1.0
    return sum((a - middle) * (b - level) for a, b in zip(times, sizes, strict=True)) / spread


def soak(minutes: float, every_s: float) -> list[Sample]:
    """Use a program for so long; what was there at each rest."""
    chance = random.Random(4)
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    with tempfile.TemporaryDirectory() as folder:
        program = build(Places.under(Path(folder)), TalkingEngine(chance), MODEL)
        program.start()
        person = Person(program, chance)
        wait(1.0)
        spare_startup()
        started = time.monotonic()
        samples = [sample(started, 0)]
        print(samples[0], flush=True)
        while time.monotonic() - started < 60 * minutes:
            until = time.monotonic() + every_s
            while time.monotonic() < until:
                person.step()
            person.tidy()
            samples.append(sample(started, person.answers))
            print(samples[-1], flush=True)
        program.close()
    return samples


def main() -> None:
    """Figures, and the line that sums them up."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--minutes", type=float, default=10.0)
    arguments.add_argument("--every", type=float, default=15.0)
    chosen = arguments.parse_args()
    samples = soak(chosen.minutes, chosen.every)
    warm = samples[len(samples) // 5 :]
    threads = {one.threads for one in warm}
    print(
        f"after {warm[0].seconds:.0f} s: memory {warm[0].megabytes:.1f} -> "
        f"{warm[-1].megabytes:.1f} MB, {slope(warm):+.2f} MB a minute; "
        f"threads {min(threads)} to {max(threads)}; {warm[-1].answers} answers"
    )


if __name__ == "__main__":
    main()
