"""The sidebar: conversations in sections, search, folders, trash with undo."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from app.core.background import Background
from app.core.conversation import Folder, Hit, Pane, Summary
from app.core.store import Store, Writer
from app.viewmodels.answers import Answers
from app.viewmodels.chat import ChatViewModel
from app.viewmodels.desk import Desk
from app.viewmodels.notices import NoticesViewModel
from app.viewmodels.preferences import PreferencesViewModel
from app.viewmodels.sections import (
    Listing,
    found_sections,
    row_of,
    sections,
    today,
    trash_sections,
)
from app.viewmodels.values import Row, Section

SEARCH_MS = 120
GATHER_MS = 15  # several changes at once ask for one reading
UNDO_MS = 10_000


class LibraryViewModel(QObject):
    """All conversations, and which of them is open.

    Lists are read on a thread of their own, after what the writer has still to write, so they
    show everything and the window never waits for the disk.
    """

    changed = Signal()
    current_changed = Signal(str)
    undo_offered = Signal(str, int)  # text, how long it is offered in ms
    opened = Signal(str)
    _listed = Signal(int, object, object, object)
    _found = Signal(str, object)

    def __init__(
        self,
        store: Store,
        writer: Writer,
        desk: Desk,
        answers: Answers,
        chat: ChatViewModel,
        preferences: PreferencesViewModel,
        notices: NoticesViewModel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._writer = writer
        self._desk = desk
        self._answers = answers
        self._chat = chat
        self._last_open: dict[Pane, str] = {}
        self._preferences = preferences
        self.notices = notices
        self._summaries: list[Summary] = store.summaries()
        self._trashed: list[Summary] = store.summaries(trashed=True)
        self._folders: list[Folder] = store.folders()
        self._hits: list[Hit] = []
        self._made: tuple[object, list[Section]] | None = None
        self._query = ""
        self._is_trash_shown = False
        self._undoable = ""
        self._wanted = 0  # counts what makes the lists old
        self._gather = QTimer(self)
        self._gather.setSingleShot(True)
        self._gather.setInterval(GATHER_MS)
        self._gather.timeout.connect(self._read)
        self._search = QTimer(self)
        self._search.setSingleShot(True)
        self._search.setInterval(SEARCH_MS)
        self._search.timeout.connect(self._look_up)
        self._listing = Background("library reader")
        self._listed.connect(self._on_listed)
        self._found.connect(self._on_found)
        desk.changed.connect(self.refresh)
        answers.begun.connect(self._on_begun)
        answers.ended.connect(self._on_ended)
        chat.branched.connect(self.open)

    # --- what is shown -----------------------------------------------------------------------

    @property
    def query(self) -> str:
        """What is searched for."""
        return self._query

    @query.setter
    def query(self, text: str) -> None:
        if text == self._query:
            return
        self._query = text
        if text.strip():
            self._search.start()
        else:
            self._search.stop()
            self._hits = []
            self._tell()

    @property
    def hits(self) -> list[Hit]:
        """What the search found in titles and texts."""
        return self._hits

    @property
    def current_id(self) -> str:
        """The open conversation, empty for none."""
        return self._chat.conversation_id

    @property
    def is_trash_shown(self) -> bool:
        """Whether the sections show the trash."""
        return self._is_trash_shown

    @is_trash_shown.setter
    def is_trash_shown(self, shown: bool) -> None:
        self._is_trash_shown = shown
        self.refresh()
        self.changed.emit()

    @property
    def current_row(self) -> Row | None:
        """The open conversation's row, None while it has none."""
        for summary in self._summaries:
            if summary.id == self.current_id:
                return row_of(summary, Listing((), self._answers.running_ids()))
        return None

    def sections(self) -> list[Section]:
        """The rows of the sidebar: the trash, what was found, or everything by folder and day."""
        running = self._answers.running_ids()
        made_of = (running, self._is_trash_shown, self._query.strip(), today())
        if self._made is None or self._made[0] != made_of:
            self._made = (made_of, self._make_sections(running))
        return list(self._made[1])

    def _make_sections(self, running: frozenset[str]) -> list[Section]:
        if self._is_trash_shown:
            return trash_sections(Listing(self._trashed, running))
        listing = Listing(self._summaries, running, self._folders)
        if self._query.strip():
            return found_sections(listing, self._hits)
        return sections(listing)

    def _tell(self) -> None:
        """Lists or hits are others now."""
        self._made = None
        self.changed.emit()

    def folders(self) -> list[Folder]:
        """The folders, by name."""
        return list(self._folders)

    # --- opening -----------------------------------------------------------------------------

    def new_conversation(self, pane: Pane | None = None) -> str:
        """Open an empty conversation, in the pane shown if no other is wanted, and give its id.

        An empty one that is open is used again.
        """
        pane = pane or self._chat.pane
        current = self.current_id
        if current and not self._desk.is_saved(current) and self._chat.pane == pane:
            self.opened.emit(current)
            return current
        conversation = self._desk.new(self._preferences.value.settings, pane)
        self.open(conversation.id)
        return conversation.id

    def show_pane(self, pane: Pane) -> None:
        """Show what was open last in a pane, else something new in it."""
        if self.current_id and pane == self._chat.pane:
            self.opened.emit(self.current_id)
            return
        # Not by the lists: they come later than what was just saved.
        last = self._last_open.get(pane)
        if last is not None:
            self.open(last)
        if pane != self._chat.pane or not self.current_id:
            self.new_conversation(pane)

    def _forget(self, conversation_id: str) -> None:
        """It went away: its pane does not come back to it."""
        kept = {pane: each for pane, each in self._last_open.items() if each != conversation_id}
        self._last_open = kept

    def open(self, conversation_id: str) -> None:
        """Show a conversation; one that is gone leaves what is shown as it is."""
        if conversation_id == self.current_id:
            self.opened.emit(conversation_id)
            return
        try:
            self._chat.open(conversation_id)
        except KeyError:
            self.refresh()
            return
        if not self._is_trash_shown:  # a look into the trash is no place to come back to
            self._last_open[self._chat.pane] = conversation_id
        self.remember_open()
        if any(s.id == conversation_id and s.is_unread for s in self._summaries):
            self._write(self._store.set_unread, conversation_id, False)
        self.current_changed.emit(conversation_id)
        self.opened.emit(conversation_id)
        self.changed.emit()

    def open_last(self) -> None:
        """Show what was open when Facet ended, else an empty conversation; called once."""
        wanted = self._preferences.value.open_conversation
        if any(summary.id == wanted for summary in self._summaries):
            self.open(wanted)
        if not self.current_id:
            self.new_conversation()

    def remember_open(self) -> None:
        """Keep in mind what to show at the next start."""
        if self.current_id and self._desk.is_saved(self.current_id):
            self._preferences.change(open_conversation=self.current_id)

    # --- changing ----------------------------------------------------------------------------

    def rename(self, conversation_id: str, title: str) -> None:
        """Give a title of the person's own; an empty one changes nothing."""
        words = " ".join(title.split())
        if words:
            self._desk.set_title(conversation_id, words, own=True)

    def set_pinned(self, conversation_id: str, pinned: bool) -> None:
        """Pin or unpin."""
        self._write(self._store.set_pinned, conversation_id, pinned)

    def move(self, conversation_id: str, folder_id: str | None) -> None:
        """Put into a folder, or out of all."""
        self._write(self._store.move, conversation_id, folder_id)

    def trash(self, conversation_id: str) -> None:
        """Move to the trash; can be undone for ten seconds and restored later."""
        self._answers.stop_now(conversation_id)
        title = self._desk.get(conversation_id).title
        self._undoable = conversation_id
        if self._desk.is_saved(conversation_id):
            self._write(self._store.trash, conversation_id)
            self.undo_offered.emit(f"“{title}” moved to Trash", UNDO_MS)
        self._summaries = [s for s in self._summaries if s.id != conversation_id]
        self._forget(conversation_id)
        if conversation_id == self.current_id:
            self._show_another()
        self._tell()

    def undo(self) -> None:
        """Take the last move to the trash back, and show it again."""
        if self._undoable:
            conversation_id, self._undoable = self._undoable, ""
            self.restore(conversation_id)
            self.open(conversation_id)

    def restore(self, conversation_id: str) -> None:
        """Take out of the trash."""
        self._write(self._store.restore, conversation_id)

    def purge(self, conversation_id: str) -> None:
        """Delete for good."""
        self._answers.stop_now(conversation_id)
        self._forget(conversation_id)
        if conversation_id == self.current_id:
            self._show_another()
        self._desk.forget(conversation_id)
        self._write(self._store.purge, conversation_id)

    @property
    def trash_count(self) -> int:
        """How many conversations are in the trash."""
        return len(self._trashed)

    def empty_trash(self) -> None:
        """Delete everything in the trash for good."""
        for summary in list(self._trashed):
            self.purge(summary.id)

    def add_folder(self, name: str) -> None:
        """Make a folder."""
        self._write(self._store.add_folder, name)

    def rename_folder(self, folder_id: str, name: str) -> None:
        """Rename a folder."""
        self._write(self._store.rename_folder, folder_id, name)

    def remove_folder(self, folder_id: str) -> None:
        """Remove a folder; its conversations move out."""
        self._write(self._store.remove_folder, folder_id)

    def unwritten(self, timeout_s: float) -> int:
        """How many changes the disk has not taken after waiting so long."""
        return self._writer.unwritten(timeout_s)

    def refresh(self) -> None:
        """Read the lists again, behind everything that is still to be written."""
        self._wanted += 1
        if not self._gather.isActive():
            self._gather.start()

    def close(self, timeout_s: float) -> None:
        """End the thread that reads the lists."""
        self._gather.stop()
        self._search.stop()
        self._listing.close(timeout_s)

    # --- reading -----------------------------------------------------------------------------

    def _write(self, function: object, *args: object) -> None:
        if not self._store.is_read_only:
            self._writer.call(function, *args)  # type: ignore[arg-type]
        self.refresh()

    def _read(self) -> None:
        wanted = self._wanted

        def read() -> None:
            store = self._store
            lists = store.summaries(), store.summaries(trashed=True), store.folders()
            self._listed.emit(wanted, *lists)

        self._writer.call(self._listing.call, read)

    def _on_listed(
        self,
        wanted: int,
        summaries: list[Summary],
        trashed: list[Summary],
        folders: list[Folder],
    ) -> None:
        if wanted != self._wanted:
            return  # a newer one is on its way
        listed = summaries, trashed, folders
        if listed != (self._summaries, self._trashed, self._folders):
            self._summaries, self._trashed, self._folders = listed
            self._tell()

    def _look_up(self) -> None:
        query = self._query
        self._listing.call(lambda: self._found.emit(query, self._store.search(query)))

    def _on_found(self, query: str, hits: list[Hit]) -> None:
        if query == self._query:
            self._hits = hits
            self._tell()

    # --- reactions ---------------------------------------------------------------------------

    def _show_another(self) -> None:
        pane = self._chat.pane
        self._chat.open(self._desk.new(self._preferences.value.settings, pane).id)
        self._last_open[pane] = self.current_id
        self.current_changed.emit(self.current_id)

    def _on_begun(self, _conversation_id: str, _turn_id: str) -> None:
        self.remember_open()
        self.changed.emit()

    def _on_ended(self, conversation_id: str, _turn_id: str) -> None:
        if conversation_id != self.current_id:
            self._write(self._store.set_unread, conversation_id, True)
        self.changed.emit()
