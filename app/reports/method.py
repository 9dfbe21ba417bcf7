"""How the answers were made: the method box, the line under the title, the table of timings."""

from __future__ import annotations

from typing import TypeVar

from app.core.conversation import Conversation, Settings, Turn
from app.reports.surroundings import Surroundings
from app.reports.values import MethodCell, Table
from app.reports.words import bytes_said, counted, seconds_said
from inference import Statistics

T = TypeVar("T")

DEFAULTS = Settings()
MOST_NAMED = 3  # models, seeds: more are counted, not listed
NOT_MEASURED = "–"


def summary_line(path: tuple[Turn, ...]) -> str:
    """3 questions, 3 answers · 2 pictures, 1 clip."""
    questions = sum(turn.role == "user" for turn in path)
    answers = sum(turn.role == "model" for turn in path)
    if not questions and not answers:
        return "No questions yet"
    kinds = [attachment.kind for turn in path for attachment in turn.attachments]
    nouns = {
        "image": "picture",
        "document": "document",
        "video": "clip",
        "audio": "recording",
        "text": "text",
    }
    files = [counted(kinds.count(k), noun) for k, noun in nouns.items() if k in kinds]
    turns = f"{counted(questions, 'question')}, {counted(answers, 'answer')}"
    return " · ".join(filter(None, (turns, ", ".join(files))))


def method_box(
    conversation: Conversation, path: tuple[Turn, ...], around: Surroundings
) -> tuple[MethodCell, ...]:
    """Model, settings, files and machine, each in a few lines."""
    answers = [turn for turn in path if turn.role == "model"]
    settings = _distinct([turn.settings for turn in answers if turn.settings])
    settings = settings or [conversation.settings]
    return (
        MethodCell("Model", _models(answers)),
        MethodCell("Settings", _settings(settings, answers)),
        MethodCell("Media", _media(path, settings[0])),
        MethodCell(
            "Made with",
            (
                f"Facet {around.facet}, MLX {around.mlx}",
                f"Python {around.python}, {around.system}",
                around.machine,
            ),
        ),
    )


def _models(answers: list[Turn]) -> tuple[str, ...]:
    names = _distinct([turn.model for turn in answers if turn.model])
    if not names:
        return ("No answer yet",)
    more = len(names) - MOST_NAMED
    return (*names[:MOST_NAMED], *((f"and {more} more",) if more > 0 else ()))


def _settings(settings: list[Settings], answers: list[Turn]) -> tuple[str, ...]:
    first = settings[0]
    lines = [
        _thinking(first),
        f"temperature {first.temperature:g}",
        f"top-p {first.top_p:g}, top-k {first.top_k}",
        _seeds(answers),
        f"at most {first.max_tokens:,} tokens",
    ]
    if len(settings) > 1:
        lines.append("changed later, see the data below")
    return tuple(filter(None, lines))


def _thinking(settings: Settings) -> str:
    if not settings.thinking:
        return "thinking off"
    budget = settings.thinking_budget
    return "thinking on" if budget is None else f"thinking on, {budget:,} tokens"


def _seeds(answers: list[Turn]) -> str:
    seeds = _distinct([str(turn.seed) for turn in answers if turn.seed is not None])
    if not seeds:
        return "no seed kept"
    if len(seeds) > MOST_NAMED:
        return f"{len(seeds)} seeds, in the data below"
    return f"seed {', '.join(seeds)}"


def _media(path: tuple[Turn, ...], settings: Settings) -> tuple[str, ...]:
    kinds = {attachment.kind for turn in path for attachment in turn.attachments}
    lines = []
    if "image" in kinds:
        budget = settings.image_tokens
        said = "as the model sets" if budget is None else f"up to {budget:,} tokens"
        lines.append(f"pictures {said}")
    if "video" in kinds:
        lines.append(f"frames up to {settings.video_tokens:,} tokens each")
    if "audio" in kinds:
        lines.append("recordings 25 tokens a second")
    if "text" in kinds:
        lines.append("texts whole")
    return tuple(lines) or ("none",)


def timings_table(path: tuple[Turn, ...]) -> Table | None:
    """Tokens and times of every answer that has figures; None if none has."""
    rows = []
    number = 0
    for turn in path:
        number += turn.role == "user"
        if turn.role == "model" and turn.statistics is not None:
            rows.append(_timing(number, turn.statistics))
    if not rows:
        return None
    head = ("Answer", "In", "Reused", "Out", "Thought", "First word", "Speed", "Total", "Memory")
    return Table(head, tuple(rows), numeric=frozenset(range(1, len(head))))


def _timing(number: int, figures: Statistics) -> tuple[str, ...]:
    speed = figures.decode_tokens_per_s
    return (
        str(number),
        f"{figures.prompt_tokens:,}",
        f"{figures.reused_tokens:,}",
        f"{figures.generated_tokens:,}",
        f"{figures.thought_tokens:,}",
        seconds_said(figures.first_token_s) if figures.first_token_s else NOT_MEASURED,
        f"{speed:,.1f}/s" if speed else NOT_MEASURED,
        seconds_said(figures.total_s) if figures.total_s else NOT_MEASURED,
        bytes_said(figures.peak_memory_bytes) if figures.peak_memory_bytes else NOT_MEASURED,
    )


def _distinct(values: list[T]) -> list[T]:
    return list(dict.fromkeys(values))
