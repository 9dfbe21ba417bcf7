"""Files that arrive at the window: by drop, dialog, paste, or from the system."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from app.core.conversation import AttachmentKind, Pane
from app.core.kinds import kind_of_name
from app.viewmodels.chat import ChatViewModel
from app.viewmodels.composer import ComposerViewModel
from app.viewmodels.library import LibraryViewModel
from app.viewmodels.materials import MaterialsViewModel

PANES: dict[AttachmentKind, Pane] = {
    "image": "image",
    "document": "image",
    "text": "image",
    "video": "video",
    "audio": "audio",
}


class Arrivals:
    """In the chat files go into the message; elsewhere into the pane that works on their kind."""

    def __init__(
        self,
        library: LibraryViewModel,
        chat: ChatViewModel,
        composer: ComposerViewModel,
        materials: MaterialsViewModel,
    ) -> None:
        self._library, self._chat = library, chat
        self._composer, self._materials = composer, materials

    def pane_for(self, paths: Sequence[Path]) -> Pane:
        """The pane that would take these files, by the kind of the first."""
        if self._chat.pane == "chat" or not paths:
            return self._chat.pane
        return PANES[kind_of_name(paths[0].name) or "text"]

    def add_files(self, paths: Sequence[Path], *, is_new: bool = False) -> None:
        """Take files; `is_new` begins a conversation with them."""
        if not paths:
            return
        pane = self.pane_for(paths)
        if is_new or pane != self._chat.pane:
            self._library.new_conversation(pane)
        if pane == "chat":
            self._composer.add_files(paths)
        else:
            self._materials.add_files(paths)

    def add_picture(self, png: bytes, name: str, *, is_new: bool = False) -> None:
        """Take a picture that is no file, as the bytes of a PNG."""
        pane: Pane = "chat" if self._chat.pane == "chat" else "image"
        if is_new or pane != self._chat.pane:
            self._library.new_conversation(pane)
        if pane == "chat":
            self._composer.add_picture(png, name)
        else:
            self._materials.add_bytes(png, name)
