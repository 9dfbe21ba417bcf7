"""The file reader's own process: decodes foreign files, so that Facet outlives any of them.

Started by `app.intake.worker`, which watches it and ends it. It works until the socket closes.
"""

from __future__ import annotations

import os
import resource
import select
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from types import GeneratorType

from app.intake.channel import Channel
from inference import FacetError

_END = object()
ORPHAN_S = 1.0  # how often it looks whether Facet is still there


def main(arguments: list[str]) -> int:
    """Serve the socket whose descriptor is the one argument."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is for Facet
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # no copy of what was read on the disk
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    channel = Channel(socket.socket(fileno=int(arguments[0])))
    from app.intake.jobs import JOBS  # the decoders: this is what takes time

    try:
        channel.send("ready")
        while True:
            kind, number, value = channel.receive()
            if kind != "job" or not isinstance(value, tuple):
                continue  # a word to stop that came too late
            job, *rest = value
            _serve(channel, number, partial(JOBS[str(job)], *rest))
    except (EOFError, OSError):
        return 0


def _serve(channel: Channel, number: int, job: Callable[[], object]) -> None:
    """Run one job and send what it gives or why it fails. Raises OSError when Facet is gone."""
    made, failure = _tried(job)
    if isinstance(made, GeneratorType):
        items, made = made, None
        while failure is None:
            item, failure = _tried(lambda: next(items, _END))
            if item is _END or _is_called_off(channel):
                break
            if failure is None:
                channel.send("item", item, number)
    kind, value = failure or ("done", made)
    channel.send(kind, value, number)


def _tried(job: Callable[[], object]) -> tuple[object, tuple[str, object] | None]:
    """What the job gives, and the message for its failure if it fails."""
    try:
        return job(), None
    except FacetError as error:
        return None, ("refused", (error.message, error.action))
    except MemoryError:
        return None, ("memory", None)
    except Exception as error:  # decoders fail with everything there is
        return None, ("failed", type(error).__name__)


def _is_called_off(channel: Channel) -> bool:
    if not select.select([channel], [], [], 0)[0]:
        return False
    channel.receive()  # nothing but a word to stop comes while a job runs
    return True


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(ORPHAN_S)
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
