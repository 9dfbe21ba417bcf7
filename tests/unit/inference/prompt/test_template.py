"""The renderer against a chat template: 2,000 random conversations, as strings and as ids."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from jinja2 import Environment
from tokenizers import Tokenizer as Backend

from inference.api import Audio, Image
from inference.media.plan import AudioPlan, ImagePlan, plan_audio, plan_image, plan_video
from inference.prompt.expand import MediaPlan, expand
from inference.prompt.messages import Conversation, media_parts, normalise_messages
from inference.prompt.render import render
from inference.prompt.tokenizer import Tokenizer
from tests.unit.inference.prompt.conversations import random_case
from tests.unit.inference.prompt.strings import template_string

CASES, STEP = 2000, 100
TEMPLATE = Environment().from_string(
    (Path(__file__).parent / "gemma4_v4.jinja").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("first", range(0, CASES, STEP))
def test_renders_and_encodes_as_the_template(
    first: int, tokenizer: Tokenizer, backend: Backend
) -> None:
    for seed in range(first, first + STEP):
        case = random_case(seed)
        messages = normalise_messages(case.messages)
        rendered = render(
            messages,
            tools=case.tools,
            thinking=case.thinking,
            empty_thought=case.large,
            control=tokenizer.control,
        )
        expected = TEMPLATE.render(
            messages=case.messages, tools=case.tools, thinking=case.thinking, large=case.large
        )
        assert template_string(rendered, tokenizer) == expected, seed
        plans = _plans(messages)
        expanded = expand(rendered, plans, tokenizer)
        reference = backend.encode(_written_out(expected, plans), add_special_tokens=False)
        assert expanded.token_ids == reference.ids, seed


def _plans(messages: Conversation) -> list[MediaPlan]:
    plans: list[MediaPlan] = []
    for part in media_parts(messages):
        if isinstance(part, Image):
            plans.append(plan_image(40, 60, 70))
        elif isinstance(part, Audio):
            plans.append(plan_audio(len(part.samples)))
        else:
            plans.append(plan_video(part, 70))
    return plans


def _written_out(prompt: str, plans: list[MediaPlan]) -> str:
    """Each placeholder replaced by what the reference processor puts in its place."""
    pieces = re.split(r"<\|(?:image|video|audio)\|>", prompt)
    written = [*map(_media_string, plans), ""]
    return "".join(text + media for text, media in zip(pieces, written, strict=True))


def _media_string(plan: MediaPlan) -> str:
    if isinstance(plan, ImagePlan):
        return f"<|image>{'<|image|>' * plan.soft_tokens}<image|>"
    if isinstance(plan, AudioPlan):
        return f"<|audio>{'<|audio|>' * plan.soft_tokens}<audio|>"
    frames = []
    for time_s, frame in zip(plan.times_s, plan.frames, strict=True):
        clock = f"{int(time_s // 60):02d}:{int(time_s % 60):02d}"
        frames.append(f"{clock} <|image>{'<|video|>' * frame.soft_tokens}<image|>")
    return " ".join(frames)
