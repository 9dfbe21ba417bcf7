"""Two answers side by side as one document: aligned, with what differs marked.

Marks never are colour alone: another figure is bold and underlined, other words are underlined,
what stands on one side only is italic.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QFrame, QTextBrowser, QWidget

from app.core.comparison.align import Cell, Cells, Pair, Span
from app.core.comparison.blocks import blocks_of
from app.widgets.theme import Theme


class CompareText(QTextBrowser):
    """Read only; text can be selected and copied. Nothing of an answer is taken for markup."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._pairs: Sequence[Pair] = ()
        self._texts: tuple[str, str] | None = ("", "")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setUndoRedoEnabled(False)
        self.setAccessibleName("Both answers side by side")
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        theme.changed.connect(self._show)
        self._show()

    def set_texts(self, first: str, second: str) -> None:
        """Answers as they are being written, not yet compared."""
        if self._texts != (first, second):
            self._texts, self._pairs = (first, second), ()
            self._show()

    def set_pairs(self, pairs: Sequence[Pair]) -> None:
        """Answers that were compared."""
        if self._texts is None and pairs is self._pairs:
            return
        self._texts, self._pairs = None, pairs
        self._show()

    def _show(self) -> None:
        bar = self.verticalScrollBar()
        place = bar.value()
        self.setFont(self._theme.font("body"))
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.Base, self._theme.tokens.raised)
        palette.setColor(QPalette.ColorRole.Text, self._theme.tokens.text)
        self.setPalette(palette)
        self.document().setDocumentMargin(10)
        if self._texts is not None:
            rows = [(self._plain(self._texts[0]), self._plain(self._texts[1]))]
        else:
            rows = [(self._side(p, p.left), self._side(p, p.right)) for p in self._pairs]
        cells = "".join(
            f'<tr><td width="49%">{left}</td><td width="2%"></td><td width="49%">{right}</td></tr>'
            for left, right in rows
        )
        self.setHtml(f'<table width="100%" cellspacing="0" cellpadding="4">{cells}</table>')
        bar.setValue(place)

    def _plain(self, text: str) -> str:
        """An answer laid out, without marks."""
        made = []
        for block in blocks_of(text):
            cells = tuple((Span(cell),) for cell in block.cells)
            made.append(f"<div>{self._side(Pair(block.kind, cells), cells)}</div>")
        return "".join(made) or "&nbsp;"

    def _side(self, pair: Pair, cells: Cells) -> str:
        if not cells:
            return '<span style="white-space:pre">&nbsp;</span>'
        tokens = self._theme.tokens
        if pair.kind in ("head", "row"):
            width = 100 // len(cells)
            ground = f' bgcolor="{tokens.sunk.name()}"' if pair.kind == "head" else ""
            line = "".join(
                f'<td width="{width}%"{ground}>{_weighed(self._cell(cell), pair.kind)}</td>'
                for cell in cells
            )
            return f'<table width="100%" cellspacing="0" cellpadding="3"><tr>{line}</tr></table>'
        words = self._cell(cells[0])
        match pair.kind:
            case "heading":
                return f"<b>{words}</b>"
            case "item":
                return f"•&nbsp;{words}"
            case "code":
                family = escape(self._theme.fixed_font("body").family())
                return (
                    f"<span style=\"font-family:'{family}'; white-space:pre-wrap\">{words}</span>"
                )
        return words

    def _cell(self, cell: Cell) -> str:
        tokens = self._theme.tokens
        styles = {
            "figure": _style(tokens.warnsoft, tokens.warn, "font-weight:bold; "),
            "changed": _style(tokens.accsoft, tokens.text, ""),
            "only": f"font-style:italic; background-color:{tokens.accsoft.name()}",
        }
        made = []
        for span in cell:
            words = escape(span.text)
            style = styles.get(span.mark)
            made.append(f'<span style="{style}">{words}</span>' if style else words)
        return "".join(made)


def _style(ground: QColor, text: QColor, more: str) -> str:
    return f"{more}text-decoration:underline; background-color:{ground.name()}; color:{text.name()}"


def _weighed(words: str, kind: str) -> str:
    return f"<b>{words}</b>" if kind == "head" else words
