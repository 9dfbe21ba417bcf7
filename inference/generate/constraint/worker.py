"""The engine's side of the process that follows grammars.

It is started when it is first needed, or beside loading when it is expected, and ended when a
message takes longer than its limit: then the answer goes on without a grammar, and says so.
"""

from __future__ import annotations

import logging
import os
import socket
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

from inference.api import JsonValue, SchemaLevel
from inference.generate.cancel import Cancelled
from inference.generate.constraint.bounds import SchemaError
from inference.generate.constraint.matcher import ConstraintLostError, Step
from inference.generate.constraint.validation import Verdict
from inference.generate.constraint.wire import Message, Wire, WireError, WireTimeoutError

_log = logging.getLogger(__name__)

CHILD_WORD = "constraint-child"  # the bundled program's own word for this process
START_S = 90.0  # a cold disk, a busy machine and 262,144 tokens
COMPILE_S = 15.0
STEP_S = 10.0
CHECK_S = 10.0
_POLL_S = 0.05


@dataclass(slots=True)
class Reply:
    """What the process says to one question; `message` is None until it has been read."""

    limit_s: float
    message: Message | None = None


@dataclass(frozen=True, slots=True)
class VocabularySource:
    """Where the process reads the vocabulary; `stops` are the ids that end a turn."""

    file: Path
    vocab: int
    stops: tuple[int, ...]


class Constraints:
    """Grammars for one model at a time. Used by the engine's thread; `expect` by any."""

    def __init__(self) -> None:
        self._lock = threading.Lock()  # of the process, which two threads may start
        self._source: VocabularySource | None = None
        self._expected = False
        self._process: subprocess.Popen[bytes] | None = None
        self._wire: Wire | None = None
        self._waiting: deque[Reply] = deque()  # for what the process has not said yet
        self._number = 0
        self.cancelled: Callable[[], bool] = lambda: False

    def attach(self, source: VocabularySource | None) -> None:
        """The model has changed; None: there is none."""
        with self._lock:
            self._end()
            self._source = source
            if self._expected:
                self._start_if_possible()

    def expect(self) -> None:
        """Grammars will be wanted: make ready, now or when a model is there, without waiting."""
        with self._lock:
            self._expected = True
            self._start_if_possible()

    @property
    def is_ready(self) -> bool:
        """Whether the process has read the vocabulary, so that answers come at once."""
        while self._waiting and self._wire is not None:
            try:
                self._waiting[0].message = self._wire.receive(0.0)
            except (WireError, WireTimeoutError):
                break
            self._waiting.popleft()
        return self._wire is not None and not any(r.limit_s == START_S for r in self._waiting)

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._expected = False
            self._end()

    def schema(self, schema: Mapping[str, JsonValue]) -> SchemaMatcher:
        """Begin to compile a schema; the matcher tells the level when that is done."""
        self._number += 1
        asked = self.send(["schema", self._number, schema], COMPILE_S)
        return SchemaMatcher(self, self._number, asked)

    def grammar(self, lark: str) -> RemoteMatcher:
        """Begin to compile a grammar in llguidance's own notation."""
        self._number += 1
        asked = self.send(["grammar", self._number, lark], COMPILE_S)
        return RemoteMatcher(self, self._number, asked)

    def validate(self, schema: Mapping[str, JsonValue], text: str) -> Verdict:
        """Judge a finished text."""
        return self._judge("validate", schema, text)

    def judge(self, schema: Mapping[str, JsonValue], value: JsonValue) -> Verdict:
        """Judge a value."""
        return self._judge("judge", schema, value)

    # --- messages -------------------------------------------------------------------------

    def _judge(self, verb: str, schema: Mapping[str, JsonValue], what: JsonValue) -> Verdict:
        try:
            found = self.receive(self.send([verb, schema, what], CHECK_S))
        except ConstraintLostError as error:
            return Verdict(f"The answer could not be checked: {error.message}")
        assert isinstance(found, dict)
        if "problem" not in found:
            return Verdict(str(found.get("refused")))
        return Verdict(found["problem"], tuple(found["path"]), found["part"], tuple(found["twice"]))

    def send(self, message: list[Any], limit_s: float) -> Reply:
        """Ask, without waiting. Raises ConstraintLostError when there is no process."""
        with self._lock:
            self._start()
            wire = self._wire
        if wire is None:
            raise ConstraintLostError("No model is loaded.")
        try:
            wire.send(message)
        except WireError as error:
            raise self._fallen("it ended by itself") from error
        self._waiting.append(Reply(limit_s))
        return self._waiting[-1]

    def receive(self, reply: Reply) -> Message:
        """Wait for a reply.

        Raises ConstraintLostError when it does not come in time or says so itself, Cancelled
        when the job is cancelled meanwhile.
        """
        while reply.message is None:
            if not self._waiting:
                raise ConstraintLostError("The process that follows grammars was ended.")
            oldest = self._waiting[0]
            oldest.message = self._next(oldest.limit_s)
            self._waiting.popleft()
        message = reply.message
        if isinstance(message, dict) and "lost" in message:
            raise ConstraintLostError(str(message["lost"]))
        return message

    def _next(self, limit_s: float) -> Message:
        until = monotonic() + limit_s
        while self._wire is not None:
            try:
                return self._wire.receive(_POLL_S)
            except WireTimeoutError:
                if self.cancelled():
                    raise Cancelled from None
                if monotonic() > until:
                    raise self._fallen(f"it took longer than {limit_s:.0f} s") from None
            except WireError:
                raise self._fallen("it ended by itself") from None
        raise ConstraintLostError("The process that follows grammars was ended.")

    # --- the process ----------------------------------------------------------------------

    def _start(self) -> None:
        source = self._source
        if source is None or self._process is not None:
            return
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                self._process = subprocess.Popen(
                    [*_command(), str(theirs.fileno())],
                    pass_fds=[theirs.fileno()],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=None if os.environ.get("FACET_DEBUG") else subprocess.DEVNULL,
                    env=_environment(),
                )
            except OSError as error:
                ours.close()
                raise ConstraintLostError(f"It cannot be started ({error}).") from error
        self._wire = Wire(ours)
        self._wire.send([str(source.file), source.vocab, source.stops])
        self._waiting = deque((Reply(START_S),))

    def _start_if_possible(self) -> None:
        """What keeps it from starting is said when it is needed."""
        with suppress(ConstraintLostError, WireError):
            self._start()

    def _fallen(self, why: str) -> ConstraintLostError:
        with self._lock:
            self._end()
        _log.warning("the process that follows grammars was lost: %s", why)
        return ConstraintLostError(f"The process that follows grammars was lost: {why}.")

    def _end(self) -> None:
        process, wire = self._process, self._wire
        self._process = self._wire = None
        self._waiting = deque()
        if wire is not None:
            wire.close()
        if process is not None:
            process.kill()
            process.wait()


class RemoteMatcher:
    """A `matcher.Matcher` in the other process; `asked` is the reply to its making."""

    def __init__(self, constraints: Constraints, number: int, asked: Reply) -> None:
        self._constraints = constraints
        self._number = number
        self._asked = asked
        self._lost = ""

    def begin(self) -> None:
        self._ask("begin")

    def push(self, token_ids: Sequence[int]) -> None:
        self._ask("push", list(token_ids))

    def rewind(self, count: int) -> None:
        self._ask("rewind", count)

    def step(self) -> Step:
        answer = self._answer()
        if not isinstance(answer, Step):  # it was made, and nothing was asked of it yet
            self.begin()
            answer = self._answer()
        if not isinstance(answer, Step):
            raise ConstraintLostError("The grammar gave no answer.")
        return answer

    def forget(self) -> None:
        """It is needed no longer."""
        self._ask("forget")

    def _answer(self) -> Message:
        if self._lost:
            raise ConstraintLostError(self._lost)
        return self._constraints.receive(self._asked)

    def _ask(self, verb: str, *rest: Any) -> None:
        if self._lost:
            return
        try:
            self._asked = self._constraints.send([verb, self._number, *rest], STEP_S)
        except ConstraintLostError as error:
            self._lost = error.message


class SchemaMatcher(RemoteMatcher):
    """A matcher made of a schema."""

    def __init__(self, constraints: Constraints, number: int, asked: Reply) -> None:
        super().__init__(constraints, number, asked)
        self._made = asked

    def compiled(self) -> tuple[SchemaLevel, tuple[str, ...]]:
        """Wait for the level in force and what it ignores.

        Raises SchemaError for a schema that cannot be used, ConstraintLostError when compiling
        took too long.
        """
        answer = self._constraints.receive(self._made)
        assert isinstance(answer, dict)
        if "refused" in answer:
            raise SchemaError(str(answer["refused"]), str(answer.get("action", "")))
        return answer["level"], tuple(answer["ignored"])


def _command() -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, CHILD_WORD]
    # -P: what lies in the current folder is none of our modules.
    return [sys.executable, "-P", "-m", "inference.generate.constraint.child"]


def _environment() -> dict[str, str]:
    """As ours, with our packages found wherever they lie, and no threads for sums."""
    root = str(Path(__file__).parents[3])
    known = os.environ.get("PYTHONPATH")
    path = root if not known else os.pathsep.join([root, known])
    return {**os.environ, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1"}
