"""A comparison as it is kept: which turns of a conversation are answers, and of which copies."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ComparedCopy:
    """A copy as it was called and how large it was; its digest stands in its answer."""

    name: str  # "Gemma 4 E4B 4-bit"
    size_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """One question and the answers of several copies, which are versions of each other."""

    question_id: str
    answer_ids: tuple[str, ...]
    copies: tuple[ComparedCopy, ...]
