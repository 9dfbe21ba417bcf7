"""Colours in code, by Pygments, a little at a time and without changing the document."""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter

from pygments.token import Token, _TokenType
from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QFont, QTextCharFormat, QTextLayout

from app.markdown.build import Builder
from app.markdown.lexers import LEXERS, lexer_of

SLICE_S = 0.004
LEXER_WAIT_MS = 20
LONGEST_CODE = 60_000  # characters; longer code stays plain
QUICK_CODE = 1_500  # so much is coloured at once, so that code does not flicker while it is written

# Kinds of token to (colour, weight, italic). Green, amber and red mean something else in answers.
_LOOKS: tuple[tuple[_TokenType, str, QFont.Weight, bool], ...] = (
    (Token.Comment, "text3", QFont.Weight.Normal, True),
    (Token.Keyword, "acc", QFont.Weight.Normal, False),
    (Token.Operator.Word, "acc", QFont.Weight.Normal, False),
    (Token.Name.Function, "text", QFont.Weight.DemiBold, False),
    (Token.Name.Class, "text", QFont.Weight.DemiBold, False),
    (Token.Name.Tag, "acc", QFont.Weight.Normal, False),
    (Token.Name.Decorator, "acc", QFont.Weight.Normal, False),
    (Token.Literal.String, "text2", QFont.Weight.Normal, False),
    (Token.Literal.Number, "acc", QFont.Weight.Normal, False),
)

_Span = tuple[int, int, QTextCharFormat]  # from, length, look


class Highlighter(QObject):
    """Colours the code blocks of one builder's document."""

    def __init__(self, builder: Builder, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._builder = builder
        self._looks: dict[_TokenType, QTextCharFormat] = {}  # made when there is code
        self._done: dict[int, int] = {}  # number of the code's first block: length coloured
        self._waiting: dict[int, None] = {}
        self._work: Iterator[None] | None = None
        self._dirty: list[tuple[int, int]] = []  # positions and lengths
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(lambda: self._step())

    def refresh(self, first: int) -> None:
        """The blocks from `first` on are new: colour the code among them."""
        blocks = self._builder.blocks
        while first > 0 and first < len(blocks) and blocks[first].is_joined:
            first -= 1
        for number in [n for n in self._done if n >= len(blocks)]:
            del self._done[number]
        for number in range(first, len(blocks)):
            block = blocks[number]
            if block.kind != "code" or block.is_joined or not block.language:
                continue
            text = self._text(number)
            is_ready = LEXERS.is_ready(block.language)
            if len(text) > LONGEST_CODE or (is_ready and lexer_of(block.language) is None):
                continue
            known = self._done.get(number, 0)
            if len(text) <= QUICK_CODE and is_ready:
                for _ in self._colour(number):
                    pass
                self._show()
            elif not self._is_open(number) or len(text) > 1.3 * known:
                self._waiting[number] = None
                self._timer.start(0 if is_ready else LEXER_WAIT_MS)

    def finish(self) -> None:
        """Colour everything now, whatever has to be made for it."""
        while self._timer.isActive():
            self._step(waits=False)

    def _text(self, number: int) -> str:
        blocks = self._builder.blocks
        parts = [blocks[number].text]
        for block in blocks[number + 1 :]:
            if not (block.is_joined and block.kind == "code"):
                break
            parts.append(block.text)
        return "\n".join(parts)

    def _is_open(self, number: int) -> bool:
        return self._builder.blocks[-1].is_open and number <= len(self._builder.blocks) - 1

    def _step(self, waits: bool = True) -> None:
        end = perf_counter() + SLICE_S
        self._timer.setInterval(0)
        while perf_counter() < end:
            if self._work is None:
                if not self._waiting:
                    self._timer.stop()
                    break
                number = self._next(waits)
                if number is None:
                    self._timer.setInterval(LEXER_WAIT_MS)
                    break
                del self._waiting[number]
                self._work = self._colour(number)
            if next(self._work, self) is self:
                self._work = None
                self._show()
        self._show()

    def _next(self, waits: bool) -> int | None:
        """A code that can be coloured; None while the lexers of all are still being made."""
        blocks = self._builder.blocks
        for number in self._waiting:
            is_gone = number >= len(blocks)
            if not waits or is_gone or LEXERS.is_ready(blocks[number].language):
                return number
        return None

    def _colour(self, number: int) -> Iterator[None]:
        """Colour one code line by line; stops where the document has become another one."""
        builder = self._builder
        self._looks = self._looks or self._make_looks()
        if number >= len(builder.blocks):
            return
        code = builder.blocks[number]
        text = self._text(number)
        lexer = lexer_of(code.language)
        if lexer is None:
            return
        lines = self._lines(number, text)
        at, spans = 0, list[_Span]()
        for start, kind, part in lexer.get_tokens_unprocessed(text):
            look = self._looks.get(kind) or self._find(kind)
            end = start + len(part)
            while at < len(lines):
                position, first, length = lines[at]
                if look is not None and start < first + length and end > first:
                    left = max(start, first)
                    spans.append((left - first, min(end, first + length) - left, look))
                if end <= first + length:
                    break
                self._set(position, length, spans)
                at, spans = at + 1, []
                yield
                if number >= len(builder.blocks) or builder.blocks[number] is not code:
                    return
        if at < len(lines):
            self._set(lines[at][0], lines[at][2], spans)
        self._done[number] = len(text)

    def _lines(self, number: int, text: str) -> list[tuple[int, int, int]]:
        """The text blocks of a code: position, where in the code it begins, length."""
        block = self._builder.document.findBlock(self._builder.content_start(number))
        made: list[tuple[int, int, int]] = []
        first = 0
        while block.isValid() and (first < len(text) or not made):
            length = block.length() - 1
            made.append((block.position(), first, length))
            first += length + (text[first + length : first + length + 1] == "\n")
            block = block.next()
        return made

    def _set(self, position: int, length: int, spans: list[_Span]) -> None:
        layout = self._builder.document.findBlock(position).layout()
        ranges = []
        for start, size, look in spans:
            made = QTextLayout.FormatRange()
            made.start, made.length, made.format = start, size, look
            ranges.append(made)
        if ranges or layout.formats():
            layout.setFormats(ranges)
            self._dirty.append((position, length))

    def _show(self) -> None:
        """Lay out what was coloured, all at once."""
        if self._dirty:
            first = self._dirty[0][0]
            position, length = self._dirty[-1]
            end = min(position + length, self._builder.document.characterCount() - 1)
            self._builder.document.markContentsDirty(first, max(0, end - first))
            self._dirty.clear()

    def _find(self, kind: _TokenType) -> QTextCharFormat | None:
        for parent in reversed(kind.split()):
            if parent in self._looks:
                self._looks[kind] = self._looks[parent]
                return self._looks[kind]
        return None

    def _make_looks(self) -> dict[_TokenType, QTextCharFormat]:
        made = {}
        for kind, colour, weight, is_italic in _LOOKS:
            look = QTextCharFormat()
            look.setForeground(self._builder.style.colours[colour])
            if weight != QFont.Weight.Normal:
                look.setFontWeight(weight)
            if is_italic:
                look.setFontItalic(True)
            made[kind] = look
        return made
