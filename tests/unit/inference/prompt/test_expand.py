"""Segments to ids: equal to the reference processor's, with spans and blocks that fit."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tokenizers import Tokenizer as Backend

from inference.api import Audio, Image, Message, Text, Tool, ToolCall, ToolResult, Video
from inference.errors import PromptError
from inference.media.plan import AudioPlan, ImagePlan, VideoPlan, plan_audio, plan_image
from inference.prompt.expand import Expanded, MediaPlan, expand
from inference.prompt.messages import normalise_messages
from inference.prompt.render import Rendered, render
from inference.prompt.segments import MediaKind, Origin, SegmentWriter
from inference.prompt.tokenizer import CONTENTS, Tokenizer
from tests.fakes.tokenizer import SPECIALS, VOCAB_SIZE, build_backend

PARITY = Path(__file__).parents[3] / "parity" / "data"
PIXELS, SAMPLES = np.zeros((60, 200, 3), np.uint8), np.zeros(16_000, np.float32)
IMAGE, SOUND = plan_image(60, 200, 70), plan_audio(16_000)
FRAME = plan_image(48, 80, 70)
# Placeholder text of the reference prompts, and the plan behind each.
CASES: dict[str, tuple[str, list[MediaPlan]]] = {
    "image": ("<|image|><|image|>What", [IMAGE, plan_image(90, 70, 70)]),
    "interleaved": (
        "First<|image|> then the<|image|> and in the end<|image|>Compare.",
        [plan_image(40, 40, 70), IMAGE, plan_image(90, 70, 70)],
    ),
    "video": ("<|video|>What", [VideoPlan((FRAME,) * 5, (0.0, 1.0, 2.0, 3.0, 4.0))]),
    "video_uneven": ("<|video|>When", [VideoPlan((FRAME,) * 4, (0.0, 3.0, 7.0, 61.0))]),
    "audio": ("What<|audio|>", [plan_audio(21_920)]),
    "all": (
        "See<|image|> and<|video|>, then answer:<|audio|>",
        [plan_image(90, 70, 70), VideoPlan((FRAME,) * 2, (0.0, 1.0)), plan_audio(21_920)],
    ),
}


def _user_turn(content: str, tokenizer: Tokenizer) -> Rendered:
    """A user turn with placeholders in its text, untrimmed as in the reference prompts."""
    writer = SegmentWriter(tokenizer.control)
    writer.mark(tokenizer.control.bos)
    writer.mark(tokenizer.control.turn_open)
    writer.plain("user\n")
    kinds: dict[str, MediaKind] = {"image": "image", "video": "video", "audio": "audio"}
    slots = 0
    for part, text in enumerate(re.split(r"<\|(\w+)\|>", content)):
        if part % 2:
            writer.within(Origin(kinds[text], "", 0, part)).slot(slots, kinds[text])
            slots += 1
        else:
            writer.within(Origin("text", "user", 0, part)).foreign(text)
    writer.mark(tokenizer.control.turn_close)
    writer.plain("\n")
    writer.mark(tokenizer.control.turn_open)
    writer.plain("model\n")
    return Rendered(tuple(writer.segments), False)


@pytest.mark.parametrize("name", CASES)
def test_equals_the_reference_processor(name: str) -> None:
    content, plans = CASES[name]
    tokenizer = Tokenizer.from_file(PARITY / "e" / "tokenizer.json", VOCAB_SIZE)
    expanded = expand(_user_turn(content, tokenizer), plans, tokenizer)
    with np.load(PARITY / "e.npz") as reference:
        assert expanded.token_ids == reference[f"{name}/ids"].tolist()
        assert expanded.token_types == reference[f"{name}/type_ids"].tolist()
    _check_layout(expanded, plans, tokenizer)


@pytest.mark.parametrize(
    "case", json.loads((PARITY / "video_prompts.json").read_text(encoding="utf-8"))
)
def test_clips_are_written_as_the_reference_writes_them(
    case: dict[str, Any], tokenizer: Tokenizer
) -> None:
    times = tuple(index / (case["fps"] or 24) for index in case["indices"])
    plan = VideoPlan((ImagePlan(48, 96, 48, 96, 2, 70),) * len(times), times)
    expanded = expand(_user_turn("<|video|>", tokenizer), [plan], tokenizer)
    prompt = tokenizer.decode(expanded.token_ids)
    assert f"<|turn>user\n{case['prompt']}<turn|>" in prompt


def _check_layout(expanded: Expanded, plans: list[MediaPlan], tokenizer: Tokenizer) -> None:
    """Spans cover everything once; blocks are exactly the soft tokens, item by item."""
    edges = [0, *(span.stop for span in expanded.spans)]
    assert [span.start for span in expanded.spans] == edges[:-1]
    assert edges[-1] == len(expanded.token_ids) == len(expanded.token_types)
    counts = [0] * len(plans)
    soft: list[int] = []
    for block in expanded.blocks:
        ids = set(expanded.token_ids[block.start : block.stop])
        assert ids == {getattr(tokenizer.control, block.kind)}
        counts[block.part_index] += block.stop - block.start
        soft += range(block.start, block.stop)
    assert counts == [_soft_tokens(plan) for plan in plans]
    assert soft == [i for i, kind in enumerate(expanded.token_types) if kind]


def _soft_tokens(plan: Any) -> int:
    count: int = plan.soft_tokens
    return count


def _conversation() -> list[Message]:
    clip = Video([PIXELS, PIXELS], [0.0, 61.9], "clip", sound=SAMPLES)
    call, result = ToolCall("f", {"a": [1, "x"]}, "c"), ToolResult("f", "text", "c")
    return [
        Message("system", (Text("Be brief."),)),
        Message("user", (Text("See"), Image(PIXELS), clip, Text("the end"), Audio(SAMPLES))),
        Message("model", (Text("I look."), call), thought="Hm"),
        Message("tool", (result, Image(PIXELS))),
    ]


PLANS: list[MediaPlan] = [
    IMAGE,
    VideoPlan((IMAGE, FRAME), (0.0, 61.9)),
    SOUND,
    SOUND,
    IMAGE,
]


def test_whole_conversation(tokenizer: Tokenizer, backend: Backend) -> None:
    tools = [Tool("f", "does", {"type": "object", "properties": {"a": {"type": "array"}}})]
    messages = normalise_messages(_conversation())
    rendered = render(messages, tools=tools, thinking=True, control=tokenizer.control)
    expanded = expand(rendered, PLANS, tokenizer)
    _check_layout(expanded, PLANS, tokenizer)
    image = f"<|image>{'<|image|>' * IMAGE.soft_tokens}<image|>"
    frames = [f"<|image>{'<|video|>' * p.soft_tokens}<image|>" for p in (IMAGE, FRAME)]
    sound = f"<|audio>{'<|audio|>' * SOUND.soft_tokens}<audio|>"
    video = f"00:00 {frames[0]} 01:01 {frames[1]}{sound}"
    text = backend.decode(expanded.token_ids, skip_special_tokens=False)
    assert f"<|turn>user\nSee{image}{video}the end{sound}<turn|>\n<|turn>model\n" in text
    assert f"<tool_response|>{image}<|channel>thought\n" in text
    assert backend.encode(text, add_special_tokens=False).ids == expanded.token_ids


def test_spans_hold_the_text_they_name(tokenizer: Tokenizer) -> None:
    messages = normalise_messages(_conversation())
    expanded = expand(render(messages, control=tokenizer.control), PLANS, tokenizer)
    texts = {
        span.origin: tokenizer.decode(expanded.token_ids[span.start : span.stop])
        for span in expanded.spans
        if span.origin is not None
    }
    assert texts[Origin("text", "system", 0, 0)] == "Be brief."
    assert texts[Origin("text", "user", 1, 0)] == "See"
    assert texts[Origin("text", "user", 1, 3)] == "the end"
    assert texts[Origin("text", "thought", 2, -1)] == "<|channel>thought\nHm\n<channel|>"
    quoted = 'call:f{a:[1,<|"|>x<|"|>]}'
    assert texts[Origin("tool_call", "f", 2, 1)] == f"<|tool_call>{quoted}<tool_call|>"
    result = 'response:f{value:<|"|>text<|"|>}'
    assert texts[Origin("tool_result", "f", 3, 0)] == f"<|tool_response>{result}<tool_response|>"


def test_a_token_across_a_border_is_counted_once(tokenizer: Tokenizer) -> None:
    """“t” + “he” is one token; it belongs to the first text."""
    messages = normalise_messages([Message("user", (Text("t"), Text("he"), Text("x")))])
    expanded = expand(render(messages, control=tokenizer.control), [], tokenizer)
    owned = {
        span.origin.part: tokenizer.decode(expanded.token_ids[span.start : span.stop])
        for span in expanded.spans
        if span.origin is not None
    }
    assert owned == {0: "the", 2: "x"}


@pytest.mark.parametrize("missing", ["audio", "video"])
def test_refuses_a_sense_the_model_lacks(missing: str) -> None:
    specials = [special for special in SPECIALS if special != CONTENTS[missing]]
    tokenizer = Tokenizer(build_backend(specials), VOCAB_SIZE)
    rendered = render(normalise_messages(_conversation()), control=tokenizer.control)
    with pytest.raises(PromptError, match=f"cannot take {missing}"):
        expand(rendered, PLANS, tokenizer)


@pytest.mark.parametrize(
    ("plans", "message"),
    [
        (PLANS[:4], "5 media items, but 4"),
        ([*PLANS, IMAGE], "5 media items, but 6"),
        ([SOUND, *PLANS[1:]], "another kind"),
        ([IMAGE, IMAGE, *PLANS[2:]], "another kind"),
        ([*PLANS[:2], IMAGE, *PLANS[3:]], "another kind"),
        ([ImagePlan(1, 1, 48, 48, 0, 70), *PLANS[1:]], "no soft tokens"),
        ([*PLANS[:2], AudioPlan(9, 0.1, 1, 0), *PLANS[3:]], "no soft tokens"),
        ([IMAGE, VideoPlan((FRAME,), (0.0, 1.0)), *PLANS[2:]], "1 frames came with 2"),
        ([IMAGE, VideoPlan((), ()), *PLANS[2:]], "0 frames"),
        ([IMAGE, VideoPlan((FRAME,), (-1.0,)), *PLANS[2:]], "-1.0 s"),
        ([IMAGE, VideoPlan((FRAME,), (float("nan"),)), *PLANS[2:]], "nan s"),
    ],
)
def test_refuses_plans_that_do_not_fit(
    plans: list[MediaPlan], message: str, tokenizer: Tokenizer
) -> None:
    rendered = render(normalise_messages(_conversation()), control=tokenizer.control)
    with pytest.raises(PromptError, match=message):
        expand(rendered, plans, tokenizer)
