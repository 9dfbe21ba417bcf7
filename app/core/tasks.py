"""Ready tasks for a picture or a page: their names and the questions they ask."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from inference import IMAGE_BUDGETS, image_budget, plan_image

TaskKey = Literal[
    "describe", "read", "table", "chart", "dashboard", "compare", "problems", "schema"
]

FINER = 4
KEPT = 0.9  # of the pixels; the size is rounded down to squares of 48
MOST_FIELDS = 40
LONGEST_FIELD = 60


@dataclass(frozen=True, slots=True)
class Task:
    """A ready question. `needs_detail`: it reads small print, so the picture is seen finely."""

    key: TaskKey
    title: str
    prompt: str = ""  # empty: it is made when asked
    needs_detail: bool = False
    pictures: int = 1


TASKS = (
    Task(
        "describe",
        "Describe",
        "Describe this picture: first what it is in one sentence, then what stands out.",
    ),
    Task(
        "read",
        "Read text",
        "Write down all text in this picture, word for word and in reading order. Keep line"
        " breaks. Where a word cannot be read, write [unreadable].",
        needs_detail=True,
    ),
    Task(
        "table",
        "Table to CSV",
        "Write the table in this picture as a Markdown table with the same rows, columns and"
        " headings. Copy every value as printed, with its unit. Leave a cell empty where none is"
        " printed.",
        needs_detail=True,
    ),
    Task(
        "chart",
        "Chart to data",
        "Write the chart as a table.",
        needs_detail=True,
    ),
    Task("dashboard", "Dashboard summary", needs_detail=True),
    Task(
        "compare",
        "Compare two",
        "Compare these two pictures. Make a Markdown table of what differs, with a column for"
        " each picture, then say in one sentence what stayed the same.",
        pictures=2,
    ),
    Task(
        "problems",
        "Find problems",
        "List what looks wrong, inconsistent or missing in this picture, the most serious first."
        " For each, say where it is and why it is a problem. If nothing is wrong, say so.",
        needs_detail=True,
    ),
    Task("schema", "Own fields…", needs_detail=True),
)
BY_KEY: dict[str, Task] = {task.key: task for task in TASKS}


def fields_of(text: str) -> tuple[str, ...]:
    """The fields a person listed, one a line or with commas between, doubles left out."""
    parts = (" ".join(part.split())[:LONGEST_FIELD] for part in re.split(r"[\n,;]", text))
    return tuple(dict.fromkeys(part for part in parts if part))[:MOST_FIELDS]


def schema_prompt(fields: tuple[str, ...]) -> str:
    """The question for fields of one's own, answered as one JSON object."""
    listed = "\n".join(f"- {field}" for field in fields)
    return (
        f"Find these fields in the picture:\n{listed}\n\nAnswer in JSON: one object with these"
        " names as keys, in this order. Copy values as printed. Use null for what is not there."
    )


def fine_budget(height: int, width: int, own: int) -> int:
    """The budget for small print: as much as keeps a picture from being reduced.

    At least what a picture of that size gets anyway from a model whose own budget is `own`, and
    at most four times that model's own, which is 1120 for the published sizes.
    """
    least = image_budget(height, width, own)
    most = max(least, FINER * own)
    for budget in (b for b in IMAGE_BUDGETS if least <= b <= most):
        plan = plan_image(height, width, budget)
        if plan.model_height * plan.model_width >= KEPT * height * width:
            return budget
    return max(b for b in IMAGE_BUDGETS if b <= most)
