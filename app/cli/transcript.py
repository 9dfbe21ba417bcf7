"""Shows the events of one answer to a person: phases, receipt, thought, answer, statistics."""

from __future__ import annotations

import json
from typing import Literal, assert_never

from app.cli.console import Console, Style
from app.cli.figures import count, statistics_line
from app.cli.foreign import harmless, harmless_line
from inference import (
    ConstraintReport,
    Event,
    Failed,
    Finished,
    Loading,
    Notice,
    Prefill,
    Prepared,
    ReadingMedia,
    Receipt,
    Revised,
    Thought,
    TokenText,
    ToolCall,
    ToolCallEvent,
)

NOTHING_WRITTEN = "Stopped before there was an answer."

Section = Literal["nothing", "notes", "thought", "answer", "draft"]


class Transcript:
    """Writes the answer to standard output and everything around it to standard error.

    `quiet` leaves the answer, notices and failures. With `is_held`, for an answer after a schema,
    the answer is written when it is final: to standard error if it is not valid. Text that comes
    from the model or from a file is made harmless to the terminal first.
    """

    def __init__(self, console: Console, *, quiet: bool, is_held: bool = False) -> None:
        self._console = console
        self._quiet = quiet
        self._is_held = is_held
        self._held = ""
        self._section: Section = "nothing"
        self._has_thought = False
        self._line_is_open = False
        self._answer_tokens = 0

    def phase(self, label: str) -> None:
        """Work that happens before the engine is asked."""
        self._status(label)

    def tick(self) -> None:
        """Keeps the status line alive between events."""
        self._console.tick()

    def show(self, event: Event) -> None:
        """One event of the engine."""
        match event:
            case Loading(what, fraction):
                self._status(f"Loading {what}", f"{fraction:.0%}", fraction)
            case Prepared(receipt):
                self._show_receipt(receipt)
            case ReadingMedia(name, index, total):
                self._status(f"Reading {name}", f"{index} of {total}" if total > 1 else "")
            case Prefill(done, total):
                self._status(
                    "Reading the prompt", f"{done:,} of {total:,} tokens", done / max(total, 1)
                )
            case Thought(text):
                self._show_thought(text)
            case TokenText(text, tokens) if self._is_held:
                self._hold(text, tokens)
            case TokenText(text, tokens):
                self._show_answer(text, tokens)
            case ToolCallEvent(call, problem):
                self._show_call(call)
                if problem:
                    self._show_notice(problem)
            case Revised(text, problem):
                self._show_revised(text, problem)
            case Notice(text):
                self._show_notice(text)
            case Finished():
                self._release(event.constraint)
                self._show_end(event)
            case Failed(message, action):
                self._release(None)
                self._close_line()
                self._console.line(harmless(f"{message} {action}".strip()), Style.RED)
            case _:
                assert_never(event)

    # --- sections -------------------------------------------------------------------------

    def _show_thought(self, text: str) -> None:
        self._has_thought = True
        if self._quiet:
            return
        if self._section != "thought":
            self._open("thought", "Thinking")
            text = text.lstrip("\n")
        self._console.aside(harmless(text), Style.DIM)
        self._note_line_end(text)

    def _hold(self, text: str, tokens: int) -> None:
        self._held += text
        self._answer_tokens += tokens
        self._status("Writing the answer", count(self._answer_tokens, "token"))

    def _release(self, report: ConstraintReport | None) -> None:
        """What was held: for a program that reads the answer, only what it can rely on."""
        if not self._held:
            return
        held, self._held = self._held, ""
        if report is not None and report.is_valid:
            self._open("answer", "Answer" if self._has_thought else "")
            self._console.answer(harmless(held))
        else:
            self._open("draft", "What was written")
            self._console.aside(harmless(held), Style.DIM)
        self._note_line_end(held)

    def _show_answer(self, text: str, tokens: int) -> None:
        if self._section != "answer":
            text = text.lstrip("\n")
            if not text:
                return
            self._open("answer", "Answer" if self._has_thought else "")
        self._answer_tokens += tokens
        if self._console.answer_is_elsewhere and not self._quiet:
            self._status("Writing the answer", count(self._answer_tokens, "token"))
        self._console.answer(harmless(text))
        self._note_line_end(text)

    def _show_call(self, call: ToolCall) -> None:
        if self._section != "answer":
            self._open("answer", "Answer" if self._has_thought else "")
        self._close_line()
        arguments = ", ".join(
            f"{name}: {json.dumps(value, ensure_ascii=False)}"
            for name, value in call.arguments.items()
        )
        self._console.answer(harmless_line(f"Calls {call.name}({arguments})") + "\n")

    def _show_revised(self, text: str, problem: str) -> None:
        """What was written before is no longer the answer; on paper it cannot be taken back."""
        self._show_notice(f"Written anew: {problem}")
        if self._is_held:
            self._held = text
            return
        self._console.answer(harmless(text))
        self._section = "answer"
        self._note_line_end(text)

    def _show_notice(self, text: str) -> None:
        self._close_line()
        self._console.line(harmless_line(text), Style.YELLOW)
        if self._section == "nothing":
            self._section = "notes"

    def _show_end(self, finished: Finished) -> None:
        self._close_line()
        self._console.clear_status()
        report = finished.constraint
        if report is not None and not report.is_valid:
            self._console.line(harmless_line(_not_valid(report)), Style.YELLOW)
        if self._quiet:
            return
        if self._section != "nothing":
            self._console.line()
        ending = _ending(finished, has_answer=self._section in ("answer", "draft"))
        if ending:
            self._console.line(ending, Style.YELLOW)
            self._console.line()
        self._console.line(statistics_line(finished.statistics), Style.DIM)

    def _show_receipt(self, receipt: Receipt) -> None:
        if self._quiet:
            return
        self._close_line()
        self._console.clear_status()
        self._console.line("What Gemma received", Style.BOLD)
        for line in receipt.lines():
            self._console.line(harmless_line(line), Style.DIM)
        self._console.line()

    def _open(self, section: Section, heading: str) -> None:
        self._close_line()
        if self._section != "nothing" and not self._quiet:
            self._console.line()
        if heading and not self._quiet:
            self._console.line(heading, Style.BOLD)
        self._section = section

    def _note_line_end(self, text: str) -> None:
        if text:
            self._line_is_open = not text.endswith("\n")

    def _close_line(self) -> None:
        if not self._line_is_open:
            return
        if self._section == "answer":
            self._console.answer("\n")
        else:
            self._console.line()
        self._line_is_open = False

    def _status(self, label: str, detail: str = "", fraction: float | None = None) -> None:
        if not self._quiet:
            self._console.status(harmless_line(label), detail, fraction)


def _not_valid(report: ConstraintReport) -> str:
    if not report.is_complete:
        return f"The JSON is not complete. {report.problem}".strip()
    return f"The answer does not follow the schema. {report.problem}".strip()


def _ending(finished: Finished, *, has_answer: bool) -> str:
    match finished.reason:
        case "length":
            written = count(finished.statistics.generated_tokens, "token")
            return f"The answer was cut off at {written}; --max-tokens allows more."
        case "repetition":
            return "The answer began to repeat itself and was ended there."
        case "cancelled":
            return "Stopped; what was written so far is kept." if has_answer else NOTHING_WRITTEN
        case "memory":
            return "Memory was nearly full; what was written so far is kept."
        case "stop" | "tool_calls":
            return "" if has_answer else "The model ended its turn without an answer."
