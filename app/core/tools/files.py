"""Tools that read the conversation's files: what there is, words and pictures of pages, finding.

Nothing outside of the conversation can be named: a file is looked up among the attachments.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.core.conversation import Attachment, new_id
from app.core.tools.naming import TableRef, files_by_name, found, tables
from app.core.tools.values import Files, Outcome, Surroundings, ToolError
from app.intake.documents.pages import PAGE_PX
from app.intake.selection import PageChoice, Selection
from inference import IMAGE_BUDGETS, FacetError

TEXT_PAGE = 8_000  # characters of a text file that count as a page
MOST_FOUND = 20
_KINDS = {"image": "picture", "audio": "recording", "video": "clip"}


def listed(around: Surroundings) -> Outcome:
    """Names, kinds and sizes of the files, and the columns of every table."""
    named = files_by_name(around.attachments)
    if not named and not around.tables:
        raise ToolError("The conversation has no files.")
    lines = [f"{name}: {_kind(each)}" for name, each in named.items()]
    lines += [table_line(table) for table in tables(around).values()]
    return Outcome("\n".join(lines))


def table_line(table: TableRef) -> str:
    """A table with its columns on one line."""
    columns = ", ".join(
        f'"{name}" ({kind}{", " + unit if unit else ""}{", " + doubt if doubt else ""})'
        for name, kind, unit, doubt in table.columns
    )
    source = f" of {table.attachment.name}" if table.attachment else ""
    notes = "".join(f"; {note}" for note in table.notes)
    return f"table {table.name}{source}: {table.rows:,} rows; columns {columns}{notes}"


def page_read(around: Surroundings, file: str, page: int) -> Outcome:
    """The words of a page; of a text file a stretch of 8,000 characters is a page."""
    attachment = _file(around, file)
    files = _files(around)
    if attachment.kind == "document":
        _check_page(page, attachment.pages)
        words = files.run(attachment, "page_words", (attachment.name, page))
        if not words.strip():
            raise ToolError(f"Page {page} holds no words. Look at its picture.")
        return Outcome(words)
    if attachment.kind == "text":
        parts, _notes = files.run(attachment, "selected", ("text", attachment.name, Selection()))
        text = parts[0].text
        pages = max(1, -(-len(text) // TEXT_PAGE))
        _check_page(page, pages)
        head = f"Page {page} of {pages}:\n" if pages > 1 else ""
        return Outcome(head + text[(page - 1) * TEXT_PAGE : page * TEXT_PAGE])
    raise ToolError(f"{attachment.name} is a {_kind(attachment)} and has no pages of words.")


def looked_at(
    around: Surroundings, file: str, page: int, box: Sequence[int], detail: int
) -> Outcome:
    """A page or picture, or the part of it in `box` (top, left, bottom, right in thousandths)."""
    attachment = _file(around, file)
    budget = min(IMAGE_BUDGETS, key=lambda each: abs(each - (detail or around.image_tokens)))
    if attachment.kind == "image":
        crop = _crop(box, attachment.width, attachment.height)
        selection = Selection(crop=crop)
    elif attachment.kind == "document" and attachment.width:
        _check_page(page, attachment.pages)
        shape = _files(around).run(attachment, "page", (attachment.name, page, PAGE_PX)).shape
        crop = _crop(box, shape[1], shape[0])
        selection = Selection(pages=(PageChoice(page, "picture", crop),))
    else:
        raise ToolError(f"{attachment.name} is a {_kind(attachment)} and cannot be looked at.")
    shown = replace(attachment, id=new_id(), selection=selection, soft_tokens=budget)
    part = "A part of " if crop else ""
    where = f"page {page} of " if attachment.kind == "document" else ""
    text = f"{part}{where}{attachment.name} is shown with {budget} tokens."
    return Outcome(text[:1].upper() + text[1:], (shown,))


def found_in(around: Surroundings, text: str, file: str) -> Outcome:
    """Where words stand in one file or in all of them."""
    if not text.strip():
        raise ToolError("There are no words to find.")
    named = files_by_name(around.attachments)
    chosen = [found(file, named, "file")] if file.strip() else list(named.values())
    searched = [each for each in chosen if each.kind in ("document", "text")]
    if not searched:
        raise ToolError("There is no document or text to look through.")
    lines: list[str] = []
    total = 0
    for attachment in searched:
        rest = (attachment.kind, attachment.name, text, MOST_FOUND)
        try:
            places, count = _files(around).run(attachment, "find_words", rest)
        except FacetError as error:
            lines.append(f"{attachment.name}: {error}")
            continue
        total += count
        for number, snippet in places:
            page = f", page {number}" if number else ""
            lines.append(f"{attachment.name}{page}: …{snippet}…")
    if not total:
        return Outcome("\n".join([*lines, "The words were not found."]))
    shown = lines[:MOST_FOUND]
    more = f"\n{total - len(shown)} more places." if total > len(shown) else ""
    return Outcome("\n".join(shown) + more)


def _file(around: Surroundings, name: str) -> Attachment:
    return found(name, files_by_name(around.attachments), "file")


def _files(around: Surroundings) -> Files:
    if around.files is None:
        raise ToolError("Files cannot be read here.")
    return around.files


def _kind(attachment: Attachment) -> str:
    match attachment.kind:
        case "document":
            return f"document, {attachment.pages} pages"
        case "text":
            return "text"
        case "image":
            return f"picture, {attachment.width} x {attachment.height} pixels"
    return f"{_KINDS[attachment.kind]}, {attachment.seconds:.0f} s"


def _check_page(page: int, pages: int) -> None:
    if not 1 <= page <= pages:
        raise ToolError(f"There is no page {page}; the pages are 1 to {pages}.")


def _crop(box: Sequence[int], width: int, height: int) -> tuple[int, int, int, int] | None:
    """The part in pixels; None for all of it."""
    if not box:
        return None
    if len(box) != 4 or not all(0 <= each <= 1000 for each in box):
        raise ToolError("A box is [top, left, bottom, right], each from 0 to 1000.")
    top, left, bottom, right = box
    if top >= bottom or left >= right:
        raise ToolError("The box is empty: top is above bottom, left is before right.")
    crop = (left * width // 1000, top * height // 1000,
            -(-right * width // 1000), -(-bottom * height // 1000))  # fmt: skip
    if crop[2] - crop[0] < 8 or crop[3] - crop[1] < 8:
        raise ToolError("The box is smaller than 8 pixels.")
    return crop
