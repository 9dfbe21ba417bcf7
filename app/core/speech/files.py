"""Transcripts as files: plain text, SubRip, WebVTT, and a table."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from typing import Literal

from app.core.speech.stitching import Segment

TranscriptFormat = Literal["txt", "srt", "vtt", "csv"]
FORMATS: dict[TranscriptFormat, str] = {
    "txt": "Text",
    "srt": "Subtitles, SubRip",
    "vtt": "Subtitles, WebVTT",
    "csv": "Table, CSV",
}
LEAST_MS = 1  # a caption without a length is not shown by any player
# What a spreadsheet would take for a formula.
_FORMULA = re.compile(r"^[\s\0]*[=+\-@]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_ARROW = re.compile(r"--+>")


def transcript_file(segments: Iterable[Segment], form: TranscriptFormat) -> bytes:
    """The content of a file, UTF-8; the table begins with a mark by which spreadsheets know it."""
    cleaned = [Segment(s.start_s, s.end_s, clean(s.text)) for s in segments]
    written = [segment for segment in cleaned if segment.text]
    if form == "csv":
        return b"\xef\xbb\xbf" + _table(written).encode()
    writers = {"txt": _text, "srt": _srt, "vtt": _vtt}
    return writers[form](written).encode()


def clean(text: str) -> str:
    """Without control characters and half characters; every line break is one of our own."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    lines = (" ".join(_CONTROL.sub(" ", line).split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def clock(seconds: float, point: str) -> str:
    """Hours, minutes, seconds and thousandths as captions have them: 00:01:05.250."""
    return _clock(_milliseconds(seconds), point)


def _text(segments: list[Segment]) -> str:
    lines = (f"[{_short(s.start_s)}] {' '.join(s.text.split())}\n" for s in segments)
    return "".join(lines)


def _srt(segments: list[Segment]) -> str:
    # Some readers look for an arrow in every line.
    blocks = (
        f"{number}\n{_span(segment, ',')}\n{_ARROW.sub('→', segment.text)}\n"
        for number, segment in enumerate(segments, start=1)
    )
    return "\n".join(blocks)


def _vtt(segments: list[Segment]) -> str:
    blocks = (f"{_span(s, '.')}\n{_escaped(s.text)}\n" for s in segments)
    return "WEBVTT\n\n" + "\n".join(blocks)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _table(segments: list[Segment]) -> str:
    made = io.StringIO(newline="")
    writer = csv.writer(made)
    writer.writerow(("number", "start", "end", "text"))
    for number, segment in enumerate(segments, start=1):
        text = f"'{segment.text}" if _FORMULA.match(segment.text) else segment.text
        writer.writerow((number, clock(segment.start_s, "."), clock(segment.end_s, "."), text))
    return made.getvalue()


def _span(segment: Segment, point: str) -> str:
    start = _milliseconds(segment.start_s)
    end = max(_milliseconds(segment.end_s), start + LEAST_MS)
    return f"{_clock(start, point)} --> {_clock(end, point)}"


def _milliseconds(seconds: float) -> int:
    return max(0, round(seconds * 1000))


def _clock(milliseconds: int, point: str) -> str:
    seconds, thousandths = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}{point}{thousandths:03d}"


def _short(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
