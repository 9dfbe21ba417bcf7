"""Documents to text and pictures: what is sent, in which order, and what is refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from app.intake.documents import (
    document_facts,
    document_parts,
    first_picture,
    page_picture,
    page_text,
)
from app.intake.selection import MOST_CHOSEN, MOST_PICTURES, PageChoice, Selection
from inference import Image, MediaError, Text
from tests.fakes.documents import archive, docx, paragraph, pdf, pptx, saved, xlsx

LONG = "A line of words that is long enough to be read as text"
STYLES = (
    '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    '<w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style></w:styles>'
)


def texts(folder: Path, name: str, data: bytes, selection: Selection | None = None) -> list[str]:
    """The words of every part; pictures by their names in brackets."""
    parts, _ = document_parts(saved(folder, name, data), name, selection or Selection())
    return [part.text if isinstance(part, Text) else f"[{part.name}]" for part in parts]


def test_a_pdf_by_its_words_and_its_scans_as_pictures(tmp_path: Path) -> None:
    data = pdf([LONG, "", f"{LONG}\nand more"])
    made = texts(tmp_path, "a.pdf", data)
    assert made[0] == f"Page 1 of a.pdf:\n\n{LONG}\n\n"
    assert made[1:3] == ["Page 2 of a.pdf:\n\n", "[a.pdf, page 2]"]
    assert made[3].startswith("Page 3 of a.pdf:")
    assert "and more" in made[3]
    facts = document_facts(saved(tmp_path, "a.pdf", data), "a.pdf")
    assert facts.pages == 3
    assert facts.page_tokens[0] > 8
    assert facts.page_tokens[1] == 0
    assert (facts.width, facts.height) == (1448, 2048)


def test_chosen_pages_modes_and_parts(tmp_path: Path) -> None:
    path = saved(tmp_path, "a.pdf", pdf([LONG, "", LONG]))
    chosen = (PageChoice(3, "both"), PageChoice(2, "picture", (0, 1000, 800, 2000)))
    parts, notes = document_parts(path, "a.pdf", Selection(pages=chosen))
    assert [type(part) for part in parts] == [Text, Image, Text, Image]
    assert not notes
    whole, cut = (part for part in parts if isinstance(part, Image))
    assert whole.pixels.shape == (2048, 1448, 3)
    assert cut.pixels.shape == (1000, 800, 3)
    assert cut.pixels.min() == 0  # the square lies in it
    with pytest.raises(MediaError, match="lies outside"):
        document_parts(
            path, "a.pdf", Selection(pages=(PageChoice(2, "picture", (0, 0, 9, 9_000)),))
        )
    with pytest.raises(MediaError, match="no page 4"):
        document_parts(path, "a.pdf", Selection(pages=(PageChoice(4),)))


def test_a_page_is_drawn_on_white_at_the_size_that_is_asked_for(tmp_path: Path) -> None:
    path = saved(tmp_path, "a.pdf", pdf([""], size=(800, 400)))
    pixels = page_picture(path, "a.pdf", 1, 400)
    assert pixels.shape == (200, 400, 3)
    assert pixels.dtype == np.uint8
    assert pixels[0, 0].tolist() == [255, 255, 255]
    assert page_text(path, "a.pdf", 1) == ""
    small = first_picture(path, "a.pdf", 100)
    assert small is not None
    assert small.shape == (50, 100, 3)


def test_what_is_too_much_is_said(tmp_path: Path) -> None:
    scans = saved(tmp_path, "a.pdf", pdf([""] * (MOST_CHOSEN + 1)))
    parts, notes = document_parts(scans, "a.pdf", Selection())
    assert sum(isinstance(part, Image) for part in parts) == MOST_PICTURES
    assert f"pages {MOST_PICTURES + 1} to {MOST_CHOSEN + 1} of a.pdf not sent" in notes[0]
    everything = tuple(PageChoice(n, "picture") for n in range(1, MOST_CHOSEN + 2))
    with pytest.raises(MediaError, match="too many at once"):
        document_parts(scans, "a.pdf", Selection(pages=everything))


def test_a_word_file_keeps_headings_lists_tables_and_pages(tmp_path: Path) -> None:
    cell = "<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
    row = f"<w:tr>{cell.format('a|b')}{cell.format('12')}</w:tr>"
    item = (
        '<w:p><w:pPr><w:numPr><w:ilvl w:val="1"/></w:numPr></w:pPr><w:r><w:t>item</w:t></w:r></w:p>'
    )
    deleted = "<w:p><w:del><w:r><w:delText>gone</w:delText></w:r></w:del></w:p>"
    body = (
        paragraph("Costs", "berschrift1") + item + item + f"<w:tbl>{row}{row}</w:tbl>" + deleted
        + paragraph("Second page", before='<w:r><w:lastRenderedPageBreak/></w:r>')
    )  # fmt: skip
    made = texts(tmp_path, "a.docx", docx(body, styles=STYLES))
    assert "# Costs" in made[0]
    assert "  - item\n  - item" in made[0]
    assert "| a\\|b | 12 |\n|---|---|\n| a\\|b | 12 |" in made[0]
    assert "gone" not in "".join(made)
    assert made[1] == "Page 2 of a.docx:\n\nSecond page\n\n"


def test_slides_come_in_the_order_of_the_show(tmp_path: Path) -> None:
    made = texts(tmp_path, "a.pptx", pptx(["First", "Second", "Third"]))
    assert made == [f"Slide {n} of a.pptx:\n\n{w}\n\n" for n, w in
                    enumerate(("First", "Second", "Third"), 1)]  # fmt: skip


def test_sheets_are_lines_of_values(tmp_path: Path) -> None:
    data = xlsx({
        "Costs": [["Month", "Cost, net"], [date(2026, 1, 2), 12.5], [], ["Sum", "=SUM(B2:B3)"]],
        "Nothing": [],
    })  # fmt: skip
    made = texts(tmp_path, "a.xlsx", data)
    assert made[0] == (
        'Sheet 1, Costs of a.xlsx:\n\nMonth,"Cost, net"\n2026-01-02,12.5\n\nSum,=SUM(B2:B3)\n\n'
    )
    assert made[1] == "Sheet 2, Nothing of a.xlsx: no words.\n\n"


def test_a_long_sheet_is_cut_and_says_so(tmp_path: Path) -> None:
    path = saved(tmp_path, "a.xlsx", xlsx({"Long": [["x" * 20]] * 6_000}))
    _, notes = document_parts(path, "a.xlsx", Selection())
    assert "only the first" in notes[0]
    assert "Long" in notes[0]


def test_words_stand_in_for_pictures_where_nothing_can_be_drawn(tmp_path: Path) -> None:
    path = saved(tmp_path, "a.docx", docx(paragraph(LONG)))
    chosen = Selection(pages=(PageChoice(1, "picture"),))
    parts, notes = document_parts(path, "a.docx", chosen)
    assert isinstance(parts[0], Text)
    assert "sent as words" in notes[0]
    assert first_picture(path, "a.docx", 100) is None
    with pytest.raises(MediaError, match="Save it as PDF"):
        page_picture(path, "a.docx", 1, 100)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.pdf", b""),
        ("a.pdf", b"%PDF-1.4\nnonsense"),
        ("a.docx", b"PK\x03\x04" + b"\0" * 100),
        ("a.docx", archive({"x.txt": "nothing"})),
        ("a.xlsx", archive({"xl/workbook.xml": "<a>"})),
        ("a.pptx", pptx([])),
        ("a.docx", docx("<w:p>")),
        ("a.docx", docx(paragraph("&boom;"))),
        ("a.docx", archive({"word/document.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'})),
        ("a.docx", docx("<w:sdt>" * 400 + "</w:sdt>" * 400)),
        ("a.docx", docx(paragraph(" "))),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
        ("a.pdf", pdf([LONG], size=(10, 90_000))),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_in_a_sentence(
    tmp_path: Path, name: str, data: bytes
) -> None:
    path = saved(tmp_path, name, data)
    with pytest.raises(MediaError) as caught:
        document_parts(path, name, Selection(pages=(PageChoice(1, "both"),)))
    assert name in str(caught.value)
    assert path.name not in str(caught.value)


def test_headers_and_footers_of_a_word_file_are_said_to_be_left_out(tmp_path: Path) -> None:
    def notes(**margins: str) -> tuple[str, ...]:
        data = docx(paragraph(LONG), **margins)
        return document_parts(saved(tmp_path, "a.docx", data), "a.docx", Selection())[1]

    assert not notes()
    assert not notes(header1="<hdr><p> </p></hdr>")
    (note,) = notes(header1="<hdr/>", footer2="<ftr><p>Page 1</p></ftr>")
    assert "headers and footers of" in note
