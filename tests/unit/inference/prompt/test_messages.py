"""Every accepted form of a message, and a clear refusal of every other."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.api import Audio, Image, Message, Text, ToolCall, ToolResult, Video
from inference.errors import PromptError
from inference.prompt.messages import media_parts, normalise_messages

PIXELS, SAMPLES = np.zeros((2, 3, 3), np.uint8), np.zeros(400, np.float32)
USER = {"role": "user", "content": "Hello"}
CALL = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": {"a": 1}}}
CALLING = {"role": "assistant", "content": None, "tool_calls": [CALL]}


def _model(**fields: Any) -> Message:
    return normalise_messages([USER, {"role": "assistant", **fields}])[1]


def test_roles() -> None:
    for given_role, role in (("developer", "system"), ("assistant", "model"), ("model", "model")):
        assert normalise_messages([{"role": given_role, "content": "x"}])[0].role == role


def test_parts() -> None:
    content = [
        {"type": "text", "text": "Look"},
        {"type": "image", "image": PIXELS, "name": "a.png"},
        {"type": "video", "frames": [PIXELS], "times": [0.5], "sound": SAMPLES, "name": "b.mp4"},
        {"type": "audio", "audio": SAMPLES},
    ]
    text, image, video, audio = normalise_messages([{"role": "user", "content": content}])[0].parts
    assert text == Text("Look")
    assert isinstance(image, Image)
    assert (image.name, image.pixels.shape) == ("a.png", (2, 3, 3))
    assert isinstance(video, Video)
    assert (video.name, video.times_s, video.sound is SAMPLES) == ("b.mp4", [0.5], True)
    assert isinstance(audio, Audio)
    assert audio.samples is SAMPLES


def test_media_parts_are_in_prompt_order_with_sound_after_its_clip() -> None:
    clip = Video([PIXELS], [0.0], "clip", sound=SAMPLES)
    messages = normalise_messages(
        [Message("user", (clip, Image(PIXELS, "one"))), Message("user", (Image(PIXELS, "two"),))]
    )
    parts = media_parts(messages)
    assert [(type(part), part.name) for part in parts] == [
        (Video, "clip"),
        (Audio, "clip"),
        (Image, "one"),
        (Image, "two"),
    ]


@pytest.mark.parametrize("arguments", [{"a": [1, None]}, '{"a": [1, null]}'])
def test_call_arguments_as_mapping_or_json(arguments: Any) -> None:
    function = {"name": "f", "arguments": arguments}
    nested = {"id": "c1", "type": "function", "function": function}
    for call in (function, nested, {**function, "id": "c1"}):
        (part,) = _model(tool_calls=[call]).parts
        assert part == ToolCall("f", {"a": [1, None]}, str(call.get("id", "")))


@pytest.mark.parametrize("arguments", [None, "", " ", "{}"])
def test_absent_arguments_are_none(arguments: Any) -> None:
    (part,) = _model(tool_calls=[{"name": "f", "arguments": arguments}]).parts
    assert part == ToolCall("f", {})


def test_reasoning_under_both_names() -> None:
    assert _model(content="x", reasoning="r").thought == "r"
    assert _model(content="x", reasoning="", reasoning_content="r").thought == "r"


def test_text_leads_to_calls_but_follows_results() -> None:
    call, text = ToolCall("f", {"a": 1}, "c1"), Text("x")
    assert _model(content="x", tool_calls=[CALL]).parts == (text, call)
    with_result = _model(content="x", tool_calls=[CALL], tool_responses=[{"response": 3}])
    assert with_result.parts == (call, ToolResult("f", {"value": 3}), text)


def test_unknown_fields_of_null_are_nothing() -> None:
    assert _model(content="x", refusal=None, tool_calls=None).parts == (Text("x"),)


@pytest.mark.parametrize(
    ("result", "name"),
    [
        ({"tool_call_id": "c2"}, "g"),
        ({"tool_call_id": "c2", "name": "h"}, "g"),
        ({"tool_call_id": "zz", "name": "h"}, "h"),
        ({"tool_call_id": "zz"}, "unknown"),
        ({"name": "g"}, "g"),
        ({}, "unknown"),
    ],
)
def test_results_are_named_after_their_call(result: Any, name: str) -> None:
    other = {"id": "c2", "function": {"name": "g", "arguments": {}}}
    calling = {**CALLING, "tool_calls": [CALL, other]}
    answers = [{"role": "tool", "content": "1", **result}, {"role": "tool", "content": "2"}]
    part = normalise_messages([USER, calling, *answers])[2].parts[0]
    assert isinstance(part, ToolResult)
    assert (part.name, part.response) == (name, "1")


def test_a_single_call_names_its_result() -> None:
    for content, response in (("3", "3"), ({"h": 3}, {"h": 3}), (None, {"value": None})):
        messages = normalise_messages([USER, CALLING, {"role": "tool", "content": content}])
        assert messages[2].parts == (ToolResult("f", response),)


WRONG_FORMS: list[tuple[Any, str]] = [
    ("Hello", "list of messages"),
    (USER, "list of messages"),
    ([], "empty"),
    ([3], "neither"),
    ([{"content": "x"}], "role"),
    ([{"role": "robot", "content": "x"}], "robot"),
    ([{"role": ["user"], "content": "x"}], "role"),
    ([{"role": "user", "content": 3}], "content"),
    ([{"role": "user", "content": ["x"]}], "not a mapping"),
    ([{"role": "user", "content": [{"type": "smell"}]}], "smell"),
    ([{"role": "user", "content": [{"text": "x"}]}], "type"),
    ([{"role": "user", "content": [{"type": "text"}]}], "text"),
    ([{"role": "user", "content": [{"type": "image", "image": "a.png"}]}], "array"),
    ([{"role": "user", "content": [{"type": "image_url", "image_url": "x"}]}], "decoded"),
    ([{"role": "user", "content": [{"type": "video", "frames": [PIXELS]}]}], "times"),
    ([{"role": "user", "content": "x", "name": "Ann"}], "name"),
    ([{"role": "user", "content": "x", "tool_calls": [CALL]}], "tool_calls"),
    ([{"role": "system", "content": [{"type": "image", "image": PIXELS}]}], "text only"),
    ([USER, {"role": "system", "content": "x"}], "only the first"),
    ([USER, {"role": "assistant", "content": 3}], "content"),
    ([USER, {"role": "assistant", "reasoning": 3}], "reasoning"),
    ([USER, {"role": "assistant", "tool_calls": {}}], "list"),
    ([USER, {"role": "assistant", "tool_calls": ["f"]}], "not a mapping"),
    ([USER, {"role": "assistant", "tool_calls": [{"function": "f"}]}], "function"),
    ([USER, {"role": "assistant", "tool_calls": [{"name": "f{"}]}], "tool name"),
    ([USER, {"role": "assistant", "tool_calls": [{"arguments": {}}]}], "tool name"),
    ([USER, {"role": "assistant", "tool_calls": [{"name": "f", "arguments": "[1"}]}], "JSON"),
    ([USER, {"role": "assistant", "tool_calls": [{"name": "f", "arguments": "NaN"}]}], "JSON"),
    ([USER, {"role": "assistant", "tool_calls": [{"name": "f", "arguments": "[" * 9999}]}], "JSON"),
    ([USER, {"role": "assistant", "tool_calls": [{"name": "f", "arguments": "1e999"}]}], "JSON"),
    ([USER, {"role": "assistant", "tool_calls": [{"name": "f", "arguments": [1]}]}], "mapping"),
    ([USER, {"role": "assistant", "tool_calls": [{"name": "f", "arguments": {1: 2}}]}], "key"),
    ([USER, {"role": "assistant", "tool_responses": [{"name": "f"}]}], "response"),
    ([USER, {"role": "assistant", "tool_responses": [{"response": "x"}]}], "no call"),
    ([{"role": "tool", "content": "x"}], "no call"),
    ([USER, CALLING, {"role": "tool", "content": object()}], "JSON"),
    ([USER, CALLING, *[{"role": "tool", "content": "x"}] * 2], "no call"),
    ([USER, CALLING, {"role": "tool", "content": "x"}, USER, CALLING, USER], "Message 5 has no"),
    ([USER, CALLING, {"role": "assistant", "content": "x"}], "no result"),
    ([USER, CALLING, {"role": "assistant", "content": None}], "no result"),
    (
        [USER, {**CALLING, "tool_calls": [CALL, CALL]}, {"role": "tool", "content": "x"}],
        "no result",
    ),
    ([Message("user", (ToolCall("f", {}),))], "ToolCall"),
    ([Message("model", (Image(PIXELS),))], "Image"),
    ([Message("user", (Text("x"),), thought="hm")], "thought"),
    ([Message("system", (Image(PIXELS),))], "text only"),
    ([Message("tool", ())], "result"),
    ([Message("robot", ())], "robot"),  # type: ignore[arg-type]
    ([Message("user", (Text(3),))], "not text"),  # type: ignore[arg-type]
    ([Message("user", ("x",))], "str"),  # type: ignore[arg-type]
]


@pytest.mark.parametrize(("messages", "named"), WRONG_FORMS)
def test_refuses_wrong_forms_by_name(messages: Any, named: str) -> None:
    with pytest.raises(PromptError, match=named) as caught:
        normalise_messages(messages)
    assert len(str(caught.value)) < 400


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=4,
)
_ROLES = st.sampled_from(["user", "assistant", "system", "developer", "tool", "x"])
_CONTENTS = st.sampled_from([None, "x", [], [{"type": "text", "text": "x"}], [{"type": "text"}]])
_FIELDS = {
    "content": _CONTENTS | _JSON,
    "tool_calls": st.just([CALL]) | _JSON,
    "tool_call_id": st.just("c1") | _JSON,
    "name": st.just("f") | _JSON,
    "tool_responses": st.just([{"name": "f", "response": 1}]) | _JSON,
    "reasoning": st.just("hm") | _JSON,
}
_ENTRIES = st.fixed_dictionaries({"role": _ROLES}, optional=_FIELDS)


@given(st.lists(_ENTRIES, max_size=4))
def test_any_json_is_read_or_refused(messages: Any) -> None:
    try:
        done = normalise_messages(messages)
    except PromptError as error:
        said = str(error)
    else:
        said = "read"
        assert len(done) == len(messages)
        assert all(isinstance(message, Message) for message in done)
    assert 0 < len(said) < 400
