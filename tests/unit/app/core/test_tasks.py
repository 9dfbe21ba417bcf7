"""Ready tasks: their questions, fields of one's own, and how finely they look."""

from __future__ import annotations

import pytest

from app.core import tasks
from inference import IMAGE_BUDGETS, image_budget, plan_image


def test_every_task_asks_something_or_is_made_when_asked() -> None:
    made_later = {"dashboard", "schema"}
    for task in tasks.TASKS:
        assert bool(task.prompt) != (task.key in made_later)
        assert tasks.BY_KEY[task.key] is task


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("total", ("total",)),
        ("invoice number\n date ,total;\n\n", ("invoice number", "date", "total")),
        ("a, a\na", ("a",)),
        (" \n,; ", ()),
    ],
)
def test_fields_are_listed_freely(text: str, fields: tuple[str, ...]) -> None:
    assert tasks.fields_of(text) == fields


def test_a_pasted_book_is_no_list_of_fields() -> None:
    fields = tasks.fields_of("\n".join(f"{'very ' * 60}{n}" for n in range(500)))
    assert len(fields) <= tasks.MOST_FIELDS
    assert max(map(len, fields)) <= tasks.LONGEST_FIELD


def test_the_question_for_own_fields_names_them_in_order_and_asks_for_json() -> None:
    prompt = tasks.schema_prompt(("due date", "total"))
    assert prompt.index("- due date") < prompt.index("- total")
    assert "JSON" in prompt
    assert "null" in prompt


@pytest.mark.parametrize("size", [(288, 528), (576, 1056), (480, 640), (4000, 6000), (30, 3000)])
@pytest.mark.parametrize("own", [70, 280])
def test_small_print_is_seen_as_finely_as_the_picture_is(size: tuple[int, int], own: int) -> None:
    budget = tasks.fine_budget(*size, own)
    assert budget in IMAGE_BUDGETS
    assert image_budget(*size, own) <= budget <= tasks.FINER * own
    plan = plan_image(*size, budget)
    is_kept = plan.model_height * plan.model_width >= tasks.KEPT * size[0] * size[1]
    assert is_kept or budget == tasks.FINER * own


def test_a_published_size_reads_a_photo_at_the_highest_budget() -> None:
    assert tasks.fine_budget(3000, 4000, 280) == 1120
    assert tasks.fine_budget(400, 600, 280) == 280
