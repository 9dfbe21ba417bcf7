"""Numbers as people read them."""

from __future__ import annotations

import pytest

from app.cli.figures import count, seconds, size, statistics_line
from inference import Statistics


def test_counts_have_separators_and_the_right_number() -> None:
    assert count(1, "token") == "1 token"
    assert count(0, "token") == "0 tokens"
    assert count(12_345, "token") == "12,345 tokens"


@pytest.mark.parametrize(
    ("duration_s", "shown"), [(0.042, "0.04 s"), (3.24, "3.2 s"), (75.4, "75 s"), (1800, "1,800 s")]
)
def test_times(duration_s: float, shown: str) -> None:
    assert seconds(duration_s) == shown


@pytest.mark.parametrize(
    ("size_bytes", "shown"),
    [(35_400_000, "35 MB"), (999_000_000, "999 MB"), (5_340_000_000, "5.3 GB")],
)
def test_sizes(size_bytes: int, shown: str) -> None:
    assert size(size_bytes) == shown


def test_the_line_says_everything_that_was_measured() -> None:
    statistics = Statistics(
        prompt_tokens=1204,
        reused_tokens=900,
        generated_tokens=86,
        thought_tokens=41,
        drafted_tokens=60,
        accepted_tokens=33,
        first_token_s=3.21,
        decode_tokens_per_s=12.44,
        peak_memory_bytes=5_300_000_000,
    )
    assert statistics_line(statistics).split(" · ") == [
        "1,204 prompt tokens (900 reused)",
        "86 generated (41 of them thought)",
        "first token after 3.2 s",
        "12.4 tokens/s",
        "drafter right 33 of 60 times",
        "peak memory 5.3 GB",
    ]


def test_the_line_leaves_out_what_was_not_measured() -> None:
    assert statistics_line(Statistics(prompt_tokens=7)) == "7 prompt tokens · 0 generated"
