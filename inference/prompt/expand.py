"""Rendered segments to token ids: media placeholders written out, text encoded run by run."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from inference.errors import PromptError
from inference.media.plan import AudioPlan, ImagePlan, VideoPlan
from inference.prompt.render import Rendered
from inference.prompt.segments import Control, MediaKind, MediaSlot, Origin
from inference.prompt.tokenizer import Tokenizer

TOKEN_TYPES = {"text": 0, "image": 1, "video": 2, "audio": 3}
MediaPlan = ImagePlan | VideoPlan | AudioPlan


@dataclass(frozen=True, slots=True)
class Span:
    """Tokens `start` to `stop` (exclusive) come from `origin`; None is the template itself."""

    origin: Origin | None
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class SoftBlock:
    """Tokens `start` to `stop` (exclusive) are the soft tokens of one picture, frame or recording.

    `part_index` is the item's index in `messages.media_parts`.
    """

    part_index: int
    kind: MediaKind
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Expanded:
    """A prompt ready for the model.

    `token_types` has one entry per id: 0 text, 1 image, 2 video, 3 audio soft token. `spans`
    cover the ids without gaps; `blocks` are in prompt order, one per frame of a video.
    """

    token_ids: list[int]
    token_types: list[int]
    spans: tuple[Span, ...] = ()
    blocks: tuple[SoftBlock, ...] = ()


def expand(rendered: Rendered, media: Sequence[MediaPlan], tokenizer: Tokenizer) -> Expanded:
    """Encode `rendered`; `media` has the plan of each of `messages.media_parts`, in that order.

    Raises PromptError if the plans do not fit the slots, or if the model lacks the sense.
    """
    slots = [segment for segment in rendered.segments if isinstance(segment, MediaSlot)]
    if len(slots) != len(media):
        raise PromptError(
            f"The conversation holds {len(slots)} media items, but {len(media)} were prepared."
        )
    expansion = _Expansion(tokenizer)
    for segment in rendered.segments:
        if isinstance(segment, Control):
            expansion.control(segment.id, segment.origin)
        elif isinstance(segment, MediaSlot):
            expansion.slot(segment, media[segment.part_index])
        else:
            expansion.text(segment.text, segment.origin)
    return expansion.result()


class _Expansion:
    """Collects ids; neighbouring texts wait, because the vocabulary may merge across them."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._ids: list[int] = []
        self._types: list[int] = []
        self._spans: list[Span] = []
        self._blocks: list[SoftBlock] = []
        self._waiting: list[tuple[str, Origin | None]] = []

    def text(self, text: str, origin: Origin | None) -> None:
        if text:
            self._waiting.append((text, origin))

    def control(self, token_id: int, origin: Origin | None) -> None:
        self._encode_waiting()
        self._add([token_id], TOKEN_TYPES["text"], origin)

    def slot(self, slot: MediaSlot, plan: MediaPlan) -> None:
        """Write out one media item. Raises PromptError if `plan` is for something else."""
        control = self._tokenizer.control
        if slot.kind == "image" and isinstance(plan, ImagePlan):
            self._block(slot, plan.soft_tokens, control.boi, control.image, control.eoi)
        elif slot.kind == "audio" and isinstance(plan, AudioPlan):
            self._block(slot, plan.soft_tokens, control.boa, control.audio, control.eoa)
        elif slot.kind == "video" and isinstance(plan, VideoPlan):
            self._frames(slot, plan)
        else:
            raise PromptError(f"Media item {slot.part_index + 1} was prepared as another kind.")

    def result(self) -> Expanded:
        self._encode_waiting()
        self._tokenizer.check_ids(self._ids)
        return Expanded(self._ids, self._types, tuple(self._spans), tuple(self._blocks))

    def _frames(self, slot: MediaSlot, plan: VideoPlan) -> None:
        control = self._tokenizer.control
        if not plan.frames or len(plan.frames) != len(plan.times_s):
            raise PromptError(
                f"A video of {len(plan.frames)} frames came with {len(plan.times_s)} times."
            )
        for index, (frame, time_s) in enumerate(zip(plan.frames, plan.times_s, strict=True)):
            self.text(f"{' ' if index else ''}{_clock(time_s)} ", slot.origin)
            self._block(slot, frame.soft_tokens, control.boi, control.video, control.eoi)

    def _block(
        self, slot: MediaSlot, count: int, before: int | None, soft: int | None, after: int | None
    ) -> None:
        if before is None or soft is None or after is None:
            raise PromptError(
                f"This model cannot take {slot.kind} input.", "Remove it or choose another model."
            )
        if count < 1:
            raise PromptError(f"Media item {slot.part_index + 1} has no soft tokens.")
        self.control(before, slot.origin)
        start = len(self._ids)
        self._add([soft] * count, TOKEN_TYPES[slot.kind], slot.origin)
        self._blocks.append(SoftBlock(slot.part_index, slot.kind, start, start + count))
        self.control(after, slot.origin)

    def _encode_waiting(self) -> None:
        """Encode the texts as one; a token across a border belongs to where it begins."""
        if not self._waiting:
            return
        ids, starts = self._tokenizer.encode_with_starts("".join(t for t, _ in self._waiting))
        position = end = 0
        for text, origin in self._waiting:
            end += len(text)
            first = position
            while position < len(ids) and starts[position] < end:
                position += 1
            self._add(ids[first:position], TOKEN_TYPES["text"], origin)
        self._waiting = []

    def _add(self, ids: list[int], token_type: int, origin: Origin | None) -> None:
        if not ids:
            return
        start = len(self._ids)
        self._ids += ids
        self._types += [token_type] * len(ids)
        if self._spans and self._spans[-1].origin == origin:
            start = self._spans.pop().start
        self._spans.append(Span(origin, start, len(self._ids)))


def _clock(time_s: float) -> str:
    """Minutes and seconds, truncated (Gemma 4). Raises PromptError for a time before 0:00."""
    if not 0 <= time_s < math.inf:
        raise PromptError(f"A video frame has the time {time_s} s.")
    return f"{int(time_s // 60):02d}:{int(time_s % 60):02d}"
