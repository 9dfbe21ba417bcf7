"""Finds words in the whole conversation, in texts that are not shown as widgets too."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QTextCursor

from app.widgets.transcript import Transcript


@dataclass(frozen=True, slots=True)
class _Place:
    """The `nth` place, from 0, within the text of a turn."""

    turn_id: str
    nth: int


class Finder:
    """Steps through the places of a text, from the last one backwards or from the first on."""

    def __init__(self, transcript: Transcript) -> None:
        self._transcript = transcript
        self._text = ""
        self._places: list[_Place] = []
        self._at = -1
        self._marked = ""

    def find_text(self, text: str, forward: bool = True) -> tuple[int, int]:
        """Show the next place; its number from 1 (0: none), and how many there are."""
        wanted = text.casefold()
        places = self._all_places(wanted)
        if wanted != self._text or not self._places:
            self._at = -1 if forward else len(places)
        elif self._at >= 0 and len(places) != len(self._places):
            self._at = min(self._at, len(places) - 1)
        self._text, self._places = wanted, places
        if not places:
            self.clear()
            return 0, 0
        self._at = (self._at + (1 if forward else -1)) % len(places)
        self._show(places[self._at], text)
        return self._at + 1, len(places)

    def clear(self) -> None:
        """Take the mark away and forget the text."""
        self._unmark()
        self._text, self._places, self._at = "", [], -1

    def _all_places(self, wanted: str) -> list[_Place]:
        if not wanted:
            return []
        return [
            _Place(view.id, nth)
            for view in self._transcript.views()
            for nth in range(view.text.casefold().count(wanted))
        ]

    def _show(self, place: _Place, text: str) -> None:
        self._unmark()
        document = self._transcript.document_of(place.turn_id)
        document.show_all()
        document.fill()
        # Markdown has more places than what is shown of it: in link targets, say.
        found = last = QTextCursor()
        for _ in range(place.nth + 1):
            found = document.document.find(text, last)
            if found.isNull():
                break
            last = found
        message = self._transcript.show_turn(place.turn_id)
        if last.isNull() or message is None or message.text is None:
            return
        message.unfold()
        area = message.text.select(last.selectionStart(), last.selectionEnd())
        offset = message.text.y() + round(area.top())
        self._transcript.show_turn(place.turn_id, offset)
        self._marked = place.turn_id

    def _unmark(self) -> None:
        message = self._transcript.message(self._marked)
        if message is not None and message.text is not None:
            cursor = message.text.textCursor()
            cursor.clearSelection()
            message.text.setTextCursor(cursor)
        self._marked = ""
