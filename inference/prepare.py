"""A conversation to a prompt: check, plan the media, render, expand, write the receipt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from inference.api import Audio, Image, Message, Part, Tool, Video
from inference.errors import MediaError
from inference.media.image import content_hash
from inference.media.limits import check_pixels, check_samples
from inference.media.plan import (
    AudioPlan,
    ImagePlan,
    VideoPlan,
    image_budget,
    plan_audio,
    plan_image,
    plan_video,
)
from inference.models.gemma4.config import ModelConfig
from inference.prompt.expand import expand
from inference.prompt.messages import Conversation, media_parts, normalise_messages
from inference.prompt.prompt import MediaInput, Prompt
from inference.prompt.receipt import build_receipt
from inference.prompt.render import render
from inference.prompt.tokenizer import Tokenizer


@dataclass(frozen=True, slots=True)
class PlannedMedia:
    """What the prompt needs to know of one part, and what the tower will read."""

    plan: ImagePlan | VideoPlan | AudioPlan
    media: MediaInput
    digest: str  # of the content as given, whatever size it is read at


def prepare_prompt(
    config: ModelConfig,
    tokenizer: Tokenizer,
    messages: Sequence[Message | Mapping[str, Any]],
    *,
    thinking: bool,
    tools: Sequence[Tool],
    image_tokens: int | None,
    own_image_tokens: int,
    video_tokens: int,
    continue_last: bool = False,
) -> Prompt:
    """See `Model.prepare`."""
    conversation, silenced = _without_unheard_sound(config, normalise_messages(messages))
    planned = [
        plan_media(config, part, image_tokens, own_image_tokens, video_tokens)
        for part in media_parts(conversation)
    ]
    rendered = render(
        conversation,
        tools=tools,
        thinking=thinking,
        empty_thought=config.prefills_empty_thought and not thinking,
        control=tokenizer.control,
        continue_last=continue_last,
    )
    plans, digests = [p.plan for p in planned], [p.digest for p in planned]
    dropped = (*rendered.dropped, *silenced)
    expanded = expand(rendered, plans, tokenizer)
    ids = np.array(expanded.token_ids, np.int32)
    return Prompt(
        ids=ids,
        types=np.array(expanded.token_types, np.int8),
        receipt=build_receipt(conversation, plans, digests, expanded, dropped),
        media=tuple(p.media for p in planned),
        marks=tuple(int(i) for i in np.flatnonzero(ids == tokenizer.control.turn_open)),
        starts_in_thought=rendered.starts_in_thought,
    )


def _without_unheard_sound(
    config: ModelConfig, conversation: Conversation
) -> tuple[Conversation, tuple[str, ...]]:
    """Take the sound track from clips if the model cannot hear, and say so."""
    if config.audio is not None:
        return conversation, ()
    silenced: list[str] = []

    def silent(part: Part) -> Part:
        if not isinstance(part, Video) or part.sound is None:
            return part
        name = part.name or "the clip"
        silenced.append(f"the sound of {name}: this model has no hearing (E2B and E4B do).")
        return replace(part, sound=None)

    kept = tuple(replace(m, parts=tuple(map(silent, m.parts))) for m in conversation)
    return Conversation(kept), tuple(silenced)


def plan_media(
    config: ModelConfig,
    part: Image | Video | Audio,
    image_tokens: int | None,
    own_image_tokens: int,
    video_tokens: int,
) -> PlannedMedia:
    """Plan one part at the given budgets, unless the part has its own.

    `image_tokens` None: what `image_budget` makes of the model's own.

    Raises MediaError when the model lacks the sense, the part is damaged or beyond a limit.
    """
    if isinstance(part, Audio):
        return _plan_audio(config, part)
    if config.vision is None:
        raise MediaError(
            f"{part.name or 'The picture'} cannot be used: this model has no vision tower.",
            "Choose a complete Gemma 4 folder, or remove it.",
        )
    plan: ImagePlan | VideoPlan
    if isinstance(part, Video):
        plan = plan_video(part, part.soft_tokens or video_tokens)
        pictures = tuple(zip(part.frames, plan.frames, strict=True))
    else:
        size = check_pixels(part.pixels)
        own = image_budget(*size, own_image_tokens)
        plan = plan_image(*size, part.soft_tokens or image_tokens or own)
        pictures = ((part.pixels, plan),)
    _check_positions(config, [frame for _, frame in pictures])
    digest = content_hash(*(pixels for pixels, _ in pictures))
    kind: Literal["image", "video"] = "video" if isinstance(part, Video) else "image"
    as_read = _digest_as_read(digest, [frame for _, frame in pictures])
    media = MediaInput(kind, part.name, as_read, plan.soft_tokens, pictures)
    return PlannedMedia(plan, media, digest)


def _plan_audio(config: ModelConfig, part: Audio) -> PlannedMedia:
    if config.audio is None:
        raise MediaError(
            f"{part.name or 'The recording'} cannot be used: this model has no hearing.",
            "Use Gemma 4 E2B or E4B for sound, or remove the recording.",
        )
    plan = plan_audio(check_samples(part.samples))
    digest = content_hash(part.samples)
    media = MediaInput("audio", part.name, digest, plan.soft_tokens, samples=part.samples)
    return PlannedMedia(plan, media, digest)


def _digest_as_read(content: str, plans: Sequence[ImagePlan]) -> str:
    """The content's digest with the size it is read at mixed in."""
    sizes = np.array([plan.grid for plan in plans], np.int32)
    return content_hash(np.frombuffer(content.encode(), np.uint8), sizes)


def _check_positions(config: ModelConfig, plans: Sequence[ImagePlan]) -> None:
    """MLX does not check indices: a grid beyond the position table would read foreign memory."""
    limit = config.vision.positions if config.vision is not None else 0
    longest = max(max(plan.grid) for plan in plans)
    if longest > limit:
        raise MediaError(
            f"The picture would be {longest} patches long; this model knows {limit} positions.",
            "Choose a smaller picture budget or crop the picture.",
        )
