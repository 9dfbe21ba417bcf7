"""The sum of a verdict as a sentence, and the smallest change that would help."""

from __future__ import annotations

from collections.abc import Iterator

from inference.hub.catalogue import SIZES, Size
from inference.hub.fit_need import (
    CONTEXTS,
    TEXT_ONLY,
    FitState,
    MediaLoad,
    Need,
    gigabytes,
    need_on,
    verdict,
)
from inference.hub.fit_shapes import Shape, published_config, shape_of
from inference.hub.machine import Machine

_BITS = (8, 6, 4)
_NOTHING = "No Gemma 4 fits this computer with these settings; more memory would help."


def sentence(need: Need, state: FitState, machine: Machine) -> str:
    """What is needed, what there is, and what follows from that."""
    who = "this Mac can give the GPU" if machine.has_gpu else "this computer can give a model"
    total = f"Needs about {gigabytes(need.total)}; {who} {gigabytes(machine.available_bytes)}."
    if state == "fits":
        return total
    if state == "slow":
        return f"{total} Little is left for other programs: it may become slow."
    if need.total <= machine.available_bytes:
        return f"{total} Too little would be left for other programs."
    return f"{total} It would load and then crawl, or stop for want of memory."


def advice(shape: Shape, machine: Machine, context: int, media: MediaLoad) -> str:
    """The smallest change after which it fits, else one that helps a little; "" if it fits."""
    now = verdict(need_on(machine, shape, context, media), machine)
    if now == "fits":
        return ""
    changes = list(_changes(shape, context, media, machine))
    better: tuple[FitState, ...] = ("fits",) if now == "slow" else ("fits", "slow")
    for wanted in better:
        for words, need in changes:
            if verdict(need, machine) == wanted:
                return f"{words} ({gigabytes(need.total)})."
    return "Close other programs while it works." if now == "slow" else _NOTHING


def _changes(
    shape: Shape, context: int, media: MediaLoad, machine: Machine
) -> Iterator[tuple[str, Need]]:
    """Changes from the smallest to the largest, each with what the model then needs."""
    for tokens in reversed(CONTEXTS):
        if tokens < min(context, shape.text.max_positions):
            need = need_on(machine, shape, tokens, media)
            yield f"Keep the conversation within {tokens:,} tokens", need
    if media != TEXT_ONLY:
        yield "Send text alone", need_on(machine, shape, context, TEXT_ONLY)
    own = _own_size(shape)
    for size in SIZES[SIZES.index(own) :: -1] if own else ():
        for bits in _BITS:
            if size != own or bits < shape.bits:
                other = shape_of(size, bits)
                need = need_on(machine, other, context, media)
                yield f"Use {f'{bits}-bit' if size == own else f'{size} at {bits}-bit'}", need


def _own_size(shape: Shape) -> Size | None:
    """The published size that the shape is one of."""
    return next((size for size in SIZES if published_config(size).text == shape.text), None)
