"""What the model is doing, in words, from the events of one answer. Pure: the clock is given."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from app.viewmodels.values import Phase
from app.viewmodels.words import about, count, speed
from inference import Event, Finished, Prefill, Prepared, ReadingMedia, Thought, TokenText

Stage = Literal[
    "waiting", "loading", "opening", "preparing", "media", "prompt", "thinking", "writing",
    "asking", "calling", "stopping",
]  # fmt: skip

QUIET_S = 10.0  # a phase that has not changed for so long owes a word
SPEED_WINDOW_S = 2.0
_MEDIA = {"image": "Reading image", "video": "Watching clip", "audio": "Listening"}
_MANY = {"image": "images", "video": "clips", "audio": "recordings"}


@dataclass(frozen=True, slots=True)
class Progress:
    """Where an answer is. `media` are the kinds of the request's media parts, in order.

    `marks` are (time, tokens so far) pairs of the last seconds of writing; `begin` is when the
    stage began, `changed` when anything was last heard.
    """

    stage: Stage = "preparing"
    begin: float = 0.0
    changed: float = 0.0
    media: tuple[str, ...] = ()
    index: int = 0
    total: int = 0
    reused: int = 0
    done: int = 0
    prompt_tokens: int = 0
    tokens: int = 0
    thought_tokens: int = 0
    budget: int | None = None
    waits_for: str = ""
    marks: tuple[tuple[float, int], ...] = ()


def entered(progress: Progress, stage: Stage, now: float) -> Progress:
    """The progress in another stage; the same stage only counts as a sign of life."""
    if progress.stage == stage:
        return replace(progress, changed=now)
    return replace(progress, stage=stage, begin=now, changed=now)


def advanced(progress: Progress, event: Event, now: float) -> Progress:
    """The progress after an event."""
    if progress.stage == "stopping":
        return progress
    match event:
        case Prepared():
            return replace(progress, prompt_tokens=event.receipt.prompt_tokens, changed=now)
        case ReadingMedia():
            at = entered(progress, "media", now)
            return replace(at, index=event.index, total=event.total)
        case Prefill():
            at = entered(progress, "prompt", now)
            return replace(
                at,
                done=event.done,
                total=event.total,
                reused=event.reused,
                prompt_tokens=event.total,
            )
        case Thought():
            at = entered(progress, "thinking", now)
            return _counted(
                replace(at, thought_tokens=at.thought_tokens + event.tokens), event.tokens, now
            )
        case TokenText():
            return _counted(entered(progress, "writing", now), event.tokens, now)
        case Finished():
            return replace(progress, changed=now)
    return progress


def _counted(progress: Progress, tokens: int, now: float) -> Progress:
    total = progress.tokens + tokens
    recent = [mark for mark in progress.marks if now - mark[0] <= SPEED_WINDOW_S]
    return replace(progress, tokens=total, marks=(*recent, (now, total)))


def tokens_per_s(progress: Progress) -> float:
    """The speed of the last two seconds, 0 while it cannot be told."""
    if len(progress.marks) < 2:
        return 0.0
    (begin, first), (end, last) = progress.marks[0], progress.marks[-1]
    return (last - first) / (end - begin) if end - begin >= 0.05 else 0.0


def phase_of(progress: Progress, now: float) -> Phase:
    """The phase in words, with a hint when nothing has changed for ten seconds."""
    phase = _PHASES[progress.stage](progress, now)
    quiet = now - progress.changed >= QUIET_S
    return replace(phase, hint=_hint(progress)) if quiet else phase


def loading_phase(fraction: float, size_bytes: int, quiet_s: float = 0.0) -> Phase:
    """How loading a model goes."""
    amount = f"{fraction * 100:.0f} %" if fraction else ""
    if size_bytes >= 100_000_000:
        unit, name = (1e9, "GB") if size_bytes >= 950_000_000 else (1e6, "MB")
        digits = 1 if name == "GB" else 0
        amount = (
            f"{fraction * size_bytes / unit:.{digits}f} of {size_bytes / unit:.{digits}f} {name}"
        )
    hint = "Still working: the model is read from the disk." if quiet_s >= QUIET_S else ""
    return Phase("Loading model", amount, share=fraction, is_busy=True, hint=hint)


def _waiting(progress: Progress, _now: float) -> Phase:
    return Phase("Waiting", f"for {progress.waits_for}", is_busy=True)


def _loading(_progress: Progress, _now: float) -> Phase:
    return Phase("Loading model", is_busy=True)


def _opening(progress: Progress, _now: float) -> Phase:
    if progress.total > 1:
        share = (progress.index - 1) / progress.total
        amount = f"{progress.index} of {progress.total}"
        return Phase("Opening file", amount, share=max(0.0, share), is_busy=True)
    return Phase("Opening file", is_busy=True)


def _preparing(_progress: Progress, _now: float) -> Phase:
    return Phase("Preparing", is_busy=True)


def _media(progress: Progress, _now: float) -> Phase:
    known = 0 < progress.index <= len(progress.media)
    text = _MEDIA[progress.media[progress.index - 1]] if known else "Reading file"
    if progress.total <= 1:
        return Phase(text, is_busy=True)
    share = (progress.index - 1) / progress.total
    return Phase(text, f"{progress.index} of {progress.total}", share=share, is_busy=True)


def _prompt(progress: Progress, now: float) -> Phase:
    share = progress.done / progress.total if progress.total else None
    amount = f"{progress.done:,} of {progress.total:,} tokens"
    return Phase("Reading prompt", amount, _time_left(progress, now), share, is_busy=True)


def _time_left(progress: Progress, now: float) -> str:
    """From the speed so far; nothing while it is a guess, and nothing for the last moment."""
    read, spent = progress.done - progress.reused, progress.changed - progress.begin
    left = progress.total - progress.done
    if read <= 0 or spent < 0.5 or left <= 0:
        return ""
    seconds = left * spent / read - (now - progress.changed)
    return about(seconds) if seconds >= 1 else ""


def _thinking(progress: Progress, _now: float) -> Phase:
    done, budget = progress.thought_tokens, progress.budget
    if budget:
        shown = min(done, budget)
        return Phase("Thinking", f"{shown:,} of {budget:,}", share=shown / budget, is_busy=True)
    return Phase("Thinking", count(done, "token"), is_busy=True)


def _writing(progress: Progress, _now: float) -> Phase:
    rate = tokens_per_s(progress)
    written = count(progress.tokens - progress.thought_tokens, "token")
    return Phase("Writing", speed(rate) if rate else "", written, is_busy=True)


def _stopping(_progress: Progress, _now: float) -> Phase:
    return Phase("Stopping", is_busy=True)


def _for_permission(_progress: Progress, _now: float) -> Phase:
    return Phase("Waiting for your permission", is_busy=True)


def _calling(_progress: Progress, _now: float) -> Phase:
    return Phase("Using a tool", is_busy=True)


_PHASES = {
    "waiting": _waiting,
    "loading": _loading,
    "opening": _opening,
    "preparing": _preparing,
    "media": _media,
    "prompt": _prompt,
    "thinking": _thinking,
    "writing": _writing,
    "asking": _for_permission,
    "calling": _calling,
    "stopping": _stopping,
}


def _hint(progress: Progress) -> str:
    prompt = f"{count(progress.prompt_tokens, 'token')}"
    match progress.stage:
        case "prompt":
            return f"Still working: the prompt is long ({prompt})."
        case "preparing":
            return "Still working: the prompt is being made."
        case "media":
            what = (
                _MANY.get(progress.media[progress.index - 1], "files")
                if (0 < progress.index <= len(progress.media))
                else "files"
            )
            return f"Still working: {what} take a while on this machine."
        case "opening":
            return "Still working: the file is large."
        case "waiting":
            return "Answers are made one after the other."
        case "loading":
            return "Still working: the model is read from the disk."
        case "stopping":
            return "The model finishes the step it is in."
    return "Still working: the next words take longer than usual."
