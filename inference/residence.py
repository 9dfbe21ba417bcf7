"""What stays in memory between requests, how it makes room, and what is not let in at all."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

import mlx.core as mx

from inference.api import Event
from inference.checkpoint import Folder
from inference.errors import CheckpointError, NoRoomError
from inference.generate.guard import MemoryGuard, MemorySensor, Reliefs
from inference.generate.heap import give_back
from inference.generate.session import Session
from inference.hub.fit import fit_shape
from inference.hub.fit_need import TEXT_ONLY, gigabytes
from inference.hub.fit_shapes import shape_from
from inference.hub.machine import Machine
from inference.model import Model

_SESSIONS = 4  # conversations whose KV cache is kept
_SESSION_BYTES = 2 * 1024**3  # for all of them but the newest
_LEAST_CONTEXT = 4_096  # with less than this, nobody would call it a conversation


class Sessions:
    """The state of the conversations used last, by name."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Session] = OrderedDict()

    def of(self, model: Model, name: str) -> Session:
        """The conversation's state, made on first use; the least recently used ones are dropped.

        Without a name there is nothing to come back to, and nothing is kept.
        """
        if not name:
            return model.new_session()
        session = self._kept.pop(name, None) or model.new_session()
        others = sum(other.size_bytes for other in self._kept.values())
        while len(self._kept) >= _SESSIONS or others > _SESSION_BYTES:
            _, oldest = self._kept.popitem(last=False)
            others -= oldest.size_bytes
        self._kept[name] = session
        return session

    def drop_but(self, session: Session) -> bool:
        """Let all go but this one; False if there was no other."""
        kept = {name: one for name, one in self._kept.items() if one is session}
        had_others = len(kept) < len(self._kept)
        self._kept = OrderedDict(kept)
        return had_others

    def clear(self) -> None:
        self._kept.clear()


def guard(
    sensor: MemorySensor,
    model: Model,
    sessions: Sessions,
    session: Session,
    on_event: Callable[[Event], None],
    cancelled: Callable[[], bool],
) -> MemoryGuard:
    """The memory guard of one answer: what it may give up, in order."""

    def clear() -> bool:
        held = mx.get_cache_memory()
        mx.clear_cache()
        give_back()
        return held > 0

    def drop() -> bool:
        did = [sessions.drop_but(session), session.drop_snapshots(), let_go_of_towers(model)]
        model.features.clear()
        clear()
        return any(did)

    def end_conversation() -> bool:
        session.empty()
        return True

    return MemoryGuard(sensor, Reliefs(clear, drop, end_conversation), on_event, cancelled)


def let_go_of_towers(model: Model) -> bool:
    """Give the towers' memory back; False if none was used or their file has changed since."""
    try:
        did = model.let_go_of_towers()
    except CheckpointError:  # the next load will say so
        return False
    if did:
        mx.clear_cache()
        give_back()
    return did


def check_room(machine: Machine) -> Callable[[Folder], None]:
    """A check that refuses a folder which cannot fit, before any weight is read.

    It raises NoRoomError when even a short conversation without media will not fit.
    """

    def check(folder: Folder) -> None:
        fit = fit_shape(shape_from(folder), machine, _LEAST_CONTEXT, TEXT_ONLY)
        if fit.state != "wont_fit":
            return
        name = folder.config.name or folder.path.name
        who = "this Mac can give the GPU" if machine.has_gpu else "this computer can give it"
        raise NoRoomError(
            f"{name} was not loaded: it needs about {gigabytes(fit.need.total)}, and {who} "
            f"{gigabytes(fit.available)}. It would load and then crawl, or stop everything else.",
            f"{fit.advice} Loading it all the same can be allowed in the settings (Advanced), or "
            "with --load-anyway.",
        )

    return check
