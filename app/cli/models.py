"""`facet models list|download|verify|remove`: the models of the hub and of this computer."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from app.cli.console import Console, Style
from app.cli.foreign import harmless_line
from app.cli.model_list import show_list
from app.cli.models_arguments import (
    DownloadOptions,
    ListOptions,
    ModelsOptions,
    RemoveOptions,
    VerifyOptions,
)
from app.cli.quantize import quantize
from app.cli.quantize_arguments import QuantizeOptions
from app.cli.sizes import shown_bytes
from app.core.bundled import named_model
from inference import (
    CATALOGUE,
    CatalogueEntry,
    DownloadProgress,
    Downloads,
    FacetError,
    FoundModel,
    HubError,
    Machine,
    entry_of_repo,
    find_model,
    find_models,
    remove_model,
    verify_model,
)

DONE, FAILED, INTERRUPTED = 0, 2, 130
TICK_S = 0.1
_PHASES = {
    "queued": "Waiting",
    "checking": "Asking what there is to fetch",
    "downloading": "Downloading",
    "stalled": "Nothing arrives; trying again",
    "verifying": "Checking what arrived",
}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the commands work on. `cache` None is the shared cache; `stdin` answers questions."""

    console: Console
    stdin: TextIO
    machine: Callable[[], Machine]
    downloads: Callable[[], Downloads]
    cache: Path | None = None


def models(options: ModelsOptions, around: Surroundings, *, debug: bool = False) -> int:
    """Carries out one of the commands and returns the exit code; a failure is one sentence.

    Ctrl-C keeps what a download has fetched, and nothing of what quantising has written.
    """
    console = around.console
    try:
        match options:
            case ListOptions():
                here = find_models(options.folders, around.cache)
                show_list(options, console, here, around.machine())
                return DONE
            case DownloadOptions():
                return _download(options, around)
            case VerifyOptions():
                return _verify(options, around)
            case RemoveOptions():
                return _remove(options, around)
            case QuantizeOptions():
                return quantize(options, console, debug=debug)
    except FacetError as error:
        console.line(harmless_line(str(error)), Style.RED)
        if debug:
            traceback.print_exception(error)
        return FAILED


# --- download ------------------------------------------------------------------------------


def _download(options: DownloadOptions, around: Surroundings) -> int:
    entry = _entry(options.name)
    downloads = around.downloads()
    try:
        download = downloads.start(entry)
        last = ("", -1)
        while not (now := download.wait(TICK_S)).is_over:
            seen = (now.state, int(now.fraction * 100))
            if options.json and seen != last:
                told = _line(event=now.state, done=now.done_bytes, total=now.total_bytes)
                around.console.answer(told)
            elif not options.json:
                around.console.status(_PHASES.get(now.state, now.state), _detail(now), now.fraction)
            last = seen
    except KeyboardInterrupt:
        around.console.line("Stopped. What has arrived is kept: run it again to go on.")
        return INTERRUPTED
    finally:
        downloads.close()
    around.console.clear_status()
    if now.state != "done" or now.folder is None:
        raise HubError(now.message or "The download was stopped.", now.action)
    if options.json:
        around.console.answer(_line(event="done", folder=str(now.folder), bytes=now.total_bytes))
    else:
        around.console.line(f"{entry.name}: {shown_bytes(now.total_bytes)}, every byte checked.")
        around.console.answer(harmless_line(str(now.folder)) + "\n")
    return DONE


def _detail(now: DownloadProgress) -> str:
    if not now.total_bytes:
        return ""
    parts = [f"{shown_bytes(now.done_bytes)} of {shown_bytes(now.total_bytes)}"]
    parts.append(f"{shown_bytes(int(now.bytes_per_s))}/s")
    if now.seconds_left is not None and now.seconds_left >= 60:
        parts.append(f"{now.seconds_left / 60:.0f} min left")
    return ", ".join(parts)


def _entry(name: str) -> CatalogueEntry:
    known = next((entry for entry in CATALOGUE if entry.key == name.lower()), None)
    found = known or entry_of_repo(name)
    if found is None:
        raise HubError(
            f"Facet does not know a model called {harmless_line(name)[:100]}.",
            "`facet models list` shows their names.",
        )
    return found


# --- verify and remove ---------------------------------------------------------------------


def _verify(options: VerifyOptions, around: Surroundings) -> int:
    folder = named_model(Path(options.name))
    if not folder.is_dir():
        folder = _cached(options.name, around).folder
    console = around.console

    def told(done: int, total: int) -> None:
        console.status(
            "Reading every byte",
            f"{shown_bytes(done)} of {shown_bytes(total)}",
            done / max(1, total),
        )

    try:
        report = verify_model(folder, told)
    except KeyboardInterrupt:
        console.line("Stopped.")
        return INTERRUPTED
    console.clear_status()
    if options.json:
        for file in report.files:
            console.answer(_line(file=file.name, state=file.state, bytes=file.size_bytes))
    else:
        console.answer(harmless_line(report.message) + "\n")
    return FAILED if report.bad else DONE


def _remove(options: RemoveOptions, around: Surroundings) -> int:
    model = _cached(options.name, around)
    console = around.console
    if not options.is_sure:
        name = harmless_line(model.repo or model.folder.name)
        console.aside(f"Delete {name}, {shown_bytes(model.size_bytes)}? [y/N] ", Style.PLAIN)
        if around.stdin.readline().strip().lower() not in ("y", "yes"):
            console.line("Nothing was deleted.")
            return DONE
    freed = remove_model(model, around.cache)
    console.line(f"Deleted: {shown_bytes(freed)} are free again.")
    return DONE


def _cached(name: str, around: Surroundings) -> FoundModel:
    model = None
    with suppress(OSError):
        model = find_model(name, around.cache)
    if model is None:
        raise HubError(
            f"There is no model called {harmless_line(name)[:100]} in the shared cache.",
            "`facet models list` shows what is here.",
        )
    return model


def _line(**entries: object) -> str:
    return json.dumps(entries) + "\n"
