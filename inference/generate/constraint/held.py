"""An answer held to a schema: the level said at once, the finished text checked and mended."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from inference.api import (
    ConstraintReport,
    Event,
    FinishReason,
    JsonValue,
    Notice,
    Revised,
    SchemaLevel,
)
from inference.generate.constraint.matcher import ConstraintLostError, Step
from inference.generate.constraint.spans import value_span
from inference.generate.constraint.validation import Verdict, place
from inference.generate.constraint.worker import Constraints, SchemaMatcher

REPAIRS = 2
_UNFINISHED: Mapping[FinishReason, str] = {
    "length": "The token limit was reached before the JSON was complete.",
    "cancelled": "The answer was stopped before the JSON was complete.",
    "memory": "The answer was stopped before the JSON was complete.",
    "repetition": "The answer was ended for repeating itself before the JSON was complete.",
    "stop": "The model ended its turn without a complete JSON value.",
}


class WriteAgain(Protocol):
    """Has the model write one value again; None when it did not come to an end."""

    def __call__(
        self, whole: str, hint: str, part: Mapping[str, JsonValue], attempt: int
    ) -> str | None: ...


class HeldAnswer:
    """One answer under `schema`. It is a `matcher.Matcher` that says the level when it is known.

    `before` is what an earlier run had written of it.
    """

    def __init__(
        self,
        schema: Mapping[str, JsonValue],
        constraints: Constraints,
        on_event: Callable[[Event], None],
        before: str = "",
    ) -> None:
        self.schema = schema
        self.before = before
        self._constraints = constraints
        self._on_event = on_event
        self._level: SchemaLevel | None = None
        self._ignored: tuple[str, ...] = ()
        self._repairs = 0
        self._matcher: SchemaMatcher | None = None
        try:
            self._matcher = constraints.schema(schema)
        except ConstraintLostError as error:
            self._settled("checked", (error.message,))

    def settle(self) -> None:
        """Wait for the level and say it if it is not the strictest.

        Raises SchemaError for a schema that cannot be used.
        """
        if self._level is not None or self._matcher is None:
            return
        try:
            level, ignored = self._matcher.compiled()
        except ConstraintLostError as error:
            level, ignored = "checked", (error.message,)
        self._settled(level, ignored)

    # --- a matcher --------------------------------------------------------------------------

    def begin(self) -> None:
        if self._matcher is not None:
            self._matcher.begin()

    def push(self, token_ids: Sequence[int]) -> None:
        self.settle()
        if self._matcher is not None:
            self._matcher.push(token_ids)

    def rewind(self, count: int) -> None:
        if self._matcher is not None:
            self._matcher.rewind(count)

    def step(self) -> Step:
        self.settle()
        if self._matcher is None:
            raise ConstraintLostError("There is no grammar for the schema.")
        return self._matcher.step()

    # --- the end --------------------------------------------------------------------------

    def conclude(
        self,
        reason: FinishReason,
        text: str,
        *,
        is_whole: bool,
        lost: str,
        write_again: WriteAgain,
    ) -> ConstraintReport | None:
        """Check the finished text and have what is wrong written again, at most twice.

        `is_whole`: the grammar was fulfilled. `lost`: why it was followed no longer. None when
        the turn ended in calls, which have no answer yet.
        """
        if reason == "tool_calls":
            return None
        self.settle()
        if lost:
            self._settled("checked", (lost,))
        whole = self.before + text
        if not is_whole and not (lost and reason == "stop" and text.strip()):
            return self._report(_UNFINISHED.get(reason, ""), is_complete=False)
        verdict = self._constraints.validate(self.schema, whole)
        while verdict.problem and verdict.part is not None and self._repairs < REPAIRS:
            mended = self._mend(whole, verdict, write_again)
            if mended is None:
                break
            self._on_event(Revised(mended, verdict.problem))
            whole = mended
            verdict = self._constraints.validate(self.schema, whole)
        for name in verdict.twice[:3]:
            self._on_event(
                Notice(f"The key “{name[:60]}” stands twice in one object; the last one counts.")
            )
        return self._report(verdict.problem)

    def _mend(self, whole: str, verdict: Verdict, write_again: WriteAgain) -> str | None:
        """The text with the value that is wrong written anew."""
        assert verdict.part is not None
        try:
            start, stop = value_span(whole, verdict.path)
        except ValueError:
            return None
        what = place(verdict.path)
        self._on_event(Notice(f"Against the schema: {verdict.problem} {what} is written again."))
        self._repairs += 1
        part = _complete_part(verdict.part, self.schema)
        hint = f"{verdict.problem} Write {what} again: nothing else, as JSON."
        value = write_again(whole, hint, part, self._repairs)
        return None if value is None else whole[:start] + value + whole[stop:]

    def _settled(self, level: SchemaLevel, ignored: tuple[str, ...]) -> None:
        self._level, self._ignored = level, ignored
        if level == "lenient":
            self._on_event(
                Notice(
                    f"The schema uses {', '.join(ignored)}, which cannot be enforced while the "
                    "answer is written; the finished answer is checked."
                )
            )
        elif level == "checked":
            self._on_event(
                Notice(
                    "The schema cannot be enforced while the answer is written "
                    f"({'; '.join(ignored)}); the finished answer is checked."
                )
            )

    def _report(self, problem: str, *, is_complete: bool = True) -> ConstraintReport:
        return ConstraintReport(
            level=self._level or "checked",
            is_valid=is_complete and not problem,
            is_complete=is_complete,
            problem=problem,
            repairs=self._repairs,
            ignored=self._ignored,
        )


def _complete_part(part: Mapping[str, JsonValue], root: Mapping[str, JsonValue]) -> dict[str, Any]:
    """A piece of a schema with the definitions that it may refer to."""
    shared = {key: root[key] for key in ("$schema", "$defs", "definitions") if key in root}
    return {**shared, **part}
