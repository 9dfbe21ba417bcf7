"""The reference outputs beside the checkpoints: cases, media and prompts made from them."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import mlx.core as mx
import numpy as np

from inference import Model, Prompt, load
from inference.generate.features import encode
from inference.media.audio import soft_token_count
from inference.media.plan import ImagePlan
from inference.prompt.prompt import MediaInput

DATA = Path(__file__).parent / "data"
FAMILIES = ("e", "moe", "dense")
LOGITS, FEATURES = 1e-4, 1e-5  # absolute tolerances in float32

# Case -> the inputs behind its placeholders, in prompt order.
MEDIA: dict[str, tuple[str, ...]] = {
    "text": (),
    "image": ("wide", "tall"),
    "interleaved": ("square", "wide", "tall"),
    "large_budget": ("strip",),
    "video": ("frames",),
    "video_uneven": ("frames:4",),
    "audio": ("clip",),
    "audio_short": ("short",),
    "audio_long": ("long",),
    "all": ("tall", "frames:2", "clip"),
}


@cache
def arrays(name: str) -> dict[str, np.ndarray[Any, Any]]:
    with np.load(DATA / f"{name}.npz") as file:
        return dict(file)


def cases(family: str) -> list[str]:
    return [case for case in MEDIA if f"{case}/logits" in arrays(f"{family}")]


ALL_CASES = [(family, case) for family in FAMILIES for case in cases(family)]


class Case:
    """One case of one family, with its arrays as attributes by name."""

    def __init__(self, family: str, name: str) -> None:
        self.family, self.name = family, name
        prefix = f"{name}/"
        self._arrays = {
            key.removeprefix(prefix): value
            for key, value in arrays(f"{family}").items()
            if key.startswith(prefix)
        }

    def __getitem__(self, key: str) -> np.ndarray[Any, Any]:
        return self._arrays[key]

    def prompt(self) -> Prompt:
        """The reference's own ids and types, with our media inputs behind the placeholders."""
        types = self["type_ids"].astype(np.int8)
        raw = Prompt.from_token_ids([int(i) for i in self["ids"]])
        media = tuple(media_input(name) for name in MEDIA[self.name])
        return Prompt(raw.ids, types, raw.receipt, media)


def media_input(name: str) -> MediaInput:
    """A media input whose size is already what the model reads, so that nothing is resized."""
    base, _, count = name.partition(":")
    media = arrays("media")
    if f"clip/{base}" in media:
        samples = media[f"clip/{base}"]
        tokens = soft_token_count(len(samples))
        return MediaInput("audio", base, digest(name), tokens, samples=samples)
    if base == "frames":
        frames = [resized("frames", i) for i in range(int(count or len(media["frames"])))]
        pictures = tuple(frames)
        return MediaInput(
            "video", base, digest(name), sum(plan.soft_tokens for _, plan in pictures), pictures
        )
    picture = resized(base)
    return MediaInput("image", base, digest(name), picture[1].soft_tokens, (picture,))


def resized(name: str, index: int | None = None) -> tuple[np.ndarray[Any, Any], ImagePlan]:
    """The reference's resized pixels, put together from its patches, and their plan."""
    patches, positions = (
        arrays("media")[f"patches/{name}"],
        arrays("media")[f"patch_positions/{name}"],
    )
    patches = patches if index is None else patches[index]
    columns, rows = (int(x) + 1 for x in positions.max(axis=0))
    pixels = np.ascontiguousarray(
        patches.reshape(rows, columns, 16, 16, 3).transpose(0, 2, 1, 3, 4)
    ).reshape(rows * 16, columns * 16, 3)
    height, width = pixels.shape[:2]
    return pixels, ImagePlan(height, width, height, width, rows * columns // 9, 70)


def digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


@cache
def model(family: str) -> Model:
    """The family's checkpoint in float32, loaded once."""
    return load(DATA / family, dtype="float32")


def features(family: str, name: str) -> np.ndarray[Any, Any]:
    """Soft tokens of one media input through our towers."""
    return np.asarray(encode(model(family).network, media_input(name), lambda: False))


def forward(family: str, prompt: Prompt) -> np.ndarray[Any, Any]:
    """Logits [L, V] without a cache."""
    return np.asarray(model(family).logits(prompt))


def largest(a: Any, b: Any) -> float:
    """The largest absolute difference; NaN anywhere counts as infinite."""
    gap = np.abs(np.asarray(a, np.float64) - np.asarray(b, np.float64))
    return float("inf") if np.isnan(gap).any() else float(gap.max())


def greedy_from(logits: mx.array) -> int:
    return int(mx.argmax(logits).item())
