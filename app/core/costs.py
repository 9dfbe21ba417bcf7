"""Estimated cost of what is not sent yet: soft tokens by the engine's own rule, text by length."""

from __future__ import annotations

from app.core.clips import SOUND_PART_S, WINDOW_S, window_of
from app.core.conversation import Attachment, Settings
from app.core.page_choice import document_cost
from inference import image_budget, plan_audio, plan_image

BRACKETS = 2  # tokens around a picture, a frame or a recording
CLOCK_TOKENS = 4  # "00:07 " before each frame of a clip
SAMPLE_RATE = 16_000
LONGEST_S = {"video": float(WINDOW_S), "audio": 30.0}  # what the model watches and hears
LEAST_SOUND_S = 0.02  # a shorter end makes no sound token
PAGE_SIZE = (2048, 1448)  # height and width in pixels of a page as it is drawn, about
DEFAULT_BUDGET = 280  # the published sizes', while no model is known
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
        return settings.image_tokens or image_budget(*size_sent(attachment), own_image)
    return settings.video_tokens if attachment.kind == "video" else 0


def page_budget(document: Attachment, settings: Settings, own_image: int) -> int:
    """The soft-token budget of a page's picture, which is as large as the model could want."""
    chosen = document.soft_tokens or settings.image_tokens
    return chosen or image_budget(*PAGE_SIZE, own_image or DEFAULT_BUDGET)


def size_sent(attachment: Attachment) -> tuple[int, int]:
    """Height and width in pixels of what is sent of a picture, or of each frame of a clip."""
    if attachment.selection.crop is None:
        return attachment.height, attachment.width
    left, top, right, bottom = attachment.selection.crop
    return bottom - top, right - left


def frames_sent(clip: Attachment) -> int:
    """How many frames of a clip are sent."""
    chosen = clip.selection
    window = window_of(chosen.start_s, chosen.end_s, clip.seconds)
    return len(window) - sum(number < len(window) for number in set(chosen.left_out))


def seconds_sent(attachment: Attachment) -> float:
    """How much of a clip or recording is sent, in seconds."""
    chosen = attachment.selection
    end = attachment.seconds if chosen.end_s is None else min(chosen.end_s, attachment.seconds)
    return min(max(0.0, end - chosen.start_s), LONGEST_S.get(attachment.kind, end))


def soft_tokens(attachment: Attachment, settings: Settings, own_image: int) -> int:
    """Soft tokens of an attachment, without brackets, clocks and a clip's sound; 0 for texts.

    Raises MediaError for sizes out of bounds.
    """
    if attachment.kind in ("image", "video"):
        allowed = budget(attachment, settings, own_image)
        picture = plan_image(*size_sent(attachment), allowed).soft_tokens
        return picture * frames_sent(attachment) if attachment.kind == "video" else picture
    if attachment.kind == "audio":
        return plan_audio(round(seconds_sent(attachment) * SAMPLE_RATE)).soft_tokens
    return 0


def frame_tokens(height: int, width: int, budget: int) -> int:
    """Tokens of one frame of a clip with its brackets and its time. Raises MediaError."""
    return plan_image(height, width, budget).soft_tokens + BRACKETS + CLOCK_TOKENS


def sound_tokens(seconds: float) -> int:
    """Tokens of a sound track, heard in parts of at most 30 s."""
    total = 0
    while seconds > LEAST_SOUND_S:
        part = min(seconds, float(SOUND_PART_S))
        total += plan_audio(round(part * SAMPLE_RATE)).soft_tokens + BRACKETS
        seconds -= part
    return total


def cost(attachment: Attachment, settings: Settings, own_image: int) -> int:
    """Tokens an attachment adds to the prompt, about; a clip's sound included."""
    if attachment.kind == "document" and attachment.pages:
        return document_cost(attachment, page_budget(attachment, settings, own_image))
    if attachment.kind in ("text", "document"):
        return attachment.tokens
    count = soft_tokens(attachment, settings, own_image)
    if attachment.kind != "video":
        return count + BRACKETS
    count += frames_sent(attachment) * (BRACKETS + CLOCK_TOKENS)
    if attachment.has_sound and attachment.selection.with_sound:
        count += sound_tokens(seconds_sent(attachment))
    return count
