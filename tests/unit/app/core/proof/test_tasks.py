"""The tests themselves: passed by who reads right, failed by who reads one thing wrong."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from app.core.asking import Senses
from app.core.proof.run import reply_of, run
from app.core.proof.tasks import make_tasks, spoken
from app.core.proof.values import SENSES, ProofResult, Sense, said, warning
from app.core.replies import Reply
from inference import Audio, Finished, FinishReason, Image, Request, Statistics, TokenText, Video
from tests.fakes.senses_engine import EVERYTHING, SensesEngine


def results(engine: SensesEngine, senses: Senses | None = None) -> dict[Sense, ProofResult]:
    tasks = engine.make(senses or Senses())

    def ask(request: Request):  # type: ignore[no-untyped-def]
        task = engine.task(request)
        assert task is not None
        return engine.events(task)

    return {result.sense: result for result in run(ask, tasks)}


def test_who_reads_everything_right_passes_everything() -> None:
    assert {sense: each.state for sense, each in results(SensesEngine()).items()} == dict.fromkeys(
        SENSES, "passed"
    )


@pytest.mark.parametrize("sense", SENSES)
def test_one_thing_read_wrong_fails_that_sense_alone(sense: Sense) -> None:
    found = results(SensesEngine([sense]))
    assert {each for each, result in found.items() if result.state == "failed"} == {sense}
    failed = found[sense]
    assert failed.note
    assert failed.read != failed.shown
    assert failed.date
    assert f"shown {failed.shown[:20]}" in warning(failed)


@pytest.mark.parametrize("sense", ["picture", "chart", "clip", "sound"])
def test_a_medium_that_did_not_arrive_fails_even_with_the_right_answer(sense: Sense) -> None:
    failed = results(SensesEngine(loses=[sense]))[sense]
    assert failed.state == "failed"
    assert "the picture was left out" in failed.note


@pytest.mark.parametrize("sense", ["clip", "sound"])
def test_the_right_digits_in_another_order_fail(sense: Sense) -> None:
    task = make_tasks(Senses(), [sense], seed=3)[0]
    digits = task.shown.split()
    for order in (digits[::-1], sorted(digits), digits[1:] + digits[:1]):
        if order != digits:
            reply = Reply(" ".join(order), receipt=EVERYTHING)
            assert task.judge(reply).state == "failed"
    assert task.judge(Reply(task.shown, receipt=EVERYTHING)).state == "passed"


def test_an_engine_that_breaks_down_proves_nothing() -> None:
    broken = results(SensesEngine(breaks=["clip"]))["clip"]
    assert broken.state == "error"
    assert "could not be run: The model stopped" in broken.note
    assert warning(broken) == ""


@pytest.mark.parametrize("reason", ["cancelled", "memory"])
def test_an_answer_that_was_ended_is_no_failure(reason: FinishReason) -> None:
    task = make_tasks(Senses(), ["picture"])[0]
    reply = reply_of([TokenText("1"), Finished(reason, Statistics(), EVERYTHING)])
    assert task.judge(reply).state == "error"


def test_events_without_an_end_are_no_answer() -> None:
    assert reply_of([TokenText("493018")]).problem


@pytest.mark.parametrize(
    ("senses", "absent", "sentence"),
    [
        (Senses(sees=True, hears=False), {"sound"}, "This model cannot hear."),
        (Senses(sees=False), {"picture", "chart", "clip"}, "This model cannot see."),
    ],
)
def test_what_a_model_lacks_by_its_kind_is_absent(
    senses: Senses, absent: set[Sense], sentence: str
) -> None:
    engine = SensesEngine()
    found = results(engine, senses)
    assert {sense for sense, each in found.items() if each.state == "absent"} == absent
    assert {found[sense].note for sense in absent} == {sentence}
    assert all(warning(each) == "" for each in found.values())
    assert said(found[min(absent)]) == sentence


def test_requests_are_alone_and_always_take_the_likeliest_token() -> None:
    for task in make_tasks(Senses()):
        request = task.request
        assert request is not None
        assert request.session == ""
        assert request.sampling.temperature == 0
        assert len(request.messages) == 1
    thinking = {task.sense for task in make_tasks(Senses()) if task.request.thinking}  # type: ignore[union-attr]
    assert thinking == {"json_thinking"}


def test_every_test_is_another_unless_a_seed_is_given() -> None:
    shown = {tuple(task.shown for task in make_tasks(Senses(), seed=seed)) for seed in range(20)}
    assert len(shown) == 20
    once, again = make_tasks(Senses(), seed=5), make_tasks(Senses(), seed=5)
    assert [task.shown for task in once] == [task.shown for task in again]
    assert make_tasks(Senses(), ["picture"])[0].shown != make_tasks(Senses(), ["picture"])[0].shown


def test_the_order_of_frames_is_never_the_one_to_guess() -> None:
    orders = {make_tasks(Senses(), ["clip"], seed)[0].shown for seed in range(60)}
    assert not orders & {"1 2 3 4", "4 3 2 1"}
    assert len(orders) > 10


def test_media_have_the_form_that_the_engine_wants() -> None:
    parts = {
        task.sense: part
        for task in make_tasks(Senses())
        if task.request is not None
        for part in task.request.messages[0].parts
        if isinstance(part, Image | Video | Audio)
    }
    picture, chart, sound, clip = (parts[s] for s in ("picture", "chart", "sound", "clip"))  # type: ignore[index]
    assert isinstance(picture, Image)
    assert isinstance(chart, Image)
    assert isinstance(clip, Video)
    assert isinstance(sound, Audio)
    for pixels in (picture.pixels, chart.pixels, *clip.frames):
        assert pixels.dtype == np.uint8
        assert pixels.shape[2] == 3
        assert not pixels.shape[0] % 48
        assert not pixels.shape[1] % 48
        assert len(np.unique(pixels)) > 8  # something is drawn
    assert list(clip.times_s) == [0, 1, 2, 3]
    assert sound.samples.dtype == np.float32
    assert 2 < len(sound.samples) / 16_000 < 6


def test_each_digit_has_a_sound_of_its_own() -> None:
    made = [spoken([str(digit)]) for digit in range(10)]
    assert all(0.3 < np.abs(each).max() < 0.7 for each in made)
    assert len({each.tobytes() for each in made}) == 10
    both = spoken(["3", "1"])
    assert len(both) > len(made[3])


def test_a_warning_says_what_and_since_when() -> None:
    result = ProofResult("picture", "failed", "493018", "201664", date="2019-11-24T09:00:00+00:00")
    assert warning(result) == (
        "The picture test of this copy failed on 24 Nov 2019: shown 493018, read 201664. "
        "Picture answers cannot be trusted."
    )
    assert "read nothing" in warning(replace(result, read=""))
    assert warning(replace(result, state="passed")) == ""
    assert "on " not in warning(replace(result, date="soon")).split(":")[0]
