"""The work of making a request: opens files, so it is done on the reader's thread. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from app.core.asking import Senses, build_request
from app.core.conversation import Attachment, Conversation, Turn
from app.core.model_digest import model_digest
from app.core.reading import MediaReader, Parts
from app.intake.runner import CalledOffError
from app.viewmodels.errors import file_error
from app.viewmodels.running import Running
from inference import FacetError, Tool


def asking_work(
    running: Running,
    conversation: Conversation,
    path: tuple[Turn, ...],
    reader: MediaReader,
    tools: tuple[Tool, ...],
    senses: Senses,
    folder: Path | None,
    on_opening: Callable[[str, int, int], None],
    on_asked: Callable[[str, object, str], None],
) -> Callable[[], None]:
    """Work for the reader's thread. It sees frozen values and speaks through the two callables.

    `on_opening` gets the key, which file it is, and of how many; `on_asked` the key, the request
    or an ErrorInfo, and the model's digest. Nothing is said once the answer was stopped.
    """
    turn, key, is_continued = running.turn, running.key, running.is_continued
    settings = turn.settings or conversation.settings
    files = sum(len(each.attachments) for each in path)
    opened = 0

    def read(attachment: Attachment) -> Parts:
        nonlocal opened
        opened += 1
        on_opening(key, opened, max(opened, files))
        return reader.parts(attachment, lambda: running.is_stopped)

    def work() -> None:
        try:
            asked: object = build_request(
                path,
                settings,
                read,
                seed=turn.seed or 0,
                session=conversation.id,
                senses=senses,
                is_continued=is_continued,
                tools=tools,
            )
        except CalledOffError:
            return
        except FacetError as error:
            asked = file_error(str(error))
        except Exception as error:
            asked = file_error(f"{type(error).__name__}: {error}"[:300])
        on_asked(key, asked, model_digest(folder) if folder else "")

    return work
