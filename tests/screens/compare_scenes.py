"""Comparing two copies, and the warning where a sense failed its test."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from app.core.model_digest import model_digest
from app.core.proof.book import FILE_NAME, ProofBook
from app.core.proof.values import SENSES, ProofResult
from inference import Statistics, TokenText
from tests.fakes.conversations import DASHBOARD
from tests.screens.models_scenes import NARROW, pane, shop
from tests.screens.stage import MODEL, Look, Stage

COMPARE: dict[str, Callable[[Path, Look], Stage]] = {}
QUESTION = "Read every figure on this dashboard. Which of them need attention?"
FIRST = """## Operations, October

| Chart | Value | Rating |
| --- | --- | --- |
| Delivery on time | 70 % | low |
| Quality | 55 % | low |
| Sites | 14 | |
| Revenue | $482k | good |

Two figures need attention: **delivery**, which is 12 points below its goal, and **quality**.

- Delivery fell from 82 % in May.
- Quality has no goal in the picture.
"""
SECOND = """## Operations, October

| Chart | Value | Rating |
| --- | --- | --- |
| Delivery on time | 70 % | low |
| Quality | 53 % | low |
| Sites | 14 | |
| Revenue | $482,026 | good |
| Orders | 1,204 | |

Two figures need attention: **delivery**, which is 12 points below its target, and **quality**.

- Delivery fell from 83 % in May.
"""


def scene(make: Callable[[Path, Look], Stage]) -> Callable[[Path, Look], Stage]:
    """Registers a scene under its function's name."""
    COMPARE[make.__name__.replace("_", "-")] = make
    return make


def measured(speed: float, memory: float, tokens: int) -> Statistics:
    return Statistics(
        prompt_tokens=1204, generated_tokens=tokens, first_token_s=1.4,
        decode_tokens_per_s=speed, total_s=9.0, peak_memory_bytes=round(memory * 1e9),
    )  # fmt: skip


def form(folder: Path, look: Look, size: tuple[int, int] = (1280, 820)) -> Stage:
    """The form with a question and a picture."""
    stage = pane(folder, look, shop(folder), size)
    stage.work.library.new_conversation()
    stage.attach([DASHBOARD])
    stage.work.composer.set_text(QUESTION)
    stage.window.show_models()
    stage.window.models_place.pane.act("e2b-4bit", "compare")
    stage.extra = stage.window.models_place.compare_sheet
    stage.settle()
    return stage


def running(folder: Path, look: Look, size: tuple[int, int] = (1280, 820)) -> Stage:
    """The second copy is answering."""
    stage = form(folder, look, size)
    engine = stage.engine
    stage.extra.right.click()  # type: ignore[union-attr]
    stage.until(lambda: len(engine.jobs) == 1)
    engine.job.text(FIRST)
    engine.job.finish(statistics=measured(41.2, 5.2, 212))
    stage.until(lambda: len(engine.jobs) == 2)
    engine.job.say(TokenText(SECOND[:190]))
    return stage


def finished(folder: Path, look: Look, size: tuple[int, int] = (1280, 820)) -> Stage:
    """Both have answered."""
    stage = running(folder, look, size)
    engine = stage.engine
    engine.job.say(TokenText(SECOND[190:]))
    engine.job.finish(statistics=measured(68.4, 3.6, 198))
    comparison = stage.program.panes.comparison
    stage.until(lambda: comparison.findings is not None)
    return stage


@scene
def compare_form(folder: Path, look: Look) -> Stage:
    """What is asked, of which copies."""
    return form(folder, look)


@scene
def compare_running(folder: Path, look: Look) -> Stage:
    """One has answered, the other is answering."""
    return running(folder, look)


@scene
def compare(folder: Path, look: Look) -> Stage:
    """What differs."""
    return finished(folder, look)


@scene
def compare_narrow(folder: Path, look: Look) -> Stage:
    """The same in the smallest window."""
    return finished(folder, look, NARROW)


@scene
def compare_conversation(folder: Path, look: Look) -> Stage:
    """The comparison as a conversation."""
    stage = finished(folder, look)
    stage.extra.conversation.click()  # type: ignore[union-attr]
    stage.extra = None
    return stage


def _with_failure(folder: Path) -> None:
    book = ProofBook(folder / "data" / FILE_NAME)
    date = "2026-11-24T09:12:00+00:00"
    for sense in SENSES:
        has_failed = sense == "picture"
        state = "failed" if has_failed else "passed"
        book.put(
            model_digest(MODEL.parent / "dense"), "Gemma 4 E4B",
            ProofResult(sense, state, "493018", "201664" if has_failed else "493018", date=date),
        )  # fmt: skip


@scene
def sense_warning(folder: Path, look: Look) -> Stage:
    """A picture for a copy whose picture test failed."""
    _with_failure(folder)
    stage = pane(folder, look, shop(folder))
    stage.work.library.new_conversation()
    stage.attach([DASHBOARD])
    stage.type("Read every figure on this dashboard.")
    stage.window.panes.leave_place()
    stage.settle()
    return stage


@scene
def sense_warning_narrow(folder: Path, look: Look) -> Stage:
    """The same while the copy is tested again, in the smallest window."""
    _with_failure(folder)
    stage = pane(folder, look, shop(folder), NARROW)
    stage.work.library.new_conversation()
    stage.attach([DASHBOARD])
    stage.window.panes.leave_place()
    stage.program.panes.proof.test()
    stage.until(lambda: len(stage.engine.jobs) == 1)
    stage.settle()
    return stage


@scene
def proof_details(folder: Path, look: Look) -> Stage:
    """What was shown and read in each test."""
    _with_failure(folder)
    stage = pane(folder, look, shop(folder))
    stage.settle()
    stage.window.models_place.pane.act("e4b-4bit", "details")
    return stage
