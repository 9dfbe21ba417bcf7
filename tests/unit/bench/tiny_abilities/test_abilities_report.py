"""The table of figures."""

from __future__ import annotations

from tests.bench.tiny_abilities.playing import Outcome
from tests.bench.tiny_abilities.report import mistakes, table
from tests.bench.tiny_abilities.scoring import Score


def test_the_report_counts_by_kind_and_group() -> None:
    outcomes = [
        Outcome("audio.words", "q", "a b", "a b", Score(True, 2, 2)),
        Outcome("audio.words", "q", "c d", "c", Score(False, 1, 2)),
        Outcome("video.when", "q", "0:07", "0:07", Score(True, 1, 1)),
    ]
    lines = table(outcomes).splitlines()
    assert "| audio.words | 2 | 1 | 50% | 3 of 4 (75.0%) |" in lines
    assert "| **audio** | 2 | 1 | 50% | 3 of 4 (75.0%) |" in lines
    assert "| video.when | 1 | 1 | 100% |  |" in lines
    assert "'c d'" in mistakes(outcomes, 1)
