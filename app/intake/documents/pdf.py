"""PDF through PDFium: words and pictures of pages."""

from __future__ import annotations

import io
from math import ceil
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw

from app.intake.documents.pages import MOST_PAGES, PAGE_PX, Pixels, damaged, locked
from app.intake.wording import quoted
from inference import MediaError

LONGEST_PAGE_TEXT = 100_000  # characters
WIDEST_RATIO = 40  # of a page's sides: a strip beyond that is no page
_BREAKS = str.maketrans({"\r": None, "\x02": "-", "\ufffe": "-", "\0": None})


def unlocked(path: Path, shown: Path, password: str) -> bytes:
    """The same PDF without its password. Raises MediaError, as for a locked one when it is wrong.

    `shown` is the name for sentences.
    """
    made = io.BytesIO()
    try:
        file = pdfium.PdfDocument(path, password=password)
        try:
            file.save(made, flags=raw.FPDF_REMOVE_SECURITY)
        finally:
            file.close()
    except pdfium.PdfiumError as error:
        raise _refusal(error, shown) from error
    return made.getvalue()


def _refusal(error: pdfium.PdfiumError, shown: Path) -> MediaError:
    is_password = getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD
    return locked(shown) if is_password else damaged(shown)


class PdfPages:
    """An open PDF."""

    word = "Page"
    has_pictures = True

    def __init__(self, path: Path, shown: Path) -> None:
        """`shown` is the name for sentences. Raises MediaError."""
        self._path = shown
        try:
            self._file = pdfium.PdfDocument(path)
        except pdfium.PdfiumError as error:
            raise _refusal(error, shown) from error
        if self.count == 0:
            raise damaged(shown, "it has no pages")
        total = len(self._file)
        self.notes: tuple[str, ...] = (
            (f"only the first {MOST_PAGES:,} of {total:,} pages of {quoted(shown)} read.",)
            if total > MOST_PAGES
            else ()
        )
        if self._file.get_formtype() != raw.FORMTYPE_NONE:
            self._file.init_forms()

    @property
    def count(self) -> int:
        """Its pages."""
        return min(len(self._file), MOST_PAGES)

    @property
    def size(self) -> tuple[int, int]:
        """Of the first page."""
        width, height = self._measured(1)
        scale = PAGE_PX / max(width, height)
        return max(1, ceil(width * scale - 1e-6)), max(1, ceil(height * scale - 1e-6))

    def label(self, number: int) -> str:
        """Like "Page 3"."""
        return f"Page {number}"

    def text(self, number: int) -> str:
        """The words in the order of the file."""
        page = self._page(number)
        words = page.get_textpage()
        try:
            found = words.get_text_range(0, min(words.count_chars(), LONGEST_PAGE_TEXT))
        except (pdfium.PdfiumError, UnicodeError) as error:
            raise damaged(self._path, f"page {number} cannot be read") from error
        finally:
            words.close()
            page.close()
        lines = (line.rstrip() for line in found.translate(_BREAKS).split("\n"))
        return "\n".join(lines).strip()

    def picture(self, number: int, max_px: int = PAGE_PX) -> Pixels:
        """The page with its annotations and filled-in forms, on white."""
        page = self._page(number)
        try:
            scale = max_px / max(self._measured(number))
            drawn = page.render(scale=scale, rev_byteorder=True)
            pixels = np.asarray(drawn.to_numpy())
        except pdfium.PdfiumError as error:
            raise damaged(self._path, f"page {number} cannot be drawn") from error
        finally:
            page.close()
        if pixels.ndim == 2:
            pixels = np.repeat(pixels[:, :, None], 3, axis=2)
        return np.ascontiguousarray(pixels[:, :, :3], dtype=np.uint8)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _measured(self, number: int) -> tuple[float, float]:
        """Width and height of a page in points. Raises MediaError for no real one."""
        width, height = self._file.get_page_size(number - 1)
        longer, shorter = max(width, height), min(width, height)
        if not (0 < shorter <= longer < float("inf")) or longer / shorter > WIDEST_RATIO:
            raise damaged(self._path, f"page {number} has no usable size")
        return width, height

    def _page(self, number: int) -> pdfium.PdfPage:
        try:
            return self._file[number - 1]
        except pdfium.PdfiumError as error:
            raise damaged(self._path, f"page {number} cannot be opened") from error
