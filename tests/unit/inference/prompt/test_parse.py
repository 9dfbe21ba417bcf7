"""The output parser: known answers, every cut, round trips, and random ids."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.api import FinishReason, Notice, Thought, TokenText, ToolCall, ToolCallEvent
from inference.errors import PromptError
from inference.prompt.expand import expand
from inference.prompt.parse import ParserEvent, StreamParser
from inference.prompt.render import Rendered
from inference.prompt.segments import Origin, SegmentWriter
from inference.prompt.tokenizer import Tokenizer
from inference.prompt.tools import write_call
from inference.prompt.values import MAX_SIZE
from tests.fakes.tokenizer import SPECIALS, VOCAB_SIZE, build_backend
from tests.unit.inference.prompt.hostile import HOSTILE

BACKEND = build_backend()
NO_SUCH_ID = VOCAB_SIZE + 5


def _ids(text: str) -> list[int]:
    """Control tokens where they are spelled: text as the model would emit it."""
    ids: list[int] = BACKEND.encode(text, add_special_tokens=False).ids
    return ids


def _parse(
    ids: Iterable[int],
    tokenizer: Tokenizer,
    starts_in_thought: bool = False,
    reason: FinishReason = "stop",
) -> list[ParserEvent]:
    parser = StreamParser(tokenizer.control, tokenizer.stream, starts_in_thought)
    events = [event for token_id in ids for event in parser.feed(token_id)]
    return events + parser.finish(reason)


def _summary(events: Sequence[ParserEvent]) -> list[Any]:
    """Text and thoughts joined, calls as tuples, a notice as its type."""
    found: list[Any] = []
    open_thought = False
    for event in events:
        if isinstance(event, TokenText):
            if found and isinstance(found[-1], str):
                found[-1] += event.text
            else:
                found.append(event.text)
        elif isinstance(event, Thought):
            assert event.text or open_thought, "a thought is closed that was not shown"
            if not open_thought:
                found.append([""])
            found[-1][0] += event.text
            open_thought = not event.closed
        elif isinstance(event, ToolCallEvent):
            found.append((event.call.name, dict(event.call.arguments)))
        else:
            found.append(Notice)
    assert not open_thought
    return found


@pytest.mark.parametrize(
    ("answer", "summary"),
    [
        ("", []),
        ("Hi!<turn|>", ["Hi!"]),
        ("<|channel>thought\nWell.\nYes.\n<channel|>Hi!<turn|>", [["Well.\nYes."], "Hi!"]),
        ("<|channel>thought\n<channel|>Hi!", ["Hi!"]),
        ("<|channel>thought<channel|>Hi!", ["Hi!"]),
        ("<|channel><channel|>Hi!", ["Hi!"]),
        ("<|channel>thou<channel|>Hi!", [["thou"], "Hi!"]),
        ("<|channel>thoughtful\nx<channel|>Hi!", [["thoughtful\nx"], "Hi!"]),
        ("<|channel>The user\nasks\n\n<channel|>Hi!", [["The user\nasks\n"], "Hi!"]),
        ("<|channel>thought\na<|channel>thought\nb<channel|>Hi", [["a"], ["b"], "Hi"]),
        ("<|channel>thought\na<channel|><|channel>thought\n<channel|>b", [["a"], "b"]),
        ("a<channel|>b", ["ab"]),
        ("a<|channel>thought\nb\n<channel|>\nc", ["a", ["b"], "\nc"]),
        ("<|channel>thou", [Notice]),
        ("<|channel>thought\nnever closed", [["never closed"], Notice]),
        ("<|channel>thought\nstopped<turn|>", [["stopped"], Notice]),
        ('<|channel>thought\nuse f{a:<|"|>x<|"|>}<channel|>ok', [['use f{a:"x"}'], "ok"]),
        ('<|tool_call>call:f{a:<|"|>x<|"|>}<tool_call|><|tool_response>', [("f", {"a": "x"})]),
        (
            "Wait.<|tool_call>call:f{}<tool_call|><|tool_call>call:g{n:1}<tool_call|>",
            ["Wait.", ("f", {}), ("g", {"n": 1})],
        ),
        ("<|channel>thought\nhm<|tool_call>call:f{}<tool_call|>", [["hm"], ("f", {})]),
        ("<|tool_call>call:f{a:1<turn|>", ["call:f{a:1", Notice]),
        ('<|tool_call>call:f{a:<|"|>x', ['call:f{a:"x', Notice]),
        ("<|tool_call>", [Notice]),
        ("<|tool_call>nonsense<tool_call|>after", ["nonsense", Notice, "after"]),
        ("<|tool_call>call:f{<|tool_call>call:g{}<tool_call|>", ["call:f{", Notice, ("g", {})]),
        ("<|tool_call>call:f{<|channel>thought\nx<channel|>", ["call:f{", Notice, ["x"]]),
        ("<|tool_call>call:f{a:<pad>1}<tool_call|>", ["call:f{a:", Notice, "1}"]),
        ("a<pad><|turn><tool_call|><tool|>b<|image|>", ["ab"]),
        ('say <|"|>x<|"|>', ['say "x"']),
    ],
)
def test_answers(answer: str, summary: list[Any], tokenizer: Tokenizer) -> None:
    assert _summary(_parse(_ids(answer), tokenizer)) == summary


def test_a_prompt_may_leave_the_thought_open(tokenizer: Tokenizer) -> None:
    events = _parse(_ids("20C, good.\n<channel|>It is 20C."), tokenizer, starts_in_thought=True)
    assert _summary(events) == [["20C, good."], "It is 20C."]
    assert _summary(_parse(_ids("<channel|>Hi"), tokenizer, starts_in_thought=True)) == ["Hi"]


@pytest.mark.parametrize(("reason", "notices"), [("stop", 1), ("length", 1), ("cancelled", 0)])
def test_an_unfinished_thought_is_explained(
    reason: FinishReason, notices: int, tokenizer: Tokenizer
) -> None:
    events = _parse(_ids("<|channel>thought\nhm"), tokenizer, reason=reason)
    assert sum(isinstance(event, Notice) for event in events) == notices
    assert events[1] == Thought("m", 1)
    assert events[2] == Thought("", 0, closed=True)


def test_control_tokens_spelled_as_text_are_text(tokenizer: Tokenizer) -> None:
    spelled = '<|channel>thought\n<|tool_call>call:f{a:<|"|>}<tool_call|><turn|>'
    assert _summary(_parse(tokenizer.encode(spelled), tokenizer)) == [spelled]
    ids = [tokenizer.control.call_open, *_ids('call:f{a:<|"|>')]
    ids += [*tokenizer.encode('x<|"|>,b:1}<tool_call|>'), *_ids('<|"|>}<tool_call|>')]
    assert _summary(_parse(ids, tokenizer)) == [("f", {"a": 'x<|"|>,b:1}<tool_call|>'})]


def test_events_count_tokens(tokenizer: Tokenizer) -> None:
    ids = _ids("<|channel>thought\nab\n<channel|>é!")
    parser = StreamParser(tokenizer.control, tokenizer.stream)
    events = [event for token_id in ids for event in parser.feed(token_id)]
    name = len(_ids("thought\n"))
    assert events == [
        Thought("a", 1 + name + 1),
        Thought("b", 1),
        Thought("", 2, closed=True),
        TokenText("é", 2),
        TokenText("!", 1),
    ]
    assert parser.thought_tokens == 1 + name + 4
    assert parser.finish("stop") == []


def test_thought_tokens_of_an_open_prompt_and_an_empty_thought(tokenizer: Tokenizer) -> None:
    for answer, starts, count in (
        ("ab<channel|>c", True, 3),
        ("<|channel>thought\n<channel|>c", False, 2 + len(_ids("thought\n"))),
        ("<|channel>x<|tool_call>call:f{}<tool_call|>", False, 2),
        ("<|channel>x<turn|>", False, 2),
    ):
        parser = StreamParser(tokenizer.control, tokenizer.stream, starts)
        for token_id in _ids(answer):
            parser.feed(token_id)
        assert parser.thought_tokens == count


def test_a_character_cut_by_a_mark_is_replaced(tokenizer: Tokenizer) -> None:
    first, second = tokenizer.encode("é")
    think = tokenizer.control.think
    events = _parse([first, think, second], tokenizer)
    assert _summary(events) == ["\N{REPLACEMENT CHARACTER}" * 2]
    events = _parse([*_ids("<|channel>thought\nx"), first], tokenizer)
    assert _summary(events)[0] == ["x\N{REPLACEMENT CHARACTER}"]


class LongTokens:
    """Every token is as long as a tenth of a call may be."""

    def push(self, token_id: int) -> str:  # noqa: ARG002 - they all read the same
        return "x" * (MAX_SIZE // 10)

    def finish(self) -> str:
        return ""


def test_a_call_beyond_all_bounds_becomes_text(tokenizer: Tokenizer) -> None:
    control, letter = tokenizer.control, tokenizer.encode("x")
    parser = StreamParser(control, LongTokens)
    # The first call is within the bounds but none, the second is cut off at them.
    within = [control.call_open, *letter * 10, control.call_close]
    beyond = [control.call_open, *letter * 12, control.call_close]
    events = [event for token_id in within + beyond for event in parser.feed(token_id)]
    longest = "x" * MAX_SIZE
    tenth = "x" * (MAX_SIZE // 10)
    assert _summary(events) == [longest, Notice, longest + tenth, Notice, tenth]
    assert parser.finish("stop") == []


def test_tokens_of_a_call_are_counted_nowhere(tokenizer: Tokenizer) -> None:
    events = _parse(_ids("a<|tool_call>call:f{}<tool_call|>b"), tokenizer)
    assert events == [TokenText("a", 1), ToolCallEvent(ToolCall("f", {})), TokenText("b", 1)]


def test_refuses_ids_outside_the_vocabulary(tokenizer: Tokenizer) -> None:
    with pytest.raises(PromptError, match="outside"):
        _parse([NO_SUCH_ID], tokenizer)


# --- structure, built and parsed again ----------------------------------------------------------

_NUMBERS = st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False)
_JSON = st.recursive(
    st.none() | st.booleans() | _NUMBERS | HOSTILE,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(HOSTILE, inner, max_size=3),
    max_leaves=8,
)
_CALLS = st.builds(
    ToolCall,
    st.from_regex(r"[\w.:/-]{1,20}", fullmatch=True).filter(lambda name: "▁" not in name),
    st.dictionaries(HOSTILE, _JSON, max_size=4),
)


def _call_ids(call: ToolCall, tokenizer: Tokenizer) -> list[int]:
    out = SegmentWriter(tokenizer.control)
    write_call(out.within(Origin("tool_call", call.name, 0, 0)), call)
    return expand(Rendered(tuple(out.segments), False), [], tokenizer).token_ids


@settings(max_examples=300)
@given(call=_CALLS)
def test_a_rendered_call_parses_to_itself(call: ToolCall, tokenizer: Tokenizer) -> None:
    events = _parse(_call_ids(call, tokenizer), tokenizer)
    assert events == [ToolCallEvent(ToolCall(call.name, call.arguments))]


_THOUGHTS = HOSTILE.filter(lambda text: text != "").map(lambda text: [text])


@settings(max_examples=200)
@given(items=st.lists(HOSTILE.filter(bool) | _THOUGHTS | _CALLS, max_size=5))
def test_any_answer_parses_to_what_it_was_built_from(
    items: list[Any], tokenizer: Tokenizer
) -> None:
    control = tokenizer.control
    ids: list[int] = []
    expected: list[Any] = []
    for item in items:
        if isinstance(item, str):
            ids += tokenizer.encode(item)
            if expected and isinstance(expected[-1], str):
                expected[-1] += item
            else:
                expected.append(item)
        elif isinstance(item, list):
            ids += [control.channel_open, *tokenizer.encode(f"thought\n{item[0]}\n")]
            ids.append(control.channel_close)
            expected.append(item)
        else:
            ids += _call_ids(item, tokenizer)
            expected.append((item.name, dict(item.arguments)))
    assert _summary(_parse(ids, tokenizer)) == expected


FULL = (
    "<|channel>thought\nHm, é.\n<channel|>Wait: 😀"
    '<|tool_call>call:f{a:<|"|>ü,}<|"|>,b:[1,{c:null}]}<tool_call|><|tool_response>'
)


def test_every_cut_of_an_answer_shows_its_beginning(tokenizer: Tokenizer) -> None:
    ids = _ids(FULL)
    whole = _summary(_parse(ids, tokenizer))
    assert whole == [["Hm, é."], "Wait: 😀", ("f", {"a": "ü,}", "b": [1, {"c": None}]})]
    opened, closed = (ids.index(i) for i in (tokenizer.control.call_open, ids[-2]))
    for cut in range(len(ids)):
        summary = _summary(_parse(ids[:cut], tokenizer, reason="cancelled"))
        thought, text = ("".join(part) for part in (*summary[:2], "", "")[:2])
        assert whole[0][0].startswith(thought.rstrip("\N{REPLACEMENT CHARACTER}"))
        if cut <= opened:
            assert whole[1].startswith(text.rstrip("\N{REPLACEMENT CHARACTER}"))
        assert (Notice in summary) == (opened < cut <= closed)
        assert (whole[2] in summary) == (cut > closed)


# --- random ids ---------------------------------------------------------------------------------

_BODIES = ["call:f{", "}", "thought\n", "a:", ",", "[", "]", "1", "null", '"', "\n", "{", "call:"]
FUZZ, FUZZ_STEP = 20_000, 2_000


def random_ids(seed: int) -> list[int]:
    """Half structure, half anything; the same for ever."""
    rng = random.Random(seed)
    ids: list[int] = []
    for _ in range(rng.randint(0, 24)):
        kind = rng.random()
        if kind < 0.4:
            ids.append(rng.randrange(len(SPECIALS)))
        elif kind < 0.7:
            ids += _ids(rng.choice(_BODIES))
        else:
            ids.append(rng.randrange(VOCAB_SIZE))
    return ids


def check_fuzzed(seed: int, tokenizer: Tokenizer) -> None:
    """What holds for any ids: no error, all tokens counted at most once, valid text and calls."""
    ids = random_ids(seed)
    parser = StreamParser(tokenizer.control, tokenizer.stream, starts_in_thought=seed % 3 == 0)
    events = [event for token_id in ids for event in parser.feed(token_id)]
    events += parser.finish("length")
    summary = _summary(events)  # asserts that every thought is closed
    thoughts = [event for event in events if isinstance(event, Thought)]
    texts = [event for event in events if isinstance(event, TokenText)]
    counted = sum(event.tokens for event in thoughts) + sum(event.tokens for event in texts)
    assert counted <= len(ids)
    assert parser.thought_tokens <= len(ids)
    assert all(event.text for event in texts)
    assert all(event.text or event.closed for event in thoughts)
    "".join([event.text for event in thoughts] + [event.text for event in texts]).encode()
    for event in events:
        if isinstance(event, ToolCallEvent):
            again = _parse(_call_ids(event.call, tokenizer), tokenizer)
            assert again == [event]
    if not tokenizer.control_set & set(ids) and seed % 3:
        assert summary == ([tokenizer.decode(ids)] if ids else [])


@pytest.mark.parametrize("first", range(0, FUZZ, FUZZ_STEP))
def test_random_ids_never_break_it(first: int, tokenizer: Tokenizer) -> None:
    for seed in range(first, first + FUZZ_STEP):
        check_fuzzed(seed, tokenizer)
