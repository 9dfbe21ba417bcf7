"""What the model received, counted from the real token ids and said in plain sentences."""

from __future__ import annotations

from collections.abc import Sequence

from inference.api import Audio, Image, Receipt, ReceiptItem, Video
from inference.media.limits import SAMPLE_RATE
from inference.media.plan import AudioPlan, ImagePlan, VideoPlan
from inference.prompt.expand import Expanded, MediaPlan
from inference.prompt.messages import Conversation, media_parts
from inference.prompt.segments import Origin

_TEXT_OF = {
    "system": "System text",
    "user": "Your text",
    "model": "Earlier answer",
    "thought": "Kept reasoning",
}
_TOOLS = {"tools": "Tool", "tool_call": "Call of", "tool_result": "Result of"}


def build_receipt(
    messages: Conversation,
    media: Sequence[MediaPlan],
    digests: Sequence[str],
    expanded: Expanded,
    dropped: Sequence[str] = (),
) -> Receipt:
    """Receipt of a prompt: one item for each part, in prompt order.

    `media` and `digests` have the plan and the content hash of each of `media_parts(messages)`.
    The tokens of the items and those of the template add up to `prompt_tokens`.
    """
    tokens: dict[Origin, int] = {}
    for span in expanded.spans:
        if span.origin is not None:
            tokens[span.origin] = tokens.get(span.origin, 0) + span.stop - span.start
    given = zip(media_parts(messages), media, digests, strict=True)
    items = []
    for origin, count in tokens.items():
        if origin.kind in ("image", "video", "audio"):
            items.append(_media_item(*next(given), count))
        else:
            items.append(ReceiptItem(origin.kind, origin.name, count))
    return Receipt(tuple(items), len(expanded.token_ids), tuple(dropped))


def receipt_lines(receipt: Receipt) -> tuple[str, ...]:
    """The receipt as sentences: items in prompt order, sums, notes, what was dropped."""
    items = receipt.items
    template = receipt.prompt_tokens - sum(item.tokens for item in items)
    return (
        *(f"{_title(item)}: {_contents(item)}." for item in items),
        f"Turn marks: {_count(template, 'token')}.",
        f"The whole prompt: {_count(receipt.prompt_tokens, 'token')}.",
        *(f"{_title(item)}: {note}" for item in items for note in item.notes),
        *(f"Left out: {what}" for what in receipt.dropped),
    )


def _media_item(
    part: Image | Video | Audio, plan: MediaPlan, digest: str, tokens: int
) -> ReceiptItem:
    if isinstance(part, Image) and isinstance(plan, ImagePlan):
        return ReceiptItem(
            "image",
            part.name,
            tokens,
            plan.soft_tokens,
            width=part.pixels.shape[1],
            height=part.pixels.shape[0],
            model_width=plan.model_width,
            model_height=plan.model_height,
            sha256=digest,
        )
    if isinstance(part, Video) and isinstance(plan, VideoPlan):
        return _video_item(part, plan, digest, tokens)
    if isinstance(part, Audio) and isinstance(plan, AudioPlan):
        given = len(part.samples) / SAMPLE_RATE
        cut = f"Only the first {plan.seconds:.1f} s of {given:.1f} s were given to the model."
        return ReceiptItem(
            "audio",
            part.name,
            tokens,
            plan.soft_tokens,
            seconds=plan.seconds,
            sha256=digest,
            notes=(cut,) if given - plan.seconds > 0.05 else (),
        )
    raise ValueError("media and plans are not in the same order")


def _video_item(part: Video, plan: VideoPlan, digest: str, tokens: int) -> ReceiptItem:
    """Sizes are those of the first frame; the model's are 0 if the frames differ."""
    sizes = {(frame.model_width, frame.model_height) for frame in plan.frames}
    model_width, model_height = sizes.pop() if len(sizes) == 1 else (0, 0)
    fewer = f"Only {len(plan.frames)} of {len(part.frames)} frames were given to the model."
    return ReceiptItem(
        "video",
        part.name,
        tokens,
        plan.soft_tokens,
        width=part.frames[0].shape[1],
        height=part.frames[0].shape[0],
        model_width=model_width,
        model_height=model_height,
        seconds=plan.times_s[-1] - plan.times_s[0],
        frames=len(plan.frames),
        times_s=tuple(plan.times_s),
        sha256=digest,
        notes=(fewer,) if len(plan.frames) < len(part.frames) else (),
    )


def _title(item: ReceiptItem) -> str:
    if item.kind == "text":
        return _TEXT_OF.get(item.name, "Text")
    kind = {"image": "Picture", "video": "Video", "audio": "Recording", **_TOOLS}[item.kind]
    return f"{kind} {item.name}".strip()


def _contents(item: ReceiptItem) -> str:
    soft = _count(item.soft_tokens, "soft token")
    if item.kind == "image":
        given, read = _size(item.width, item.height), _size(item.model_width, item.model_height)
        return f"{given}, read at {read} ({soft})"
    if item.kind == "audio":
        return f"{item.seconds:.1f} s ({soft})"
    if item.kind == "video":
        return f"{_when(item)}, {_per_frame(item, soft)}"
    return _count(item.tokens, "token")


def _when(item: ReceiptItem) -> str:
    first, last = (_clock(time_s) for time_s in (item.times_s[0], item.times_s[-1]))
    when = f"from {first} to {last}" if item.frames > 1 else f"at {first}"
    return f"{_count(item.frames, 'frame')} {when}"


def _per_frame(item: ReceiptItem, soft: str) -> str:
    if not item.model_width:
        return f"{soft} together"
    return f"{_count(item.soft_tokens // item.frames, 'soft token')} each ({item.soft_tokens:,})"


def _size(width: int, height: int) -> str:
    return f"{width} × {height}"


def _clock(time_s: float) -> str:
    return f"{int(time_s // 60)}:{int(time_s % 60):02d}"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
