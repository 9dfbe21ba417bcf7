"""Turns arguments and files into the one request that the engine answers."""

from __future__ import annotations

from typing import TextIO

from app.cli.arguments import AskOptions, MediaFile
from app.cli.output import Output
from app.intake import read_clip, read_picture, read_sound
from inference import (
    Audio,
    Image,
    Message,
    Notice,
    Part,
    PromptError,
    Request,
    Sampling,
    Text,
    Video,
)


def build_request(options: AskOptions, stdin: TextIO, output: Output) -> Request:
    """Reads every file named. The order is the model card's: pictures and clips, text, sound.

    What a reader changed or left out is shown as a notice. Raises FacetError.
    """
    question = _question(options.question, stdin)
    media = [_read(file, options.first_seconds, output) for file in options.media]
    seen: list[Part] = [part for part in media if not isinstance(part, Audio)]
    heard: list[Part] = [part for part in media if isinstance(part, Audio)]
    messages = [Message("user", (*seen, Text(question), *heard))]
    if options.system:
        messages.insert(0, Message("system", (Text(options.system),)))
    default = Request(messages)
    return Request(
        messages,
        thinking=options.thinking,
        thinking_budget=options.thinking_budget,
        max_tokens=options.max_tokens or default.max_tokens,
        image_tokens=options.image_tokens or default.image_tokens,
        video_tokens=options.video_tokens or default.video_tokens,
        sampling=_sampling(options),
        use_drafter=options.drafter is not None,
    )


def _question(argument: str, stdin: TextIO) -> str:
    try:
        question = stdin.read() if argument == "-" else argument
    except UnicodeDecodeError as error:
        raise PromptError(
            "The question on standard input is not text in UTF-8.", "Convert it and ask again."
        ) from error
    if not question.strip():
        raise PromptError("The question is empty.", "Write what you want to know.")
    return question


def _read(file: MediaFile, first_seconds: float | None, output: Output) -> Image | Video | Audio:
    output.phase(f"Opening {file.path.name}")
    part: Image | Video | Audio
    match file.kind:
        case "image":
            part, notes = read_picture(file.path)
        case "video":
            part, notes = read_clip(file.path, first_seconds)
        case "audio":
            part, notes = read_sound(file.path, first_seconds)
    for note in notes:
        output.show(Notice(note))
    return part


def _sampling(options: AskOptions) -> Sampling:
    if options.temperature is None:
        return Sampling(seed=options.seed)
    return Sampling(temperature=options.temperature, seed=options.seed)
