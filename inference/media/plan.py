"""How many soft tokens a picture, clip or recording becomes, and at what size the model sees it.

Only numbers: a plan is made before any pixel is resized, so that prompts can be counted cheaply.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from inference.api import Video
from inference.errors import MediaError
from inference.media.audio import mel_frame_count, soft_token_count
from inference.media.limits import (
    SAMPLE_RATE,
    check_pixels,
    check_sample_count,
    check_size,
    check_times,
)

IMAGE_BUDGETS = (70, 140, 280, 560, 1120)
DEFAULT_IMAGE_BUDGET = 280  # the model card's
PATCH = 16  # pixels along a side of a patch
POOL = 3  # patches along a side of a soft token
TOKEN_SIDE = PATCH * POOL


@dataclass(frozen=True, slots=True)
class ImagePlan:
    """A picture of `height` x `width` pixels becomes `model_height` x `model_width` for the model.

    The model sizes are multiples of 48; `soft_tokens` <= `budget` counts their 48 x 48 squares.
    """

    height: int
    width: int
    model_height: int
    model_width: int
    soft_tokens: int
    budget: int

    @property
    def grid(self) -> tuple[int, int]:
        """Rows and columns of 16 x 16 patches."""
        return self.model_height // PATCH, self.model_width // PATCH


@dataclass(frozen=True, slots=True)
class VideoPlan:
    """One ImagePlan and one time in seconds for each frame, oldest first."""

    frames: tuple[ImagePlan, ...]
    times_s: tuple[float, ...]

    @property
    def soft_tokens(self) -> int:
        """Soft tokens of all frames together, without timestamps and brackets."""
        return sum(frame.soft_tokens for frame in self.frames)


@dataclass(frozen=True, slots=True)
class AudioPlan:
    """A recording of `samples` at 16 kHz: `mel_frames` of 10 ms give `soft_tokens` of 40 ms."""

    samples: int
    seconds: float
    mel_frames: int
    soft_tokens: int


def plan_image(height: int, width: int, budget: int) -> ImagePlan:
    """Gemma 4's resize rule: fill `budget` soft tokens, keep the aspect ratio, up or down.

    Raises MediaError for a budget outside IMAGE_BUDGETS and for an empty or oversized picture.
    """
    if budget not in IMAGE_BUDGETS:
        choices = ", ".join(str(b) for b in IMAGE_BUDGETS)
        raise MediaError(f"A picture can take {choices} soft tokens, not {budget}.")
    check_size(height, width)
    # The order of the float operations decides sizes on the edge of a multiple of 48 and follows
    # transformers 5.23 Gemma4ImageProcessor.
    scale = math.sqrt(budget * TOKEN_SIDE**2 / (height * width))
    rows = math.floor(scale * height / TOKEN_SIDE)
    columns = math.floor(scale * width / TOKEN_SIDE)
    # A strip too thin for one row (column) is more than `budget` times as long as it is thin, so
    # the reference's min(aspect ratio, budget) is always the budget, and both cannot be 0 at once.
    if rows == 0:
        rows, columns = 1, budget
    elif columns == 0:
        rows, columns = budget, 1
    return ImagePlan(height, width, rows * TOKEN_SIDE, columns * TOKEN_SIDE, rows * columns, budget)


def image_budget(height: int, width: int, own: int) -> int:
    """The budget of a picture nobody chose one for, `own` being the model's.

    A model made for small pictures gets as much as keeps a larger one from being reduced, up to
    what the published sizes take for every picture. With their own budget it is that budget.
    """
    between = [b for b in IMAGE_BUDGETS if own <= b <= DEFAULT_IMAGE_BUDGET] or [own]
    enough = (b for b in between if height * width <= b * TOKEN_SIDE**2)
    return next(enough, between[-1])


def plan_video(video: Video, budget: int) -> VideoPlan:
    """Plan every frame of `video` with `budget` soft tokens each; its sound is planned apart.

    Raises MediaError for frames, times or a budget outside the limits.
    """
    check_times(video.times_s, len(video.frames))
    frames = tuple(plan_image(*check_pixels(frame), budget) for frame in video.frames)
    return VideoPlan(frames, tuple(float(t) for t in video.times_s))


def plan_audio(n_samples: int) -> AudioPlan:
    """Plan a recording of `n_samples` at 16 kHz, from 161 samples to 30 s.

    Raises MediaError.
    """
    check_sample_count(n_samples)
    return AudioPlan(
        n_samples,
        n_samples / SAMPLE_RATE,
        mel_frame_count(n_samples),
        soft_token_count(n_samples),
    )
