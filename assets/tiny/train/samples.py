"""A training example: chat messages, the media they refer to, and what kind of task it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

HELD_OUT = 10_000_000  # seeds from here on are never trained on


@dataclass(frozen=True, eq=False)
class Picture:
    """One still picture, drawn at the size the model reads it: uint8 RGB [H, W, 3]."""

    pixels: NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Clip:
    """Frames uint8 RGB [H, W, 3], oldest first, with the time of each in seconds."""

    frames: tuple[NDArray[np.uint8], ...]
    times: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class Sound:
    """A recording: float32 mono PCM in [-1, 1] at 16 kHz."""

    pcm: NDArray[np.float32]


Media = Picture | Clip | Sound


@dataclass(frozen=True, eq=False)
class Sample:
    """One conversation in the form of the chat template.

    `messages` have "role", "content" (text or a list of parts {"type": "text" | "image" | "video"
    | "audio"}) and, where needed, "reasoning", "tool_calls", "tool_responses". `media` holds the
    media in the order of their parts. `kind` is group and task: "chart.table", "audio.words".
    """

    messages: list[dict[str, Any]]
    media: list[Media] = field(default_factory=list)
    kind: str = ""
    tools: list[dict[str, Any]] | None = None
    thinking: bool = False


def rng(seed: int) -> np.random.Generator:
    """The generator of one sample; equal seeds give equal samples."""
    return np.random.default_rng(seed)


def user(text: str, *media: str) -> dict[str, Any]:
    """A user's turn: pictures and clips before the text, recordings after it (Gemma 4)."""
    parts = [{"type": kind} for kind in media if kind != "audio"]
    parts.append({"type": "text", "text": text})
    parts += [{"type": kind} for kind in media if kind == "audio"]
    return {"role": "user", "content": parts}


def model(text: str, reasoning: str = "") -> dict[str, Any]:
    """The model's turn: what it is trained to write."""
    turn: dict[str, Any] = {"role": "assistant", "content": text}
    return turn | {"reasoning": reasoning} if reasoning else turn
