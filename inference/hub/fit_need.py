"""What a model needs in memory, and what that means on a machine.

The sum counts what the engine really holds: decoder weights, keys and values for the context, the
working memory of the largest prefill chunk, towers with theirs, and a reserve for the program.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from inference.hub.fit_parts import (
    Device,
    kv_bytes,
    picture_bytes,
    prefill_bytes,
    reading,
    sound_bytes,
)
from inference.hub.fit_shapes import Shape
from inference.hub.machine import GB, Machine

FitState = Literal["fits", "slow", "wont_fit"]
DEFAULT_CONTEXT = 16_384
CONTEXTS = (4_096, 8_192, 16_384, 32_768, 65_536, 131_072, 262_144)

_FITS, _SLOW = 0.75, 0.90  # shares of what is available
_RESERVE = 600_000_000  # the program itself, the tokenizer, freed buffers kept for reuse
_WORKING = 256 * 1024 * 1024  # for activations of one chunk, where there is enough
_SOFT_TOKENS = 256 * 1024 * 1024  # of media, kept for the next question


@dataclass(frozen=True, slots=True)
class MediaLoad:
    """The most that is sent at once: a picture's token budget, frames of a clip, seconds of sound.

    Zeros: text alone.
    """

    image_tokens: int = 0
    frames: int = 0
    sound_s: float = 0.0


TEXT_ONLY = MediaLoad()
USUAL_MEDIA = MediaLoad(image_tokens=280, frames=60, sound_s=30.0)


@dataclass(frozen=True, slots=True)
class Need:
    """Bytes that a model needs, by what for. The parts add up to `total`.

    `media` is what pictures and sound take beyond the rest: reading them and reading the prompt
    come one after the other and share their working memory.
    """

    weights: int
    kv: int
    prefill: int
    media: int
    reserve: int

    @property
    def total(self) -> int:
        return self.weights + self.kv + self.prefill + self.media + self.reserve

    def share_of(self, available: int) -> float:
        """The total as a share of the bytes available."""
        return self.total / available if available else float("inf")

    def parts(self) -> tuple[tuple[str, int], ...]:
        """Names and bytes of the parts, to be shown as a sum."""
        named = (
            ("Weights", self.weights),
            ("Context", self.kv),
            ("Reading the prompt", self.prefill),
            ("Pictures and sound", self.media),
            ("Reserve", self.reserve),
        )
        return tuple((name, count) for name, count in named if count)


def estimate(
    shape: Shape,
    context_tokens: int = DEFAULT_CONTEXT,
    media: MediaLoad = USUAL_MEDIA,
    *,
    device: Device = "gpu",
    working_bytes: int = _WORKING,
    chunk: int | None = None,
    table_on_disk: bool = True,
) -> Need:
    """What the model needs with so much context in use (no more than it can hold).

    Chunks of the prompt are of the size that the engine takes for `working_bytes`, or of `chunk`
    tokens. `table_on_disk`: the per-layer
    table of the E sizes stays in its file, as the engine leaves it there unless told otherwise.
    """
    text = shape.text
    context = max(1, min(context_tokens, text.max_positions))
    how = reading(text, context, device, shape.bits < 16, working_bytes)
    how = how if chunk is None else replace(how, chunk=chunk)
    prefill = prefill_bytes(text, how)
    table = 0 if table_on_disk else shape.table.resident(how.item_bytes)
    towers, transient, rows = _media(shape, media, how.item_bytes)
    return Need(
        weights=shape.decoder.resident(how.item_bytes) + table,
        kv=kv_bytes(text, how),
        prefill=prefill,
        media=towers + rows + max(transient - prefill, 0),
        reserve=_RESERVE,
    )


def need_on(machine: Machine, shape: Shape, context_tokens: int, media: MediaLoad) -> Need:
    """What the model needs as the engine works on this machine."""
    return estimate(
        shape,
        context_tokens,
        media,
        device=machine.device,
        working_bytes=machine.working_bytes,
    )


def _media(shape: Shape, media: MediaLoad, item_bytes: int) -> tuple[int, int, int]:
    """Bytes of the towers in use, of their activations, and of the soft tokens kept."""
    towers = transient = tokens = 0
    if shape.vision_config is not None and (media.image_tokens or media.frames):
        towers += shape.vision.resident(item_bytes)
        tokens += media.image_tokens + 70 * media.frames
        transient = picture_bytes(shape.vision_config, media.image_tokens, media.frames, item_bytes)
    if shape.audio_config is not None and media.sound_s:
        towers += shape.audio.resident(item_bytes)
        tokens += int(media.sound_s * 25)
        transient = max(transient, sound_bytes(shape.audio_config, media.sound_s, item_bytes))
    rows = min(tokens * shape.text.hidden * item_bytes, _SOFT_TOKENS)
    return towers, transient, rows


def verdict(need: Need, machine: Machine) -> FitState:
    """Fits up to 75 % of what the machine can give, may be slow up to 90 %, else will not fit."""
    share = need.share_of(machine.available_bytes)
    return "fits" if share <= _FITS else "slow" if share <= _SLOW else "wont_fit"


def gigabytes(count: int) -> str:
    """Decimal gigabytes, as Finder shows them: "3.6 GB"."""
    return f"{count / GB:.1f} GB"
