"""Whether a model fits a machine: verdict, sum, advice; and how fast it may be."""

from __future__ import annotations

from dataclasses import dataclass, replace

from inference.hub.catalogue import CatalogueEntry
from inference.hub.fit_advice import advice, sentence
from inference.hub.fit_need import (
    DEFAULT_CONTEXT,
    USUAL_MEDIA,
    FitState,
    MediaLoad,
    Need,
    need_on,
    verdict,
)
from inference.hub.fit_shapes import Part, Shape, shape_of
from inference.hub.machine import Machine

_REACHED = 0.8  # of the nominal bandwidth


@dataclass(frozen=True, slots=True)
class Fit:
    """A verdict with its reasons. `message` is the sum as a sentence, `advice` what would help."""

    state: FitState
    need: Need
    available: int
    context_tokens: int
    message: str
    advice: str

    @property
    def share(self) -> float:
        """Need as a share of what is available."""
        return self.need.share_of(self.available)


def fit_shape(
    shape: Shape,
    machine: Machine,
    context_tokens: int = DEFAULT_CONTEXT,
    media: MediaLoad = USUAL_MEDIA,
) -> Fit:
    """Verdict, sum and advice for a model on a machine."""
    need = need_on(machine, shape, context_tokens, media)
    state = verdict(need, machine)
    return Fit(
        state=state,
        need=need,
        available=machine.available_bytes,
        context_tokens=min(context_tokens, shape.text.max_positions),
        message=sentence(need, state, machine),
        advice=advice(shape, machine, context_tokens, media),
    )


def fit_entry(
    entry: CatalogueEntry,
    machine: Machine,
    context_tokens: int = DEFAULT_CONTEXT,
    media: MediaLoad = USUAL_MEDIA,
) -> Fit:
    """The same for a row of the catalogue, which need not be here yet.

    A drafter is weighed by itself: it works beside its model and has no context of its own.
    """
    if entry.is_drafter:
        need = Need(entry.download_bytes, 0, 0, 0, 0)
        return Fit(verdict(need, machine), need, machine.available_bytes, 0, "", "")
    return fit_shape(entry_shape(entry), machine, context_tokens, media)


def entry_shape(entry: CatalogueEntry) -> Shape:
    """The shape of a catalogue row; one of mixed bits is weighed by what it takes to download."""
    shape = shape_of(entry.size, entry.bits)
    if not entry.is_qat or entry.bits >= 16:
        return shape
    towers = shape.vision.stored + shape.audio.stored
    factor = (entry.download_bytes - towers) / (shape.decoder.stored + shape.table.stored)
    factor = max(factor, 1.0)
    return replace(
        shape,
        decoder=Part(int(shape.decoder.stored * factor), shape.decoder.narrow),
        table=Part(int(shape.table.stored * factor), shape.table.narrow),
        read_bytes=int(shape.read_bytes * factor),
    )


def speed_estimate(entry: CatalogueEntry, machine: Machine) -> float | None:
    """Tokens a second that memory bandwidth allows in practice; None when it is not known.

    Decoding reads every active weight once a token; GPUs reach about 80 % of the nominal
    bandwidth.
    """
    if entry.is_drafter or not machine.bandwidth_bytes_per_s:
        return None
    read = entry_shape(entry).read_bytes
    return _REACHED * machine.bandwidth_bytes_per_s / read
