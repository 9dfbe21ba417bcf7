"""The questions about recordings are the model card's."""

from __future__ import annotations

import pytest

from app.core.speech.presets import LANGUAGES, PRESETS, preset, prompt, prompt_about_text, target_in


def test_transcribing_names_the_language_twice() -> None:
    asked = prompt("transcribe", "German")
    assert asked.startswith("Transcribe the following speech segment in German into German text. ")
    assert "write 1.7 and not one point seven" in asked
    assert "with no newlines" in asked


def test_any_language() -> None:
    assert "in its original language. Follow" in prompt("transcribe")


def test_translating_is_asked_for_in_two_parts() -> None:
    asked = prompt("translate", "German", "French")
    assert "in German, then translate it into French." in asked
    assert "then output the string 'French: '" in asked
    assert target_in("Guten Tag\nFrench: Bonjour", "French") == ("Guten Tag", "Bonjour")
    assert target_in("Guten Tag", "French") == ("Guten Tag", "")


@pytest.mark.parametrize("key", ["summarise", "actions"])
def test_long_recordings_are_asked_about_by_their_text(key: str) -> None:
    asked = prompt_about_text(key, "memo.m4a", "We meet.")  # type: ignore[arg-type]
    assert asked.endswith("Transcript of memo.m4a:\n\nWe meet.")
    assert not preset(key).is_by_piece  # type: ignore[arg-type]


def test_presets_and_languages_are_unlike() -> None:
    assert len({each.title for each in PRESETS}) == len(PRESETS) == 5
    assert sorted(set(LANGUAGES)) == list(LANGUAGES)
