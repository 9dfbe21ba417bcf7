"""What a clip costs as it is selected: the composer and the video pane count alike."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.core.conversation import Attachment, Settings
from app.core.costs import cost, frame_tokens, frames_sent, seconds_sent, size_sent, sound_tokens
from app.intake.selection import Selection

CLIP = Attachment(
    "a", "video", "hall.mp4", "0" * 64, 1, width=1280, height=720, seconds=252.0, has_sound=True
)
MINUTE = Selection(start_s=42.0, end_s=102.0, left_out=(7, 8))


def test_a_clip_costs_its_frames_and_its_sound() -> None:
    whole = 60 * frame_tokens(720, 1280, 70) + sound_tokens(60.0)
    assert cost(CLIP, Settings(), 280) == whole
    chosen = replace(CLIP, selection=MINUTE)
    assert cost(chosen, Settings(), 280) == whole - 2 * frame_tokens(720, 1280, 70)
    silent = replace(CLIP, selection=replace(MINUTE, with_sound=False))
    assert cost(silent, Settings(), 280) == 58 * frame_tokens(720, 1280, 70)
    finer = replace(silent, soft_tokens=140)
    assert cost(finer, Settings(), 280) == 58 * frame_tokens(720, 1280, 140)


@pytest.mark.parametrize(
    ("selection", "frames", "seconds"),
    [
        (Selection(), 60, 60.0),
        (MINUTE, 58, 60.0),
        (Selection(start_s=240.0), 12, 12.0),
        (Selection(start_s=10.0, end_s=25.0, left_out=(0, 14, 99)), 13, 15.0),
    ],
)
def test_how_much_is_sent(selection: Selection, frames: int, seconds: float) -> None:
    clip = replace(CLIP, selection=selection)
    assert (frames_sent(clip), seconds_sent(clip)) == (frames, seconds)


def test_a_crop_is_what_is_sent_of_a_picture() -> None:
    picture = replace(CLIP, kind="image", selection=Selection(crop=(10, 20, 110, 70)))
    assert size_sent(picture) == (50, 100)
    assert size_sent(replace(picture, selection=Selection())) == (720, 1280)
