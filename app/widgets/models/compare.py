"""Compare on my file: the form, then both answers side by side with speed and memory."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.viewmodels.comparison import ComparisonViewModel
from app.viewmodels.comparison_values import SideView
from app.widgets.buttons import Button
from app.widgets.icon_label import IconLabel
from app.widgets.labels import Label
from app.widgets.models.compare_form import CompareForm
from app.widgets.models.compare_side import CompareSide
from app.widgets.models.compare_text import CompareText
from app.widgets.theme import Theme

MARGIN = 20
WIDE, HIGH = 980, 700  # at most; smaller windows leave an edge of themselves
EDGE = 40
FORM = QSize(640, 420)
LEGEND = "Bold and amber: another figure. Underlined: other words. Italic: on one side only."


class CompareSheet(QDialog):
    """Closing it while copies are compared lets that go on; its button stops it."""

    export_wanted = Signal(str)  # id of the conversation
    conversation_wanted = Signal(str)

    def __init__(
        self, comparison: ComparisonViewModel, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._model, self._theme = comparison, theme
        self.setWindowTitle("Compare on my file")
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.form = CompareForm(comparison.form, theme, self)
        self.question = Label("", theme, "body", "text2", Qt.TextElideMode.ElideRight, parent=self)
        self.sides = (CompareSide(theme, self), CompareSide(theme, self))
        self.outcome = Label("", theme, "body_medium", parent=self)
        self.outcome.setWordWrap(True)
        self.legend = Label(LEGEND, theme, "caption", "text3", parent=self)
        self.text = CompareText(theme, self)
        self._icons = {
            "ok": IconLabel("circle-check", theme, 18, "ok", self),
            "warn": IconLabel("triangle-alert", theme, 18, "warn", self),
        }
        self.why = Label("", theme, "small", "warn", parent=self)
        self.why.setWordWrap(True)
        self.copy = Button("Copy", theme, icon="copy", parent=self)
        self.export = Button("Export…", theme, icon="share", parent=self)
        self.conversation = Button("Open as conversation", theme, parent=self)
        self.again = Button("Compare again…", theme, parent=self)
        self.left = Button("Cancel", theme, parent=self)
        self.right = Button("Compare", theme, "filled", parent=self)
        self._pages = QStackedWidget(self)
        self._is_result = False
        self._lay_out()
        self._connect()

    def open_for(self, key: str = "") -> None:
        """Shows the form for a copy; while copies are compared, that."""
        if not self._model.is_running:
            self._model.form.prepare(key)
        self._show(is_result=self._model.is_running)
        self.open()
        wanted = self.right if self._is_result else self.form.question
        wanted.setFocus(Qt.FocusReason.PopupFocusReason)

    def open_record(self, conversation_id: str) -> None:
        """Shows a comparison that was made before; while copies are compared, that one."""
        self._model.show(conversation_id)
        self._show(is_result=True)
        self.open()
        self.right.setFocus(Qt.FocusReason.PopupFocusReason)

    def refresh(self) -> None:
        """What the sheet shows now."""
        if self._is_result:
            self._show_result()
        else:
            why = self._model.why_not
            self.why.setText(why)
            self.why.setVisible(bool(why))
            self.right.setEnabled(not why)
        self._show_buttons()

    def sizeHint(self) -> QSize:
        """The form is small; answers get what the window has."""
        parent = self.parentWidget()
        room = parent.size() if parent is not None else QSize(WIDE + EDGE, HIGH + EDGE)
        px = self._theme.px
        wanted = QSize(px(WIDE), px(HIGH)) if self._is_result else QSize(
            px(FORM.width()), max(px(FORM.height()), self._column.sizeHint().height())
        )  # fmt: skip
        return wanted.boundedTo(QSize(room.width() - EDGE, room.height() - EDGE))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground of a sheet."""
        QPainter(self).fillRect(self.rect(), self._theme.tokens.bar)

    def _lay_out(self) -> None:
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(12)
        self.heading = Label("Compare on my file", self._theme, "heading", parent=self)
        column.addWidget(self.heading)
        self._pages.addWidget(self.form)
        self._pages.addWidget(self._result_page())
        column.addWidget(self._pages, 1)
        column.addWidget(self.why)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.copy, self.export, self.conversation):
            buttons.addWidget(button)
        buttons.addStretch(1)
        for button in (self.again, self.left, self.right):
            buttons.addWidget(button)
        column.addLayout(buttons)

    def _result_page(self) -> QWidget:
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.question)
        sides = QHBoxLayout()
        sides.setSpacing(12)
        for side in self.sides:
            sides.addWidget(side, 1)
        column.addLayout(sides)
        said = QHBoxLayout()
        said.setSpacing(8)
        for icon in self._icons.values():
            said.addWidget(icon)
        said.addWidget(self.outcome, 1)
        column.addLayout(said)
        column.addWidget(self.text, 1)
        column.addWidget(self.legend)
        return page

    def _connect(self) -> None:
        model = self._model
        model.changed.connect(self.refresh)
        model.progressed.connect(self._on_progressed)
        model.form.problem.connect(self._on_problem)
        self.form.submitted.connect(self.right.click)
        self.copy.clicked.connect(
            lambda: QGuiApplication.clipboard().setText(self._model.markdown())
        )
        self.export.clicked.connect(lambda: self._leave(is_export=True))
        self.conversation.clicked.connect(lambda: self._leave(is_export=False))
        self.again.clicked.connect(self._compare_again)
        self.left.clicked.connect(self._on_left)
        self.right.clicked.connect(self._on_right)

    def _show(self, *, is_result: bool) -> None:
        self._is_result = is_result
        self._pages.setCurrentIndex(1 if is_result else 0)
        self.why.hide()
        self.refresh()
        self._column.activate()
        self.resize(self.sizeHint())

    def _show_result(self) -> None:
        model = self._model
        sides = model.sides
        if len(sides) != len(self.sides):
            return
        words, files = model.asked
        names = ", ".join(view.name for view in files)
        self.question.setText(" · ".join(part for part in (" ".join(words.split()), names) if part))
        for widget, side in zip(self.sides, sides, strict=True):
            widget.set_side(side)
        found = model.findings
        if found is None:
            self.text.set_texts(sides[0].text, sides[1].text)
        else:
            self.text.set_pairs(found.pairs)
        self.outcome.setText(found.sentence if found is not None else self._going(sides))
        self.legend.setVisible(found is not None and not found.is_equal)
        self._icons["ok"].setVisible(found is not None and not found.differing)
        self._icons["warn"].setVisible(found is not None and bool(found.differing))

    def _going(self, sides: tuple[SideView, ...]) -> str:
        model = self._model
        if model.is_held_up:
            return "The comparison begins after this answer."
        if model.is_running:
            at = next((side for side in sides if not side.is_settled), sides[-1])
            return f"{at.name} {at.words}."
        if all(side.text.strip() for side in sides):
            return "Comparing the answers…"
        return model.outcome or "Not both copies have answered."

    def _show_buttons(self) -> None:
        is_running, is_result = self._model.is_running, self._is_result
        for button in (self.copy, self.export, self.conversation):
            button.setVisible(is_result and not is_running)
        self.again.setVisible(is_result and not is_running)
        self.left.setVisible(not is_result or is_running)
        self.left.setText("Stop" if is_running else "Cancel")
        right = "Go on in the background" if is_running else "Done" if is_result else "Compare"
        self.right.setText(right)
        if is_result:
            self.right.setEnabled(True)
        for button in (self.left, self.right):
            button.setAccessibleName(button.text())
            button.updateGeometry()

    def _on_progressed(self) -> None:
        if self.isVisible() and self._is_result:
            self._show_result()

    def _on_problem(self, sentence: str) -> None:
        self.why.setText(sentence)
        self.why.show()

    def _on_left(self) -> None:
        if self._is_result and self._model.is_running:
            self._model.stop()
        else:
            self.reject()

    def _on_right(self) -> None:
        if self._is_result:
            self.accept()
            return
        self._model.start()
        if self._model.is_running:
            self._show(is_result=True)

    def _compare_again(self) -> None:
        self._model.form.prepare()
        self._show(is_result=False)

    def _leave(self, *, is_export: bool) -> None:
        self.accept()
        signal = self.export_wanted if is_export else self.conversation_wanted
        signal.emit(self._model.conversation_id)
