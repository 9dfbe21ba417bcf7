"""What somebody needs to ask the same again: data with a schema, and a command line."""

from __future__ import annotations

import json
import shlex
from dataclasses import asdict
from typing import Any

from app.core.conversation import Attachment, Conversation, Settings, Turn
from app.core.page_choice import written
from app.intake.selection import WHOLE
from app.reports.receipts import received_items
from app.reports.surroundings import Surroundings
from inference import ReceiptItem

SCHEMA = "facet.report/1"
DEFAULTS = Settings()
LONGEST_QUESTION = 2_000  # characters on a command line; a longer one is read from a file


def command_line(path: tuple[Turn, ...], settings: Settings) -> str:
    """The command that asks the first question again; empty if there is none.

    Names of files are the ones the person used; the reader puts their own folder before them.
    """
    first = next((turn for turn in path if turn.role == "user"), None)
    if first is None:
        return ""
    answer = next((turn for turn in path if turn.role == "model"), None)
    seed = settings.seed if answer is None or answer.seed is None else answer.seed
    is_read = len(first.text) > LONGEST_QUESTION or first.text.startswith("-")
    words = ["facet", "ask", "MODEL", "-" if is_read else first.text]
    if settings.system_prompt:
        words += ["--system", settings.system_prompt]
    for attachment in first.attachments:
        words += _file_options(attachment)
    words += _options(settings)
    if seed is not None:
        words += ["--seed", str(seed)]
    return shlex.join(words) + (" < question.txt" if is_read else "")


def _file_options(attachment: Attachment) -> list[str]:
    kind = "document" if attachment.kind == "text" else attachment.kind
    words = [f"--{kind}", attachment.name]
    pages = attachment.selection.pages
    if pages:
        words += ["--pages", written(page.number for page in pages).replace(" ", "")]
        modes = {page.mode for page in pages}
        words += ["--pages-as", *modes] if len(modes) == 1 else []
    return words


def _options(settings: Settings) -> list[str]:
    """Those that differ from the command's own defaults."""
    words: list[str] = []
    if settings.thinking:
        words += ["--thinking", "on"]
        if settings.thinking_budget is not None:
            words += ["--thinking-budget", str(settings.thinking_budget)]
    if settings.temperature != DEFAULTS.temperature:
        words += ["--temperature", f"{settings.temperature:g}"]
    if settings.max_tokens != DEFAULTS.max_tokens:
        words += ["--max-tokens", str(settings.max_tokens)]
    if settings.image_tokens is not None:
        words += ["--image-tokens", str(settings.image_tokens)]
    if settings.video_tokens != DEFAULTS.video_tokens:
        words += ["--video-tokens", str(settings.video_tokens)]
    return words


def reproduction_block(
    conversation: Conversation, path: tuple[Turn, ...], around: Surroundings
) -> str:
    """JSON of everything the answers depended on, as far as it is kept."""
    block = {
        "schema": SCHEMA,
        "title": conversation.title,
        "versions": {
            "facet": around.facet,
            "mlx": around.mlx,
            "python": around.python,
            "system": around.system,
            "machine": around.machine,
        },
        "turns": [_turn(turn, after) for turn, after in zip(path, (*path[1:], None), strict=False)],
        "not_deterministic": [
            "versions and machine are those of the program that wrote the report",
            "another chip, version of MLX or way of batching can change an answer",
            "an answer without a seed cannot be repeated",
        ],
    }
    return json.dumps(block, ensure_ascii=False, indent=2, default=str)


def _turn(turn: Turn, after: Turn | None) -> dict[str, Any]:
    if turn.role == "note":
        return {"role": "note", "text": turn.text}
    if turn.role == "user":
        items = received_items(turn.attachments, None if after is None else after.receipt)
        media = [_file(file, items.get(file.id)) for file in turn.attachments]
        return {"role": "user", "text": turn.text, "media": media}
    receipt = turn.receipt
    return {
        "role": "model",
        "model": turn.model,
        "model_key": _key(turn.model_key),
        "model_digest": turn.model_digest,
        "seed": turn.seed,
        "settings": None if turn.settings is None else asdict(turn.settings),
        "finish": turn.finish,
        "state": turn.state,
        "prompt_tokens": None if receipt is None else receipt.prompt_tokens,
        "dropped": [] if receipt is None else list(receipt.dropped),
    }


def _key(key: str) -> str:
    """A folder's own name: where it lies on this machine is nobody's business."""
    return key.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]


def _file(attachment: Attachment, item: ReceiptItem | None) -> dict[str, Any]:
    return {
        "kind": attachment.kind,
        "name": attachment.name,
        "bytes": attachment.size_bytes,
        "sha256": attachment.sha256,
        "soft_tokens": attachment.soft_tokens,
        "selection": None if attachment.selection == WHOLE else asdict(attachment.selection),
        "received": None if item is None else _item(item),
    }


def _item(item: ReceiptItem) -> dict[str, Any]:
    """`content_sha256` is of the pixels or samples that the model was given, not of the file."""
    kept: dict[str, Any] = {"tokens": item.tokens, "content_sha256": item.sha256}
    if item.model_width:
        kept |= {"model_width": item.model_width, "model_height": item.model_height}
    if item.times_s:
        kept |= {"times_s": list(item.times_s)}
    if item.kind == "audio":
        kept |= {"seconds": item.seconds}
    return kept
