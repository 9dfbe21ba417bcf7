"""Pages of a document that are sent: ranges as people write them, modes, and what they cost."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from app.core.conversation import Attachment
from app.intake.selection import (
    LONGEST_TEXT,
    MOST_PICTURES,
    WHOLE,
    PageChoice,
    best_mode,
)
from app.intake.selection import (
    PageMode as PageMode,
)
from inference import plan_image

CHARACTERS_PER_TOKEN = 3.8
BRACKETS = 2  # tokens around a picture
HEADING_TOKENS = 10  # "Page 3 of report.pdf:"
PAPER = (1414, 1000)  # height and width of a page whose form is not known
_RANGE = re.compile(r"(\d+)(?:\s*[-–:]\s*(\d+)?)?")


def parsed(text: str, count: int) -> tuple[int, ...]:
    """The pages that "1-3, 7" names, in order; "5-" goes to the end. Raises ValueError.

    The error's words say what is wrong, for instance that there is no such page.
    """
    found: set[int] = set()
    for part in filter(None, (part.strip() for part in re.split(r"[,;]", text))):
        match = _RANGE.fullmatch(part)
        if match is None:
            raise ValueError(f"“{part}” is no page or range. Write it like 1-3, 7.")
        first = int(match[1])
        is_open = match[2] is None and match[0] != match[1]
        last = count if is_open else int(match[2] or first)
        if not 1 <= min(first, last) <= max(first, last) <= count:
            pages = "1 page" if count == 1 else f"{count:,} pages"
            raise ValueError(f"“{part}” is outside of the document, which has {pages}.")
        found.update(range(min(first, last), max(first, last) + 1))
    return tuple(sorted(found))


def written(pages: Iterable[int]) -> str:
    """Pages as "1-3, 7"."""
    runs: list[list[int]] = []
    for page in sorted(set(pages)):
        if runs and page == runs[-1][1] + 1:
            runs[-1][1] = page
        else:
            runs.append([page, page])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)


def best(document: Attachment, number: int) -> PageChoice:
    """A page as it is given when nobody chose; what cannot be drawn is given by its words."""
    is_drawn = document.width and best_mode(text_tokens(document, number)) != "text"
    return PageChoice(number, "picture" if is_drawn else "text")


def chosen(document: Attachment) -> tuple[PageChoice, ...]:
    """The pages that are sent: those selected, else every page as is best for it.

    Where nobody chose, pages beyond ten pictures or too long a text are not sent, which the
    receipt says.
    """
    if document.selection.pages:
        return document.selection.pages
    made: list[PageChoice] = []
    pictures, tokens = 0, 0
    for number in range(1, document.pages + 1):
        choice = best(document, number)
        pictures += choice.mode == "picture"
        tokens += text_tokens(document, number)
        is_full = pictures > MOST_PICTURES or tokens > LONGEST_TEXT / CHARACTERS_PER_TOKEN
        if made and is_full:
            break
        made.append(choice)
    return tuple(made)


def text_tokens(document: Attachment, number: int) -> int:
    """Tokens of a page's text; 0 where it has none."""
    tokens = document.page_tokens
    return tokens[number - 1] if 0 < number <= len(tokens) else 0


def page_cost(document: Attachment, choice: PageChoice, budget: int) -> int:
    """Tokens of one page with its heading, about; its picture with `budget` soft tokens."""
    cost = HEADING_TOKENS
    if choice.mode != "picture":
        cost += text_tokens(document, choice.number)
    if choice.mode != "text":
        height, width = _size(document, choice)
        cost += plan_image(height, width, budget).soft_tokens + BRACKETS
    return cost


def document_cost(document: Attachment, budget: int) -> int:
    """Tokens of all pages that are sent, about."""
    return sum(page_cost(document, choice, budget) for choice in chosen(document))


def with_mode(document: Attachment, numbers: Iterable[int], mode: PageMode) -> list[PageChoice]:
    """The choice with some of its pages given in another way; pages that were not sent join."""
    wanted = set(numbers)
    kept = {each.number: each for each in chosen(document)}
    kept |= {number: PageChoice(number, mode) for number in wanted}
    return [kept[number] for number in sorted(kept)]


def as_selected(document: Attachment, choices: Iterable[PageChoice]) -> tuple[PageChoice, ...]:
    """The choice as it is kept: empty when it is every page as is best for it."""
    made = tuple(sorted(choices, key=lambda each: each.number))
    return () if made == chosen(replace(document, selection=WHOLE)) else made


def _size(document: Attachment, choice: PageChoice) -> tuple[int, int]:
    """Height and width in the unit of the crop, else of the page; only their ratio matters."""
    if choice.crop is not None:
        left, top, right, bottom = choice.crop
        return bottom - top, right - left
    return (document.height, document.width) if document.width else PAPER
