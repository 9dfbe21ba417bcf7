"""The other ranks: compute what rank 0 announces, on their share of the network."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import mlx.core as mx
import numpy as np

from inference.distributed.join import Ranks
from inference.errors import FacetError
from inference.generate.session import Session
from inference.models.gemma4.network import Gemma4

_NEWS_S = 1.0  # between an error of a sum and the news that rank 0 is gone
_GRACE_S = 5.0  # for a sum that waits for a rank which is gone, before the process ends


class MirroredSession(Session):
    """A session that counts tokens by its caches: which ones they are, only rank 0 knows."""

    @property
    def position(self) -> int:
        return self.caches[0].offset


Message = tuple[dict[str, Any], bytes]
# Folder names to try, fingerprint, data type, place of the per-layer table -> the rank's network.
LoadNetwork = Callable[[list[str], str, str | None, str], Gemma4]


@dataclass(slots=True, eq=False)
class Follower:
    """Serves one rank until rank 0 ends. All of MLX happens on the thread that calls `serve`."""

    ranks: Ranks
    load: LoadNetwork
    end_process: Callable[[], None]  # when the thread of MLX waits for a rank that is gone
    _network: Gemma4 | None = None
    _sessions: dict[int, MirroredSession] = field(default_factory=dict)
    _last: mx.array | None = None
    _messages: queue.SimpleQueue[Message | None] = field(default_factory=queue.SimpleQueue)
    _lead_gone: threading.Event = field(default_factory=threading.Event)

    def serve(self) -> None:
        """Until rank 0 ends or is gone. What goes wrong in a computation ends the service."""
        wire = self.ranks.wires[0]
        done = threading.Event()
        reader = threading.Thread(target=self._read, args=(done,), name="facet-lead", daemon=True)
        reader.start()
        try:
            while (message := self._messages.get()) is not None:
                head, body = message
                if head["do"] == "end":
                    break
                self._perform(head, body)
        except Exception as error:
            if self._lead_gone.wait(_NEWS_S):
                return  # the error is a consequence
            with suppress(OSError):
                wire.send({"gone": f"{type(error).__name__}: {error}"})
            raise
        finally:
            done.set()
            self._forget()
            self.ranks.close()
            reader.join(_GRACE_S)

    def _read(self, done: threading.Event) -> None:
        try:
            while True:
                self._messages.put(self.ranks.wires[0].receive())
        except (OSError, ValueError):
            self._lead_gone.set()
            self._messages.put(None)
        if not done.wait(_GRACE_S):
            self.end_process()

    def _perform(self, head: dict[str, Any], body: bytes) -> None:
        match head["do"]:
            case "load":
                self._load(head)
            case "unload":
                self._forget()
            case "drop":
                self._sessions.pop(head["session"], None)
            case "memory":
                self._answer(
                    head, active=int(mx.get_active_memory()), peak=int(mx.get_peak_memory())
                )
            case "forward":
                self._forward(head, body)
            case "step":
                self._step(head)
            case "logits":
                self._logits(self._last)
            case "logits_of":
                assert self._last is not None
                shape = (1, head["rows"], self._last.shape[-1])
                self._logits(self._shared(mx.zeros(shape, self._last.dtype)))
            case _:
                self._change(head)

    def _answer(self, question: dict[str, Any], **answer: Any) -> None:
        self.ranks.wires[0].send({**answer, "number": question["number"]})

    def _load(self, head: dict[str, Any]) -> None:
        self._forget()
        try:
            self._network = self.load(
                head["folders"], head["fingerprint"], head["dtype"], head["ple"]
            )
        except FacetError as error:
            self._answer(head, error=error.message, action=error.action)
        else:
            self._answer(head, loaded=True)

    def _forget(self) -> None:
        self._network = self._last = None
        self._sessions.clear()
        mx.clear_cache()

    def _session(self, number: int) -> MirroredSession:
        assert self._network is not None
        if number not in self._sessions:
            caches = self._network.language_model.make_caches()
            self._sessions[number] = MirroredSession(caches)
        return self._sessions[number]

    def _change(self, head: dict[str, Any]) -> None:
        session = self._session(head["session"])
        match head["do"]:
            case "cut":
                session.cut_back(head["to"])
            case "rewind":
                session.rewind(head["to"])
            case "reserve":
                session.reserve(head["tokens"])
            case "snapshot":
                session.take_snapshot()
            case unknown:
                raise ValueError(f"rank 0 asks for {unknown!r}, which this version does not know")

    def _forward(self, head: dict[str, Any], body: bytes) -> None:
        assert self._network is not None
        session, count, slots = self._session(head["session"]), head["tokens"], head["slots"]
        ids = np.frombuffer(body, np.int32, count)
        types = np.frombuffer(body, np.int8, count, offset=4 * count)
        features: mx.array | None = None
        decoder = self._network.language_model
        if slots:
            width = decoder.norm.weight.shape[0]
            features = self._shared(mx.zeros((slots, width), decoder.embed_tokens.dtype))
            mx.async_eval(features)
        self._last = self._network.forward(ids, types, features, session.caches, head["rows"])
        mx.eval(session.arrays() if self._last is None else [self._last, *session.arrays()])

    def _step(self, head: dict[str, Any]) -> None:
        """The graph is built while the token is still on its way."""
        assert self._network is not None
        token = self._shared(mx.zeros((1, 1), mx.int32))
        self._last = self._network.step(token, self._session(head["session"]).caches)
        mx.async_eval(self._last)

    def _logits(self, hidden: mx.array | None) -> None:
        """This rank's part; the whole is for rank 0."""
        assert self._network is not None
        assert hidden is not None
        mx.async_eval(self._network.logits(hidden))

    def _shared(self, values: mx.array) -> mx.array:
        return mx.distributed.all_sum(values, group=self.ranks.group)
