"""What the person prefers: one value, one JSON file. A damaged file is kept aside, not lost."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Literal

from app.core.codec import UnreadableError, from_json, to_json
from app.core.conversation import ErrorInfo, Settings
from app.core.files import write_atomically

Appearance = Literal["system", "light", "dark"]
SendKey = Literal["return", "command_return"]
Motion = Literal["system", "on", "off"]
Contrast = Literal["system", "on"]

VERSION = 1
SMALLEST_TEXT_PX, LARGEST_TEXT_PX = 11, 28


@dataclass(frozen=True, slots=True)
class Preferences:
    """Everything that is remembered about how a person works, apart from window geometry.

    `settings` are what a new conversation begins with. `reduce_motion` and `contrast`
    "system" ask the system. `announce_answers` speaks to assistive programs.
    `model_key` is the model last chosen, `model_folders` are those that were added by hand;
    `model_sources` are folders that are searched for models, `fit_context` the tokens of context
    that copies are judged for. `stay_offline`: no connection is ever opened.
    `load_despite_memory`: models that do not fit are loaded all the same.
    """

    text_px: int = 13
    appearance: Appearance = "system"
    send_key: SendKey = "return"
    show_stats: bool = True
    open_thoughts: bool = False
    reduce_motion: Motion = "system"
    contrast: Contrast = "system"
    announce_answers: bool = True
    model_key: str = ""
    model_folders: tuple[str, ...] = ()
    model_sources: tuple[str, ...] = ()
    fit_context: int = 16_384
    stay_offline: bool = False
    load_despite_memory: bool = False
    first_run_done: bool = False
    settings: Settings = field(default_factory=Settings)
    tool_permissions: tuple[tuple[str, str], ...] = ()  # a tool's key, "always" or "never"
    report_folder: str = ""
    open_conversation: str = ""
    shortcuts: tuple[tuple[str, str], ...] = ()  # command and portable keys, where not the usual
    is_sidebar_open: bool = True
    is_inspector_open: bool = False


class PreferencesFile:
    """The file that holds the preferences. `notice` says what was wrong with it, if anything."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.notice: ErrorInfo | None = None

    def load(self) -> Preferences:
        """What the file holds; the defaults where it holds nothing usable."""
        try:
            text = self._path.read_bytes()
        except FileNotFoundError:
            return Preferences()
        except OSError as error:
            self.notice = _unreadable(f"{error.strerror}.")
            return Preferences()
        try:
            return _within_limits(from_json(Preferences, json.loads(text)))
        except (ValueError, RecursionError, UnreadableError):
            self.notice = _unreadable(self._set_aside())
            return Preferences()

    def save(self, preferences: Preferences) -> None:
        """Replaces the file's content. Raises OSError; the old file then stays as it was."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        value = {"version": VERSION} | to_json(preferences)
        text = json.dumps(value, indent=2, allow_nan=False)
        write_atomically(self._path, text.encode("ascii") + b"\n")

    def _set_aside(self) -> str:
        aside = self._path.with_suffix(".damaged.json")
        try:
            self._path.replace(aside)
        except OSError:
            return "The file could not be set aside."
        return f"The damaged file is kept as {aside.name}."


def _within_limits(preferences: Preferences) -> Preferences:
    values = {each.name: getattr(preferences, each.name) for each in fields(Preferences)}
    values["text_px"] = min(max(preferences.text_px, SMALLEST_TEXT_PX), LARGEST_TEXT_PX)
    return Preferences(**values)


def _unreadable(why: str) -> ErrorInfo:
    return ErrorInfo(
        what="The preferences could not be read, so the usual ones are in use.",
        why=why,
        safe="Your conversations are not affected.",
    )
