"""Writing a transcript where the person wants it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.core.files import write_atomically
from app.core.speech.files import TranscriptFormat, transcript_file
from app.core.speech.stitching import segments, whole_text
from app.core.speech.values import Transcript


class TranscriptSaving(QObject):
    """Files and the clipboard's text. `saved` and `failed` carry a sentence."""

    saved = Signal(str)
    failed = Signal(str)

    def save(self, transcript: Transcript, form: TranscriptFormat, path: Path) -> bool:
        """Write a file; what stood there is replaced only when all is written."""
        try:
            write_atomically(path, transcript_file(segments(transcript.pieces), form))
        except OSError as error:
            why = error.strerror or type(error).__name__
            self.failed.emit(
                f"The transcript was not saved: {why}. It is still here; choose another place."
            )
            return False
        self.saved.emit(f"Saved as {path.name}.")
        return True

    def text(self, transcript: Transcript) -> str:
        """Everything that was heard, in one text."""
        return whole_text(transcript.pieces)
