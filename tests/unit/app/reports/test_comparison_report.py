"""A comparison exported: both answers, what differs, and nothing counted twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core.comparison.report import COMPARED_BY
from app.reports.content import build_report
from app.reports.export import export
from app.reports.options import ReportFormat, ReportOptions
from app.reports.surroundings import surroundings
from app.reports.values import Answer, Question
from tests.fakes.conversations import FakeBlobs
from tests.unit.app.core.comparison.test_findings import conversation


def test_both_answers_and_the_outcome_are_in_the_report(blobs: FakeBlobs) -> None:
    report = build_report(conversation(), ReportOptions(), blobs, surroundings())
    answers = [entry for entry in report.entries if isinstance(entry, Answer)]
    assert [answer.model for answer in answers] == ["E4B 4-bit", "E4B 8-bit", COMPARED_BY]
    assert [answer.version for answer in answers] == ["1 of 2", "2 of 2", ""]
    assert answers[2].text.startswith("2 of 4 figures differ")
    assert sum(isinstance(entry, Question) for entry in report.entries) == 2
    assert report.summary.startswith("2 questions, 2 answers")
    assert report.timings is not None
    assert len(report.timings.rows) == 2


@pytest.mark.parametrize(("form", "name"), [("html", "a.html"), ("markdown", "a.md")])
def test_files_say_what_differs(
    blobs: FakeBlobs, tmp_path: Path, form: ReportFormat, name: str
) -> None:
    path = tmp_path / name
    export(conversation(), ReportOptions(format=form), path, blobs)
    text = path.read_text()
    for words in ("E4B 4-bit", "E4B 8-bit", "2 of 4 figures differ", "Revenue: Quality"):
        assert words in text
