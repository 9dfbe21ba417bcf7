"""What counts as read, heard, written and called; each judge is wrong for a wrong answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.proof import judging
from app.core.replies import Reply
from inference import ConstraintReport, ToolCall, ToolCallEvent

LABELS = ("Mon", "Tue", "Wed")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("493018", "493018"),
        ("The number is **493,018**.", "493018"),
        ("493 018", "493018"),
        ("The picture has one number: 493018, six digits.", "493018"),
        ("201664", "201664"),
        ("It is 493018 or 493013.", "It is 493018 or 493013."),
        ("I see no number.", "I see no number."),
        ("", ""),
    ],
)
def test_a_number_is_read_from_any_wording(text: str, read: str) -> None:
    assert judging.number_read(text, 6) == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("3 1 4 2", "3 1 4 2"),
        ("3142", "3 1 4 2"),
        ("three, one, four, two.", "3 1 4 2"),
        ("The digits in order are: 3, 1, 4, 2", "3 1 4 2"),
        ("Here are the four digits:\n3-1-4-2", "3 1 4 2"),
        ("Frame 1: 3\nFrame 2: 1\nFrame 3: 4\nFrame 4: 2", "3 1 4 2"),
        ("1. 3\n2. 1\n3. 4\n4. 2", "3 1 4 2"),
        ("00:00 3\n00:01 1\n00:02 4\n00:03 2", "3 1 4 2"),
        ("Three One Four Two", "3 1 4 2"),
        ("3 1 4", "3 1 4"),
        ("someone sent phones", ""),
        ("", ""),
    ],
)
def test_digits_are_read_in_their_order(text: str, read: str) -> None:
    assert judging.digits_read(text) == read


@given(st.lists(st.integers(0, 9), min_size=2, max_size=8), st.sampled_from([" ", ", ", "-", ""]))
def test_a_row_of_digits_comes_back(row: list[int], between: str) -> None:
    said = judging.digits_read(between.join(map(str, row)))
    assert said == " ".join(map(str, row))


@given(st.text(max_size=300))
def test_no_answer_breaks_a_judge(text: str) -> None:
    judging.digits_read(text)
    judging.number_read(text, 6)
    judging.bars_read(text, LABELS)
    judging.json_problem(Reply(text), {"city": "Oslo"})


@pytest.mark.parametrize(
    "text",
    [
        "| Day | Value |\n| --- | --- |\n| Mon | 240 |\n| Tue | 1,315 |\n| Wed | 98 |",
        '{"Mon": 240, "Tue": 1315, "Wed": 98}',
        "Mon: 240\nTue: 1,315\nWed: 98",
        "- **Mon** – 240\n- **Tue** – 1315\n- **Wed** – 98",
        "mon 240, tue 1315, wed 98.",
    ],
)
def test_bars_are_read_from_tables_json_and_lines(text: str) -> None:
    shown = {"Mon": 240, "Tue": 1315, "Wed": 98}
    assert judging.bars_agree(shown, judging.bars_read(text, LABELS))
    assert not judging.bars_agree(shown | {"Wed": 99}, judging.bars_read(text, LABELS))


def test_a_bar_that_was_left_out_does_not_agree() -> None:
    read = judging.bars_read("| Day | Value |\n| --- | --- |\n| Mon | 240 |", LABELS)
    assert read == {"Mon": "240"}
    assert not judging.bars_agree({"Mon": 240, "Tue": 7}, read)


WANTED = {"city": "Oslo", "weight_kg": 12}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('{"city": "Oslo", "weight_kg": 12}', ""),
        ('\n{"weight_kg": 12, "city": "Oslo"} ', ""),
        ('```json\n{"city": "Oslo", "weight_kg": 12}\n```', "It is no JSON."),
        ('Sure: {"city": "Oslo", "weight_kg": 12}', "It is no JSON."),
        ('{"city": "Oslo"}', "It does not follow the schema."),
        ('{"city": "Oslo", "weight_kg": "12"}', "It does not follow the schema."),
        ('{"city": "Oslo", "weight_kg": 12, "note": ""}', "It does not follow the schema."),
        ('{"city": "Oslo", "weight_kg": true}', "It does not follow the schema."),
        ("[]", "It does not follow the schema."),
        (
            '{"city": "Rome", "weight_kg": 12}',
            "It follows the schema, but its values are not those of the question.",
        ),
        ("[" * 5000, "It is no JSON."),
    ],
)
def test_json_has_to_follow_and_to_be_right(text: str, problem: str) -> None:
    assert judging.json_problem(Reply(text), WANTED) == problem


def test_the_engines_own_verdict_on_json_counts() -> None:
    report = ConstraintReport("strict", False, problem="weight_kg is missing.")
    reply = Reply('{"city": "Oslo", "weight_kg": 12}', constraint=report)
    assert judging.json_problem(reply, WANTED) == "weight_kg is missing."


def calling(name: str = "calculate", problem: str = "", **arguments: object) -> Reply:
    return Reply(calls=(ToolCallEvent(ToolCall(name, arguments), problem),))


@pytest.mark.parametrize("expression", ["48 * 17", "48*17", "48 × 17", "17 * 48", "48 x 17 ="])
def test_one_exact_call_passes(expression: str) -> None:
    assert judging.call_problem(calling(expression=expression), "calculate", "48 * 17") == ""


@pytest.mark.parametrize(
    "reply",
    [
        Reply("816"),
        calling(expression="48 * 71"),
        calling(expression="48 + 17"),
        calling(expression=816),
        calling(),
        calling("compute", expression="48 * 17"),
        calling(problem="An argument is missing.", expression="48 * 17"),
        Reply(calls=calling(expression="48 * 17").calls * 2),
    ],
)
def test_any_other_call_fails(reply: Reply) -> None:
    assert judging.call_problem(reply, "calculate", "48 * 17")
