"""A prompt ready for the network: token ids, what each placeholder stands for, and the receipt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from inference.api import Pixels, Receipt, ReceiptItem, Samples
from inference.errors import PromptError
from inference.media.plan import ImagePlan

TEXT, IMAGE, VIDEO, AUDIO = 0, 1, 2, 3  # token types


@dataclass(frozen=True, slots=True, eq=False)
class MediaInput:
    """One picture, clip or recording as the towers will read it.

    `sha256` covers the content and the size it is read at: equal digests mean equal features.
    """

    kind: Literal["image", "video", "audio"]
    name: str
    sha256: str
    soft_tokens: int
    pictures: tuple[tuple[Pixels, ImagePlan], ...] = ()
    samples: Samples | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Prompt:
    """Token ids [L] with their types [L] (0 text, 1 image, 2 video, 3 audio).

    `media` lists the inputs behind the placeholders, in prompt order. `marks` are positions at
    which a later conversation is likely to differ (turn starts).
    """

    ids: NDArray[np.int32]
    types: NDArray[np.int8]
    receipt: Receipt
    media: tuple[MediaInput, ...] = ()
    marks: tuple[int, ...] = ()
    starts_in_thought: bool = False

    def __post_init__(self) -> None:
        slots, rows = int((self.types > 0).sum()), sum(m.soft_tokens for m in self.media)
        if slots != rows:
            raise PromptError(
                f"The prompt has {slots} places for media, but its media have {rows} soft tokens."
            )

    @classmethod
    def from_token_ids(cls, ids: Sequence[int]) -> Prompt:
        """A raw text prompt. Ids are checked against the vocabulary when the prompt is used.

        Raises PromptError for an empty prompt or ids that are not whole numbers in 0 … 2³¹ − 1.
        """
        checked = [_checked_id(i) for i in ids]
        if not checked:
            raise PromptError("The prompt is empty.", "Write something first.")
        item = ReceiptItem("text", "", len(checked))
        return cls(
            np.array(checked, np.int32),
            np.zeros(len(checked), np.int8),
            Receipt((item,), len(checked)),
        )

    @property
    def token_ids(self) -> list[int]:
        return [int(i) for i in self.ids]

    def __len__(self) -> int:
        return len(self.ids)

    def keys(self) -> NDArray[np.int64]:
        """What each position holds, for comparing prompts: ids, and content hashes for media.

        Soft tokens get negative keys made of 52 bits of their content's digest and their number.
        """
        keys = self.ids.astype(np.int64)
        rows = [
            -1 - (int(m.sha256[:13], 16) * 2048 + np.arange(m.soft_tokens, dtype=np.int64) % 2048)
            for m in self.media
        ]
        if rows:
            keys[self.types > 0] = np.concatenate(rows)
        return keys


def _checked_id(value: int) -> int:
    if not isinstance(value, int | np.integer) or isinstance(value, bool):
        raise PromptError(f"Token ids are whole numbers, not {type(value).__name__}.")
    if not 0 <= value < 2**31:
        raise PromptError(f"The token id {value} is out of range.")
    return int(value)
