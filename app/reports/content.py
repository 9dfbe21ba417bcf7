"""A conversation to the content of a report: what is said, in which order, with which evidence."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from app.core.comparison.report import COMPARED_BY, outcome, shown_path
from app.core.conversation import (
    Attachment,
    Conversation,
    Settings,
    Turn,
    versions,
)
from app.core.page_choice import written
from app.core.tools.audit import audit_line
from app.intake.charset import decode
from app.reports.method import method_box, summary_line, timings_table
from app.reports.options import Progress, ReportOptions
from app.reports.pictures import picture_of
from app.reports.receipts import receipt_sentences, received_items, received_sentence
from app.reports.reproduction import command_line, reproduction_block
from app.reports.surroundings import Surroundings
from app.reports.values import (
    Answer,
    Entry,
    Figure,
    Question,
    Remark,
    Report,
    Table,
    ToolCard,
)
from app.reports.words import (
    bytes_said,
    counted,
    date_said,
    statistics_said,
    thought_said,
    time_said,
)

LONGEST_TEXT_FILE = 50_000  # characters of a text file shown

STATES = {
    "streaming": "Still being written when this report was made",
    "interrupted": "Interrupted: the program ended while this was written",
    "stopped": "Stopped by the person",
    "length": "Ended at the token limit",
    "failed": "Failed; the text so far is kept",
}

Blob = Callable[[str], Path]


def build_report(
    conversation: Conversation,
    options: ReportOptions,
    blob: Blob,
    around: Surroundings,
    progress: Progress = lambda _share: None,
) -> Report:
    """The report of the active path; where two copies were compared, both answers and what differs.

    `blob` gives the path of a stored file.
    `progress` is called after each turn with the share done, and may raise Cancelled.
    """
    path = shown_path(conversation)  # both answers where two copies were compared
    entries = tuple(_entries(conversation, path, options, blob, around.made_at, progress))
    compared = outcome(conversation)
    if compared:
        entries += (Answer("", COMPARED_BY, compared),)
    report = Report(
        title=options.title.strip() or conversation.title or "Conversation",
        byline=" · ".join(filter(None, (options.author.strip(), date_said(around.made_at)))),
        summary=summary_line(path),
        method=method_box(conversation, path, around),
        instructions=conversation.settings.system_prompt,
        entries=entries,
        media=_media_table(entries),
        timings=timings_table(path),
        limits=_limits(path, entries),
        command=command_line(path, _settings(conversation, path)),
        reproduction=reproduction_block(conversation, path, around),
        identity=_identity(entries),
    )
    progress(1.0)
    return report


def _settings(conversation: Conversation, path: tuple[Turn, ...]) -> Settings:
    """Those of the first answer, which the command line repeats."""
    made = (turn.settings for turn in path if turn.role == "model" and turn.settings)
    return next(made, conversation.settings)


def _entries(
    conversation: Conversation,
    path: tuple[Turn, ...],
    options: ReportOptions,
    blob: Blob,
    made_at: datetime,
    progress: Progress,
) -> Iterator[Entry]:
    number = figures = 0
    for place, turn in enumerate(path):
        progress(place / len(path))
        if turn.role == "note":
            yield Remark(turn.text)
        elif turn.role == "user":
            number += 1
            answer = path[place + 1] if place + 1 < len(path) else None
            answer = answer if answer is not None and answer.role == "model" else None
            yield _question(turn, answer, number, figures, options, blob, made_at)
            figures += len(turn.attachments)
        else:
            yield _answer(turn, conversation, number, options, made_at)


def _question(
    turn: Turn,
    answer: Turn | None,
    number: int,
    figures_before: int,
    options: ReportOptions,
    blob: Blob,
    made_at: datetime,
) -> Question:
    given = None if answer is None else answer.receipt
    items = received_items(turn.attachments, given)
    figures = tuple(
        _figure(
            attachment,
            figures_before + place,
            received_sentence(attachment, items.get(attachment.id), given),
            options,
            blob,
        )
        for place, attachment in enumerate(turn.attachments, 1)
    )
    receipt, is_warning = receipt_sentences(turn, answer, items)
    time = time_said(turn.created_at, made_at)
    return Question(number, time, turn.text, figures, receipt, is_warning)


def _figure(
    attachment: Attachment,
    number: int,
    received: str,
    options: ReportOptions,
    blob: Blob,
) -> Figure:
    picture, missing = picture_of(attachment, blob, options.pictures)
    text, missing_text = _text_of(attachment, blob)
    caption = described(attachment)
    return Figure(
        number=number,
        kind=attachment.kind,
        name=attachment.name,
        alt=f"{_shown_as(attachment)} {attachment.name}, {caption}",
        caption=caption,
        received=received,
        sha256=attachment.sha256,
        picture=picture,
        missing=missing or missing_text,
        text=text,
        notes=attachment.notes,
    )


def _shown_as(attachment: Attachment) -> str:
    return {
        "image": "Picture",
        "video": "Frames of",
        "audio": "Wave of",
        "text": "Text",
        "document": "Document",
    }[attachment.kind]


def described(attachment: Attachment) -> str:
    """Dimensions or length and size of a file."""
    parts = []
    if attachment.width and attachment.kind != "document":
        parts.append(f"{attachment.width:,} × {attachment.height:,} pixels")
    if attachment.seconds:
        parts.append(f"{attachment.seconds:.1f} s")
    if attachment.pages:
        parts.append(counted(attachment.pages, "page"))
    chosen = attachment.selection.pages
    if chosen:
        pages = "page" if len(chosen) == 1 else "pages"
        parts.append(f"given: {pages} {written(each.number for each in chosen)}")
    if attachment.frames:
        parts.append(f"{attachment.frames} frames")
    if attachment.has_sound:
        parts.append("with sound")
    parts.append(bytes_said(attachment.size_bytes))
    return ", ".join(parts)


def _text_of(attachment: Attachment, blob: Blob) -> tuple[str, str]:
    if attachment.kind != "text":
        return "", ""
    try:
        data = blob(attachment.sha256).read_bytes()
    except OSError:
        return "", f"{attachment.name} is no longer in Facet's store, so it cannot be shown."
    decoded = decode(data)
    text = data.decode("utf-8", "replace") if decoded is None else decoded.text
    if len(text) <= LONGEST_TEXT_FILE:
        return text, ""
    cut = f"Only the first {LONGEST_TEXT_FILE:,} of {len(text):,} characters are shown."
    return text[:LONGEST_TEXT_FILE], cut


def _answer(
    turn: Turn, conversation: Conversation, number: int, options: ReportOptions, made_at: datetime
) -> Answer:
    siblings = versions(conversation, turn.id)
    version = f"{siblings.index(turn.id) + 1} of {len(siblings)}" if len(siblings) > 1 else ""
    failure = () if turn.error is None else (f"{turn.error.what} {turn.error.why}".strip(),)
    return Answer(
        time=time_said(turn.created_at, made_at),
        model=turn.model,
        text=turn.text,
        state=STATES.get(turn.state, ""),
        version=version,
        thought=turn.thought if options.thoughts else "",
        thought_caption=thought_said(turn),
        tools=tuple(
            ToolCard(
                tool.name,
                json.dumps(tool.arguments, ensure_ascii=False),
                tool.result,
                audit_line(tool) if tool.tool_class else "",
            )
            for tool in turn.tools
        ),
        statistics=statistics_said(turn.statistics),
        notices=(*turn.notices, *failure),
        number=number,
    )


def _media_table(entries: tuple[Entry, ...]) -> Table | None:
    figures = [f for entry in entries if isinstance(entry, Question) for f in entry.figures]
    if not figures:
        return None
    rows = tuple(
        (str(f.number), f.name, f.caption, f.received or "Not confirmed", f.sha256) for f in figures
    )
    head = ("No.", "File", "As given", "What the model received", "SHA-256")
    return Table(head, rows, code=frozenset({4}))


def _limits(path: tuple[Turn, ...], entries: tuple[Entry, ...]) -> tuple[str, ...]:
    """What a reader must know about how far to trust the pages before."""
    answers = [turn for turn in path if turn.role == "model"]
    if not answers:
        return ("This conversation holds no answer.",)
    unfinished = sum(turn.state != "complete" for turn in answers)
    warned = [e.number for e in entries if isinstance(e, Question) and e.is_warning]
    said = [
        "The answers were written by a language model and nobody has checked them. It may misread "
        "figures, names and times in pictures, clips and recordings, and state them with the same "
        "confidence. The receipts say what it received, not whether an answer is true."
    ]
    if unfinished:
        verb = "is" if unfinished == 1 else "are"
        of = counted(len(answers), "answer")
        said.append(f"{unfinished:,} of {of} {verb} incomplete and marked so.")
    if warned:
        numbers = ", ".join(map(str, warned))
        said.append(f"Not everything was sent with question {numbers}; see the receipt there.")
    said.append(
        "The same seed gives the same answer only with the same model files, versions, machine, "
        "settings and files. Another chip or version of MLX adds numbers in another order, which "
        "can change a word and with it all that follows. Without a seed, answers are drawn anew."
    )
    return tuple(said)


def _identity(entries: tuple[Entry, ...]) -> str:
    """Eight hex digits of what the report says, whatever the zone and day it is made in."""
    digest = hashlib.sha256()
    for entry in entries:
        if isinstance(entry, Question):
            digest.update(repr((entry.text, [f.sha256 for f in entry.figures])).encode())
        else:
            digest.update(repr(entry.text).encode())
    return digest.hexdigest()[:8]
