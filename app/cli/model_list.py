"""The list of models: the catalogue, what of it is here, and what suits this computer."""

from __future__ import annotations

import json
from collections.abc import Sequence

from app.cli.console import Console
from app.cli.foreign import harmless_line
from app.cli.models_arguments import ListOptions
from app.cli.sizes import shown_bytes
from inference import CATALOGUE, CatalogueEntry, FoundModel, Machine, fit_entry

_FITS = {"fits": "fits", "slow": "may be slow", "wont_fit": "won't fit"}


def show_list(
    options: ListOptions, console: Console, here: Sequence[FoundModel], machine: Machine
) -> None:
    """Prints every entry of the catalogue, then those of `here` that it does not have."""
    for entry in CATALOGUE:
        own = [model for model in here if model.key == entry.key]
        fit = fit_entry(entry, machine).state
        console.answer(
            _entry_json(entry, own, fit) if options.json else _entry_line(entry, own, fit)
        )
    for model in here:
        if not model.key:
            console.answer(_found_json(model) if options.json else _found_line(model))


def _entry_line(entry: CatalogueEntry, own: Sequence[FoundModel], fit: str) -> str:
    place = _place(own)
    size = shown_bytes(entry.download_bytes)
    senses = "" if entry.is_drafter else "sees, hears" if entry.hears else "sees"
    told = f"{entry.key:<17} {size:>9}  {senses:<11}  {_FITS[fit]:<11}  {place}"
    return f"{harmless_line(told.rstrip())}\n"


def _place(own: Sequence[FoundModel]) -> str:
    if not own:
        return ""
    return "here" if any(model.is_complete for model in own) else "here in part"


def _found_line(model: FoundModel) -> str:
    problem = f"  {model.problem}" if model.problem else ""
    size = shown_bytes(model.size_bytes)
    name = model.repo or model.folder.name
    return harmless_line(f"{name}  {size}  {model.folder}{problem}") + "\n"


def _entry_json(entry: CatalogueEntry, own: Sequence[FoundModel], fit: str) -> str:
    folders = [str(model.folder) for model in own if model.is_complete]
    return _line(
        model=entry.key,
        repository=entry.repo,
        bytes=entry.download_bytes,
        sees=entry.sees,
        hears=entry.hears,
        drafter=entry.is_drafter,
        licence=entry.licence,
        fit=fit,
        folder=folders[0] if folders else None,
    )


def _found_json(model: FoundModel) -> str:
    return _line(
        model=None,
        repository=model.repo or None,
        bytes=model.size_bytes,
        folder=str(model.folder),
        problem=model.problem or None,
    )


def _line(**entries: object) -> str:
    return json.dumps(entries) + "\n"
