"""A comparison told in Markdown, and a conversation laid out so that a report shows all of it."""

from __future__ import annotations

from app.core.comparison.figures import Findings, findings
from app.core.comparison.values import Comparison
from app.core.conversation import Conversation, Turn, active_path
from inference import Statistics

COMPARED_BY = "Compared by Facet, without a model"
NOT_MEASURED = "–"


def comparison_of(conversation: Conversation) -> Comparison | None:
    """The comparison that a conversation holds; None when its question or answers are gone."""
    if not conversation.work.comparisons:
        return None
    ids = {turn.id for turn in conversation.turns}
    for record in reversed(conversation.work.comparisons):
        has_copies = len(record.copies) == len(record.answer_ids) == 2
        if has_copies and record.question_id in ids:
            return record
    return None


def shown_path(conversation: Conversation) -> tuple[Turn, ...]:
    """The active path, with both answers of a comparison that lies on it, one after the other."""
    path = active_path(conversation)
    record = comparison_of(conversation)
    places = [n for n, turn in enumerate(path) if record and turn.id == record.question_id]
    if record is None or not places:
        return path
    by_id = {turn.id: turn for turn in conversation.turns}
    answers = [by_id[each] for each in record.answer_ids if each in by_id]
    at = places[0] + 1
    rest = path[at:]
    if rest and rest[0].id in record.answer_ids:
        rest = rest[1:]
    return (*path[:at], *answers, *rest)


def outcome(conversation: Conversation) -> str:
    """What differs between the answers, as Markdown; "" for a conversation without a comparison."""
    record = comparison_of(conversation)
    if record is None:
        return ""
    by_id = {turn.id: turn for turn in conversation.turns}
    answers = [by_id.get(each) for each in record.answer_ids]
    names = tuple(_cell(copy.name) for copy in record.copies)
    parts = []
    first, second = answers
    if first is not None and second is not None and first.text.strip() and second.text.strip():
        found = findings(first.text, second.text)
        parts.append(found.sentence)
        parts.append(_figures(found, names))
    else:
        parts.append("Not both copies have answered.")
    parts.append(_measured(answers, record, names))
    return "\n\n".join(part for part in parts if part)


def markdown(conversation: Conversation) -> str:
    """Question, both answers and what differs."""
    record = comparison_of(conversation)
    if record is None:
        return ""
    by_id = {turn.id: turn for turn in conversation.turns}
    question = by_id[record.question_id]
    files = "".join(f"\n\n* {each.name}" for each in question.attachments)
    parts = [f"# {conversation.title}", f"**Question**\n\n{question.text}{files}"]
    for copy, answer_id in zip(record.copies, record.answer_ids, strict=True):
        answer = by_id.get(answer_id)
        said = answer.text.strip() if answer is not None else ""
        parts.append(f"**{copy.name}**\n\n{said or '*No answer.*'}")
    parts.append(f"**What differs**\n\n{outcome(conversation)}")
    return "\n\n".join(parts) + "\n"


def _figures(found: Findings, names: tuple[str, ...]) -> str:
    rows = [row for row in found.rows if row.state != "same"]
    if not rows:
        return ""
    lines = [f"| Figure | {names[0]} | {names[1]} |", "| --- | --- | --- |"]
    for row in rows:
        label = f"{row.group}: {row.label}" if row.group else row.label
        lines.append(
            f"| {_cell(label)} | {_cell(row.first) or NOT_MEASURED} "
            f"| {_cell(row.second) or NOT_MEASURED} |"
        )
    return "\n".join(lines)


def _measured(answers: list[Turn | None], record: Comparison, names: tuple[str, ...]) -> str:
    known = [(turn and turn.statistics) or Statistics() for turn in answers]
    if not any(each.generated_tokens for each in known):
        return ""
    lines = [f"| | {names[0]} | {names[1]} |", "| --- | --- | --- |"]
    for label, cells in (
        ("Tokens a second", [_number(each.decode_tokens_per_s, 1) for each in known]),
        ("First word after, s", [_number(each.first_token_s, 2) for each in known]),
        ("Peak memory, GB", [_number(each.peak_memory_bytes / 1e9, 2) for each in known]),
        ("Weights, GB", [_number(copy.size_bytes / 1e9, 2) for copy in record.copies]),
        ("Tokens written", [_number(each.generated_tokens, 0) for each in known]),
    ):
        lines.append(f"| {label} | {cells[0]} | {cells[1]} |")
    return "\n".join(lines)


def _number(value: float, digits: int) -> str:
    return f"{value:,.{digits}f}" if value else NOT_MEASURED


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
