"""Runs one call and says what came of it: text within bounds, its size, its hash, its time."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from dataclasses import replace
from time import monotonic

from app.core.conversation import CallState, ToolRecord
from app.core.tools.arguments import problem_of
from app.core.tools.values import (
    LONGEST_RESULT,
    MOST_CALLS,
    MOST_ROUNDS,
    Surroundings,
    ToolError,
    ToolSpec,
)
from app.intake.runner import CalledOffError
from inference import FacetError, ToolCall

_log = logging.getLogger(__name__)

REFUSED = "The user did not allow this call, so it was not run."
NEVER = "The user never allows this tool, so it was not run."
UNKNOWN = "There is no tool of this name."
NOT_OFFERED = "This tool is not switched on in this conversation, so it was not run."
TOO_MANY = f"Only {MOST_CALLS} calls can be made at once; this one was not run."
LIMIT_NOTICE = (
    f"The model asked for tools more than {MOST_ROUNDS} times in one answer; its last call was "
    "not run."
)


def record_of(call: ToolCall, *, round_number: int, text_at: int, thought_at: int,
              problem: str = "") -> ToolRecord:  # fmt: skip
    """A call as it was just made: it waits."""
    return ToolRecord(
        call.name,
        dict(call.arguments),
        call_id=call.call_id,
        state="waiting",
        round=round_number,
        text_at=text_at,
        thought_at=thought_at,
        problem=problem,
    )


def checked(record: ToolRecord, spec: ToolSpec | None, *, is_known: bool) -> ToolRecord:
    """The record with its tool's class; refused at once when the call cannot be run."""
    if spec is None:
        return answered(record, NOT_OFFERED if is_known else UNKNOWN, "refused")
    record = replace(record, tool_class=spec.tool_class, server=spec.server)
    problem = record.problem or problem_of(spec.tool, record.arguments)
    if problem:
        text = f"The call was not run: {problem}"
        return answered(replace(record, problem=problem), text, "failed")
    return record


def run(
    record: ToolRecord, spec: ToolSpec, around: Surroundings, clock: Callable[[], float] = monotonic
) -> ToolRecord:
    """The record with what came of the call. Never raises."""
    begin = clock()
    try:
        outcome = spec.run(record.arguments, around)
        done = answered(replace(record, media=outcome.media), outcome.text, "done")
    except CalledOffError:
        done = replace(record, state="stopped")
    except (ToolError, FacetError) as error:
        done = answered(record, f"Error: {error}", "failed")
    except Exception as error:
        _log.exception("a tool failed")
        done = answered(record, f"Error: the tool failed ({type(error).__name__}).", "failed")
    return replace(done, seconds=round(max(0.0, clock() - begin), 3))


def answered(record: ToolRecord, text: str, state: CallState) -> ToolRecord:
    """The record with a result; what goes beyond the bound is cut and said."""
    whole = text.encode("utf-8", "replace")
    shown = whole
    if len(whole) > LONGEST_RESULT:
        shown = whole[:LONGEST_RESULT]
    result = shown.decode("utf-8", "ignore")
    if len(whole) > LONGEST_RESULT:
        result += f"\n[Cut here: {LONGEST_RESULT:,} of {len(whole):,} bytes.]"
    return replace(
        record,
        result=result,
        state=state,
        size_bytes=len(whole),
        sha256=hashlib.sha256(whole).hexdigest(),
        is_cut=len(whole) > LONGEST_RESULT,
    )
