"""Which calls run, which ask, which are refused; what lapses."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.conversation import Attachment, ToolClass, ToolRecord, Turn
from app.core.tools.declare import from_schema
from app.core.tools.permissions import EVERY, decide, has_foreign_text
from app.core.tools.values import Outcome, ToolSpec

CLASSES: tuple[ToolClass, ...] = get_args(ToolClass)


def spec(tool_class: ToolClass, version: str = "") -> ToolSpec:
    """A tool that does nothing."""
    tool = from_schema("act", "Acts.", {}, ())
    return ToolSpec(
        tool, "Act", "Acts.", tool_class, lambda _a, _r: Outcome(""), lambda _a: "Act",
        version=version,
    )  # fmt: skip


def test_what_is_pure_needs_no_word() -> None:
    assert decide(spec("pure"), {}, (), has_foreign_text=True).verdict == "run"


@pytest.mark.parametrize("tool_class", ["read", "write"])
def test_all_else_asks_until_it_is_allowed(tool_class: ToolClass) -> None:
    one = spec(tool_class)
    asked = decide(one, {}, (), has_foreign_text=False)
    assert (asked.verdict, asked.choices) == ("ask", EVERY)
    assert decide(one, {}, ("act",), has_foreign_text=False).by == "conversation"
    assert decide(one, {"act": "always"}, (), has_foreign_text=False).by == "always"


def test_what_was_allowed_to_write_lapses_with_foreign_text() -> None:
    one = spec("write")
    for standing, grants in (({"act": "always"}, ()), ({}, ("act",))):
        asked = decide(one, standing, grants, has_foreign_text=True)
        assert (asked.verdict, asked.has_lapsed) == ("ask", True)
        assert asked.choices == ("once", "never")


def test_another_declaration_has_to_be_allowed_anew() -> None:
    changed = spec("read", version="2")
    assert decide(changed, {"act": "always"}, ("act",), has_foreign_text=False).verdict == "ask"


@given(
    st.sampled_from(CLASSES),
    st.sampled_from(["", "always", "never"]),
    st.booleans(),
    st.booleans(),
)
def test_nothing_runs_without_a_word(
    tool_class: ToolClass, said: str, is_granted: bool, has_foreign: bool
) -> None:
    standing = {"act": said} if said else {}
    grants = ("act",) if is_granted else ()
    decision = decide(spec(tool_class), standing, grants, has_foreign_text=has_foreign)
    if said == "never":
        assert decision.verdict == "refuse"
    elif decision.verdict == "run":
        assert tool_class == "pure" or said == "always" or is_granted
        assert not (tool_class == "write" and has_foreign)


def test_files_and_results_of_others_are_foreign() -> None:
    question = Turn("q", None, "user", "Hello")
    file = Attachment("f", "text", "a.txt", "0" * 64, 3)
    assert not has_foreign_text([question])
    assert has_foreign_text([question], [file])
    assert has_foreign_text([Turn("q", None, "user", "Hello", attachments=(file,))])
    for tool_class, is_foreign in (("pure", False), ("read", True), ("write", True)):
        record = ToolRecord("act", {}, "text", state="done", tool_class=tool_class)
        answer = Turn("a", "q", "model", "", tools=(record,))
        assert has_foreign_text([answer]) is is_foreign
