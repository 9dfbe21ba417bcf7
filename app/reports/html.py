"""A report as one HTML file that loads nothing and runs nothing, for screen, dark and paper.

Escaping is the first line of defence, the content security policy the second.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from html import escape

from app.markdown.clean import clean
from app.markdown.stream import blocks
from app.reports.html_blocks import code_html, html_of
from app.reports.options import Progress
from app.reports.style import STYLE
from app.reports.values import Answer, Entry, Figure, Question, Remark, Report, Table, ToolCard

POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'"
)
UNCHECKED_ICON = (
    '<svg width="15" height="15" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
    'stroke-width="2" stroke-dasharray="4 3.5" aria-hidden="true">'
    '<circle cx="12" cy="12" r="9.5"/></svg>'
)
CONTENTS_FROM = 4  # questions; fewer need no list


def render_html(report: Report, progress: Progress = lambda _share: None) -> bytes:
    """The whole file. `progress` is called after each turn and may raise Cancelled."""
    turns = []
    for place, entry in enumerate(report.entries, 1):
        turns.append(_entry(entry))
        progress(place / len(report.entries))
    body = "".join(
        (
            _head(report),
            _contents(report),
            "".join(turns) or '<p class="meta">There are no questions in this conversation.</p>',
            _tables(report),
            _limits(report),
            _again(report),
            _foot(report),
        )
    )
    page = (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        '<meta name="referrer" content="no-referrer">'
        f'<meta name="generator" content="Facet"><title>{_text(report.title)}</title>'
        f"<style>{STYLE}</style></head><body><main>{body}</main></body></html>\n"
    )
    return page.encode("utf-8")


def _text(text: str) -> str:
    return escape(clean(text))


def _head(report: Report) -> str:
    instructions = ""
    if report.instructions:
        instructions = (
            f'<h2>Instructions to the model</h2><p class="user" dir="auto">'
            f"{_text(report.instructions)}</p>"
        )
    cells = "".join(
        f"<div><dt>{_text(cell.title)}</dt>"
        f"{''.join(f'<dd>{_text(line)}</dd>' for line in cell.lines)}</div>"
        for cell in report.method
    )
    return (
        '<header><p class="eyebrow">Conversation</p>'
        f'<h1 dir="auto">{_text(report.title)}</h1><p class="byline">{_text(report.byline)}</p>'
        f'<p class="chip">{UNCHECKED_ICON}{_text(report.summary)} · unchecked</p>'
        f'<dl class="box">{cells}</dl>{instructions}</header>'
    )


def _contents(report: Report) -> str:
    questions = [entry for entry in report.entries if isinstance(entry, Question)]
    if len(questions) < CONTENTS_FROM:
        return ""
    items = "".join(
        f'<li><a href="#q{question.number}" dir="auto">{_text(_first_line(question.text))}</a></li>'
        for question in questions
    )
    return f'<nav aria-label="Questions"><h2>Questions</h2><ol>{items}</ol></nav>'


def _first_line(text: str, longest: int = 90) -> str:
    line = text.strip().split("\n", 1)[0]
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def _entry(entry: Entry) -> str:
    match entry:
        case Question():
            return _question(entry)
        case Answer():
            return _answer(entry)
        case Remark(text=text):
            return f'<p class="remark">{_text(text)}</p>'


def _question(question: Question) -> str:
    receipt = "".join(f"<li>{_text(line)}</li>" for line in question.receipt)
    kind = "receipt warn" if question.is_warning else "receipt"
    return (
        f'<section class="turn" id="q{question.number}"><h2>Question {question.number} '
        f'<span class="meta">{_text(question.time)}</span></h2>'
        f'<p class="user" dir="auto">{_text(question.text)}</p>'
        f"{''.join(map(_figure, question.figures))}"
        f'<ul class="{kind}" aria-label="What the model received">{receipt}</ul></section>'
    )


def _figure(figure: Figure) -> str:
    shown = ""
    if figure.picture is not None:
        data = base64.b64encode(figure.picture.data).decode()
        shown = (
            f'<img alt="{_text(figure.alt)}" width="{figure.picture.width}" '
            f'height="{figure.picture.height}" '
            f'src="data:{figure.picture.media_type};base64,{data}">'
        )
    if figure.text:
        title = f"<summary>Text of {_text(figure.name)}</summary>"
        shown += f"<details>{title}{code_html(clean(figure.text))}</details>"
    if figure.missing:
        shown += f'<p class="missing">{_text(figure.missing)}</p>'
    notes = "".join(f"<br>{_text(note)}" for note in figure.notes)
    return (
        f"<figure>{shown}<figcaption><b>File {figure.number}.</b> {_text(figure.name)}, "
        f"{_text(figure.caption)}{notes}<br>"
        f'<span class="code">sha256 {_text(figure.sha256)}</span></figcaption></figure>'
    )


def _answer(answer: Answer) -> str:
    version = f"version {answer.version}" if answer.version else ""
    meta = " · ".join(filter(None, (answer.model, answer.time, version)))
    parts = [
        f'<section class="turn answer"><h3>Answer <span class="meta">{_text(meta)}</span></h3>',
        f'<p class="warning">{_text(answer.state)}</p>' if answer.state else "",
        _thought(answer),
        "".join(map(_tool, answer.tools)),
        f'<div dir="auto">{html_of(blocks(answer.text))}</div>',
        "".join(f'<p class="notice">{_text(notice)}</p>' for notice in answer.notices),
        f'<p class="notice">{_text(answer.statistics)}</p>' if answer.statistics else "",
        "</section>",
    ]
    return "".join(parts)


def _thought(answer: Answer) -> str:
    if not answer.thought:
        return ""
    return (
        f"<details><summary>{_text(answer.thought_caption)}: the model’s working, may be wrong"
        f'</summary><div class="thought" dir="auto">{_text(answer.thought)}</div></details>'
    )


def _tool(tool: ToolCard) -> str:
    result = "No result" if tool.result is None else tool.result
    return (
        f'<div class="tool"><b>Used {_text(tool.name)}</b>'
        f"{code_html(clean(tool.arguments), 'json')}{code_html(clean(result))}"
        + (f'<p class="notice">{_text(tool.audit)}</p>' if tool.audit else "")
        + "</div>"
    )


def _tables(report: Report) -> str:
    parts = []
    if report.media is not None:
        parts.append(f"<h2>Files</h2>{table_html(report.media, 'Files of this conversation')}")
    if report.timings is not None:
        parts.append(f"<h2>Timings</h2>{table_html(report.timings, 'Tokens and times')}")
    return "".join(parts)


def table_html(table: Table, label: str) -> str:
    """One of the report's own tables."""

    def cells(row: Iterable[str], tag: str) -> str:
        scope = ' scope="col"' if tag == "th" else ""
        return "".join(
            f"<{tag}{scope}{_kind(table, column, tag)}>{_text(cell)}</{tag}>"
            for column, cell in enumerate(row)
        )

    rows = "".join(f"<tr>{cells(row, 'td')}</tr>" for row in table.rows)
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{_text(label)}"><table>'
        f"<thead><tr>{cells(table.head, 'th')}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _kind(table: Table, column: int, tag: str) -> str:
    if column in table.numeric:
        return ' class="right"'
    return ' class="code"' if column in table.code and tag == "td" else ""


def _limits(report: Report) -> str:
    return "<h2>Limits</h2>" + "".join(f"<p>{_text(line)}</p>" for line in report.limits)


def _again(report: Report) -> str:
    command = ""
    if report.command:
        command = f"<p>The first question as a command:</p>{code_html(clean(report.command))}"
    return (
        f"<h2>To ask again</h2>{command}<details><summary>Data for reproduction (JSON)</summary>"
        f"{code_html(clean(report.reproduction), 'json')}</details>"
    )


def _foot(report: Report) -> str:
    return (
        "<footer><span>Made with Facet on this machine, without a network</span>"
        f'<span class="code">report {_text(report.identity)}</span></footer>'
    )
