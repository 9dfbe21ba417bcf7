"""The PDF: its text read back by another program, page by page."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import replace

import pypdfium2
import pytest
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication

from app.reports.options import Cancelled, ReportOptions
from app.reports.pdf import render_pdf
from app.reports.pdf_formula import formula_svg
from app.reports.pdf_outline import Mark, with_outline
from tests.fakes.conversations import FakeBlobs, answers, asks, dashboard_talk, talk
from tests.unit.app.reports.reading import outline, pdf_pages, report_of

pytestmark = pytest.mark.usefixtures("qapp")

DATES = (
    rb"/(?:CreationDate|ModDate) \(D:[^)]*\)",
    rb"xmp:(?:CreateDate|ModifyDate|MetadataDate)=\"[^\"]*\"",
)


def pdf_of(blobs: FakeBlobs, *turns: object, **options: object) -> bytes:
    report = report_of(talk(*turns), blobs, ReportOptions(**options))  # type: ignore[arg-type]
    return render_pdf(report, "A4")


def test_everything_is_said_as_text(blobs: FakeBlobs) -> None:
    report = report_of(dashboard_talk(blobs), blobs, ReportOptions(author="M. Ferreira"))
    text = " ".join(pdf_pages(render_pdf(report, "A4")))
    for said in (
        "Operations review, Q3 2026",
        "M. Ferreira · 24 November 2026, 14:41 UTC",
        "Read every figure on this dashboard.",
        "read at 1008 × 624 (273 soft tokens)",
        "September is the best at $181k",
        "Average order",
        "$55.79",
        "print(f",
        "Model changed to Gemma 4 E2B, 8-bit",
        "Stopped by the person",
        "facet ask MODEL",
        "facet.report/1",
        "nobody has checked them",
    ):
        assert said in text
    assert report.figures[0].sha256 in text.replace(" ", "")


def test_pages_are_numbered_and_carry_the_identity(blobs: FakeBlobs) -> None:
    report = report_of(dashboard_talk(blobs), blobs)
    pages = pdf_pages(render_pdf(report, "A4"))
    assert len(pages) > 1
    for number, page in enumerate(pages, 1):
        assert f"{number} of {len(pages)}" in page
        assert f"report {report.identity}" in page


@pytest.mark.parametrize(("paper", "size"), [("A4", (595, 842)), ("Letter", (612, 792))])
def test_paper(blobs: FakeBlobs, paper: str, size: tuple[int, int]) -> None:
    document = pypdfium2.PdfDocument(render_pdf(report_of(talk(), blobs), paper))  # type: ignore[arg-type]
    assert tuple(round(side) for side in document.get_page_size(0)) == size
    document.close()


def test_a_long_table_repeats_its_head_and_keeps_every_row_whole(blobs: FakeBlobs) -> None:
    rows = "".join("|" + "|".join(f"r{r}c{c}" for c in range(12)) + "|\n" for r in range(200))
    table = "|" + "|".join(f"head{c}" for c in range(12)) + "|\n" + "|---" * 12 + "|\n" + rows
    pages = pdf_pages(pdf_of(blobs, asks("?"), answers(table)))
    with_rows = [page for page in pages if re.search(r"\br\d+c0\b", page)]
    assert len(with_rows) >= 4
    for page in with_rows:
        assert "head0" in page
        assert "head11" in page
        assert re.findall(r"\br(\d+)c0\b", page) == re.findall(r"\br(\d+)c11\b", page)
    seen = [int(n) for page in with_rows for n in re.findall(r"\br(\d+)c0\b", page)]
    assert seen == list(range(200))


def test_a_line_without_breaks_is_all_there(blobs: FakeBlobs) -> None:
    pages = pdf_pages(pdf_of(blobs, asks("?"), answers("".join(f"{n:04d}" for n in range(1000)))))
    digits = "".join(pages).replace(" ", "")
    assert all(f"{n:04d}{n + 1:04d}" in digits for n in range(0, 998, 2))


def test_scripts_of_every_direction(blobs: FakeBlobs) -> None:
    text = " ".join(
        pdf_pages(pdf_of(blobs, asks("日本語 ’quoted’"), answers("مرحبا"), asks("Ärger")))
    )
    assert "’quoted’" in text
    assert "Ärger" in text
    # Fonts draw some letters and the radicals of the same shape with one glyph.
    compact = unicodedata.normalize("NFKC", text).replace(" ", "")
    assert "مرحبا" in compact or "مرحبا"[::-1] in compact
    if QFontDatabase.WritingSystem.Japanese not in QFontDatabase.writingSystems():
        pytest.skip("no font with Japanese letters is installed")
    assert "日本語" in compact


def test_many_turns(blobs: FakeBlobs) -> None:
    many = [turn for n in range(150) for turn in (asks(f"Question of week {n}"), answers("Yes."))]
    pdf = pdf_of(blobs, *many)
    text = " ".join(pdf_pages(pdf))
    assert all(f"Question of week {n} " in text for n in range(150))
    marks = [title for title, _ in outline(pdf) if "Question of week" in title]
    assert len(marks) == 150


def test_no_turns(blobs: FakeBlobs) -> None:
    (page,) = pdf_pages(pdf_of(blobs))
    assert "There are no questions in this conversation." in page


def test_a_missing_picture_is_said(blobs: FakeBlobs) -> None:
    conversation = dashboard_talk(blobs)
    blobs.path(conversation.turns[0].attachments[0].sha256).unlink()
    text = " ".join(pdf_pages(render_pdf(report_of(conversation, blobs), "A4")))
    assert "no longer in Facet's store" in text


def test_the_outline_leads_to_the_pages(blobs: FakeBlobs) -> None:
    pdf = render_pdf(report_of(dashboard_talk(blobs), blobs), "A4")
    pages = pdf_pages(pdf)
    marks = outline(pdf)
    assert marks[0][0].startswith("1 Read every figure") or marks[0][0].startswith("1  Read every")
    assert [title for title, _ in marks][2:] == ["Files", "Timings", "Limits", "To ask again"]
    for title, page in marks[2:]:
        assert title in pages[page]


def test_no_heading_stands_alone_at_the_foot_of_a_page(blobs: FakeBlobs) -> None:
    turns = [
        turn
        for n in range(40)
        for turn in (
            asks(f"Question {n}\n" + "line\n" * (n % 7)),
            answers("Line.\n\n" * (n % 5 + 1)),
        )
    ]
    for page in pdf_pages(pdf_of(blobs, *turns))[:-1]:
        body = page[: page.index("Made with Facet")].rstrip()
        assert not re.search(
            r"(?:Question \d+|Answer)\s+(?:Gemma 4 E4B, 4-bit · )?[\d-]+ [\d:]+$", body
        )


def test_thoughts_stand_at_the_end(blobs: FakeBlobs) -> None:
    turns = (asks("?"), answers("Final.", thought="Secret doubt."))
    text = " ".join(pdf_pages(pdf_of(blobs, *turns, thoughts=True)))
    assert text.index("Final.") < text.index("The model’s working") < text.index("Secret doubt.")
    assert "Secret doubt." not in " ".join(pdf_pages(pdf_of(blobs, *turns)))


def test_links_are_links(blobs: FakeBlobs) -> None:
    pdf = pdf_of(blobs, asks("?"), answers("[here](https://example.org/a) [not](javascript:x)"))
    assert b"https://example.org/a" in pdf
    assert b"/URI (javascript" not in pdf


def test_the_data_is_attached(blobs: FakeBlobs) -> None:
    report = report_of(dashboard_talk(blobs), blobs)
    document = pypdfium2.PdfDocument(render_pdf(report, "A4"))
    attached = document.get_attachment(0)
    assert json.loads(bytes(attached.get_data()).decode()) == json.loads(report.reproduction)
    document.close()


def test_the_same_input_gives_the_same_bytes_apart_from_the_date(blobs: FakeBlobs) -> None:
    def made() -> bytes:
        pdf = render_pdf(report_of(dashboard_talk(blobs), blobs), "A4")
        for pattern in DATES:
            pdf = re.sub(pattern, b"", pdf)
        return pdf

    assert made() == made()


def test_it_can_be_stopped_half_way(blobs: FakeBlobs) -> None:
    shares: list[float] = []

    def stop(share: float) -> None:
        shares.append(share)
        if share >= 0.75:
            raise Cancelled

    with pytest.raises(Cancelled):
        render_pdf(report_of(dashboard_talk(blobs), blobs), "A4", stop)
    assert shares == sorted(shares)


def test_dark_windows_make_white_paper(blobs: FakeBlobs, qapp: QApplication) -> None:
    from PySide6.QtGui import QColor, QPalette

    light = render_pdf(report_of(talk(asks("?"), answers("!")), blobs), "A4")
    before = qapp.palette()
    dark = QPalette(QColor("black"))
    dark.setColor(QPalette.ColorRole.Text, QColor("white"))
    qapp.setPalette(dark)
    try:
        again = render_pdf(report_of(talk(asks("?"), answers("!")), blobs), "A4")
    finally:
        qapp.setPalette(before)
    document = pypdfium2.PdfDocument(again)
    picture = document[0].render(scale=0.5).to_pil().convert("L")
    document.close()
    assert picture.getpixel((2, 2)) == 255
    assert len(again) == len(light)


@pytest.mark.parametrize(
    "pdf", [b"", b"%PDF-1.4\n", b"trailer\n<< /Size x >>\nstartxref\n1\n%%EOF\n"]
)
def test_an_unknown_form_of_pdf_stays_as_it_is(pdf: bytes) -> None:
    assert with_outline(pdf, (Mark("a", 0, 0),)) == pdf


def test_titles_of_the_outline_may_hold_anything(blobs: FakeBlobs) -> None:
    report = report_of(talk(asks(")> (%\\ 日本 😀"), answers("!")), blobs)
    pdf = render_pdf(replace(report), "A4")
    assert outline(pdf)[0][0].endswith(")> (%\\ 日本 😀")


def test_formulas_are_drawn_and_odd_ones_written() -> None:
    drawn = formula_svg("\\frac{a}{b}", 50)
    assert drawn is not None
    assert b"<path" in drawn
    assert b"<use" not in drawn, "Qt cannot draw it"
    assert formula_svg("x" * 5_000, 50) is None
