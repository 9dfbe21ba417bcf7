"""Turn grammar, thinking, tool loops and how a prompt ends, as literal strings."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from inference.api import Audio, Image, Message, Part, Text, Tool, ToolCall, ToolResult, Video
from inference.errors import PromptError
from inference.prompt.messages import normalise_messages
from inference.prompt.render import render, strip_thoughts
from inference.prompt.segments import MediaSlot
from inference.prompt.tokenizer import Tokenizer
from tests.unit.inference.prompt.strings import template_string

HELLO: dict[str, Any] = {"role": "user", "content": "Hello"}
WEATHER = {"name": "get_weather", "arguments": {"city": "Zürich"}}
ASK: list[dict[str, Any]] = [
    {"role": "user", "content": "Weather?"},
    {"role": "assistant", "tool_calls": [WEATHER]},
]
RESULT = {"role": "tool", "content": "20C"}
ASKED = (
    "<bos><|turn>user\nWeather?<turn|>\n<|turn>model\n"
    '<|tool_call>call:get_weather{city:<|"|>Zürich<|"|>}<tool_call|>'
)
ANSWERED = '<|tool_response>response:get_weather{value:<|"|>20C<|"|>}<tool_response|>'
EMPTY_THOUGHT = "<|channel>thought\n<channel|>"
PIXELS = np.zeros((2, 2, 3), np.uint8)


def _prompt(messages: Any, tokenizer: Tokenizer, **options: Any) -> str:
    rendered = render(normalise_messages(messages), control=tokenizer.control, **options)
    return template_string(rendered, tokenizer)


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        ([HELLO], "<bos><|turn>user\nHello<turn|>\n<|turn>model\n"),
        (
            [{"role": "system", "content": " Be brief. "}, HELLO],
            "<bos><|turn>system\nBe brief.<turn|>\n<|turn>user\nHello<turn|>\n<|turn>model\n",
        ),
        (
            [{"role": "developer", "content": [{"type": "text", "text": "Be brief."}]}, HELLO],
            "<bos><|turn>system\nBe brief. <turn|>\n<|turn>user\nHello<turn|>\n<|turn>model\n",
        ),
        (
            [HELLO, {"role": "assistant", "content": "Hi!"}, {"role": "user", "content": "Why?"}],
            "<bos><|turn>user\nHello<turn|>\n<|turn>model\nHi!<turn|>\n"
            "<|turn>user\nWhy?<turn|>\n<|turn>model\n",
        ),
    ],
)
def test_turns(messages: Any, expected: str, tokenizer: Tokenizer) -> None:
    assert _prompt(messages, tokenizer) == expected
    assert _prompt(messages, tokenizer, empty_thought=True) == expected + EMPTY_THOUGHT
    no_turn = expected.removesuffix("<|turn>model\n")
    assert _prompt(messages, tokenizer, add_generation_prompt=False) == no_turn


def test_thinking_flag_opens_the_system_turn_on_all_sizes(tokenizer: Tokenizer) -> None:
    head, tail = "<bos><|turn>system\n<|think|>\n", "<turn|>\n<|turn>user\nHello<turn|>\n"
    tail += "<|turn>model\n"
    for large in (False, True):
        options = {"thinking": True, "empty_thought": large}
        assert _prompt([HELLO], tokenizer, **options) == head + tail
        system = {"role": "system", "content": "Be brief."}
        assert _prompt([system, HELLO], tokenizer, **options) == head + "Be brief." + tail


def test_texts_are_trimmed_one_by_one_and_joined_without_a_gap(tokenizer: Tokenizer) -> None:
    message = Message("user", (Text(" a "), Text(" b ")))
    assert "<|turn>user\nab<turn|>" in _prompt([message], tokenizer)


def test_consecutive_answers_share_a_turn(tokenizer: Tokenizer) -> None:
    answers = [Message("model", (Text("A ),"),)), Message("model", (Text("B"),))]
    assert "<|turn>model\nA ),B<turn|>\n" in _prompt([HELLO, *answers], tokenizer)


@pytest.mark.parametrize("content", [None, "", []])
def test_an_empty_answer_is_an_empty_turn(content: Any, tokenizer: Tokenizer) -> None:
    prompt = _prompt([HELLO, {"role": "assistant", "content": content}, HELLO], tokenizer)
    assert "<|turn>model\n<turn|>\n<|turn>user\n" in prompt


def test_media_stand_where_they_were_put(tokenizer: Tokenizer) -> None:
    clip = Video([PIXELS], [0.0], sound=np.zeros(400, np.float32))
    sound = Audio(np.zeros(400, np.float32))
    message = Message("user", (Image(PIXELS), sound, Text(" Describe. "), clip))
    rendered = render(normalise_messages([message]), control=tokenizer.control)
    expected = "<|turn>user\n<|image|><|audio|>Describe.<|video|><|audio|><turn|>\n"
    assert expected in template_string(rendered, tokenizer)
    slots = [segment for segment in rendered.segments if isinstance(segment, MediaSlot)]
    assert [slot.part_index for slot in slots] == [0, 1, 2, 3]


def test_full_tool_loop(tokenizer: Tokenizer) -> None:
    answer = {"role": "assistant", "content": "It is 20C."}
    prompt = _prompt([*ASK, RESULT, answer], tokenizer)
    assert prompt == ASKED + ANSWERED + "It is 20C.<turn|>\n<|turn>model\n"


def test_open_calls_end_in_an_open_response(tokenizer: Tokenizer) -> None:
    for thinking in (False, True):
        rendered = render(
            normalise_messages(ASK),
            thinking=thinking,
            empty_thought=True,
            control=tokenizer.control,
        )
        assert template_string(rendered, tokenizer).endswith("<tool_call|><|tool_response>")
        assert not rendered.starts_in_thought


def test_a_result_leaves_the_turn_open(tokenizer: Tokenizer) -> None:
    messages = normalise_messages([*ASK, RESULT])
    off = render(messages, empty_thought=True, control=tokenizer.control)
    assert template_string(off, tokenizer) == ASKED + ANSWERED
    assert not off.starts_in_thought
    on = render(messages, thinking=True, control=tokenizer.control)
    assert template_string(on, tokenizer).endswith("<tool_response|><|channel>thought\n")
    assert on.starts_in_thought


def test_an_empty_answer_after_a_result_closes_the_turn(tokenizer: Tokenizer) -> None:
    prompt = _prompt([*ASK, RESULT, {"role": "assistant", "content": ""}], tokenizer)
    assert prompt == ASKED + ANSWERED + "<turn|>\n<|turn>model\n"


def test_pictures_of_a_result_follow_it(tokenizer: Tokenizer) -> None:
    content = [{"type": "image", "image": PIXELS}, {"type": "text", "text": "20C"}]
    assert _prompt([*ASK, {**RESULT, "content": content}], tokenizer) == (
        ASKED + ANSWERED + "<|image|>"
    )


def test_text_beside_calls_goes_before_them(tokenizer: Tokenizer) -> None:
    call, result = ToolCall("now", {}), ToolResult("now", {"h": 3})
    rendered_call = "<|tool_call>call:now{}<tool_call|>"
    rendered_result = "<|tool_response>response:now{h:3}<tool_response|>"
    wait = Text("Wait.")
    ends: list[tuple[tuple[Part, ...], str]] = [
        (
            (call, wait, result, Text("It is 3.")),
            f"Wait.{rendered_call}{rendered_result}It is 3.<turn|>\n<|turn>model\n",
        ),
        ((call, wait), f"Wait.{rendered_call}<|tool_response>"),
        ((call, wait, result), f"Wait.{rendered_call}{rendered_result}"),
    ]
    for parts, end in ends:
        prompt = _prompt([HELLO, Message("model", parts)], tokenizer)
        assert prompt.endswith("<|turn>model\n" + end)


def test_thoughts_stay_only_in_the_current_tool_loop(tokenizer: Tokenizer) -> None:
    call = Message("model", (ToolCall("now", {}),), thought="Look it up.")
    loop = [call, Message("tool", (ToolResult("now", "3"),))]
    kept = "<|turn>model\n<|channel>thought\nLook it up.\n<channel|><|tool_call>"
    asked: list[Any] = [HELLO, *loop]
    current = render(normalise_messages(asked), control=tokenizer.control)
    assert kept in template_string(current, tokenizer)
    assert current.dropped == ()
    past: list[Any] = [*asked, Message("model", (Text("It is 3."),), thought="Easy."), HELLO]
    rendered = render(normalise_messages(past), control=tokenizer.control)
    assert "thought" not in template_string(rendered, tokenizer)
    assert len(rendered.dropped) == 1
    assert "2 earlier answers" in rendered.dropped[0]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("<|channel>thought\nx<channel|>Hi", "Hi"),
        ("a<|channel>x<channel|>b<|channel>y<channel|>c", "abc"),
        ("a<|channel>never closed", "a"),
        ("a<channel|>b", "ab"),
        ("plain", "plain"),
    ],
)
def test_thoughts_spelled_in_answers_are_cut_out(text: str, kept: str) -> None:
    assert strip_thoughts(text) == kept


def test_a_spelled_thought_counts_as_left_out(tokenizer: Tokenizer) -> None:
    answer = Message("model", (Text("<|channel>thought\nx<channel|>Hi"),))
    rendered = render(normalise_messages([HELLO, answer, HELLO]), control=tokenizer.control)
    assert "<|turn>model\nHi<turn|>\n" in template_string(rendered, tokenizer)
    assert "an earlier answer" in rendered.dropped[0]


def test_tools_follow_the_system_text(tokenizer: Tokenizer) -> None:
    tools = [Tool("now", "Time"), Tool("today", "Date")]
    declared = '<|tool>declaration:now{description:<|"|>Time<|"|>}<tool|>'
    declared += '<|tool>declaration:today{description:<|"|>Date<|"|>}<tool|><turn|>\n'
    system = {"role": "system", "content": "Be brief."}
    assert _prompt([HELLO], tokenizer, tools=tools).startswith("<bos><|turn>system\n" + declared)
    prompt = _prompt([system, HELLO], tokenizer, tools=tools, thinking=True)
    assert prompt.startswith("<bos><|turn>system\n<|think|>\nBe brief." + declared)


def test_a_prompt_grows_at_its_end_only(tokenizer: Tokenizer) -> None:
    """Within a tool loop the next prompt continues the last one, so its KV cache serves again."""
    call = {**ASK[1], "content": "I look.", "reasoning": "Which city?"}
    steps = [ASK[:1], [ASK[0], call], [ASK[0], call, RESULT]]
    prompts = [_prompt(messages, tokenizer) for messages in steps]
    assert prompts[1].startswith(prompts[0])
    assert prompts[2].startswith(prompts[1])


def test_refuses_unusable_tools(tokenizer: Tokenizer) -> None:
    with pytest.raises(PromptError, match="Two tools"):
        _prompt([HELLO], tokenizer, tools=[Tool("now", ""), Tool("now", "")])
