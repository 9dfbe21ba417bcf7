"""What can be asked about a recording. The words are the model card's own where it has some."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

PresetKey = Literal["transcribe", "translate", "summarise", "actions", "sounds"]


@dataclass(frozen=True, slots=True)
class Preset:
    """A ready question. `is_by_piece`: asked about each piece of a long recording by itself;
    the others are asked about the text of the whole."""

    key: PresetKey
    title: str
    line: str
    is_by_piece: bool


PRESETS = (
    Preset("transcribe", "Transcribe", "Word for word, digits as digits", True),
    Preset("translate", "Transcribe and translate", "Original, then your language", True),
    Preset("summarise", "Summarise", "Five lines at most", False),
    Preset("actions", "Action items", "Who, what, by when", False),
    Preset("sounds", "Describe sounds", "Machines, alarms, speech", True),
)

# Those that the person is most likely to meet; the model card promises more than a hundred.
LANGUAGES = (
    "Arabic", "Bengali", "Bulgarian", "Chinese", "Croatian", "Czech", "Danish", "Dutch", "English",
    "Estonian", "Finnish", "French", "German", "Greek", "Hebrew", "Hindi", "Hungarian",
    "Indonesian", "Italian", "Japanese", "Korean", "Latvian", "Lithuanian", "Norwegian", "Persian",
    "Polish", "Portuguese", "Romanian", "Russian", "Serbian", "Slovak", "Slovenian", "Spanish",
    "Swahili", "Swedish", "Tamil", "Thai", "Turkish", "Ukrainian", "Urdu", "Vietnamese",
)  # fmt: skip

# The demonstration model was trained with this question for recordings of any length.
DEMONSTRATION_PROMPT = "Transcribe this memo."

_FORMAT = (
    "Follow these specific instructions for formatting the answer:\n"
    "* Only output the transcription, with no newlines.\n"
    "* When transcribing numbers, write the digits, i.e. write 1.7 and not one point seven, "
    "and write 3 instead of three."
)
_SUMMARY = (
    "Summarise what is said in {source} in at most five short lines. "
    "Keep names and numbers as they are."
)
_ACTIONS = (
    "List the action items in {source} as a Markdown table with the columns Who, What, By when. "
    "Write a dash for what is not said. If there are none, say so in one sentence."
)
_SOUNDS = (
    "Describe what can be heard in this recording in the order it is heard: speech, machines, "
    "alarms, music, other sounds. Do not write down what is said."
)


def preset(key: PresetKey) -> Preset:
    """The preset of that name."""
    return next(each for each in PRESETS if each.key == key)


def prompt(key: PresetKey, language: str = "", target: str = "English") -> str:
    """The question about a recording of at most 30 s. Empty `language`: whichever is spoken."""
    match key:
        case "transcribe":
            how = f"in {language} into {language} text" if language else "in its original language"
            return f"Transcribe the following speech segment {how}. {_FORMAT}"
        case "translate":
            spoken = language or "its original language"
            return (
                f"Transcribe the following speech segment in {spoken}, then translate it into "
                f"{target}. When formatting the answer, first output the transcription in "
                f"{spoken}, then one newline, then output the string '{target}: ', then the "
                f"translation in {target}."
            )
        case "summarise":
            return _SUMMARY.format(source="this recording")
        case "actions":
            return _ACTIONS.format(source="this recording")
        case "sounds":
            return _SOUNDS


def prompt_about_text(key: PresetKey, name: str, text: str) -> str:
    """The question about a recording that is longer, by the text that was heard in it."""
    words = _SUMMARY if key == "summarise" else _ACTIONS
    return f"{words.format(source='the recording below')}\n\nTranscript of {name}:\n\n{text}"


def target_in(text: str, target: str) -> tuple[str, str]:
    """The two halves of an answer to `translate`: as spoken, and in the target language."""
    spoken, mark, translated = text.partition(f"\n{target}:")
    return (spoken.strip(), translated.strip()) if mark else (text.strip(), "")
