"""Bytes that reading a prompt takes beside the weights, by the rules that the engine follows.

Keys and values: `inference/models/cache.py`; copies of windows: `inference/generate/session.py`;
chunks: `inference/generate/prefill.py`; score tiles: `inference/models/gemma4/attention.py`.
Axes: T tokens of a chunk, C of the context, H decoder width, W window, P patches of a picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from inference.generate.prefill import chunk_size
from inference.models.gemma4.config import AudioConfig, LayerConfig, TextConfig, VisionConfig

Device = Literal["gpu", "cpu"]

_STEP = 256  # full caches grow by so many tokens
_SNAPSHOT_BYTES = 256 * 1024 * 1024
_FEWEST_SNAPSHOTS, _MOST_SNAPSHOTS = 2, 32
_SCORES = 64 * 1024 * 1024  # values of one tile
_UNPACKED = 2 * 1024 * 1024  # values of a matrix that the CPU unpacks at a time
_BATCH_PATCHES = 5120
_PATCHES_PER_TOKEN = 9
_FRAMES_PER_SECOND = 100  # of a log-mel spectrum


@dataclass(frozen=True, slots=True)
class Reading:
    """How a prompt is read: tokens in all, tokens of a chunk, where, packed weights or not."""

    context: int
    chunk: int
    device: Device
    is_packed: bool

    @property
    def item_bytes(self) -> int:
        """Width of activations: bfloat16 on a GPU, float32 on a processor."""
        return 2 if self.device == "gpu" else 4

    @property
    def is_stepwise(self) -> bool:
        """Whether arrays of one product are gone before the next: packed weights on a CPU are
        unpacked piece by piece. Elsewhere MLX works ahead, and two layers are in memory."""
        return self.device == "cpu" and self.is_packed


def reading(
    text: TextConfig, context: int, device: Device, is_packed: bool, working_bytes: int
) -> Reading:
    """The engine's own way of reading a prompt that fills the context."""
    chunk = chunk_size(text, 2 if device == "gpu" else 4, working_bytes)
    return Reading(context, chunk, device, is_packed)


def kv_bytes(text: TextConfig, how: Reading) -> int:
    """Caches of all layers that make keys and values, and the copies of the windows."""
    producers = text.layers[: text.first_shared]
    full = sum(_row(layer) for layer in producers if layer.kind == "full")
    sliding = sum(_row(layer) for layer in producers if layer.kind == "sliding")
    slack = max(16, text.window // 4)
    capacity = text.window - 1 + slack + max(64, slack)
    caches = full * _ceil(how.context, _STEP) + sliding * capacity
    return (caches + sliding * _copied_tokens(text, sliding, how)) * how.item_bytes


def _copied_tokens(text: TextConfig, sliding: int, how: Reading) -> int:
    """Tokens in the copies of windows that a session keeps, so that an edited prompt can go on.

    One for each chunk but the last, and for each of the last two turns behind the first window.
    """
    limit = _SNAPSHOT_BYTES // max(sliding * (text.window - 1) * how.item_bytes, 1)
    allowed = min(_MOST_SNAPSHOTS, max(_FEWEST_SNAPSHOTS, limit))
    chunks = -(-how.context // how.chunk) - 1
    sizes = [min(how.chunk * (i + 1), text.window - 1) for i in range(chunks)]
    sizes += [text.window - 1] * (2 if how.context > text.window else 0)
    return sum(sorted(sizes)[-allowed:])


def _row(layer: LayerConfig) -> int:
    """Values that one token adds: a key and a value for each head."""
    return 2 * layer.kv_heads * layer.head_dim


def prefill_bytes(text: TextConfig, how: Reading) -> int:
    """The most that the activations of one chunk take at a time.

    The counts of arrays were found by measuring on a CPU (`tests/bench/fit_accuracy.py`); those
    for a GPU are the larger ones, and scores are counted twice there because of their mask.
    """
    tokens = min(how.chunk, how.context)
    layers = text.layers[: max(text.first_shared - 1, 1)]
    inputs = len(text.layers) * text.ple_dim * tokens
    if how.is_stepwise:
        stages = [max(_attention(text, x, how, 3), _feed_forward(text, x, how, 4)) for x in layers]
        values = 3 * text.hidden * tokens + inputs + max(*stages, 2 * inputs)
    else:
        stages = [_attention(text, x, how, 2) + _feed_forward(text, x, how, 6) for x in layers]
        values = 6 * text.hidden * tokens + inputs + max(*stages, 2 * inputs)
    values += text.vocab * (4 // how.item_bytes) * 3  # logits of one row in float32, sorted
    unpacks = how.is_stepwise and text.moe is None  # experts are multiplied as they are
    return values * how.item_bytes + (_UNPACKED * 4 if unpacks else 0)


def _attention(text: TextConfig, layer: LayerConfig, how: Reading, copies: int) -> int:
    """Queries in so many steps, keys and values in view, one tile of scores."""
    tokens = min(how.chunk, how.context)
    queries = copies * layer.heads * layer.head_dim * tokens
    masked = 2 if how.device == "gpu" else 1
    if layer.kind == "sliding":
        tile = min(tokens, max(64, text.window // 2))
        keys = 2 * _row(layer) * min(text.window + tokens, how.context)
        scores = layer.heads * tile * min(text.window + tile, how.context)
        return queries + keys + masked * scores
    return queries + masked * layer.heads * how.context * min(
        tokens, max(32, _SCORES // (layer.heads * how.context))
    )


def _feed_forward(text: TextConfig, layer: LayerConfig, how: Reading, copies: int) -> int:
    """Gate, up and product in so many arrays; or the rows that go to experts and come back."""
    tokens = min(how.chunk, how.context)
    dense = copies * layer.ffn * tokens
    if text.moe is None:
        return dense
    rows = text.moe.top_k * tokens
    return 3 * text.hidden * tokens + rows * (5 * text.hidden + 3 * text.moe.ffn)


def picture_bytes(vision: VisionConfig, soft_tokens: int, frames: int, item_bytes: int) -> int:
    """The most that the vision tower's activations take for a picture and for frames of 70.

    For few patches that is where their places are looked up: a copy of the table of positions.
    """
    single = soft_tokens * _PATCHES_PER_TOKEN
    clip = min(frames * 70 * _PATCHES_PER_TOKEN, _BATCH_PATCHES)
    patches = max(single, clip)
    per_patch = 3 * vision.patch**2 + 4 * vision.hidden
    per_patch += max(4 * vision.hidden, 3 * vision.ffn)
    tile = min(patches, max(64, _SCORES // max(vision.heads * patches, 1)))
    scores = vision.heads * tile * patches
    table = 2 * vision.positions * vision.hidden + patches * 12 * vision.hidden
    return max(per_patch * patches + scores, table) * item_bytes


def sound_bytes(audio: AudioConfig, seconds: float, item_bytes: int) -> int:
    """The most that the audio tower's activations take: those of its first two convolutions.

    Measured on a CPU: eight times what comes out of the first (the second unfolds its input).
    """
    frames = int(seconds * _FRAMES_PER_SECOND)
    first = frames // 2 * (audio.mels // 2) * audio.channels[0]
    return 33 * first // 4 * item_bytes


def _ceil(count: int, step: int) -> int:
    return -(-count // step) * step
