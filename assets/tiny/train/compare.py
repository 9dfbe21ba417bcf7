"""The checkpoint's greedy answers through transformers and through our engine, prompt by prompt.

The two live in different environments, so this runs twice, once in each:

    python -m assets.tiny.train.compare transformers assets/tiny/model answers.json
    python -m assets.tiny.train.compare engine assets/tiny/model answers.json
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np

from assets.tiny.train import charts, clips, dashboards, dialogues, speech
from assets.tiny.train.samples import HELD_OUT, Clip, Picture, Sample, Sound

PROMPTS = 50
MOST_TOKENS = 120
SHORT_CLIP = 12  # frames


def question(index: int) -> Sample:
    """Prompt `index`: charts, clips, recordings, text and tools in turn, never trained on."""
    seed = HELD_OUT + 500_000 + index
    rng = np.random.default_rng(seed)
    kind = index % 5
    if kind == 0:
        return charts.sample(rng)
    if kind == 1:
        scene = clips.random_scene(rng, most=SHORT_CLIP)
        messages, name = clips.talk(rng, scene)
        return Sample(messages, [clips.film(scene, 1000 + index)], name)
    if kind == 2:
        return speech.sample(rng, kind="long" if index % 4 == 0 else "words")
    if index == 3:
        return dashboards.sample(rng)
    return dialogues.sample(rng)


def asked(sample: Sample) -> list[dict[str, Any]]:
    """The conversation without the model's last answer."""
    return sample.messages[:-1]


def _budget(picture: Picture) -> int:
    """The smallest budget that leaves the picture at the size it was drawn."""
    height, width = picture.pixels.shape[:2]
    cells = (height // 48) * (width // 48)
    return next(budget for budget in (70, 140, 280) if cells <= budget)


def with_transformers(folder: Path) -> list[dict[str, Any]]:
    """Prompt ids and greedy answer ids of every prompt, in float32."""
    import torch

    from assets.tiny.train import shape  # noqa: F401  (mends an import)

    from transformers import AutoProcessor, Gemma4ForConditionalGeneration  # isort: skip

    loader: Any = Gemma4ForConditionalGeneration
    model = loader.from_pretrained(folder, dtype=torch.float32).eval()
    processor: Any = AutoProcessor.from_pretrained(folder)
    found = []
    for index in range(PROMPTS):
        sample = question(index)
        inputs = processor(**_inputs(processor, sample), return_tensors="pt")
        with torch.no_grad():
            ids = model.generate(**inputs, do_sample=False, max_new_tokens=MOST_TOKENS)[0]
        prompt = len(inputs["input_ids"][0])
        found.append(
            {
                "kind": sample.kind,
                "prompt": ids[:prompt].tolist(),
                "answer": ids[prompt:].tolist(),
                "text": processor.decode(ids[prompt:], skip_special_tokens=False),
            }
        )
    return found


def _inputs(processor: Any, sample: Sample) -> dict[str, Any]:
    text = processor.apply_chat_template(
        asked(sample),
        tools=sample.tools,
        enable_thinking=sample.thinking,
        add_generation_prompt=True,
        tokenize=False,
    )
    given: dict[str, Any] = {"text": text, "add_special_tokens": False}
    for medium in sample.media:
        if isinstance(medium, Picture):
            kwargs = {"max_soft_tokens": _budget(medium)}
            given |= {"images": [medium.pixels], "images_kwargs": kwargs}
        elif isinstance(medium, Sound):
            given["audio"] = [medium.pcm]
        else:
            given |= _video(medium)
    return given


def _video(clip: Clip) -> dict[str, Any]:
    from transformers.video_utils import VideoMetadata

    count = len(clip.frames)
    metadata = VideoMetadata(
        total_num_frames=count, fps=1.0, duration=float(count), frames_indices=list(range(count))
    )
    return {
        "videos": [np.stack(clip.frames)],
        "videos_kwargs": {"video_metadata": [metadata], "do_sample_frames": False},
    }


def with_engine(folder: Path, expected: list[dict[str, Any]]) -> list[str]:
    """One line for each prompt that our engine reads or answers differently, in float32."""
    from inference.api import Sampling, Tool
    from inference.model import load

    model = load(folder, "float32")
    wrong = []
    for index, reference in enumerate(expected):
        sample = question(index)
        functions = [tool["function"] for tool in sample.tools or []]
        tools = [Tool(f["name"], f["description"], f["parameters"]) for f in functions]
        prompt = model.prepare(_messages(sample), thinking=sample.thinking, tools=tools)
        if prompt.ids.tolist() != reference["prompt"]:
            wrong.append(f"{index} {sample.kind}: the prompt differs")
            continue
        steps = model.stream(
            prompt, max_tokens=MOST_TOKENS, sampling=Sampling(temperature=0.0, top_k=0, top_p=1.0)
        )
        answer = [step.token_id for step in steps]
        kept = reference["answer"]
        if kept and kept[-1] in model.stop_ids:
            kept = kept[:-1]
        if answer != kept:
            wrong.append(f"{index} {sample.kind}: {reference['text']!r} against {answer}")
    return wrong


def _messages(sample: Sample) -> list[Any]:
    from inference.api import Audio, Image, Message, Part, Text, Video

    media = iter(sample.media)
    messages: list[Any] = []
    for turn in asked(sample):
        if turn["role"] != "user":
            messages.append(turn)
            continue
        parts: list[Part] = []
        for part in turn["content"]:
            if part["type"] == "text":
                parts.append(Text(part["text"]))
                continue
            medium = next(media)
            if isinstance(medium, Picture):
                parts.append(Image(medium.pixels, soft_tokens=_budget(medium)))
            elif isinstance(medium, Sound):
                parts.append(Audio(medium.pcm))
            else:
                parts.append(Video(medium.frames, medium.times))
        messages.append(Message("user", tuple(parts)))
    return messages


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m assets.tiny.train.compare")
    parser.add_argument("side", choices=("transformers", "engine"))
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("answers", type=Path, help="JSON file, written by the first side")
    arguments = parser.parse_args()
    if arguments.side == "transformers":
        found = with_transformers(arguments.checkpoint)
        arguments.answers.write_text(json.dumps(found), encoding="utf-8")
        print(f"{len(found)} answers written")
        return
    expected = json.loads(arguments.answers.read_text(encoding="utf-8"))
    wrong = with_engine(arguments.checkpoint, expected)
    print(*wrong, f"{len(expected) - len(wrong)} of {len(expected)} greedy answers equal", sep="\n")


if __name__ == "__main__":
    main()
