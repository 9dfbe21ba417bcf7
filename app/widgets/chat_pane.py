"""The chat: transcript, empty state, phase line and composer in one pane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from app.viewmodels.chat import ChatViewModel
    from app.viewmodels.composer import ComposerViewModel
    from app.viewmodels.models import ModelsViewModel
    from app.viewmodels.preferences import PreferencesViewModel
    from app.widgets.theme import Theme


class ChatPane(QWidget):
    """Shows one conversation and lets the person answer it."""

    def __init__(
        self,
        chat: ChatViewModel,
        composer: ComposerViewModel,
        models: ModelsViewModel,
        preferences: PreferencesViewModel,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)

    def find(self, text: str, forward: bool = True) -> tuple[int, int]:
        """Select the next place of `text`; its number from 1 (0: none) and how many there are."""
        return 0, 0

    def clear_find(self) -> None:
        """Take the marks of `find` away."""

    def focus_composer(self) -> None:
        """Put the keyboard into the composer."""

    def choose_files(self) -> None:
        """Ask for files to attach."""

    def copy_last_answer(self, form: str = "rich") -> None:
        """Copy the last answer as "rich", "markdown" or "plain"."""

    def show_thoughts(self, shown: bool) -> None:
        """Open or close the thoughts of every answer."""
