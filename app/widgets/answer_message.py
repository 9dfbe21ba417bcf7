"""An answer: thought, tool calls, text, failure, and the row of actions and figures."""

from __future__ import annotations

from PySide6.QtWidgets import QMenu, QWidget

from app.markdown.math import Formulas
from app.widgets.answer_document import AnswerDocument
from app.widgets.answer_text import AnswerText
from app.widgets.controls import Button, Label
from app.widgets.error_card import ErrorCard, SettledError
from app.widgets.message import BLEED, Message
from app.widgets.message_actions import ANSWER_ACTIONS, MessageActions
from app.widgets.theme import Theme
from app.widgets.thought import Thought
from app.widgets.tool_row import ToolRow

THOUGHT_GAP, PART_GAP, TOOL_GAP, ROW_GAP = 4, 10, 8, 6
ICON_INSET = 5  # room around an icon within its button


class AnswerMessage(Message):
    """Shows a model's turn."""

    def __init__(self, theme: Theme, formulas: Formulas, parent: QWidget) -> None:
        super().__init__(theme, formulas, parent)
        self._thought = Thought(theme, formulas, self)
        self._thought.toggled.connect(lambda is_open: self.act("thought", is_open))
        self._thought.height_changed.connect(lambda: self.height_changed.emit(self.view.id))
        self.text = AnswerText(theme, self)
        self.text.link_clicked.connect(lambda target: self.act("link", target))
        self.text.table_opened.connect(lambda table: self.act("table", table))
        self.text.time_hovered.connect(lambda second: self.act("time_hover", second))
        self._all = Button("", theme, "plain", small=True, parent=self)
        self._all.clicked.connect(self._show_all)
        self._tools: list[ToolRow] = []
        self._notices = Label("", theme, "caption", "text3", parent=self)
        self._notices.setWordWrap(True)
        self._error = ErrorCard(theme, self)
        self._error.acted.connect(lambda command: self.act("command", command))
        self._error.height_changed.connect(lambda: self.height_changed.emit(self.view.id))
        self._settled = SettledError(theme, self)
        self._settled.clicked.connect(self._unfold)
        self._is_unfolded = False
        self.row = MessageActions(theme, ANSWER_ACTIONS, self)
        self.row.acted.connect(self._on_action)
        self.row.stepped.connect(lambda step: self.act("version", step))

    def fill(self, is_other: bool, document: AnswerDocument | None) -> None:
        """Put the turn into the parts."""
        view = self.view
        assert self.text is not None
        if is_other:
            self._is_unfolded = False
            self._thought.release()
        has_thought = bool(view.thought) or view.is_thinking
        if has_thought:
            self._thought.show_turn(view, self.setting.is_thought_open)
        self._thought.setVisible(has_thought)
        if document is not None:
            self.text.show_document(document)
        self.text.setAccessibleName(self.spoken())
        self._fill_tools(is_other)
        self._notices.setText("\n".join(view.notices))
        self._notices.setVisible(bool(view.notices))
        self._fill_error()
        assert self.row is not None
        self.row.show_turn(view, self.setting.shows_stats)
        self.row.setVisible(view.state != "streaming")

    def arrange(self, width: int) -> int:
        """Lay out from top to bottom."""
        assert self.text is not None
        assert self.row is not None
        y = 0
        if not self._thought.isHidden():
            height = self._thought.arrange(width, self.devicePixelRatioF())
            self._thought.setGeometry(BLEED, y, width, height)
            y += height + THOUGHT_GAP
        for row in self._tools:
            height = row.arrange(width)
            row.setGeometry(BLEED, y + TOOL_GAP, width, height)
            y += height + TOOL_GAP
        y = self._arrange_text(width, y + (PART_GAP if self._tools else 0))
        if not self._notices.isHidden():
            height = self._notices.heightForWidth(width)
            self._notices.setGeometry(BLEED, y + ROW_GAP, width, height)
            y += height + ROW_GAP
        y = self._arrange_error(width, y)
        if not self.row.isHidden():
            height = self.row.arrange(width + BLEED)
            self.row.setGeometry(BLEED - ICON_INSET, y + ROW_GAP, width + BLEED, height)
            y += height + ROW_GAP
        return max(y, 1)

    def _arrange_text(self, width: int, y: int) -> int:
        assert self.text is not None
        document = self.text.shown()
        has_text = document is not None and bool(document.builder.blocks)
        self.text.setVisible(has_text)
        is_cut = document is not None and document.is_cut
        self._all.setVisible(is_cut)
        if document is None or not has_text:
            return y
        height = self.text.fit(width)
        self.text.setGeometry(BLEED, y, width, height)
        y += height
        if is_cut:
            self._all.setText(f"Show all ({_size(len(document.text))})")
            size = self._all.sizeHint()
            self._all.setGeometry(BLEED, y + PART_GAP, size.width(), size.height())
            y += size.height() + PART_GAP
        return y

    def _arrange_error(self, width: int, y: int) -> int:
        if not self._settled.isHidden():
            height = self._settled.sizeHint().height()
            self._settled.setGeometry(BLEED, y + PART_GAP, width, height)
            y += height + PART_GAP
        if not self._error.isHidden():
            height = self._error.arrange(width)
            self._error.setGeometry(BLEED, y + PART_GAP, width, height)
            y += height + PART_GAP
        return y

    def _fill_tools(self, is_other: bool) -> None:
        views = self.view.tools
        while len(self._tools) > len(views):
            row = self._tools.pop()
            row.hide()
            row.deleteLater()
        while len(self._tools) < len(views):
            self._tools.append(self._tool_row(len(self._tools)))
        for row, view in zip(self._tools, views, strict=True):
            row.set_view(view, is_other)

    def _tool_row(self, place: int) -> ToolRow:
        row = ToolRow(self.theme, self)
        row.answered.connect(lambda choice: self.act("tool", (place, choice)))
        row.height_changed.connect(lambda: self.height_changed.emit(self.view.id))
        row.show()
        return row

    def _fill_error(self) -> None:
        error = self.view.error
        is_settled = error is not None and not self.setting.is_last
        self._settled.setVisible(is_settled)
        self._error.setVisible(error is not None and (not is_settled or self._is_unfolded))
        if error is not None:
            self._error.show_error(error)
            self._settled.set_words(error.what, "The conversation went on")

    def _unfold(self) -> None:
        self._is_unfolded = not self._is_unfolded
        self._error.setVisible(self._is_unfolded)
        self.height_changed.emit(self.view.id)

    def _show_all(self) -> None:
        assert self.text is not None
        document = self.text.shown()
        if document is not None:
            document.show_all()

    def release(self) -> None:
        """Let go of the turn."""
        super().release()
        self._thought.release()

    # --- what can be done -----------------------------------------------------------------------

    def _on_action(self, name: str) -> None:
        assert self.row is not None
        if name == "more":
            self.row.popup(self.fill_menu)
        else:
            self.act(name, "rich" if name == "copy" else None)

    def fill_menu(self, menu: QMenu) -> None:
        """The menu behind "More"."""
        menu.addAction("Copy as rich text", lambda: self.act("copy", "rich"))
        menu.addAction("Copy as Markdown", lambda: self.act("copy", "markdown"))
        menu.addAction("Copy as plain text", lambda: self.act("copy", "plain"))
        menu.addSeparator()
        menu.addAction("Answer again", lambda: self.act("regenerate"))
        if self.view.can_continue:
            menu.addAction("Continue", lambda: self.act("continue"))
        menu.addAction("Branch into a new conversation", lambda: self.act("branch"))


def _size(characters: int) -> str:
    if characters < 1_000_000:
        return f"{characters / 1_000:,.0f} thousand characters"
    return f"{characters / 1_000_000:,.1f} million characters"
