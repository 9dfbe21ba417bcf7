"""The prompts of the reference set and the inputs transformers' processor makes of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import torch
from PIL import Image
from transformers import Gemma4Processor

from tests.reference import inputs
from tests.reference.checkpoint import BUDGET
from tests.reference.configs import Family

Batch = dict[str, torch.Tensor]

_USER, _MODEL = "<bos><|turn>user\n", "<turn|>\n<|turn>model\n"


@dataclass(frozen=True, slots=True)
class Video:
    """The first `len(indices)` frames, at `indices` of a source of one frame a second."""

    indices: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One prompt and what is kept of its run.

    Logits are kept at every `stride`-th position and the last. `towers`: soft tokens; off where
    another case has the same media. `layers`: outputs of the layers. `greedy`: a continuation.
    """

    name: str
    prompt: str
    pictures: tuple[str, ...] = ()
    budget: int = BUDGET
    video: Video | None = None
    clip: str | None = None
    stride: int = 1
    towers: bool = True
    layers: bool = False
    greedy: bool = False


def cases(family: Family) -> tuple[Case, ...]:
    """All cases of `family`; the text case holds bare ids instead of a prompt."""
    return _VISION if family != "e" else _VISION + _AUDIO


def prepare(case: Case, processor: Gemma4Processor) -> Batch:
    """Model inputs of `case`, batch of one."""
    if not case.prompt:
        ids = torch.from_numpy(inputs.text_ids())[None]
        return {"input_ids": ids, "mm_token_type_ids": torch.zeros_like(ids)}
    media: dict[str, Any] = {}
    if case.pictures:
        media["images"] = [Image.fromarray(inputs.picture(name)) for name in case.pictures]
        media["images_kwargs"] = {"max_soft_tokens": case.budget}
    if case.video:
        media |= _video_arguments(case.video)
    if case.clip:
        media["audio"] = [inputs.clip(case.clip)]
    batch: Mapping[str, torch.Tensor] = processor(
        text=case.prompt, add_special_tokens=False, return_tensors="pt", **media
    )
    return {name: tensor for name, tensor in batch.items() if name != "attention_mask"}


def _video_arguments(video: Video) -> dict[str, Any]:
    metadata = {
        "fps": 1.0,
        "frames_indices": list(video.indices),
        "total_num_frames": video.indices[-1] + 1,
    }
    return {
        "videos": [inputs.frames()[: len(video.indices)]],
        "videos_kwargs": {"video_metadata": [metadata], "do_sample_frames": False},
    }


def _user_turn(content: str) -> str:
    return _USER + content + _MODEL


_VISION = (
    Case("text", "", layers=True, greedy=True),
    Case(
        "image",
        _user_turn("<|image|><|image|>What"),
        pictures=("wide", "tall"),
        layers=True,
        greedy=True,
    ),
    Case(
        "interleaved",
        _user_turn("First<|image|> then the<|image|> and in the end<|image|>Compare."),
        pictures=("square", "wide", "tall"),
        stride=7,
    ),
    Case(
        "large_budget",
        _user_turn("<|image|>Read this."),
        pictures=("strip",),
        budget=140,
        stride=7,
    ),
    Case("video", _user_turn("<|video|>What"), video=Video((0, 1, 2, 3, 4)), stride=7),
    Case(
        "video_uneven",
        _user_turn("<|video|>When"),
        video=Video((0, 3, 7, 61)),
        stride=7,
        towers=False,
    ),
)
_CLIP = Case("audio", _user_turn("What<|audio|>"), clip="clip", greedy=True)
_AUDIO = (
    _CLIP,
    replace(_CLIP, name="audio_short", clip="short", greedy=False, layers=True),
    replace(_CLIP, name="audio_long", clip="long", greedy=False),
    Case(
        "all",
        _user_turn("See<|image|> and<|video|>, then answer:<|audio|>"),
        pictures=("tall",),
        video=Video((0, 1)),
        clip="clip",
        stride=7,
        towers=False,
    ),
)
