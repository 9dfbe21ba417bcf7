"""What a report says of a conversation."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from app.core.conversation import Attachment, ErrorInfo, Settings
from app.reports.options import Cancelled, ReportOptions
from app.reports.values import Answer, Question, Remark
from inference import ReceiptItem
from tests.fakes.conversations import (
    FakeBlobs,
    answers,
    asks,
    dashboard,
    dashboard_talk,
    talk,
)
from tests.unit.app.reports.reading import AROUND, report_of


def test_turns_come_in_order_with_their_numbers(blobs: FakeBlobs) -> None:
    report = report_of(dashboard_talk(blobs), blobs)
    kinds = [type(entry) for entry in report.entries]
    assert kinds == [Question, Answer, Remark, Question, Answer]
    assert [e.number for e in report.entries if isinstance(e, Question)] == [1, 2]
    assert [answer.number for answer in report.answers] == [1, 2]


def test_the_cover_says_who_when_and_how_much(blobs: FakeBlobs) -> None:
    report = report_of(dashboard_talk(blobs), blobs, ReportOptions(author="M. Ferreira"))
    assert report.title == "Operations review, Q3 2026"
    assert report.byline == "M. Ferreira · 24 November 2026, 14:41 UTC"
    assert report.summary == "2 questions, 2 answers · 1 picture"


def test_a_title_may_be_given(blobs: FakeBlobs) -> None:
    assert report_of(talk(), blobs, ReportOptions(title=" Mine ")).title == "Mine"


def test_the_method_box_names_models_settings_and_versions(blobs: FakeBlobs) -> None:
    cells = {
        cell.title: " ".join(cell.lines) for cell in report_of(dashboard_talk(blobs), blobs).method
    }
    assert "Gemma 4 E4B, 4-bit" in cells["Model"]
    assert "Gemma 4 E2B, 8-bit" in cells["Model"]
    assert "thinking on, 1,024 tokens" in cells["Settings"]
    assert "seed 7" in cells["Settings"]
    assert "MLX 0.32.4" in cells["Made with"]
    assert "macOS 26.1" in cells["Made with"]


def test_each_question_has_the_receipt_of_its_own_files_alone(blobs: FakeBlobs) -> None:
    first, second = [
        e for e in report_of(dashboard_talk(blobs), blobs).entries if isinstance(e, Question)
    ]
    assert (
        "Picture dashboard.png: 1280 × 800, read at 1008 × 624 (273 soft tokens)." in first.receipt
    )
    assert "Your text: 31 tokens." in first.receipt
    assert not any("Picture" in line for line in second.receipt)
    assert "Your text: 9 tokens." in second.receipt


def test_what_was_dropped_comes_first_and_warns(blobs: FakeBlobs) -> None:
    conversation = talk(asks("?"), answers("!", dropped=("clip.mp4: too long.",)))
    (question, _) = report_of(conversation, blobs).entries
    assert isinstance(question, Question)
    assert question.is_warning
    assert question.receipt[0] == "Left out: clip.mp4: too long."
    assert not any("Nothing was dropped" in line for line in question.receipt)


def test_a_file_that_the_receipt_does_not_know_warns(blobs: FakeBlobs) -> None:
    picture, _ = dashboard(blobs)
    report = report_of(talk(asks("?", picture), answers("!")), blobs)
    question = report.entries[0]
    assert isinstance(question, Question)
    assert question.is_warning
    assert question.receipt[0].startswith("dashboard.png does not appear")
    assert any("Not everything was sent with question 1" in line for line in report.limits)


def test_two_files_of_one_name_keep_their_own_receipts(blobs: FakeBlobs) -> None:
    picture, item = dashboard(blobs)
    other = replace(picture, id="a2")
    small = replace(item, model_width=480, model_height=288)
    report = report_of(talk(asks("?", picture, other), answers("!", items=(item, small))), blobs)
    received = [figure.received for figure in report.figures]
    assert "1008 × 624" in received[0]
    assert "480 × 288" in received[1]


def test_an_earlier_picture_is_not_taken_for_a_later_one(blobs: FakeBlobs) -> None:
    picture, item = dashboard(blobs)
    again = replace(picture, id="a2")
    small = replace(item, model_width=480, model_height=288)
    report = report_of(
        talk(
            asks("one", picture),
            answers("!", items=(item,)),
            asks("two", again),
            answers("!", items=(item, small)),
        ),
        blobs,
    )
    assert ["480 × 288" in figure.received for figure in report.figures] == [False, True]
    assert [figure.number for figure in report.figures] == [1, 2]


def test_a_question_without_an_answer_says_so(blobs: FakeBlobs) -> None:
    (question,) = report_of(talk(asks("?")), blobs).entries
    assert isinstance(question, Question)
    assert question.receipt == ("Not answered, so nothing is known of what the model received.",)


def test_thoughts_are_left_out_unless_asked_for(blobs: FakeBlobs) -> None:
    conversation = talk(asks("?"), answers("!", thought="Hm."))
    assert report_of(conversation, blobs).answers[0].thought == ""
    with_thoughts = report_of(conversation, blobs, ReportOptions(thoughts=True)).answers[0]
    assert with_thoughts.thought == "Hm."
    assert with_thoughts.thought_caption == "Thought for 4.2 s · 212 tokens"


@pytest.mark.parametrize(
    ("state", "said"),
    [("stopped", "Stopped"), ("length", "token limit"), ("interrupted", "Interrupted")],
)
def test_an_incomplete_answer_is_marked(blobs: FakeBlobs, state: str, said: str) -> None:
    report = report_of(talk(asks("?"), answers("So f", state=state)), blobs)
    assert said in report.answers[0].state
    assert any("1 of 1 answer is incomplete" in line for line in report.limits)


def test_a_failure_is_told_with_the_answer(blobs: FakeBlobs) -> None:
    error = ErrorInfo("It would not fit.", "It needs 40 GB.")
    report = report_of(talk(asks("?"), answers("", state="failed", error=error)), blobs)
    assert "It would not fit. It needs 40 GB." in report.answers[0].notices


def test_the_version_shown_is_named(blobs: FakeBlobs) -> None:
    base = talk(asks("?"), answers("one"))
    question, answer = base.turns
    second = replace(answer, id="other", text="two")
    branched = replace(base, turns=(question, answer, second), active_leaf="other")
    report = report_of(branched, blobs)
    assert [(a.text, a.version) for a in report.answers] == [("two", "2 of 2")]


def test_files_have_size_and_hash_in_the_table(blobs: FakeBlobs) -> None:
    report = report_of(dashboard_talk(blobs), blobs)
    assert report.media is not None
    (row,) = report.media.rows
    assert row[1] == "dashboard.png"
    assert "1,280 × 800 pixels" in row[2]
    assert "read at 1008 × 624" in row[3]
    assert row[4] == report.figures[0].sha256
    assert len(row[4]) == 64


def test_timings_have_a_row_for_each_answer(blobs: FakeBlobs) -> None:
    report = report_of(dashboard_talk(blobs), blobs)
    assert report.timings is not None
    assert [row[0] for row in report.timings.rows] == ["1", "2"]
    assert report.timings.rows[0][3] == "312"


def test_a_missing_file_is_said_and_nothing_else_is_lost(blobs: FakeBlobs) -> None:
    picture, item = dashboard(blobs)
    blobs.path(picture.sha256).unlink()
    figure = report_of(talk(asks("?", picture), answers("!", items=(item,))), blobs).figures[0]
    assert figure.picture is None
    assert "no longer in Facet's store" in figure.missing
    assert figure.sha256 == picture.sha256


def test_a_damaged_file_is_said(blobs: FakeBlobs) -> None:
    picture, item = dashboard(blobs)
    blobs.path(picture.sha256).write_bytes(b"not a picture")
    figure = report_of(talk(asks("?", picture), answers("!", items=(item,))), blobs).figures[0]
    assert "could not be read again" in figure.missing


def test_pictures_are_made_small_enough_and_carry_no_metadata(blobs: FakeBlobs) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (900, 2400, 3), dtype=np.uint8)
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    held = io.BytesIO()
    Image.fromarray(noise).save(held, "JPEG", exif=exif)
    data = held.getvalue()
    assert b"taken at home" in data
    photo = Attachment("a", "image", "photo.jpg", blobs.put(data), len(data))
    figure = report_of(talk(asks("?", photo), answers("!")), blobs).figures[0]
    assert figure.picture is not None
    assert (figure.picture.width, figure.picture.height) == (1600, 600)
    assert figure.picture.media_type == "image/jpeg"
    assert b"taken at home" not in figure.picture.data


def test_pictures_can_be_left_out(blobs: FakeBlobs) -> None:
    report = report_of(dashboard_talk(blobs), blobs, ReportOptions(pictures="none"))
    assert report.figures[0].picture is None
    assert report.figures[0].missing == ""
    small = report_of(dashboard_talk(blobs), blobs, ReportOptions(pictures="small"))
    assert small.figures[0].picture is not None
    assert small.figures[0].picture.width == 480


def test_a_text_file_is_shown_as_it_is(blobs: FakeBlobs) -> None:
    data = "Menge; Preis\n3; 4,50 €\n".encode()
    text = Attachment("a", "text", "list.csv", blobs.put(data), len(data))
    figure = report_of(talk(asks("?", text), answers("!")), blobs).figures[0]
    assert figure.text == data.decode()


def test_tool_calls_have_arguments_and_result(blobs: FakeBlobs) -> None:
    from app.core.conversation import ToolRecord

    tool = ToolRecord(
        "calculator", {"expression": "2 × 3"}, "6", tool_class="pure", allowed_by="class"
    )
    (card,) = report_of(talk(asks("?"), answers("6", tools=(tool,))), blobs).answers[0].tools
    assert "needs no permission" in card.audit
    assert card.arguments == '{"expression": "2 × 3"}'
    assert card.result == "6"


def test_no_turns_make_a_report_too(blobs: FakeBlobs) -> None:
    report = report_of(talk(title="Nothing yet"), blobs)
    assert report.entries == ()
    assert report.command == ""
    assert report.limits == ("This conversation holds no answer.",)


def test_the_identity_is_of_what_is_said(blobs: FakeBlobs) -> None:
    one = report_of(talk(asks("a"), answers("b")), blobs)
    assert report_of(talk(asks("a"), answers("b")), blobs, ReportOptions(author="X")).identity == (
        one.identity
    )
    assert report_of(talk(asks("a"), answers("c")), blobs).identity != one.identity


def test_progress_may_stop_the_work(blobs: FakeBlobs) -> None:
    from app.reports.content import build_report

    shares: list[float] = []

    def stop_half_way(share: float) -> None:
        shares.append(share)
        if share >= 0.5:
            raise Cancelled

    many = [turn for n in range(10) for turn in (asks(f"{n}"), answers("!"))]
    with pytest.raises(Cancelled):
        build_report(talk(*many), ReportOptions(), blobs.path, AROUND, stop_half_way)
    assert shares == sorted(shares)
    assert len(shares) == 11


def test_times_are_in_the_zone_of_the_reader(blobs: FakeBlobs) -> None:
    from datetime import timedelta, timezone

    from app.reports.content import build_report

    there = replace(
        AROUND, made_at=AROUND.made_at.astimezone(timezone(timedelta(hours=5, minutes=30)))
    )
    report = build_report(talk(asks("?")), ReportOptions(), blobs.path, there)
    assert report.byline == "24 November 2026, 20:11 UTC+05:30"
    question = report.entries[0]
    assert isinstance(question, Question)
    assert question.time == "2026-11-24 19:02"


def test_settings_that_changed_are_mentioned(blobs: FakeBlobs) -> None:
    conversation = talk(
        asks("a"),
        answers("b", settings=Settings(temperature=0.0)),
        asks("c"),
        answers("d", settings=Settings(temperature=1.0)),
    )
    cells = {cell.title: cell.lines for cell in report_of(conversation, blobs).method}
    assert "temperature 0" in cells["Settings"]
    assert any("changed later" in line for line in cells["Settings"])


def test_a_clip_and_a_recording_say_their_length(blobs: FakeBlobs) -> None:
    clip = Attachment(
        "a", "video", "walk.mp4", "0" * 64, 3_400_000, seconds=12.0, frames=13, has_sound=True
    )
    item = ReceiptItem(
        "video", "walk.mp4", 900, 858, frames=13, times_s=tuple(map(float, range(13)))
    )
    figure = report_of(talk(asks("?", clip), answers("!", items=(item,))), blobs).figures[0]
    assert figure.caption == "12.0 s, 13 frames, with sound, 3.4 MB"
    assert "13 frames from 0:00 to 0:12" in figure.received
