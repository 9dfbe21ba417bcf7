"""From a stored conversation to the engine's request, and a title from the first question.

Files are decoded here, so call it away from the window's thread.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from app.core.conversation import Attachment, Conversation, Settings, Turn
from app.core.loop import loop_messages, rest_of
from inference import (
    Audio,
    Image,
    Message,
    Part,
    PromptError,
    Receipt,
    ReceiptItem,
    Request,
    Sampling,
    Text,
    Tool,
    Video,
)

Media = Image | Video | Audio
MediaPart = Media | Text
ReadPart = Callable[[Attachment], tuple[MediaPart, ...]]

LONGEST_TITLE = 48
NEW_TITLE = "New conversation"
_SEED_BITS = 31
_MARKS = re.compile(r"^[#>\s]+|[*`]+|__", re.MULTILINE)  # of Markdown


@dataclass(frozen=True, slots=True)
class Senses:
    """What the model in use can take besides text."""

    sees: bool = True
    hears: bool = True


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, what the model cannot take of it, and the kind of each of its media parts."""

    request: Request
    left_out: tuple[str, ...] = ()
    media: tuple[str, ...] = ()


def draw_seed() -> int:
    """A seed for one answer, kept with it so that the answer can be made again."""
    return random.SystemRandom().getrandbits(_SEED_BITS)


def build_request(
    path: tuple[Turn, ...],
    settings: Settings,
    read: ReadPart,
    *,
    seed: int,
    session: str,
    senses: Senses,
    is_continued: bool = False,
    tools: tuple[Tool, ...] = (),
) -> Asked:
    """The request for the last turn of `path`, which is the model's and still to be written.

    With `is_continued` that turn already has a beginning, which the model goes on from; calls that
    it made, with their results and the thoughts that led to them, are a beginning as well. Notes,
    failed attempts without text and the thoughts of earlier answers are not sent. Raises
    FacetError when a file cannot be read any more.
    """
    left_out: list[str] = []
    messages: list[Message] = []
    if settings.system_prompt.strip():
        messages.append(Message("system", (Text(settings.system_prompt),)))
    for turn in path[:-1]:
        messages += _messages(turn, read, senses, left_out)
    answer = path[-1]
    loop = loop_messages(answer, lambda media: _pictures(media, read, senses, left_out), True)
    messages += loop
    text, thought = rest_of(answer)
    is_continued = is_continued and (not loop or bool(text or thought))
    if is_continued:
        messages.append(Message("model", (Text(text),) if text else (), thought=thought))
    if is_continued or loop:
        # The numbers drawn for the beginning are not drawn again; still reproducible.
        drawn = len(answer.text) + len(answer.thought) + len(answer.tools)
        seed = (seed + drawn) % 2**_SEED_BITS
    if not any(message.role == "user" for message in messages):
        raise PromptError("There is no question to answer.", "Write one first.")
    request = Request(
        messages,
        tools=tools,
        thinking=settings.thinking,
        thinking_budget=_budget(settings, path[-1]),
        max_tokens=settings.max_tokens,
        video_tokens=settings.video_tokens,
        sampling=Sampling(
            temperature=settings.temperature,
            top_p=settings.top_p,
            top_k=settings.top_k,
            seed=seed,
        ),
        session=session,
        continue_last=is_continued,
    )
    if settings.image_tokens is not None:
        request = replace(request, image_tokens=settings.image_tokens)
    return Asked(request, tuple(left_out), _media_kinds(messages))


def _budget(settings: Settings, answer: Turn) -> int | None:
    """What is left for the thought of an answer that may have begun."""
    if not settings.thinking or settings.thinking_budget is None:
        return None
    return max(1, settings.thinking_budget - answer.thought_tokens)


def with_left_out(receipt: Receipt, left_out: tuple[str, ...]) -> Receipt:
    """The receipt that also says what was taken out before the engine saw the request."""
    return replace(receipt, dropped=left_out + receipt.dropped) if left_out else receipt


def compacted(receipt: Receipt) -> Receipt:
    """The receipt with all earlier texts of a kind as one item; every token is still counted.

    Each receipt tells of the whole conversation before it: kept in full, those of a conversation
    of 1,000 messages would hold a quarter of a million items. Media stay one by one.
    """
    questions = [i for i, item in enumerate(receipt.items) if _is_text(item, "user")]
    last = questions[-1] if questions else len(receipt.items)
    merged: dict[str, int] = {}  # the place in `items` of the earlier texts of a name
    items: list[ReceiptItem] = []
    for index, item in enumerate(receipt.items):
        if item.kind != "text" or index >= last or item.name == "system":
            items.append(item)
        elif item.name in merged:
            at = merged[item.name]
            items[at] = replace(items[at], tokens=items[at].tokens + item.tokens)
        else:
            merged[item.name] = len(items)
            items.append(item)
    return replace(receipt, items=tuple(items))


def _is_text(item: ReceiptItem, name: str) -> bool:
    return item.kind == "text" and item.name == name


def title_of(turn: Turn) -> str:
    """A title from a question: its first sentence or line, else the name of its first file."""
    words = " ".join(_MARKS.sub("", turn.text).split())
    if not words:
        names = [attachment.name for attachment in turn.attachments]
        return shortened(names[0]) if names else NEW_TITLE
    sentence = re.match(r".{8,}?[.?!](?=\s)", words)
    return shortened(sentence[0].rstrip(".") if sentence else words)


def shortened(text: str) -> str:
    """At most `LONGEST_TITLE` characters, cut between words where there are any."""
    if len(text) <= LONGEST_TITLE:
        return text
    cut = text[:LONGEST_TITLE]
    head = cut.rsplit(" ", 1)[0] if " " in cut[LONGEST_TITLE // 2 :] else cut
    return head.rstrip(" ,;:.-–") + "…"


def _messages(turn: Turn, read: ReadPart, senses: Senses, left_out: list[str]) -> list[Message]:
    if turn.role == "user":
        return [_question(turn, read, senses, left_out)]
    if turn.role == "note" or not (turn.text.strip() or turn.tools):
        return []
    loop = loop_messages(turn, lambda media: _pictures(media, read, senses, left_out), False)
    text, _thought = rest_of(turn)
    return [*loop, Message("model", (Text(text),))] if text.strip() else loop


def _pictures(
    media: tuple[Attachment, ...], read: ReadPart, senses: Senses, left_out: list[str]
) -> list[Part]:
    """What a call showed the model, if it can see."""
    shown: list[Part] = []
    for attachment in media:
        if not senses.sees:
            left_out.append(f"a picture of {attachment.name}: this model cannot see.")
            continue
        shown += [
            replace(part, name=attachment.name, soft_tokens=attachment.soft_tokens)
            for part in read(attachment)
            if isinstance(part, Image)
        ]
    return shown


def _question(turn: Turn, read: ReadPart, senses: Senses, left_out: list[str]) -> Message:
    """In the model card's order: pictures and clips, text, sound."""
    seen: list[Part] = []
    texts: list[Part] = []
    heard: list[Part] = []
    for attachment in turn.attachments:
        why = _cannot_take(attachment, senses)
        if why:
            left_out.append(why)
            continue
        parts = read(attachment)
        if attachment.kind == "document":  # pages in order, each with its heading
            seen += _pages(parts, attachment, senses, left_out)
            continue
        for part in parts:
            if isinstance(part, Text):
                texts.append(Text(f"{attachment.name}:\n\n{part.text}\n\n"))
            elif isinstance(part, Audio):
                heard += _heard(part, attachment, senses)
            else:
                seen.append(_as_budgeted(part, attachment, senses, left_out))
    if turn.text.strip() or not texts:
        texts.append(Text(turn.text))
    return Message("user", (*seen, *texts, *heard))


def _pages(
    parts: tuple[MediaPart, ...], attachment: Attachment, senses: Senses, left_out: list[str]
) -> list[Part]:
    """The texts and pictures of pages; a model that cannot see gets the texts."""
    pages: list[Part] = []
    for part in parts:
        if isinstance(part, Text):
            pages.append(part)
        elif isinstance(part, Image) and senses.sees:
            pages.append(replace(part, soft_tokens=attachment.soft_tokens))
        else:
            left_out.append(f"a page picture of {attachment.name}: this model cannot see.")
    return pages


def _heard(part: Audio, attachment: Attachment, senses: Senses) -> list[Part]:
    """A recording, or the second half of a clip's sound."""
    if not senses.hears and attachment.kind == "video":  # said with the first half
        return []
    return [replace(part, name=attachment.name)]


def _as_budgeted(
    part: Image | Video, attachment: Attachment, senses: Senses, left_out: list[str]
) -> Image | Video:
    if isinstance(part, Video) and part.sound is not None and not senses.hears:
        left_out.append(f"the sound of {attachment.name}: this model cannot hear.")
        part = replace(part, sound=None)
    return replace(part, name=attachment.name, soft_tokens=attachment.soft_tokens)


def _cannot_take(attachment: Attachment, senses: Senses) -> str:
    if attachment.kind == "audio" and not senses.hears:
        return f"the recording {attachment.name}: this model cannot hear."
    if attachment.kind in ("image", "video") and not senses.sees:
        kind = "picture" if attachment.kind == "image" else "clip"
        return f"the {kind} {attachment.name}: this model cannot see."
    return ""


def _media_kinds(messages: list[Message]) -> tuple[str, ...]:
    """The kind of each media part in prompt order; the sound of a clip counts as its own."""
    kinds: list[str] = []
    for part in (part for message in messages for part in message.parts):
        if isinstance(part, Image):
            kinds.append("image")
        elif isinstance(part, Audio):
            kinds.append("audio")
        elif isinstance(part, Video):
            kinds += ["video", "audio"] if part.sound is not None else ["video"]
    return tuple(kinds)


def first_question(conversation: Conversation) -> Turn | None:
    """The turn that a conversation's title is made from."""
    return next((turn for turn in conversation.turns if turn.role == "user"), None)
