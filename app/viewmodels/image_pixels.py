"""Pixels for the image pane: the picture at halved sizes, and as the model gets it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from app.core.conversation import Attachment
from app.core.pyramid import Pixels, levels
from inference import Audio, FacetError, Image, Text, Video, plan_image, resized_image

FIRST_PX = 2048  # the longer side that is read at once; more when someone zooms in
FINEST_PX = 8192
KEPT_BYTES = 320_000_000  # of pictures shown before, so that going back does not wait
Part = Image | Video | Audio | Text


class Asked(Protocol):
    """Something that is being read and may be called off."""

    def cancel(self) -> None: ...


class PictureReader(Protocol):
    """The part of the reader that shows pictures; what is given back comes on its thread."""

    def call(self, work: Callable[[], None]) -> None: ...
    def parts(self, attachment: Attachment) -> tuple[Part, ...]: ...
    def picture(
        self, attachment: Attachment, max_px: int, done: Callable[[Pixels | None, str], None]
    ) -> Asked: ...
    def page(
        self,
        attachment: Attachment,
        number: int,
        max_px: int,
        done: Callable[[Pixels | None, str], None],
    ) -> Asked: ...
    def page_text(
        self, attachment: Attachment, number: int, done: Callable[[str, str], None]
    ) -> Asked: ...


class ImagePixels(QObject):
    """Holds the pixels of one picture or page. A newer request outdates the one before."""

    changed = Signal()  # other levels, or a problem
    seen_changed = Signal()
    _read = Signal(int, str, object, str)
    _read_text = Signal(int, str, str)
    _resized = Signal(int, object, str)

    def __init__(self, reader: PictureReader, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader = reader
        self._attachment: Attachment | None = None
        self._page = 0
        self._number = 0  # of the newest request
        self._asked_px = 0
        self._asked: Asked | None = None
        self._kept: OrderedDict[str, tuple[Pixels, ...]] = OrderedDict()
        self._seen_number = 0
        self._seen_key: object = None
        self.problem = ""
        self.text = ""  # of a page that has no picture
        self.seen: tuple[Pixels, ...] = ()
        self.seen_problem = ""
        self._read.connect(self._on_read)
        self._read_text.connect(self._on_text)
        self._resized.connect(self._on_resized)

    @property
    def levels(self) -> tuple[Pixels, ...]:
        """The picture, largest first, each half of the one before; empty while it is read."""
        return self._kept.get(self._key, ())

    @property
    def is_reading(self) -> bool:
        """Whether nothing can be shown yet and nothing went wrong."""
        return self._attachment is not None and not (self.levels or self.text or self.problem)

    def show(self, attachment: Attachment | None, page: int) -> None:
        """Show another picture, or another page of a document."""
        before = self._key
        self._attachment, self._page = attachment, page
        if self._key == before:
            return
        self._number += 1
        if self._asked is not None:
            self._asked.cancel()
        self._asked_px, self.problem, self.text = 0, "", ""
        if self._key in self._kept:
            self._kept.move_to_end(self._key)
        elif attachment is not None:
            self._ask(FIRST_PX)
        self.changed.emit()

    def want(self, longest_px: float) -> None:
        """More detail is needed: the picture is shown `longest_px` screen pixels long."""
        made = self.levels
        if not made or self._attachment is None or max(made[0].shape[:2]) >= longest_px:
            return
        whole = max(self._attachment.width, self._attachment.height) or FINEST_PX
        wanted = min(FINEST_PX, whole)
        if max(made[0].shape[:2]) < wanted and self._asked_px < wanted:
            self._ask(wanted)

    def want_seen(self, attachment: Attachment, budget: int, page_index: int = 0) -> None:
        """Make the picture, or its crop, exactly as the model gets it; `seen_changed` tells."""
        key = (attachment.sha256, attachment.selection, budget, page_index)
        if key == self._seen_key:
            return
        self._seen_key = key
        self._seen_number += 1
        number = self._seen_number

        def work() -> None:
            try:
                if number != self._seen_number:
                    return  # outdated while it waited
                parts = self._reader.parts(replace(attachment, soft_tokens=budget))
                pictures = [part for part in parts if isinstance(part, Image)]
                pixels = pictures[page_index].pixels
                height, width, _ = pixels.shape
                seen = resized_image(pixels, plan_image(height, width, budget))
            except FacetError as error:
                self._resized.emit(number, (), str(error))
            except Exception:
                self._resized.emit(
                    number, None, "The picture cannot be shown as the model gets it."
                )
            else:
                self._resized.emit(number, levels(seen), "")

        self._reader.call(work)

    def forget_seen(self) -> None:
        """The picture as the model gets it is not wanted any more."""
        self._seen_number += 1
        self._seen_key, self.seen, self.seen_problem = None, (), ""

    @property
    def _key(self) -> str:
        return "" if self._attachment is None else f"{self._attachment.sha256} {self._page}"

    def _ask(self, max_px: int) -> None:
        attachment, key = self._attachment, self._key
        assert attachment is not None
        self._number += 1
        self._asked_px = max_px
        number = self._number

        def done(pixels: Pixels | None, problem: str) -> None:
            made = () if pixels is None else levels(pixels)
            self._read.emit(number, key, made, problem)

        if self._page:
            self._asked = self._reader.page(attachment, self._page, max_px, done)
        else:
            self._asked = self._reader.picture(attachment, max_px, done)

    def _on_read(self, number: int, key: str, made: tuple[Pixels, ...], problem: str) -> None:
        if made:
            self._keep(key, made)
        if number != self._number:
            return
        if not self.levels and self._page:
            self._ask_text(problem)
            return
        self.problem = problem if not self.levels else ""
        self.changed.emit()

    def _ask_text(self, why_no_picture: str) -> None:
        """A page without a picture is shown by its words."""
        attachment, number = self._attachment, self._number
        assert attachment is not None

        def done(text: str, problem: str) -> None:
            self._read_text.emit(number, text, "" if text else problem or why_no_picture)

        self._asked = self._reader.page_text(attachment, self._page, done)

    def _on_text(self, number: int, text: str, problem: str) -> None:
        if number == self._number:
            self.text, self.problem = text, problem
            self.changed.emit()

    def _keep(self, key: str, made: tuple[Pixels, ...]) -> None:
        self._kept[key] = made
        self._kept.move_to_end(key)
        while len(self._kept) > 1 and _bytes(self._kept) > KEPT_BYTES:
            self._kept.popitem(last=False)

    def _on_resized(self, number: int, seen: tuple[Pixels, ...], problem: str) -> None:
        if number == self._seen_number:
            self.seen, self.seen_problem = seen, problem
            self.seen_changed.emit()


def _bytes(kept: OrderedDict[str, tuple[Pixels, ...]]) -> int:
    return sum(level.nbytes for made in kept.values() for level in made)
