"""A prompt before it is tokens: control ids, our own text, foreign text and media, kept apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from inference.api import ItemKind
from inference.prompt.tokenizer import ControlIds

MediaKind = Literal["image", "video", "audio"]
THOUGHT = -1  # the `part` of an origin that is a message's thought


@dataclass(frozen=True, slots=True)
class Origin:
    """The part of the conversation a segment comes from.

    `message` and `part` index the normalised messages; for a tool `message` is -1 and `part`
    its place among the tools.
    """

    kind: ItemKind
    name: str
    message: int
    part: int


@dataclass(frozen=True, slots=True)
class Control:
    """One control token. Only the renderer makes these."""

    id: int
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Plain:
    """Literal text of the template."""

    text: str
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Foreign:
    """Text from the user, the model, a tool or a document."""

    text: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class MediaSlot:
    """The place of item `part_index` of `messages.media_parts`."""

    part_index: int
    kind: MediaKind
    origin: Origin


Segment = Control | Plain | Foreign | MediaSlot


class SegmentWriter:
    """Appends segments; those written through `within` belong to a part of the conversation."""

    def __init__(self, control: ControlIds) -> None:
        self.control = control
        self.segments: list[Segment] = []
        self._origin: Origin | None = None

    def within(self, origin: Origin) -> SegmentWriter:
        """A writer to the same list whose segments all carry `origin`."""
        writer = SegmentWriter(self.control)
        writer.segments = self.segments
        writer._origin = origin
        return writer

    def mark(self, control_id: int) -> None:
        self.segments.append(Control(control_id, self._origin))

    def plain(self, text: str) -> None:
        self.segments.append(Plain(text, self._origin))

    def foreign(self, text: str) -> None:
        if self._origin is None:
            raise ValueError("foreign text needs an origin")
        self.segments.append(Foreign(text, self._origin))

    def quoted(self, text: str) -> None:
        """Foreign text between the two quote tokens that delimit every string."""
        self.mark(self.control.quote)
        self.foreign(text)
        self.mark(self.control.quote)

    def slot(self, part_index: int, kind: MediaKind) -> None:
        if self._origin is None:
            raise ValueError("a media slot needs an origin")
        self.segments.append(MediaSlot(part_index, kind, self._origin))
