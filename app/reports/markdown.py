"""A report as Markdown: one text, and its pictures in a folder beside it."""

from __future__ import annotations

from dataclasses import dataclass

from app.markdown.clean import clean
from app.markdown.stream import blocks
from app.reports.markdown_blocks import fenced, markdown_of, table_rows
from app.reports.markdown_runs import escaped
from app.reports.options import Progress
from app.reports.values import Answer, Entry, Figure, Question, Remark, Report, Table, ToolCard


@dataclass(frozen=True, slots=True)
class MarkdownReport:
    """The text, and the pictures by name; the text refers to them in `folder`."""

    text: bytes
    assets: dict[str, bytes]


def render_markdown(
    report: Report, folder: str, progress: Progress = lambda _share: None
) -> MarkdownReport:
    """The text with relative links into `folder`. `progress` may raise Cancelled."""
    parts = [_head(report)]
    for place, entry in enumerate(report.entries, 1):
        parts.append(_entry(entry, folder))
        progress(place / len(report.entries))
    if not report.entries:
        parts.append("There are no questions in this conversation.")
    parts += [_tables(report), _limits(report), _thoughts(report), _again(report)]
    parts.append(f"---\n\nMade with Facet on this machine · report {report.identity}")
    assets = {
        asset_name(figure): figure.picture.data
        for figure in report.figures
        if figure.picture is not None
    }
    return MarkdownReport(("\n\n".join(filter(None, parts)) + "\n").encode("utf-8"), assets)


def asset_name(figure: Figure) -> str:
    """Its number and hash: never a name that somebody else chose."""
    suffix = "" if figure.picture is None else figure.picture.suffix
    return f"{figure.number:03d}-{figure.sha256[:12]}{suffix}"


def _text(text: str) -> str:
    """Foreign text as Markdown that says it and does nothing."""
    return escaped(clean(text)).replace("\n", "\\\n")


def _line(text: str) -> str:
    return escaped(" ".join(clean(text).split()))


def _head(report: Report) -> str:
    method = "\n".join(
        f"- **{_line(cell.title)}:** {'; '.join(map(_line, cell.lines))}" for cell in report.method
    )
    parts = [
        f"# {_line(report.title)}",
        _line(report.byline),
        f"**{_line(report.summary)}, unchecked**",
        method,
    ]
    if report.instructions:
        parts += ["## Instructions to the model", _quoted(report.instructions)]
    return "\n\n".join(parts)


def _entry(entry: Entry, folder: str) -> str:
    match entry:
        case Question():
            return _question(entry, folder)
        case Answer():
            return _answer(entry)
        case Remark(text=text):
            return f"*{_line(text)}*"


def _question(question: Question, folder: str) -> str:
    mark = "**Not everything was sent.** " if question.is_warning else ""
    receipt = f"{mark}{' '.join(map(_line, question.receipt))}"
    figures = (_figure(figure, folder) for figure in question.figures)
    title = f"## Question {question.number}\n\n{question.time}"
    said = _quoted(question.text) if question.text.strip() else ""
    return "\n\n".join(filter(None, (title, said, *figures, f"*Receipt:* {receipt}")))


def _figure(figure: Figure, folder: str) -> str:
    parts = []
    if figure.picture is not None:
        parts.append(f"![{_line(figure.alt)}](<{_path(folder)}/{asset_name(figure)}>)")
    if figure.text:
        parts.append(fenced(clean(figure.text)))
    if figure.missing:
        parts.append(_line(figure.missing))
    notes = " ".join(map(_line, figure.notes))
    caption = f"**File {figure.number}.** {_line(figure.name)}, {_line(figure.caption)} {notes}"
    parts.append(f"{caption.strip()}  \n`sha256 {figure.sha256}`")
    return "\n\n".join(parts)


def _path(folder: str) -> str:
    """A folder's name within <…>: what would end the address is written in percent."""
    marks = {"%": "%25", "<": "%3C", ">": "%3E", "\\": "%5C", "#": "%23", "?": "%3F"}
    return "".join(marks.get(character, character) for character in folder)


def _answer(answer: Answer) -> str:
    version = f"version {answer.version}" if answer.version else ""
    meta = " · ".join(filter(None, (answer.model, answer.time, version)))
    return "\n\n".join(
        filter(
            None,
            (
                "### Answer",
                _line(meta),
                f"**{_line(answer.state)}.**" if answer.state else "",
                *map(_tool, answer.tools),
                markdown_of(blocks(answer.text)),
                *map(_line, answer.notices),
                f"*{_line(answer.statistics)}*" if answer.statistics else "",
            ),
        )
    )


def _tool(tool: ToolCard) -> str:
    result = "No result" if tool.result is None else tool.result
    return (
        f"**Used {_line(tool.name)}**\n\n{fenced(clean(tool.arguments), 'json')}\n\n"
        f"{fenced(clean(result))}" + (f"\n\n*{_line(tool.audit)}*" if tool.audit else "")
    )


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in _text(text).split("\n"))


def _tables(report: Report) -> str:
    parts = []
    for title, table in (("Files", report.media), ("Timings", report.timings)):
        if table is not None:
            parts.append(f"## {title}\n\n{_table(table)}")
    return "\n\n".join(parts)


def _table(table: Table) -> str:
    rows = [
        [
            f"`{cell}`" if column in table.code and cell else _line(cell)
            for column, cell in enumerate(row)
        ]
        for row in table.rows
    ]
    return table_rows(map(_line, table.head), rows, table.numeric)


def _limits(report: Report) -> str:
    return "\n\n".join(("## Limits", *map(_line, report.limits)))


def _thoughts(report: Report) -> str:
    """At the end: whoever reads the answers does not stumble over them."""
    thoughts = [answer for answer in report.answers if answer.thought]
    if not thoughts:
        return ""
    said = (f"### To question {a.number}\n\n{_quoted(a.thought)}" for a in thoughts)
    return "\n\n".join(("## The model’s working", "It may be wrong.", *said))


def _again(report: Report) -> str:
    parts = ["## To ask again"]
    if report.command:
        parts += ["The first question as a command:", fenced(clean(report.command), "sh")]
    parts += ["Data for reproduction:", fenced(clean(report.reproduction), "json")]
    return "\n\n".join(parts)
