"""What the store has to say after opening, in the form of every error."""

from __future__ import annotations

from app.core.conversation import ErrorInfo
from app.core.store.salvage import Rescue

OTHER_WINDOW = ErrorInfo(
    what="Facet is already running, so this window can only read.",
    why="Two programs that write the same conversations would damage them.",
    safe="Everything is as the other window left it.",
)
NEWER = ErrorInfo(
    what="These conversations were written by a newer version of Facet, so this one only reads.",
    why="An older version could lose what it does not know.",
    safe="Nothing was changed. Install the newer version to go on writing.",
)
FOLDER_PROTECTED = ErrorInfo(
    what="The folder of your conversations is protected, so nothing new can be saved.",
    why="Facet may read the folder but not write into it.",
    safe="Everything that was saved can be read.",
)
FILE_PROTECTED = ErrorInfo(
    what="The file of your conversations is protected, so nothing new can be saved.",
    why="Facet may read the file but not write it.",
    safe="Everything that was saved can be read.",
)


def interrupted(count: int) -> ErrorInfo:
    """Answers that were being written when the program ended."""
    what = "An answer was" if count == 1 else f"{count} answers were"
    return ErrorInfo(
        what=f"{what} cut off when Facet ended.",
        why="The program or the computer stopped while it was being written.",
        safe="Every word up to then is here. Continue takes it up again.",
    )


def repaired(rescue: Rescue) -> ErrorInfo:
    """The database was damaged; what could be done is done."""
    safe = (
        f"{_count(rescue.turns, 'message')} in {_count(rescue.conversations, 'conversation')}"
        " could be kept"
    )
    if rescue.backup_time is not None and rescue.from_backup:
        when = rescue.backup_time.astimezone().strftime("%d %B, %H:%M")
        safe += f", {rescue.from_backup:,} of them from the backup of {when}"
    safe += "."
    if rescue.damaged_turns:
        safe += f" {_count(rescue.damaged_turns, 'message')} came back with damage."
    return ErrorInfo(
        what="The file of your conversations was damaged and has been repaired.",
        why="Such damage comes from the disk, a crash of the computer, or another program.",
        safe=f"{safe} The damaged file is kept in the folder “damaged”.",
    )


def temporary(error: Exception) -> ErrorInfo:
    """Nothing can be kept in this session."""
    return ErrorInfo(
        what="Your conversations cannot be opened, and new ones will not be kept.",
        why="The folder for them cannot be used.",
        safe="Nothing in the folder was changed. Quit, make room or give Facet access, and open it"
        " again.",
        detail=f"{type(error).__name__}: {error}",
    )


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
