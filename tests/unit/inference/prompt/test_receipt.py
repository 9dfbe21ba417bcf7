"""Receipts: sums of real ids, and the sentences people read."""

from __future__ import annotations

import numpy as np
import pytest

from inference.api import (
    Audio,
    Image,
    Message,
    Receipt,
    ReceiptItem,
    Text,
    Tool,
    ToolCall,
    ToolResult,
    Video,
)
from inference.media.plan import AudioPlan, VideoPlan, plan_audio, plan_image
from inference.prompt.expand import Expanded, MediaPlan, Span, expand
from inference.prompt.messages import Conversation, normalise_messages
from inference.prompt.receipt import build_receipt, receipt_lines
from inference.prompt.render import render
from inference.prompt.segments import Origin
from inference.prompt.tokenizer import Tokenizer

PIXELS = np.arange(1080 * 1920 * 3, dtype=np.uint32).astype(np.uint8).reshape(1080, 1920, 3)
SAMPLES = np.linspace(-1, 1, 196_800, dtype=np.float32)
FRAMES = [PIXELS[:48, :80], PIXELS[48:96, :80]]
FRAME = plan_image(48, 80, 70)
CLIP = Video(FRAMES, [0.0, 11.4], "clip.mp4", sound=SAMPLES)
PLANS: list[MediaPlan] = [
    plan_image(1080, 1920, 280),
    VideoPlan((FRAME, FRAME), (0.0, 11.4)),
    plan_audio(len(SAMPLES)),
    plan_image(1080, 1920, 70),
]
DIGESTS = ["a" * 64, "b" * 64, "c" * 64, "d" * 64]


def _receipt(tokenizer: Tokenizer, plans: list[MediaPlan]) -> tuple[Receipt, list[int]]:
    messages = normalise_messages(
        [
            Message("system", (Text("Be brief."),)),
            Message("user", (Image(PIXELS, "chart.png"), CLIP, Text("Compare."))),
            Message("model", (ToolCall("now", {"a": 1}),), thought="Hm."),
            Message("tool", (ToolResult("now", "3"), Image(PIXELS, "map.png"))),
        ]
    )
    tools = [Tool("now", "Time")]
    rendered = render(messages, tools=tools, control=tokenizer.control)
    expanded = expand(rendered, plans, tokenizer)
    return build_receipt(
        messages, plans, DIGESTS[: len(plans)], expanded, ["the sky."]
    ), expanded.token_ids


def test_items_in_prompt_order_with_their_tokens(tokenizer: Tokenizer) -> None:
    receipt, ids = _receipt(tokenizer, PLANS)
    names = [(item.kind, item.name) for item in receipt.items]
    assert names == [
        ("text", "system"),
        ("tools", "now"),
        ("image", "chart.png"),
        ("video", "clip.mp4"),
        ("audio", "clip.mp4"),
        ("text", "user"),
        ("text", "thought"),
        ("tool_call", "now"),
        ("tool_result", "now"),
        ("image", "map.png"),
    ]
    tokens = [item.tokens for item in receipt.items]
    times = len(tokenizer.encode("00:00 ")) + len(tokenizer.encode(" 00:11 "))
    assert tokens[0] == len(tokenizer.encode("Be brief."))
    assert tokens[2] == 264 + 2
    assert tokens[3] == 2 * (FRAME.soft_tokens + 2) + times
    assert tokens[4] == plan_audio(len(SAMPLES)).soft_tokens + 2
    assert tokens[5] == len(tokenizer.encode("Compare."))
    assert tokens[6] == len(tokenizer.encode("thought\nHm.\n")) + 2
    marks = ["system\n", "\n", "user\n", "\n", "model\n"]
    template = 1 + 5 + sum(len(tokenizer.encode(text)) for text in marks)
    assert sum(tokens) + template == receipt.prompt_tokens == len(ids)


def test_media_facts(tokenizer: Tokenizer) -> None:
    items = {item.name + item.kind: item for item in _receipt(tokenizer, PLANS)[0].items}
    chart, clip = items["chart.pngimage"], items["clip.mp4video"]
    assert (chart.width, chart.height, chart.model_width, chart.model_height) == (
        *(1920, 1080),
        *(1056, 576),
    )
    assert chart.sha256 == DIGESTS[0]
    assert (clip.frames, clip.times_s, clip.soft_tokens) == (2, (0.0, 11.4), 2 * FRAME.soft_tokens)
    assert clip.sha256 == DIGESTS[1]
    assert (clip.width, clip.height, clip.model_width) == (80, 48, FRAME.model_width)
    assert items["clip.mp4audio"].seconds == pytest.approx(12.3)


def test_lines(tokenizer: Tokenizer) -> None:
    receipt, ids = _receipt(tokenizer, PLANS)
    lines = receipt.lines()
    assert lines == receipt_lines(receipt)
    assert "Picture chart.png: 1920 × 1080, read at 1056 × 576 (264 soft tokens)." in lines
    each, both = FRAME.soft_tokens, 2 * FRAME.soft_tokens
    assert f"Video clip.mp4: 2 frames from 0:00 to 0:11, {each} soft tokens each ({both})." in lines
    assert "Recording clip.mp4: 12.3 s (308 soft tokens)." in lines
    assert f"Your text: {len(tokenizer.encode('Compare.'))} tokens." in lines
    assert any(line.startswith("Call of now: ") for line in lines)
    assert f"The whole prompt: {len(ids)} tokens." in lines
    assert lines[-1] == "Left out: the sky."


def test_notes_say_what_was_shortened(tokenizer: Tokenizer) -> None:
    shorter = [*PLANS]
    shorter[1] = VideoPlan((FRAME,), (2.0,))
    shorter[2] = AudioPlan(160_000, 10.0, 1000, 250)
    lines = _receipt(tokenizer, shorter)[0].lines()
    assert f"Video clip.mp4: 1 frame at 0:02, {FRAME.soft_tokens} soft tokens each" in " ".join(
        lines
    )
    assert "Video clip.mp4: Only 1 of 2 frames were given to the model." in lines
    cut = "Recording clip.mp4: Only the first 10.0 s of 12.3 s were given to the model."
    assert lines[-2:] == (cut, "Left out: the sky.")
    assert not [item for item in _receipt(tokenizer, PLANS)[0].items if item.notes]


def test_frames_of_different_sizes_have_no_common_one(tokenizer: Tokenizer) -> None:
    mixed = [*PLANS]
    mixed[1] = VideoPlan((FRAME, plan_image(90, 70, 70)), (0.0, 11.4))
    receipt = _receipt(tokenizer, mixed)[0]
    together = FRAME.soft_tokens + plan_image(90, 70, 70).soft_tokens
    assert receipt.items[3].model_width == 0
    assert f"from 0:00 to 0:11, {together} soft tokens together." in " ".join(receipt.lines())


def test_spans_of_one_part_are_added_up() -> None:
    origin = Origin("tool_call", "f", 0, 0)
    spans = (Span(origin, 0, 2), Span(None, 2, 3), Span(origin, 3, 7))
    receipt = build_receipt(Conversation(()), [], [], Expanded([5] * 7, [0] * 7, spans))
    assert receipt.items == (ReceiptItem("tool_call", "f", 6),)


def test_large_numbers_and_single_tokens_read_well() -> None:
    items = (ReceiptItem("text", "user", 1), ReceiptItem("text", "", 12_000))
    lines = Receipt(items, 12_010).lines()
    assert lines[:2] == ("Your text: 1 token.", "Text: 12,000 tokens.")
    assert lines[2:] == ("Turn marks: 9 tokens.", "The whole prompt: 12,010 tokens.")


def test_refuses_plans_in_another_order(tokenizer: Tokenizer) -> None:
    messages = normalise_messages([Message("user", (Audio(SAMPLES), Image(PIXELS)))])
    plans: list[MediaPlan] = [PLANS[2], PLANS[0]]
    expanded = expand(render(messages, control=tokenizer.control), plans, tokenizer)
    with pytest.raises(ValueError, match="order"):
        build_receipt(messages, plans[::-1], DIGESTS[:2], expanded)
