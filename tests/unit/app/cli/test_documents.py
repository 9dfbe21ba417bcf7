"""Documents on the command line: pages in their order, before the question, read by the worker."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from app.cli.arguments import AskOptions
from app.cli.files import MediaFile
from app.cli.question import build_request
from app.cli.report import Recorder
from inference import (
    Event,
    Finished,
    Image,
    MediaError,
    Notice,
    Part,
    Receipt,
    ReceiptItem,
    Statistics,
    Text,
)
from tests.fakes.documents import pdf

MODEL = Path("model")
LONG = "A line of words that is long enough to be read as text"


@dataclass
class Shown:
    events: list[Event] = field(default_factory=list)

    def phase(self, label: str) -> None:
        pass

    def tick(self) -> None:
        pass

    def show(self, event: Event) -> None:
        self.events.append(event)


def sent(*media: MediaFile, shown: Shown | None = None) -> tuple[Part, ...]:
    options = AskOptions(MODEL, "What?", media)
    return build_request(options, io.StringIO(), shown or Shown()).messages[-1].parts


@pytest.fixture
def report(tmp_path: Path) -> Path:
    """Three pages, of which the second is a scan."""
    path = tmp_path / "report.pdf"
    path.write_bytes(pdf([f"First. {LONG}", "", f"Third. {LONG}"]))
    return path


def test_a_document_is_sent_before_the_question(report: Path) -> None:
    first, heading, scan, third, question = sent(MediaFile("document", report))
    assert first == Text(f"Page 1 of report.pdf:\n\nFirst. {LONG}\n\n")
    assert heading == Text("Page 2 of report.pdf:\n\n")
    assert isinstance(scan, Image)
    assert scan.name == "report.pdf, page 2"
    assert isinstance(third, Text)
    assert third.text.startswith("Page 3 of report.pdf:\n\nThird.")
    assert question == Text("What?")


def test_chosen_pages_in_the_way_that_was_asked_for(report: Path) -> None:
    heading, picture, _ = sent(MediaFile("document", report, "3", "picture"))
    assert heading == Text("Page 3 of report.pdf:\n\n")
    assert isinstance(picture, Image)
    assert max(picture.pixels.shape) == 2048
    with pytest.raises(MediaError, match="“3-9” is outside of the document, which has 3 pages"):
        sent(MediaFile("document", report, "3-9"))


def test_a_text_has_no_pages(tmp_path: Path) -> None:
    path = tmp_path / "costs.csv"
    path.write_bytes("Größe;Wert\nEins;1".encode("cp1252"))
    shown = Shown()
    text, _ = sent(MediaFile("document", path), shown=shown)
    assert text == Text("costs.csv:\n\nGröße;Wert\nEins;1\n\n")
    (notice,) = shown.events
    assert isinstance(notice, Notice)
    assert "read as Windows-1252" in notice.text
    with pytest.raises(MediaError, match="is a text without pages"):
        sent(MediaFile("document", path, "1"))


def test_other_files_are_named_with_their_option(tmp_path: Path) -> None:
    path = tmp_path / "chart.png"
    path.write_bytes(b"\x89PNG....")
    with pytest.raises(MediaError, match=r"“chart\.png” is no document.*--image"):
        sent(MediaFile("document", path))
    with pytest.raises(MediaError, match="missing"):
        sent(MediaFile("document", tmp_path / "gone.pdf"))


def test_the_report_has_the_question_and_the_pages(report: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.md"
    media = (MediaFile("document", report, "2-", None),)
    options = AskOptions(MODEL, "What is in it?", media, seed=3, report=out)
    recorder = Recorder(Shown(), options)
    recorder.asked(build_request(options, io.StringIO(), recorder))
    seen = ReceiptItem(
        "image", "report.pdf, page 2", 266, 264, 1448, 2048, model_width=528, model_height=768
    )
    recorder.show(Finished("stop", Statistics(), Receipt((seen,), 300)))
    assert recorder.write()
    text = out.read_text(encoding="utf-8")
    assert "# What is in it?" in text
    assert "given: pages 2-3" in text
    assert "read at 528 × 768 (264 soft tokens)" in text
    assert "Not confirmed" not in text
    assert "--document report.pdf --pages 2-3" in text
    assert "--pages-as" not in text  # one as a picture, one by its words
