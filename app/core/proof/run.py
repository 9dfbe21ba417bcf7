"""Runs the tests over anything that answers requests with events."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from time import monotonic

from app.core.proof.tasks import Task
from app.core.proof.values import ProofResult
from app.core.replies import Reply, ReplyBuilder
from inference import Event, Request

Ask = Callable[[Request], Iterable[Event]]


def run(
    ask: Ask, tasks: Iterable[Task], clock: Callable[[], float] = monotonic
) -> Iterator[ProofResult]:
    """A result for each task, as soon as it is there. To stop, stop iterating."""
    for task in tasks:
        if task.request is None:
            yield task.unasked()
            continue
        began = clock()
        reply = reply_of(ask(task.request))
        yield task.judge(reply, clock() - began)


def reply_of(events: Iterable[Event]) -> Reply:
    """The reply that a stream of events makes; a problem when it has no end."""
    builder = ReplyBuilder()
    for event in events:
        reply = builder.take(event)
        if reply is not None:
            return reply
    return Reply(builder.text, problem="The engine gave no answer.")
