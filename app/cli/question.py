"""Turns arguments and files into the one request that the engine answers."""

from __future__ import annotations

from typing import TextIO

from app.cli.arguments import AskOptions
from app.cli.output import Output
from app.cli.schema import read_schema
from inference import Audio, Message, Part, PromptError, Request, Sampling, Text


def build_request(options: AskOptions, stdin: TextIO, output: Output) -> Request:
    """Reads every file named. The order is the model card's: pictures and clips, text, sound.

    Pages of documents count as seen. What a reader changed or left out is shown as a notice.
    Raises FacetError.
    """
    schema = None if options.schema is None else read_schema(options.schema)
    question = _question(options.question, stdin)
    media = _media(options, output)
    seen = [part for part in media if not isinstance(part, Audio)]
    heard = [part for part in media if isinstance(part, Audio)]
    messages = [Message("user", (*seen, Text(question), *heard))]
    if options.system:
        messages.insert(0, Message("system", (Text(options.system),)))
    default = Request(messages)
    return Request(
        messages,
        thinking=options.thinking,
        thinking_budget=options.thinking_budget,
        max_tokens=options.max_tokens or default.max_tokens,
        image_tokens=options.image_tokens,
        video_tokens=options.video_tokens or default.video_tokens,
        sampling=_sampling(options),
        use_drafter=options.drafter is not None,
        schema=schema,
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


def _media(options: AskOptions, output: Output) -> list[Part]:
    if not options.media:
        return []
    # Imported here so that a question without files starts no process.
    from app.cli.reading import FileReading

    with FileReading(options.first_seconds, output) as reading:
        return [part for file in options.media for part in reading.parts(file)]


def _sampling(options: AskOptions) -> Sampling:
    if options.temperature is None:
        return Sampling(seed=options.seed)
    return Sampling(temperature=options.temperature, seed=options.seed)
