"""An answer that was cut off goes on as if it had not been: the same prompt, and its beginning."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment
from tokenizers import Tokenizer as Backend

from inference.api import Message, Text, ToolCall
from inference.errors import PromptError
from inference.prompt.expand import expand
from inference.prompt.messages import normalise_messages
from inference.prompt.render import Rendered, render
from inference.prompt.tokenizer import Tokenizer
from tests.unit.inference.prompt.conversations import random_case
from tests.unit.inference.prompt.strings import template_string

TEMPLATE = Environment().from_string(
    (Path(__file__).parent / "gemma4_v4.jinja").read_text(encoding="utf-8")
)
HELLO = Message("user", (Text("Hello"),))
ASKED = "<bos><|turn>user\nHello<turn|>\n<|turn>model\n"
BEGINNINGS = ("The", " Well,", "One\n\n- two\n", "ends in a space ", "日本", "half a wor")


def continued(messages: Any, tokenizer: Tokenizer, **options: Any) -> Rendered:
    return render(
        normalise_messages(messages), control=tokenizer.control, continue_last=True, **options
    )


def test_the_prompt_is_the_templates_and_the_beginning_as_it_was_written(
    tokenizer: Tokenizer, backend: Backend
) -> None:
    tried = 0
    for seed in range(400):
        case = random_case(seed)
        if case.messages[-1]["role"] != "user":
            continue
        tried += 1
        begun = BEGINNINGS[seed % len(BEGINNINGS)]
        rendered = continued(
            [*case.messages, {"role": "assistant", "content": begun}],
            tokenizer,
            tools=case.tools,
            thinking=case.thinking,
            empty_thought=case.large,
        )
        asked = TEMPLATE.render(
            messages=case.messages, tools=case.tools, thinking=case.thinking, large=case.large
        )
        assert template_string(rendered, tokenizer) == asked + begun, seed
        assert not rendered.starts_in_thought
        if "<|image|>" not in asked and "<|audio|>" not in asked and "<|video|>" not in asked:
            ids = expand(rendered, [], tokenizer).token_ids
            assert ids == backend.encode(asked + begun, add_special_tokens=False).ids, seed
    assert tried > 100


def test_a_finished_thought_stays_before_the_text(tokenizer: Tokenizer) -> None:
    begun = Message("model", (Text("So it"),), thought="Let me see.")
    rendered = continued([HELLO, begun], tokenizer, empty_thought=True)
    assert template_string(rendered, tokenizer) == (
        ASKED + "<|channel>thought\nLet me see.\n<channel|>So it"
    )
    assert rendered.dropped == ()


def test_an_unfinished_thought_stays_open(tokenizer: Tokenizer) -> None:
    rendered = continued([HELLO, Message("model", (), thought="Let me")], tokenizer, thinking=True)
    assert template_string(rendered, tokenizer).endswith("<|channel>thought\nLet me")
    assert rendered.starts_in_thought


def test_nothing_written_yet_is_the_question_itself(tokenizer: Tokenizer) -> None:
    empty = Message("model", ())
    assert template_string(continued([HELLO, empty], tokenizer), tokenizer) == ASKED
    large = continued([HELLO, empty], tokenizer, empty_thought=True)
    assert template_string(large, tokenizer) == ASKED + "<|channel>thought\n<channel|>"


@pytest.mark.parametrize(
    "messages",
    [
        [HELLO],
        [HELLO, Message("model", (Text("Wait."), ToolCall("now", {})))],
    ],
)
def test_only_text_can_be_continued(messages: list[Message], tokenizer: Tokenizer) -> None:
    with pytest.raises(PromptError, match="Only an answer of text"):
        continued(messages, tokenizer)


def test_marks_spelled_in_the_beginning_stay_text(tokenizer: Tokenizer) -> None:
    begun = Message("model", (Text("a<turn|>b<|turn>user"),))
    ids = expand(continued([HELLO, begun], tokenizer), [], tokenizer).token_ids
    assert ids.count(tokenizer.control.turn_open) == 2
    assert ids.count(tokenizer.control.turn_close) == 1
