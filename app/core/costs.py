"""Estimated cost of what is not sent yet: soft tokens by the engine's own rule, text by length."""

from __future__ import annotations

from app.core.conversation import Attachment, Settings
from inference import image_budget, plan_audio, plan_image

BRACKETS = 2  # tokens around a picture, a frame or a recording
CLOCK_TOKENS = 4  # "00:07 " before each frame of a clip
SAMPLE_RATE = 16_000
CHARACTERS_PER_TOKEN = 3.8  # English prose with this vocabulary; an estimate, and shown as one


def text_tokens(text: str) -> int:
    """About how many tokens a text takes."""
    return round(len(text) / CHARACTERS_PER_TOKEN) if text.strip() else 0


def budget(attachment: Attachment, settings: Settings, own_image: int) -> int:
    """The soft-token budget in force: the attachment's, the conversation's, the model's own.

    `own_image` is the model's budget for pictures; 0 for kinds that have no budget.
    """
    if attachment.soft_tokens is not None:
        return attachment.soft_tokens
    if attachment.kind == "image":
        size = attachment.height, attachment.width
        return settings.image_tokens or image_budget(*size, own_image)
    return settings.video_tokens if attachment.kind == "video" else 0


def soft_tokens(attachment: Attachment, settings: Settings, own_image: int) -> int:
    """Soft tokens of an attachment, without brackets and clocks; 0 for a text.

    Raises MediaError for sizes out of bounds.
    """
    if attachment.kind in ("image", "video"):
        allowed = budget(attachment, settings, own_image)
        picture = plan_image(attachment.height, attachment.width, allowed).soft_tokens
        return picture * attachment.frames if attachment.kind == "video" else picture
    if attachment.kind == "audio":
        return plan_audio(round(attachment.seconds * SAMPLE_RATE)).soft_tokens
    return 0


def cost(attachment: Attachment, settings: Settings, own_image: int) -> int:
    """Tokens an attachment adds to the prompt, about; a clip's sound included."""
    if attachment.kind == "text":
        return attachment.tokens
    count = soft_tokens(attachment, settings, own_image)
    if attachment.kind != "video":
        return count + BRACKETS
    count += attachment.frames * (BRACKETS + CLOCK_TOKENS)
    if attachment.has_sound:
        heard_s = min(attachment.seconds, 30.0)
        count += round(heard_s * 25) + BRACKETS  # 40 ms for each soft token
    return count
