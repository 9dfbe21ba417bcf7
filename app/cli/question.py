"""Turns arguments and files into the one request that the engine answers."""

from __future__ import annotations

from typing import TextIO

from app.cli.arguments import AskOptions, MediaFile
from app.cli.output import Output
from inference import Audio, Message, Notice, Part, PromptError, Request, Sampling, Text


def build_request(options: AskOptions, stdin: TextIO, output: Output) -> Request:
    """Reads every file named. The order is the model card's: pictures and clips, text, sound.

    Pages of documents count as seen. What a reader changed or left out is shown as a notice.
    Raises FacetError.
    """
    question = _question(options.question, stdin)
    media = [part for file in options.media for part in _read(file, options, output)]
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


def _read(file: MediaFile, options: AskOptions, output: Output) -> tuple[Part, ...]:
    output.phase(f"Opening {file.path.name}")
    # Imported here so that a question without files does not wait for OpenCV and FFmpeg.
    if file.kind == "document":
        from app.cli.documents import read_document

        return read_document(file, output)
    from app.intake.media import read_media

    part, notes = read_media(file.path, file.kind, options.first_seconds)
    for note in notes:
        output.show(Notice(note))
    return (part,)


def _sampling(options: AskOptions) -> Sampling:
    if options.temperature is None:
        return Sampling(seed=options.seed)
    return Sampling(temperature=options.temperature, seed=options.seed)
