"""Estimated cost of what is not sent yet: soft tokens by the engine's own rule, text by length."""

from __future__ import annotations

from app.core.conversation import Attachment, Settings
from inference import plan_audio, plan_image

BRACKETS = 2  # tokens around a picture, a frame or a recording
CLOCK_TOKENS = 4  # "00:07 " before each frame of a clip
SAMPLE_RATE = 16_000
CHARACTERS_PER_TOKEN = 3.8  # English prose with this vocabulary; an estimate, and shown as one
DEFAULT_IMAGE_TOKENS = 280


def text_tokens(text: str) -> int:
    """About how many tokens a text takes."""
    return round(len(text) / CHARACTERS_PER_TOKEN) if text.strip() else 0


def soft_tokens(attachment: Attachment, settings: Settings, default_image: int) -> int:
    """Soft tokens of an attachment, without brackets and clocks; 0 for a text.

    `default_image` is the model's own picture budget. Raises MediaError for sizes out of bounds.
    """
    if attachment.kind == "image":
        budget = attachment.soft_tokens or settings.image_tokens or default_image
        return plan_image(attachment.height, attachment.width, budget).soft_tokens
    if attachment.kind == "video":
        budget = attachment.soft_tokens or settings.video_tokens
        frame = plan_image(attachment.height, attachment.width, budget).soft_tokens
        return frame * attachment.frames
    if attachment.kind == "audio":
        return plan_audio(round(attachment.seconds * SAMPLE_RATE)).soft_tokens
    return 0


def cost(attachment: Attachment, settings: Settings, default_image: int) -> int:
    """Tokens an attachment adds to the prompt, about; a clip's sound included."""
    if attachment.kind == "text":
        return attachment.tokens
    count = soft_tokens(attachment, settings, default_image)
    if attachment.kind != "video":
        return count + BRACKETS
    count += attachment.frames * (BRACKETS + CLOCK_TOKENS)
    if attachment.has_sound:
        heard_s = min(attachment.seconds, 30.0)
        count += round(heard_s * 25) + BRACKETS  # 40 ms for each soft token
    return count
