"""Transcripts as files that other programs read."""

from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.speech.files import FORMATS, clock, transcript_file
from app.core.speech.stitching import Segment

TWO = (Segment(0.0, 29.5, "Good morning.\nTwo items."), Segment(29.5, 3725.25, "a <b> & --> c"))
ANY = st.lists(
    st.builds(Segment, st.floats(0, 100_000), st.floats(0, 100_000), st.text(max_size=60)),
    max_size=12,
)
SRT_BLOCK = re.compile(
    r"(\d+)\n(\d\d+):(\d\d):(\d\d),(\d{3}) --> (\d\d+):(\d\d):(\d\d),(\d{3})\n((?:.+\n)+)"
)


def ms(hours: str, minutes: str, seconds: str, rest: str) -> int:
    return ((int(hours) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int(rest)


def test_text() -> None:
    made = transcript_file(TWO, "txt").decode()
    assert made == "[0:00] Good morning. Two items.\n[0:29] a <b> & --> c\n"


def test_subrip() -> None:
    assert transcript_file(TWO, "srt").decode() == (
        "1\n00:00:00,000 --> 00:00:29,500\nGood morning.\nTwo items.\n\n"
        "2\n00:00:29,500 --> 01:02:05,250\na <b> & → c\n"
    )


def test_webvtt() -> None:
    assert transcript_file(TWO, "vtt").decode() == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:29.500\nGood morning.\nTwo items.\n\n"
        "00:00:29.500 --> 01:02:05.250\na &lt;b&gt; &amp; --&gt; c\n"
    )


@pytest.mark.parametrize("start", ["=1+2", "+49 30", "-5", "@cmd", "\t=A1", " =A1"])
def test_no_cell_is_a_formula(start: str) -> None:
    made = transcript_file([Segment(0, 1, start)], "csv").decode("utf-8-sig")
    cell = list(csv.reader(io.StringIO(made)))[1][3]
    assert cell.startswith("'")


@given(ANY)
def test_subrip_is_well_formed(segments: list[Segment]) -> None:
    made = transcript_file(segments, "srt").decode()
    blocks = SRT_BLOCK.findall(made)
    assert (
        "\n".join(
            f"{b[0]}\n{b[1]}:{b[2]}:{b[3]},{b[4]} --> {b[5]}:{b[6]}:{b[7]},{b[8]}\n{b[9]}"
            for b in blocks
        )
        == made
    )
    assert [int(block[0]) for block in blocks] == list(range(1, len(blocks) + 1))
    for block in blocks:
        assert ms(*block[1:5]) < ms(*block[5:9])
        assert "-->" not in block[9]


@given(ANY)
def test_webvtt_is_well_formed(segments: list[Segment]) -> None:
    head, _, rest = transcript_file(segments, "vtt").decode().partition("\n\n")
    assert head == "WEBVTT"
    for block in filter(None, rest.split("\n\n")):
        times, *text = block.strip("\n").split("\n")
        assert re.fullmatch(r"\d\d+:\d\d:\d\d\.\d{3} --> \d\d+:\d\d:\d\d\.\d{3}", times)
        assert text
        for line in text:
            assert "-->" not in line
            assert "<" not in line
            assert not re.search(r"&(?!amp;|lt;|gt;)", line)


@given(ANY)
def test_the_table_is_read_back(segments: list[Segment]) -> None:
    made = transcript_file(segments, "csv").decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(made, newline="")))
    assert rows[0] == ["number", "start", "end", "text"]
    assert all(len(row) == 4 and row[3] and row[3][0] not in "=+-@\t\r" for row in rows[1:])


@given(ANY)
def test_text_has_a_line_for_each_segment(segments: list[Segment]) -> None:
    made = transcript_file(segments, "txt").decode()
    assert made.count("\n") == len(transcript_file(segments, "vtt").decode().split(" --> ")) - 1
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", made)


def test_times_do_not_round_to_sixty_seconds() -> None:
    assert clock(59.9996, ",") == "00:01:00,000"
    assert clock(0.0, ".") == "00:00:00.000"


def test_formats_have_names() -> None:
    assert set(FORMATS) == {"txt", "srt", "vtt", "csv"}
