"""Where formulas stand in Markdown: $…$, $$…$$, \\(…\\) and \\[…\\], as rules for the parser.

A formula that was opened at the start of a line and not closed runs to the end of the text, like
a fence. So what stands above it does not change while the text still grows.
"""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

_BLOCK = (("$$", "$$"), ("\\[", "\\]"))
_INLINE = (("$$", "$$"), ("\\(", "\\)"), ("\\[", "\\]"))
LONGEST_FORMULA = 2_000


def _line(state: StateBlock, number: int) -> str:
    start = state.bMarks[number] + state.tShift[number]
    return state.src[start : state.eMarks[number]].rstrip()


def math_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A formula on lines of its own."""
    if state.is_code_block(start):
        return False
    first = _line(state, start)
    marks = next((marks for marks in _BLOCK if first.startswith(marks[0])), None)
    if marks is None:
        return False
    opened, closed = marks
    first = first[len(opened) :]
    lines = [first]
    line = start
    if closed in first:
        if first.find(closed) != len(first) - len(closed):
            return False
        lines = [first[: -len(closed)]]
    else:
        for line in range(start + 1, end):
            if state.sCount[line] < state.blkIndent and not state.isEmpty(line):
                line -= 1  # the list or quotation around it ended
                break
            text = _line(state, line)
            if text.endswith(closed):
                lines.append(text[: -len(closed)])
                break
            lines.append(text)
    if silent:
        return True
    token = state.push("math_block", "math", 0)
    token.block = True
    token.content = "\n".join(lines).strip()
    token.map = [start, line + 1]
    state.line = line + 1
    return True


def _dollar_end(text: str, start: int, limit: int) -> int:
    """Where $…$ that opens before `start` closes; -1 if what follows are prices, say."""
    if start >= limit or text[start].isspace():
        return -1
    at = start
    while True:
        at = text.find("$", at + 1, limit)
        if at < 0 or at - start > LONGEST_FORMULA:
            return -1
        if text[at - 1] == "\\":
            continue
        is_followed = at + 1 < limit and (text[at + 1].isdigit() or text[at + 1] == "$")
        return -1 if text[at - 1].isspace() or is_followed else at


def math_inline(state: StateInline, silent: bool) -> bool:
    """A formula within a line."""
    at, text = state.pos, state.src
    if text[at] not in "$\\":
        return False
    for opened, closed in _INLINE:
        if text.startswith(opened, at):
            start = at + len(opened)
            end = text.find(closed, start, min(state.posMax, start + LONGEST_FORMULA))
            if end > start:
                return _push(state, start, end, end + len(closed), silent)
            return False
    if text[at] != "$":
        return False
    end = _dollar_end(text, at + 1, state.posMax)
    return end > 0 and _push(state, at + 1, end, end + 1, silent)


def _push(state: StateInline, start: int, end: int, after: int, silent: bool) -> bool:
    if not silent:
        token = state.push("math_inline", "math", 0)
        token.content = state.src[start:end].strip()
    state.pos = after
    return True


def add_formulas(parser: MarkdownIt) -> None:
    """Teach the parser both rules."""
    parser.block.ruler.before(
        "fence", "math_block", math_block, {"alt": ["paragraph", "blockquote", "list"]}
    )
    parser.inline.ruler.before("escape", "math_inline", math_inline)
