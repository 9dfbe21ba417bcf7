"""The pages of the document that the image pane shows: which are sent, how, and at what cost."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from app.core import page_choice
from app.core.conversation import Attachment
from app.core.pyramid import Pixels
from app.intake.selection import PageChoice, PageMode
from app.viewmodels.image import ImageViewModel
from app.viewmodels.image_pixels import Asked, PictureReader
from app.viewmodels.materials import MaterialsViewModel
from app.viewmodels.words import count

__all__ = ["PageMode", "PageView", "PagesViewModel"]

THUMBNAIL_PX = 160
KEPT = 400  # thumbnails


@dataclass(frozen=True, slots=True)
class PageView:
    """A page, sheet or slide. `mode` is how it is sent, or how it would be."""

    number: int
    is_chosen: bool
    mode: PageMode
    tokens: int
    is_shown: bool = False


class PagesViewModel(QObject):
    """Chooses pages. It shows those of the image pane's document and of no other."""

    changed = Signal()
    thumbnail_arrived = Signal(int)
    _read = Signal(str, int, object)

    def __init__(
        self,
        image: ImageViewModel,
        materials: MaterialsViewModel,
        reader: PictureReader,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._image, self._materials, self._reader = image, materials, reader
        self._thumbnails: OrderedDict[tuple[str, int], Pixels | None] = OrderedDict()
        self._asked: dict[tuple[str, int], Asked] = {}
        self.problem = ""  # what is wrong with the range that was typed
        self._read.connect(self._on_read)
        image.changed.connect(self.changed)

    @property
    def document(self) -> Attachment | None:
        """The document that is shown; None for a picture, or while it is read."""
        return self._image.attachment if self._image.is_document else None

    def pages(self) -> tuple[PageView, ...]:
        """All pages, in order."""
        document = self.document
        if document is None:
            return ()
        sent = {choice.number: choice for choice in page_choice.chosen(document)}
        views = []
        for number in range(1, document.pages + 1):
            choice = sent.get(number) or page_choice.best(document, number)
            tokens = page_choice.page_cost(document, choice, self._image.page_budget)
            is_shown = number == self._image.page
            views.append(PageView(number, number in sent, choice.mode, tokens, is_shown))
        return tuple(views)

    @property
    def range_text(self) -> str:
        """The pages that are sent, like "1-3, 7"."""
        document = self.document
        if document is None:
            return ""
        return page_choice.written(choice.number for choice in page_choice.chosen(document))

    @property
    def summary(self) -> str:
        """Like "3 of 14 pages · ≈ 1,530 tokens"."""
        document = self.document
        if document is None:
            return ""
        sent = len(page_choice.chosen(document))
        whole = count(document.pages, "page")
        pages = whole if sent == document.pages else f"{sent:,} of {whole}"
        cost = page_choice.document_cost(document, self._image.page_budget)
        return f"{pages} · ≈ {count(cost, 'token')}"

    @property
    def can_draw(self) -> bool:
        """Whether pages can be sent as pictures."""
        document = self.document
        return document is not None and document.width > 0

    def show(self, number: int) -> None:
        """Show a page."""
        self._image.show_page(number)

    def set_range(self, text: str) -> bool:
        """Send the pages that a range names; whether it could be read."""
        document = self.document
        if document is None:
            return False
        try:
            numbers = page_choice.parsed(text, document.pages)
        except ValueError as error:
            self.problem = str(error)
            self.changed.emit()
            return False
        if not numbers:
            numbers = tuple(range(1, document.pages + 1))
        before = {choice.number: choice for choice in page_choice.chosen(document)}
        self._choose(before.get(n) or page_choice.best(document, n) for n in numbers)
        return True

    def set_chosen(self, number: int, is_chosen: bool) -> bool:
        """Send a page or not; whether that was possible. One page always stays."""
        document = self.document
        if document is None:
            return False
        kept = [each for each in page_choice.chosen(document) if each.number != number]
        if is_chosen:
            kept.append(page_choice.best(document, number))
        if not kept:
            self.problem = "At least one page has to stay."
            self.changed.emit()
            return False
        self._choose(kept)
        return True

    def set_mode(self, numbers: Iterable[int], mode: PageMode) -> None:
        """Send pages as text, as pictures, or both; those that were left out join."""
        document = self.document
        if document is not None:
            there = [number for number in numbers if 1 <= number <= document.pages]
            self._choose(page_choice.with_mode(document, there, mode))

    def choose_all(self) -> None:
        """Send every page as is best for it."""
        if self.document is not None:
            self._choose(())

    def thumbnail(self, number: int) -> Pixels | None:
        """A small picture of a page, uint8 RGB; asked for, and None, while it is not there."""
        document = self.document
        if document is None or not document.width:
            return None
        key = document.sha256, number
        if key in self._thumbnails:
            self._thumbnails.move_to_end(key)
            return self._thumbnails[key]
        if key not in self._asked:
            self._asked[key] = self._reader.page(
                document,
                number,
                THUMBNAIL_PX,
                lambda pixels, _problem: self._read.emit(*key, pixels),
            )
        return None

    def _choose(self, choices: Iterable[PageChoice]) -> None:
        document = self.document
        if document is None:
            return
        self.problem = ""
        pages = page_choice.as_selected(document, choices)
        self._materials.set_selection(document.id, replace(document.selection, pages=pages))
        self.changed.emit()

    def _on_read(self, sha256: str, number: int, pixels: Pixels | None) -> None:
        self._asked.pop((sha256, number), None)
        self._thumbnails[sha256, number] = pixels
        while len(self._thumbnails) > KEPT:
            self._thumbnails.popitem(last=False)
        self.thumbnail_arrived.emit(number)
