"""The first run over the whole window: a rail with the steps, the page, and what to do next."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from app.viewmodels.first_run import FirstRunViewModel, Step
from app.widgets.buttons import Button
from app.widgets.first_run.pages import (
    ChartPage,
    DownloadPage,
    MachinePage,
    PickPage,
    ProofPage,
)
from app.widgets.first_run.rail import Rail
from app.widgets.labels import Hairline, Label
from app.widgets.models.opening import open_page
from app.widgets.theme import Theme

TERMS = "https://www.apache.org/licenses/LICENSE-2.0"
CONTENT, FOOTER = 890, 72
HEADINGS: dict[Step, tuple[str, str]] = {
    "machine": ("What this Mac can run", "Facet runs Gemma 4 here, without an account. Nothing "
                "that you ask leaves this Mac."),
    "pick": ("Pick a Gemma 4", "All of them stay on this Mac. You can add or remove others later."),
    "download": ("Getting Gemma 4", "You can close this and go on working."),
    "proof": ("Proof of senses", "Facet asks questions whose answers it knows, so that you know "
              "what this copy can be trusted with."),
    "chart": ("First chart", "Begin with one of these, or drop a chart of your own into the "
              "window later."),
}  # fmt: skip


class FirstRunOverlay(QWidget):
    """Keeps the keyboard while it is shown. Escape and Skip close it; nothing is lost by that."""

    def __init__(self, model: FirstRunViewModel, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._model, self._theme, self._window = model, theme, window
        self.rail = Rail(model, theme, self)
        self.heading = Label("", theme, "display")
        self.line = Label("", theme, "read", "text2")
        self.line.setWordWrap(True)
        self.pages: dict[Step, QWidget] = {
            "machine": MachinePage(model, theme),
            "pick": PickPage(model, theme),
            "download": DownloadPage(model, theme),
            "proof": ProofPage(model, theme),
            "chart": ChartPage(model, theme),
        }
        self.terms_note = Label("Gemma 4 is offered under", theme, "small", "text2")
        self.terms = Button("Apache 2.0", theme, "quiet", "external-link", small=True)
        self.skip = Button("", theme, "quiet")
        self.back = Button("Back", theme)
        self.next = Button("", theme, "filled")
        for button in (self.skip, self.back, self.next):
            button.set_large()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.refresh)
        self.setAccessibleName("Welcome to Facet")
        self._lay_out()
        self.skip.clicked.connect(model.skip)
        self.back.clicked.connect(model.go_back)
        self.next.clicked.connect(model.go_on)
        self.terms.clicked.connect(lambda: open_page(TERMS))
        model.changed.connect(self._later)
        model.closed.connect(self._on_closed)
        self.hide()

    def open_overlay(self) -> None:
        """Covers the window."""
        self._window.installEventFilter(self)
        self._model.open()
        self._place()
        self.refresh()
        self.raise_()
        self.show()
        self.next.setFocus(Qt.FocusReason.PopupFocusReason)

    def refresh(self) -> None:
        """The step of this moment."""
        self._soon.stop()
        step = self._model.step
        self.rail.refresh()
        heading, line = HEADINGS[step]
        if not self._model.catalogue.machine.is_mac:
            heading = heading.replace("this Mac", "this computer")
            line = line.replace("this Mac", "this computer")
        if step == "proof" and not self._model.is_proving and self._model.proof is not None:
            proof = self._model.proof
            line = f"{proof.passed} of {proof.present} passed." if proof.present else line
        self.heading.setText(heading)
        self.line.setText(line)
        page = self.pages[step]
        page.refresh()  # type: ignore[attr-defined]
        if self._stack.currentWidget() is not self._areas[step]:
            self._stack.setCurrentWidget(self._areas[step])
        self._show_buttons(step)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground."""
        QPainter(self).fillRect(self.rect(), self._theme.tokens.win)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes; Return is the filled button; nothing reaches the window below."""
        if event.key() == Qt.Key.Key_Escape:
            self._model.close()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.next.isEnabled():
            self.next.click()
        event.accept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Grows with the window."""
        if watched is self._window and event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Keeps Tab inside."""
        inside = [
            child
            for child in self.findChildren(QWidget)
            if child.focusPolicy() & Qt.FocusPolicy.TabFocus
            and child.isVisible()
            and child.isEnabled()
        ]
        if not inside:
            return True
        focus = self.window().focusWidget()
        at = inside.index(focus) if focus in inside else -1
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        inside[(at + (1 if forward else -1)) % len(inside)].setFocus(reason)
        return True

    def _later(self) -> None:
        self._soon.start(0)

    def _show_buttons(self, step: Step) -> None:
        copy = self._model.chosen
        size = copy.size if copy is not None else ""
        next_words = {
            "machine": "Continue",
            "pick": f"Use {size}" if copy is not None and copy.is_here else f"Download {size}",
            "download": "Use Facet meanwhile",
            "proof": "Continue",
            "chart": "Read the example chart",
        }[step]
        has_next = step != "pick" or copy is not None
        skip_words = {
            "machine": "Skip, use the bundled tiny model",
            "pick": "Skip, use the bundled tiny model",
            "chart": "Close",
        }.get(step, "")
        if not self._model.has_bundled and step in ("machine", "pick"):
            skip_words = "Skip for now"
        for button, words in ((self.next, next_words), (self.skip, skip_words)):
            button.setText(words)
            button.setAccessibleName(words)
            button.setVisible(bool(words))
            button.updateGeometry()
        self.next.setVisible(has_next)
        self.back.setVisible(step in ("pick", "download", "proof"))
        is_narrow = self._body.width() < self._theme.px(760)
        if is_narrow and step in ("machine", "pick"):
            self.skip.setText("Skip")  # its accessible name says the rest
            self.skip.updateGeometry()
        self.terms.setVisible(step == "pick")
        self.terms_note.setVisible(step == "pick" and not is_narrow)

    def _lay_out(self) -> None:
        self._stack = QStackedWidget()
        self._areas = {step: _scrolled(page) for step, page in self.pages.items()}
        for area in self._areas.values():
            self._stack.addWidget(area)
        inner = QVBoxLayout()
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        self._top = inner
        inner.addSpacing(28)
        inner.addWidget(self.heading)
        inner.addSpacing(6)
        inner.addWidget(self.line)
        inner.addSpacing(24)
        inner.addWidget(self._stack, 1)
        inner.addWidget(Hairline(self._theme))
        footer = QHBoxLayout()
        footer.setContentsMargins(0, 18, 0, 18)
        footer.setSpacing(12)
        footer.addWidget(self.terms_note)
        footer.addWidget(self.terms)
        footer.addStretch(1)
        footer.addWidget(self.skip)
        footer.addWidget(self.back)
        footer.addWidget(self.next)
        inner.addLayout(footer)
        body = QWidget()
        body.setLayout(inner)
        self._body = body
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addStretch(1)
        row.addWidget(body)
        row.addStretch(1)

    def _place(self) -> None:
        menus = getattr(self._window, "menuBar", None)
        top = menus().height() if menus is not None and menus().isVisible() else 0
        self.setGeometry(self._window.rect().adjusted(0, top, 0, 0))
        room = self.width() - self.rail.width() - 64
        self._body.setFixedWidth(max(320, min(self._theme.px(CONTENT), room)))

    def _on_closed(self) -> None:
        self._window.removeEventFilter(self)
        self.hide()
        self._window.setFocus(Qt.FocusReason.OtherFocusReason)


def _scrolled(page: QWidget) -> QScrollArea:
    """Pages are as high as they are; a small window scrolls them."""
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(5, 5, 5, 12)
    column.addWidget(page)
    column.addStretch(1)
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(holder)
    area.viewport().setAutoFillBackground(False)
    holder.setAutoFillBackground(False)
    return area
