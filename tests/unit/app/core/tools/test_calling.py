"""One call: checked against its declaration, bounded, audited."""

from __future__ import annotations

import hashlib

import pytest

from app.core.conversation import ToolRecord
from app.core.tools.audit import audit_line
from app.core.tools.builtin import builtin_tools
from app.core.tools.calling import answered, checked, record_of, run
from app.core.tools.values import LONGEST_RESULT, Outcome, Surroundings, ToolSpec
from app.intake.runner import CalledOffError
from inference import ToolCall

TOOLS = builtin_tools()


def made(name: str, **arguments: object) -> ToolRecord:
    """A call of one of Facet's tools, checked."""
    record = record_of(ToolCall(name, arguments, "c1"), round_number=1, text_at=0, thought_at=0)
    return checked(record, TOOLS.get(name), is_known=name in TOOLS)


def test_a_right_call_runs() -> None:
    record = made("calculate", expression="12 * 7")
    assert (record.state, record.tool_class) == ("waiting", "pure")
    done = run(record, TOOLS["calculate"], Surroundings())
    assert (done.state, done.result) == ("done", "84")
    assert done.sha256 == hashlib.sha256(b"84").hexdigest()
    assert "works with its arguments alone" in audit_line(done)
    assert "2 bytes" in audit_line(done)


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("calculate", {}, "'expression' is a required property"),
        ("calculate", {"expression": 7}, "is not of type"),
        ("calculate", {"expression": "1", "shell": "rm"}, "'shell' was unexpected"),
        ("convert_unit", {"value": "1", "unit": "m", "to": "km"}, "is not of type"),
        ("look_at", {"file": "a", "box": ["x"]}, "is not of type"),
    ],
)
def test_a_wrong_call_is_not_run(name: str, arguments: dict[str, object], words: str) -> None:
    record = made(name, **arguments)
    assert record.state == "failed"
    assert words in record.problem
    assert record.result is not None
    assert record.result.startswith("The call was not run")


def test_what_is_not_there_or_not_offered_is_refused() -> None:
    assert made("delete_everything").state == "refused"
    record = record_of(ToolCall("calculate", {}), round_number=1, text_at=0, thought_at=0)
    refused = checked(record, None, is_known=True)
    assert "not switched on" in str(refused.result)


def test_long_results_are_cut_and_said() -> None:
    done = answered(made("calculate", expression="1"), "ä" * LONGEST_RESULT, "done")
    assert done.is_cut
    assert done.size_bytes == 2 * LONGEST_RESULT
    assert str(done.result).endswith("bytes.]")
    assert "cut" in audit_line(done)


def test_a_tool_that_breaks_breaks_nothing() -> None:
    def fall(_arguments: object, _around: object) -> Outcome:
        raise RuntimeError("secret path")

    def end(_arguments: object, _around: object) -> Outcome:
        raise CalledOffError

    base = TOOLS["calculate"]
    record = made("calculate", expression="1")
    for function, state in ((fall, "failed"), (end, "stopped")):
        spec = ToolSpec(base.tool, base.title, base.purpose, "pure", function, base.say)
        done = run(record, spec, Surroundings())
        assert done.state == state
        assert "secret" not in str(done.result)


def test_every_tool_says_what_it_does() -> None:
    for name, spec in TOOLS.items():
        assert spec.name == name
        assert spec.tool.description
        for parameter in spec.tool.parameters.get("properties", {}):
            assert parameter.isidentifier()
        assert spec.say({})  # even of a call that lacks everything
