"""The buttons under a call that asks: how long it is allowed, or that it is not."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from app.viewmodels.tool_values import ToolView
from app.widgets.controls import Button
from app.widgets.theme import Theme

GAP = 6
WORDS = {
    "once": ("Once", "Allow this call"),
    "conversation": ("This conversation", "Allow this tool in this conversation"),
    "always": ("Always", "Allow this tool always; it can be taken back in the settings"),
    "dont": ("Don't", "Do not run this call, and say so to the model"),
    "never": ("Never", "Never run this tool; it can be taken back in the settings"),
}


class Choices(QWidget):
    """Allowing at the beginning of the line, refusing at its end; two lines where it is narrow."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons: dict[str, Button] = {}
        for choice, (words, meaning) in WORDS.items():
            button = Button(words, theme, parent=self)
            button.setToolTip(meaning)
            button.clicked.connect(lambda _=False, choice=choice: self.chosen.emit(choice))
            self._buttons[choice] = button
        self._shown: list[str] = []

    def show_view(self, view: ToolView) -> None:
        """The buttons for what can be said about this call; the usual one is filled."""
        allowing = [each for each in ("once", "conversation", "always") if each in view.choices]
        refusing = ["dont", *(["never"] if "never" in view.choices else [])]
        self._shown = [*allowing, *refusing]
        usual = view.usual or "dont"
        for choice, button in self._buttons.items():
            button.setVisible(choice in self._shown)
            button.set_kind("filled" if choice == usual else "plain")
            button.setAccessibleName(f"{WORDS[choice][0]}: {view.title}")
            button.setAccessibleDescription(WORDS[choice][1])

    def arrange(self, width: int) -> int:
        """Lay out for a width; gives the height."""
        allowing = [each for each in self._shown if each not in ("dont", "never")]
        refusing = [each for each in self._shown if each in ("dont", "never")]
        needed = sum(self._width(each) + GAP for each in self._shown) + 2 * GAP
        tall = max((b.sizeHint().height() for b in self._buttons.values()), default=0)
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        self._place(allowing, 0, 0, width, is_mirrored)
        if needed <= width:
            self._place(refusing, width - self._line(refusing), 0, width, is_mirrored)
            return tall
        self._place(refusing, 0, tall + GAP, width, is_mirrored)
        return 2 * tall + GAP

    def _place(self, choices: list[str], left: int, top: int, width: int, mirrored: bool) -> None:
        for choice in choices:
            size = self._buttons[choice].sizeHint()
            x = width - left - size.width() if mirrored else left
            self._buttons[choice].setGeometry(x, top, size.width(), size.height())
            left += size.width() + GAP

    def _line(self, choices: list[str]) -> int:
        return sum(self._width(each) + GAP for each in choices) - GAP

    def _width(self, choice: str) -> int:
        return self._buttons[choice].sizeHint().width()
