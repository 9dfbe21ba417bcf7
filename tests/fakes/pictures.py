"""DrawnPictures: a reader of pictures that draws them, at once or when a test says so."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from app.core.conversation import Attachment
from inference import Image, MediaError, Text

Pixels = NDArray[np.uint8]
Done = Callable[[Pixels | None, str], None]


class Ticket:
    """What was asked for; a test may look whether it was called off."""

    def __init__(self) -> None:
        self.is_cancelled = False

    def cancel(self) -> None:
        """Nobody wants it any more."""
        self.is_cancelled = True


class DrawnPictures:
    """Every picture is a ramp: red grows to the right, green downwards, blue is the page.

    With `waits`, what is asked for is given when `give` is called. `asked` holds (name, page,
    longest side) of each request.
    """

    def __init__(self, *, waits: bool = False) -> None:
        self.waits = waits
        self.asked: list[tuple[str, int, int]] = []
        self.problem = ""
        self.words = ""
        self._waiting: list[tuple[Ticket, Callable[[], None]]] = []

    def call(self, work: Callable[[], None]) -> None:
        """As the reader's thread would."""
        self._later(work)

    def picture(self, attachment: Attachment, max_px: int, done: Done) -> Ticket:
        """The whole picture, its longer side at most `max_px`."""
        self.asked.append((attachment.name, 0, max_px))
        share = min(1.0, max_px / max(attachment.width, attachment.height))
        size = round(attachment.height * share), round(attachment.width * share)
        return self._later(lambda: done(*self._given(ramp(*size))))

    def page(self, attachment: Attachment, number: int, max_px: int, done: Done) -> Ticket:
        """A page in the form of a sheet of paper."""
        self.asked.append((attachment.name, number, max_px))
        return self._later(lambda: done(*self._given(ramp(max_px, round(max_px / 1.41), number))))

    def page_text(
        self, attachment: Attachment, number: int, done: Callable[[str, str], None]
    ) -> Ticket:
        """The words of a page."""
        del attachment, number
        return self._later(lambda: done(self.words, "" if self.words else "There are no words."))

    def parts(self, attachment: Attachment) -> tuple[Image | Text, ...]:
        """What would be sent: the crop of the picture."""
        if self.problem:
            raise MediaError(self.problem, "Attach it again.")
        pixels = ramp(attachment.height, attachment.width)
        crop = attachment.selection.crop
        if crop is not None:
            left, top, right, bottom = crop
            pixels = pixels[top:bottom, left:right]
        return (Image(pixels, name=attachment.name, soft_tokens=attachment.soft_tokens),)

    def give(self) -> None:
        """Give everything that was asked for and is still wanted."""
        waiting, self._waiting = self._waiting, []
        for ticket, work in waiting:
            if not ticket.is_cancelled:
                work()

    def _given(self, pixels: Pixels) -> tuple[Pixels | None, str]:
        return (None, self.problem) if self.problem else (pixels, "")

    def _later(self, work: Callable[[], None]) -> Ticket:
        ticket = Ticket()
        if self.waits:
            self._waiting.append((ticket, work))
        else:
            work()
        return ticket


def ramp(height: int, width: int, page: int = 0) -> Pixels:
    """uint8 [height, width, 3] whose colours tell where in the picture they are."""
    made = np.empty((height, width, 3), np.uint8)
    made[..., 0] = np.linspace(0, 255, width, dtype=np.uint8)[None, :]
    made[..., 1] = np.linspace(0, 255, height, dtype=np.uint8)[:, None]
    made[..., 2] = page
    return made
