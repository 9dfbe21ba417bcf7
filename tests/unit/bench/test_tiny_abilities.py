"""Scores of the abilities bench, the tools it runs and how it plays a conversation."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.tiny.train.samples import Clip, Picture, Sample, Sound, model, user
from inference import Audio, Image, Message, Text, Tool, ToolCall, ToolResult, Video
from tests.bench.tiny_abilities.asking import Reply
from tests.bench.tiny_abilities.files import shown_at, through_files
from tests.bench.tiny_abilities.playing import Outcome, play, run_tool
from tests.bench.tiny_abilities.report import mistakes, table
from tests.bench.tiny_abilities.scoring import (
    Score,
    edits,
    score,
    score_json,
    score_table,
    score_use,
    table_rows,
)
from tests.bench.tiny_abilities.tools import ToolError, calculate

TABLE = "| Label | Value |\n| --- | --- |\n| North | 12 |\n| South | 7% |"


# --- scores ---------------------------------------------------------------------------------


def test_a_table_is_right_row_by_row() -> None:
    assert score_table(TABLE, TABLE) == Score(True, 2, 2)
    assert score_table(TABLE, TABLE.replace("12", "13")) == Score(False, 1, 2)
    assert score_table(TABLE, "North is 12") == Score(False, 0, 2)


def test_spaces_in_a_table_do_not_count_but_rows_too_many_do() -> None:
    assert score_table(TABLE, TABLE.replace(" | ", "|")).exact
    assert score_table(TABLE, f"{TABLE}\n| West | 3 |") == Score(False, 2, 2)


def test_a_table_of_several_charts_is_found_by_all_its_labels() -> None:
    wanted = (
        "| Chart | Label | Value |\n| --- | --- | --- |\n| Sales | May | 5 |\n| Costs | May | 6 |"
    )
    swapped = wanted.replace("| 5 |", "| 0 |").replace("| 6 |", "| 5 |")
    assert score_table(wanted, swapped) == Score(False, 0, 2)


def test_rows_leave_out_the_header_and_the_line_under_it() -> None:
    assert table_rows(TABLE) == [("North", "12"), ("South", "7%")]


def test_json_is_compared_by_value() -> None:
    wanted = '{"North": 12, "South": "7%"}'
    assert score_json(wanted, '{"South":"7%","North":12}') == Score(True, 2, 2)
    assert score_json(wanted, '{"North": 12}') == Score(False, 1, 2)
    assert score_json(wanted, '{"North": 12') == Score(False, 0, 2)
    assert score_json(wanted, "[1]") == Score(False, 0, 2)


def test_words_of_a_recording_lose_a_point_for_each_edit() -> None:
    assert score("audio.long", "call doctor nine", "call nine") == Score(False, 2, 3)
    assert score("audio.words", "yes", "yes yes yes") == Score(False, 0, 1)
    assert score("audio.words", "stop", "stop") == Score(True, 1, 1)


def test_things_in_a_clip_are_compared_in_order() -> None:
    wanted = "red circle, blue star, 7"
    assert score("video.order", wanted, wanted) == Score(True, 3, 3)
    assert score("video.order", wanted, "red circle, 7") == Score(False, 2, 3)


def test_other_answers_are_compared_letter_by_letter() -> None:
    assert score("video.when", "0:07", " 0:07\n").exact
    assert not score("chart.value", "12", "12%").exact


@pytest.mark.parametrize(
    ("answer", "used"),
    [
        ("The result is 12.", True),
        ("12", True),
        ("The result is 12.5.", False),
        ("The result is 112.", False),
        ("The result is -12.", False),
        ("none", False),
    ],
)
def test_a_result_is_used_if_it_stands_alone_in_the_answer(answer: str, used: bool) -> None:
    assert score_use("12", answer).exact is used


@given(st.lists(st.sampled_from("abc")), st.lists(st.sampled_from("abc")))
def test_edits_are_a_distance(left: list[str], right: list[str]) -> None:
    assert edits(left, right) == edits(right, left)
    assert (edits(left, right) == 0) == (left == right)
    assert abs(len(left) - len(right)) <= edits(left, right) <= max(len(left), len(right))


# --- tools ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "value"),
    [("12 * 7", "84"), ("3-10", "-7"), ("7 / 2", "3.5"), ("1 / 3", "0.33"), ("0.5 + 1", "1.5")],
)
def test_calculates_two_numbers(expression: str, value: str) -> None:
    assert calculate(expression) == value


@pytest.mark.parametrize("expression", ["", "7", "1 + 2 + 3", "2 ** 8", "x + 1", "1 / 0"])
def test_calculates_nothing_else(expression: str) -> None:
    with pytest.raises(ToolError):
        calculate(expression)


def calling(name: str, arguments: dict[str, str], response: object) -> dict[str, object]:
    """A turn of the model that calls a tool, as samples have it."""
    return {
        "role": "assistant",
        "content": "",
        "tool_calls": [{"type": "function", "function": {"name": name, "arguments": arguments}}],
        "tool_responses": [{"name": name, "response": response}],
    }


def test_the_table_holds_the_cell_that_was_asked_for() -> None:
    place = {"table": "plan", "column": "Total", "row": "May"}
    turn = calling("look_up", place, {"value": "41%"})
    assert run_tool(ToolCall("look_up", place), turn).response == {"value": "41%"}
    missed = run_tool(ToolCall("look_up", place | {"row": "June"}), turn)
    assert missed.response == {"error": "no such cell"}


def test_the_calculator_works_out_what_the_model_wrote() -> None:
    turn = calling("calculate", {"expression": "2 + 2"}, "9999")
    assert run_tool(ToolCall("calculate", {"expression": "2 + 3"}), turn).response == "5"


# --- conversations --------------------------------------------------------------------------


class ScriptedModel:
    """Gives its replies in order and remembers what it was asked."""

    def __init__(self, *replies: Reply) -> None:
        self._replies = list(replies)
        self.asked: list[list[Message]] = []
        self.tools: Sequence[Tool] = ()
        self.thinking = False

    def __call__(self, messages: Sequence[Message], tools: Sequence[Tool], thinking: bool) -> Reply:
        self.asked.append(list(messages))
        self.tools, self.thinking = tools, thinking
        return self._replies.pop(0)


def test_a_conversation_goes_on_with_what_the_model_wrote() -> None:
    sample = Sample([user("a?"), model("A"), user("b?"), model("B")], kind="chart.value")
    script = ScriptedModel(Reply("X"), Reply("B"))
    first, second = play(sample, (), script)
    assert (first.kind, first.score.exact) == ("chart.value", False)
    assert (second.kind, second.score.exact) == ("chart.later turns", True)
    assert script.asked[1][1].parts == (Text("X"),)


def test_media_come_where_the_sample_has_them() -> None:
    sound = Audio(np.zeros(160, np.float32))
    script = ScriptedModel(Reply("stop"))
    play(
        Sample([user("What is said?", "audio"), model("stop")], kind="audio.words"), [sound], script
    )
    [message] = script.asked[0]
    assert message.parts == (Text("What is said?"), sound)


def test_a_thought_must_come_when_wanted_and_only_then() -> None:
    thinking = Sample([user("2 + 2?"), model("4", "2 + 2 = 4")], kind="text.sum", thinking=True)
    plain = Sample([user("2 + 2?"), model("4")], kind="text.sum")
    with_thought, without = Reply("4", "2 + 2 = 4"), Reply("4")
    script = ScriptedModel(with_thought)
    assert play(thinking, (), script)[0].score == Score(True, 2, 2)
    assert script.thinking
    assert play(thinking, (), ScriptedModel(without))[0].score == Score(False, 1, 2)
    assert not play(plain, (), ScriptedModel(with_thought))[0].score.exact


def test_a_tool_is_called_run_and_its_result_read() -> None:
    function = {"name": "calculate", "description": "", "parameters": {}}
    sample = Sample(
        [user("2 + 3?"), calling("calculate", {"expression": "2 + 3"}, "77"), model("77")],
        kind="text.calculator",
        tools=[{"type": "function", "function": function}],
    )
    call = ToolCall("calculate", {"expression": "2 + 3"})
    script = ScriptedModel(Reply(calls=(call,)), Reply("The result is 5."))
    called, used = play(sample, (), script)
    assert called.kind == "text.calculator, call"
    assert called.score.exact
    assert used.score.exact
    assert used.wanted == "5"
    assert [tool.name for tool in script.tools] == ["calculate"]
    assert script.asked[1][-1].parts == (ToolResult("calculate", "5"),)


def test_a_failure_is_not_an_answer() -> None:
    [outcome] = play(
        Sample([user("a"), model("")], kind="text.x"), (), ScriptedModel(Reply(failure="no"))
    )
    assert not outcome.score.exact


# --- files and report -----------------------------------------------------------------------


def test_media_survive_their_files(tmp_path: Path) -> None:
    noise = np.random.default_rng(0)
    pixels = noise.integers(0, 256, (48, 96, 3), np.uint8)
    frames = tuple(np.full((96, 96, 3), level, np.uint8) for level in (40, 200, 120))
    pcm = noise.uniform(-0.5, 0.5, 1600).astype(np.float32)
    media = through_files([Picture(pixels), Clip(frames, (0.0, 1.0, 3.0)), Sound(pcm)], tmp_path)
    picture, clip, sound = media
    assert isinstance(picture, Image)
    assert np.array_equal(picture.pixels, pixels)
    assert isinstance(clip, Video)
    assert list(clip.times_s) == pytest.approx([0, 1, 2, 3], abs=0.05)
    levels = [float(frame.mean()) for frame in clip.frames]
    assert levels == pytest.approx([40, 200, 200, 120], abs=4)
    assert isinstance(sound, Audio)
    assert np.abs(sound.samples - pcm).max() < 1e-3


def test_a_frame_stays_until_the_next_begins() -> None:
    assert [shown_at((0.0, 1.0, 3.0), t) for t in (0, 0.9, 1, 2.8, 3, 9)] == [0, 0, 1, 1, 2, 2]


def test_the_report_counts_by_kind_and_group() -> None:
    outcomes = [
        Outcome("audio.words", "q", "a b", "a b", Score(True, 2, 2)),
        Outcome("audio.words", "q", "c d", "c", Score(False, 1, 2)),
        Outcome("video.when", "q", "0:07", "0:07", Score(True, 1, 1)),
    ]
    lines = table(outcomes).splitlines()
    assert "| audio.words | 2 | 1 | 50% | 3 of 4 (75.0%) |" in lines
    assert "| **audio** | 2 | 1 | 50% | 3 of 4 (75.0%) |" in lines
    assert "| video.when | 1 | 1 | 100% |  |" in lines
    assert "'c d'" in mistakes(outcomes, 1)
