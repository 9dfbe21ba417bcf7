"""The bundled model was trained on the very ids that our engine feeds it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tokenizers import Tokenizer as Backend

from assets.tiny.train import charts, clips, dialogues
from assets.tiny.train.render import encode
from assets.tiny.train.samples import HELD_OUT, Clip, Picture, Sample, Sound, model, user
from inference.api import Audio, Image, Message, Part, Text, Tool, Video
from inference.model import Model, load

FOLDER = Path("assets/tiny/model")
DIALOGUES = 60


@pytest.fixture(scope="module")
def engine() -> Model:
    return load(FOLDER)


@pytest.fixture(scope="module")
def backend() -> Backend:
    found: Backend = Backend.from_file(str(FOLDER / "tokenizer.json"))
    return found


@pytest.mark.parametrize("seed", range(DIALOGUES))
def test_a_dialogue(seed: int, engine: Model, backend: Backend) -> None:
    _check(dialogues.sample(np.random.default_rng(HELD_OUT + seed)), engine, backend)


@pytest.mark.parametrize("thinking", [False, True])
@pytest.mark.parametrize("kind", ["chart", "clip", "sound"])
def test_media(kind: str, thinking: bool, engine: Model, backend: Backend) -> None:
    rng = np.random.default_rng(HELD_OUT)
    if kind == "chart":
        sample = charts.sample(rng)
    elif kind == "clip":
        sample = clips.sample(rng)
    else:
        sound = Sound(np.zeros(100_123, np.float32))
        sample = Sample([user("Transcribe this.", "audio"), model("one")], [sound], "audio.words")
    if thinking:
        sample = dialogues.with_thought(sample, "I read.")
    _check(sample, engine, backend)


def _check(sample: Sample, engine: Model, backend: Backend) -> None:
    """The prompt of the last answer is how the whole encoded conversation begins."""
    functions = [tool["function"] for tool in sample.tools or []]
    tools = [Tool(f["name"], f["description"], f["parameters"]) for f in functions]
    prompt = engine.prepare(list(_messages(sample)), tools=tools, thinking=sample.thinking)
    encoded = encode(sample, backend)
    read = prompt.ids.tolist()
    assert read == encoded.ids[: len(read)].tolist()
    assert encoded.trained[len(read) :].any()
    assert not encoded.trained[len(read) - 1]


def _messages(sample: Sample) -> Iterator[Any]:
    media = iter(sample.media)
    for turn in sample.messages[:-1]:
        if turn["role"] != "user":
            yield turn
            continue
        parts: list[Part] = [
            Text(part["text"]) if part["type"] == "text" else _part(next(media))
            for part in turn["content"]
        ]
        yield Message("user", tuple(parts))


def _part(medium: Picture | Clip | Sound) -> Part:
    if isinstance(medium, Picture):
        return Image(medium.pixels)
    if isinstance(medium, Sound):
        return Audio(medium.pcm)
    return Video(medium.frames, medium.times)
