"""The receipt line under a question and the sentences behind it, from what the model received."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import ceil

from app.core.clips import SOUND_PART_S
from app.core.conversation import Attachment, Turn
from app.core.costs import seconds_sent
from app.core.page_choice import chosen
from app.core.sent import items_of_questions
from app.viewmodels.values import ReceiptView
from app.viewmodels.words import clock, count, size_pixels
from inference import Receipt, ReceiptItem

NOTHING_DROPPED = "nothing dropped"
_NOUNS = {"image": "image", "video": "clip", "audio": "recording", "text": "text"}
# How the readers of app.intake put it when a part of a file was not taken.
_LOSS_WORDS = ("only ", "left out", "pictures end at", "were reduced", " not sent")
_PAGE = re.compile(r", (?:page|sheet|slide) \d+\Z")  # after the name of a document

_PART_READ = "were read."  # the end of app.intake.part's note on a part of a clip or recording


@dataclass(frozen=True, slots=True)
class _Sent:
    """The part of a receipt that belongs to one question."""

    media: tuple[ReceiptItem, ...]
    text_tokens: int


def receipt_view(question: Turn, receipt: Receipt) -> ReceiptView:
    """The line and its details. What was not sent comes first and makes it a warning."""
    sent = _sent_with(question, receipt)
    losses = [*_missing(question.attachments, sent.media), *_losses(question, sent, receipt)]
    parts = [*losses, *_contents(sent, question.attachments)]
    if not losses:
        parts.append(NOTHING_DROPPED)
    details = (
        *(f"Left out: {what}" for what in receipt.dropped),
        *(note for item in sent.media for note in item.notes),
        *(note for attachment in question.attachments for note in attachment.notes),
    )
    return ReceiptView(" · ".join(parts), details, is_warning=bool(losses))


def is_loss(note: str) -> bool:
    """Whether a reader's note says that something of a file was not taken."""
    low = note.lower()
    return any(word in low for word in _LOSS_WORDS)


def was_chosen(attachment: Attachment, note: str) -> bool:
    """Whether a note tells of a part that the person chose: no loss then."""
    if attachment.kind == "document" and attachment.selection.pages:
        return "not sent: choose" in note
    return attachment.selection.end_s is not None and note.endswith(_PART_READ)


def file_of(item: ReceiptItem) -> str:
    """The name of the file that a part is of: a page of a document has the page behind it."""
    return _PAGE.sub("", item.name) if item.kind == "image" else item.name


def _sent_with(question: Turn, receipt: Receipt) -> _Sent:
    """Its media are the last ones of all questions: earlier turns come before."""
    names = {attachment.name for attachment in question.attachments}
    limit = sum(_pieces(attachment) for attachment in question.attachments)
    given = items_of_questions(receipt)
    media = [item for item in given if item.kind in ("image", "video", "audio")]
    own: list[ReceiptItem] = []
    for item in reversed(media):
        if file_of(item) not in names or len(own) == limit:
            break
        own.insert(0, item)
    texts = [i.tokens for i in receipt.items if i.kind == "text" and i.name == "user"]
    return _Sent(tuple(own), texts[-1] if texts else 0)


def _missing(attachments: tuple[Attachment, ...], media: tuple[ReceiptItem, ...]) -> list[str]:
    """`1 recording not sent` for each kind of which there is less than was attached."""
    said = []
    for kind in ("image", "video", "audio"):
        given = sum(attachment.kind == kind for attachment in attachments)
        names = [each.name for each in media if each.kind == kind and not _PAGE.search(each.name)]
        if kind == "audio":  # the sound of a clip is no recording of its own
            clips = {a.name for a in attachments if a.kind == "video"}
            names = [name for name in names if name not in clips]
        if given > len(names):
            said.append(f"{count(given - len(names), _NOUNS[kind])} not sent")
    return said


def _losses(question: Turn, sent: _Sent, receipt: Receipt) -> list[str]:
    """The rest of what was left out, shortened to what it is about."""
    said = []
    whole = {f" {attachment.name}:" for attachment in question.attachments}
    for sentence in receipt.dropped:
        about_attachment = any(name in sentence for name in whole)
        if about_attachment and not sentence.startswith("the sound of"):
            continue  # counted as not sent already
        said.append(f"{sentence.split(':')[0]} not sent")
    cut = [item.name for item in sent.media if item.notes]
    for attachment in question.attachments:
        notes = [n for n in attachment.notes if not was_chosen(attachment, n)]
        cut += [attachment.name] if any(map(is_loss, notes)) else []
    said += [f"only a part of {name} sent" for name in dict.fromkeys(cut)]
    return said


def pages_said(document: Attachment) -> str:
    """How many of its pages are sent: "14 pages", "3 of 14 pages"."""
    sent = len(document.selection.pages)
    if not sent:  # without knowing their texts, all that can be said is how many there are
        sent = len(chosen(document)) if document.page_tokens else document.pages
    whole = count(document.pages, "page")
    return whole if sent == document.pages else f"{sent:,} of {whole}"


def _pieces(attachment: Attachment) -> int:
    """How many media parts a file becomes at most: a clip's sound is heard in parts of 30 s."""
    if attachment.kind == "document":
        return max(1, attachment.pages)
    if attachment.kind != "video" or not attachment.has_sound:
        return 1
    if not attachment.selection.with_sound:
        return 1
    return 1 + max(1, ceil(seconds_sent(attachment) / SOUND_PART_S))


def _contents(sent: _Sent, attachments: tuple[Attachment, ...]) -> list[str]:
    parts = [f"{pages_said(a)} of {a.name}" for a in attachments if a.kind == "document"]
    drawn = [item for item in sent.media if _PAGE.search(item.name)]
    images = [item for item in sent.media if item.kind == "image" and item not in drawn]
    if images:
        parts += _images(images, "image")
    if drawn:
        parts += _images(drawn, "page picture")
    by_name = {a.name: a for a in attachments if a.kind == "video"}
    heard: list[ReceiptItem] = []
    for item in sent.media:
        if item.kind == "video":
            parts.append(_clip(item))
            parts += _left_out(by_name.get(item.name))
        elif item.kind == "audio":
            heard.append(item)
    parts += _sounds(heard)
    if not parts:
        parts.append(f"{count(sent.text_tokens, 'token')} of text")
    return parts


def _left_out(clip: Attachment | None) -> list[str]:
    """What the person switched off: said, but no loss."""
    if clip is None:
        return []
    said = []
    if clip.selection.left_out:
        said.append(f"{len(clip.selection.left_out)} left out by you")
    if clip.has_sound and not clip.selection.with_sound:
        said.append("sound left out by you")
    return said


def _sounds(heard: list[ReceiptItem]) -> list[str]:
    """Recordings one by one; the parts of one sound track together."""
    parts = []
    for name in dict.fromkeys(item.name for item in heard):
        own = [item for item in heard if item.name == name]
        tokens = count(sum(item.tokens for item in own), "token")
        seconds = sum(item.seconds for item in own)
        if len(own) == 1:
            parts.append(f"{seconds:.1f} s sound, {tokens}")
        elif all(round(item.seconds) == SOUND_PART_S for item in own):
            parts.append(f"{len(own)} × {SOUND_PART_S} s sound, {tokens}")
        else:
            parts.append(f"{seconds:.1f} s sound in {len(own)} parts, {tokens}")
    return parts


def _images(images: list[ReceiptItem], noun: str) -> list[str]:
    tokens = count(sum(item.tokens for item in images), "token")
    sizes = {(item.model_width, item.model_height) for item in images}
    what = count(len(images), noun)
    if len(sizes) == 1:
        return [f"{what} → {size_pixels(*sizes.pop())}", tokens]
    return [what, tokens]


def _clip(item: ReceiptItem) -> str:
    times = item.times_s
    when = f", {clock(times[0])}–{clock(times[-1])}" if len(times) > 1 else ""
    return f"{count(item.frames, 'frame')}{when}, {count(item.tokens, 'token')}"
