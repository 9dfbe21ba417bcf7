"""A report written into a document for paper: cover, method box, turns, tables, limits, data."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QUrl
from PySide6.QtGui import QFontMetricsF, QImage, QTextCursor, QTextDocument, QTextImageFormat

from app.markdown.clean import clean
from app.markdown.stream import blocks
from app.reports.options import Progress
from app.reports.pdf_blocks import write_blocks, write_code
from app.reports.pdf_formula import FORMULA, FormulaObject
from app.reports.pdf_paging import keep_headings
from app.reports.pdf_sheet import (
    BODY,
    CODE,
    LINE,
    LINE2,
    PART,
    SECTION,
    SMALL,
    SUNK,
    TEXT,
    TEXT2,
    TITLE,
    UNITS_PER_POINT,
    USER,
    WARN,
    WARN_SOFT,
    Edges,
    Look,
    Pen,
    cell_pen,
    font,
    plain_table,
    units,
)
from app.reports.values import Answer, Entry, Figure, Picture, Question, Remark, Report, ToolCard

BESIDE_WIDTH, BESIDE_HEIGHT = 262.0, 300.0  # of a picture with its caption beside it
FULL_HEIGHT = 420.0
EYEBROW = Look(8, 11, below=1, colour=TEXT2, is_bold=True)
QUIET = replace(SMALL, below=0)
LONGEST_OUTLINE = 70


def write_content(document: QTextDocument, report: Report, progress: Progress) -> None:
    """Fills the document; `progress` is called after each turn and may raise Cancelled."""
    handler = FormulaObject(document)
    document.documentLayout().registerHandler(FORMULA, handler)
    pen = Pen(QTextCursor(document))
    parts = [
        partial(_cover, pen, report),
        *(partial(_entry, pen, entry) for entry in report.entries),
        partial(_tables, pen, report),
        partial(_limits, pen, report),
        partial(_thoughts, pen, report),
        partial(_again, pen, report),
    ]
    for place, write_part in enumerate(parts, 1):
        # Part by part: a heading that moves then costs a layout of its part alone.
        start = pen.cursor.position()
        with _one_edit(document):
            write_part()
        keep_headings(document, start)
        progress(place / len(parts))


@contextmanager
def _one_edit(document: QTextDocument) -> Iterator[None]:
    cursor = QTextCursor(document)
    cursor.beginEditBlock()
    try:
        yield
    finally:
        cursor.endEditBlock()


def _cover(pen: Pen, report: Report) -> None:
    pen.write("Conversation", EYEBROW)
    pen.write(clean(report.title), TITLE)
    pen.write(clean(report.byline), Look(9, 12, below=8, colour=TEXT2))
    _chip(pen, f"{report.summary} · unchecked")
    with pen.box(None, LINE2, padding=3) as box:
        columns = report.method
        table = box.table(1, (1 / len(columns),) * len(columns), head=False, below=0)
        for column, cell in enumerate(columns):
            inside = cell_pen(table, 0, column, Edges(across=7, above=4))
            inside.write(cell.title, Look(8, 11, below=1, is_bold=True))
            for line in cell.lines:
                inside.write(clean(line), replace(QUIET, colour=TEXT2))
    if not report.entries:
        pen.write("There are no questions in this conversation.", BODY)
    if report.instructions:
        pen.heading("Instructions to the model", SECTION)
        with pen.box(USER, padding=8) as box:
            box.write(clean(report.instructions), replace(BODY, below=0))


def _chip(pen: Pen, text: str) -> None:
    look = Look(9.5, 13, below=0, colour=TEXT2, is_bold=True)
    wide = QFontMetricsF(font(look)).horizontalAdvance(text) / UNITS_PER_POINT
    with pen.box(SUNK, padding=6, below=8, width=wide + 14) as box:
        box.write(clean(text), look)


def _entry(pen: Pen, entry: Entry) -> None:
    match entry:
        case Question():
            _question(pen, entry)
        case Answer():
            _answer(pen, entry)
        case Remark(text=text):
            pen.begin(replace(SMALL, above=6, below=6), "center")
            pen.add(clean(text), SMALL)


def _question(pen: Pen, question: Question) -> None:
    said = " ".join(clean(question.text).split())[:LONGEST_OUTLINE]
    pen.heading(f"Question {question.number}", SECTION, f"{question.number}  {said}".strip())
    pen.add(f"   {question.time}", SMALL)
    if question.text.strip():
        with pen.box(USER, padding=8) as box:
            box.write(clean(question.text), replace(BODY, below=0))
    for figure in question.figures:
        _figure(pen, figure)
    receipt = replace(QUIET, colour=WARN) if question.is_warning else QUIET
    for line in question.receipt:
        pen.write(clean(line), receipt)
    pen.space(3)


def _figure(pen: Pen, figure: Figure) -> None:
    picture = figure.picture
    if picture is not None and figure.kind == "image":
        table = pen.table(1, (0.56, 0.44), head=False)
        left = cell_pen(table, 0, 0, Edges(across=0, above=2))
        left.begin(replace(BODY, below=0))
        _picture(left, picture, BESIDE_WIDTH, BESIDE_HEIGHT)
        _caption(cell_pen(table, 0, 1, Edges(across=8, above=2)), figure)
        return
    if picture is not None:
        pen.begin(replace(BODY, above=3, below=2, keeps_next=True))
        width = pen.cursor.document().pageSize().width() / UNITS_PER_POINT
        _picture(pen, picture, width, FULL_HEIGHT)
    if figure.text:
        write_code(pen, clean(figure.text))
    if figure.missing:
        with pen.box(SUNK, LINE, padding=6) as box:
            box.write(clean(figure.missing), Look(9, 12, below=0, colour=TEXT2))
    _caption(pen, figure)


def _caption(pen: Pen, figure: Figure) -> None:
    look = Look(8.5, 12, below=1, colour=TEXT2)
    pen.write(f"File {figure.number}. ", replace(look, is_bold=True, colour=TEXT))
    pen.add(f"{clean(figure.name)}, {clean(figure.caption)}", look)
    for note in figure.notes:
        pen.write(clean(note), look)
    pen.write(f"sha256 {figure.sha256}", replace(CODE, size=7, line=10, colour=TEXT2, below=4))


def _picture(pen: Pen, picture: Picture, width: float, height: float) -> None:
    """The picture at its true shape within `width` x `height` points."""
    image = QImage.fromData(picture.data)
    document = pen.cursor.document()
    name = f"picture:{pen.cursor.position()}"
    document.addResource(QTextDocument.ResourceType.ImageResource.value, QUrl(name), image)
    shrink = min(width / picture.width, height / picture.height, 0.75)  # a pixel is 0.75 pt
    form = QTextImageFormat()
    form.setName(name)
    form.setWidth(units(picture.width * shrink))
    form.setHeight(units(picture.height * shrink))
    pen.cursor.insertImage(form)


def _answer(pen: Pen, answer: Answer) -> None:
    version = f"version {answer.version}" if answer.version else ""
    pen.write("Answer", PART)
    meta = " · ".join(filter(None, (answer.model, answer.time, version)))
    pen.add(f"   {clean(meta)}", SMALL)
    if answer.state:
        with pen.box(WARN_SOFT, padding=5) as box:
            box.write(answer.state, Look(9, 12, below=0, colour=WARN))
    for tool in answer.tools:
        _tool(pen, tool)
    write_blocks(pen, blocks(answer.text))
    for notice in (*answer.notices, answer.statistics):
        if notice:
            pen.write(clean(notice), SMALL)


def _tool(pen: Pen, tool: ToolCard) -> None:
    pen.write(f"Used {clean(tool.name)}", Look(9, 12, below=2, is_bold=True, keeps_next=True))
    write_code(pen, clean(tool.arguments), "json")
    write_code(pen, clean("No result" if tool.result is None else tool.result))
    if tool.audit:
        pen.write(clean(tool.audit), SMALL)


def _tables(pen: Pen, report: Report) -> None:
    if report.media is not None:
        pen.heading("Files", SECTION)
        table = report.media
        widths = (0.06, 0.19, 0.19, 0.3, 0.26)
        rows = [tuple(map(clean, row)) for row in table.rows]
        plain_table(pen, table.head, rows, widths, table.numeric, table.code)
    if report.timings is not None:
        pen.heading("Timings", SECTION)
        table = report.timings
        plain_table(pen, table.head, table.rows, (0,) * len(table.head), table.numeric)


def _limits(pen: Pen, report: Report) -> None:
    pen.heading("Limits", SECTION)
    for line in report.limits:
        pen.write(clean(line), BODY)


def _thoughts(pen: Pen, report: Report) -> None:
    """Paper does not fold: the model's working stands at the end."""
    thoughts = [answer for answer in report.answers if answer.thought]
    if not thoughts:
        return
    pen.heading("The model’s working", SECTION)
    pen.write("It may be wrong.", replace(BODY, colour=TEXT2, keeps_next=True))
    for answer in thoughts:
        pen.write(f"To question {answer.number}", PART)
        pen.write(clean(answer.thought), Look(9, 13, below=8, colour=TEXT2))


def _again(pen: Pen, report: Report) -> None:
    pen.heading("To ask again", SECTION)
    if report.command:
        pen.write("The first question as a command:", replace(BODY, keeps_next=True))
        write_code(pen, clean(report.command))
    pen.write(
        "The data below is also attached to this file as reproduction.json.",
        replace(BODY, keeps_next=True),
    )
    write_code(pen, clean(report.reproduction), "json", replace(CODE, size=7, line=9.5))
