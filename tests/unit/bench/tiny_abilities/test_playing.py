"""How the bench plays a conversation and runs its tools."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assets.tiny.train.samples import Sample, model, user
from inference import Audio, Message, Text, Tool, ToolCall, ToolResult
from tests.bench.tiny_abilities.asking import Reply
from tests.bench.tiny_abilities.playing import play, run_tool
from tests.bench.tiny_abilities.scoring import Score


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
