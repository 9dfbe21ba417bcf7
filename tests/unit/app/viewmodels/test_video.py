"""The clip of a conversation: its window, its frames, what goes along and what that costs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import pytest
from pytestqt.qtbot import QtBot

from app.core.clips import Window
from app.core.conversation import Attachment
from app.core.costs import frame_tokens, sound_tokens
from app.intake.selection import Selection
from app.viewmodels.materials import MaterialView
from app.viewmodels.values import ContextUse, ModelChoice
from app.viewmodels.video import VideoViewModel
from tests.fakes.clips import (
    SCENE_S,
    Chat,
    Composer,
    Materials,
    Models,
    PaintedReader,
    clip,
)

pytestmark = pytest.mark.usefixtures("qapp")
WINDOW = Selection(start_s=42.0, end_s=102.0)


@dataclass
class Room:
    """A video view-model and everything around it."""

    model: VideoViewModel
    materials: Materials
    chat: Chat
    models: Models
    composer: Composer
    reader: PaintedReader


def room(
    attachment: Attachment | None = None,
    *,
    context: int = 131_072,
    hears: bool = True,
    reader: PaintedReader | None = None,
) -> Room:
    materials, chat = Materials(attachment), Chat()
    models, composer = Models(context, hears=hears), Composer()
    painter = reader or PaintedReader()
    model = VideoViewModel(materials, chat, composer, models, painter)  # type: ignore[arg-type]
    return Room(model, materials, chat, models, composer, painter)


# --- what is there ---------------------------------------------------------------------------


def test_without_a_clip_there_is_nothing_to_do() -> None:
    model = room().model
    assert (model.state, model.clip, model.frames(), model.is_long) == ("empty", None, (), False)
    model.seek(3)
    model.move_window(3)
    model.cost.take_remedy()
    model.cost.choose(280)
    assert model.cost.refusal == ""


def test_a_clip_that_is_being_read_or_failed() -> None:
    made = room()
    made.materials.put(MaterialView("a", "hall.mp4", "video", "reading", "", None))
    assert (made.model.state, made.model.name) == ("reading", "hall.mp4")
    made.materials.put(MaterialView("a", "hall.mp4", "video", "failed", "It is damaged.", None))
    assert (made.model.state, made.model.trouble) == ("failed", "It is damaged.")


def test_a_short_clip_is_watched_whole() -> None:
    model = room(clip(12.4)).model
    assert model.window == Window(0, 13)
    assert not model.is_long
    assert [frame.second for frame in model.frames()] == list(range(13))
    assert model.cost.line.startswith("13 frames · ")


def test_a_long_clip_shows_its_window() -> None:
    model = room(clip(252.0, selection=WINDOW)).model
    assert model.is_long
    assert (len(model.frames()), model.frames()[38].second) == (60, 80)
    assert model.frames()[38].number == 39


def test_a_second_without_a_picture_is_no_frame() -> None:
    reader = PaintedReader()
    reader.absent = {5}
    model = room(clip(12.0), reader=reader).model
    assert [frame.second for frame in model.frames()] == [0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11]
    assert model.frames()[5].number == 6


def test_scenes_are_marked() -> None:
    model = room(clip(60.0)).model
    marked = [frame.second for frame in model.frames() if frame.is_scene]
    assert marked == [SCENE_S, 2 * SCENE_S, 3 * SCENE_S]


# --- pictures --------------------------------------------------------------------------------


def test_only_missing_pictures_are_read(qtbot: QtBot) -> None:
    made = room(clip(252.0, selection=WINDOW))
    assert [(a.start_s, a.end_s) for a in made.reader.asked] == [(42, 102)]
    made.model.move_window(50)
    qtbot.waitUntil(lambda: len(made.reader.asked) == 2)
    assert (made.reader.asked[1].start_s, made.reader.asked[1].end_s) == (102, 110)
    assert made.model.frames_read == 60


def test_what_comes_of_another_clip_is_not_shown() -> None:
    reader = PaintedReader(is_held=True)
    made = room(clip(12.0), reader=reader)
    other = clip(9.0, id="other", sha256="6" * 64)
    made.materials.put(MaterialView("other", "b.mp4", "video", "ready", "", other))
    assert reader.waiting[0].is_cancelled
    reader.waiting[0].on_frame(0, 0.0, None)  # type: ignore[arg-type]
    reader.waiting[0].done("")  # it was on its way already
    assert made.model.thumbnail(0) is None
    reader.release()
    assert made.model.frames_read == 9


def test_a_window_that_was_moved_away_is_not_read_to_its_end(qtbot: QtBot) -> None:
    reader = PaintedReader(is_held=True)
    made = room(clip(252.0, selection=WINDOW), reader=reader)
    made.model.move_window(110)
    qtbot.waitUntil(lambda: len(reader.asked) == 2)
    assert [asked.is_cancelled for asked in reader.asked] == [True, False]
    reader.release()
    assert made.model.frames_read == len(made.model.frames()) == 60


def test_a_clip_that_cannot_be_read_on_is_told_once() -> None:
    reader = PaintedReader(is_held=True)
    made = room(clip(12.0), reader=reader)
    said: list[str] = []
    made.model.problem.connect(said.append)
    reader.problem = "“hall.mp4” is damaged."
    reader.release()
    assert said == ["“hall.mp4” is damaged."]
    assert len(reader.asked) == 1
    assert len(made.model.frames()) == 12  # what was not read is not called absent


def test_only_the_last_still_that_was_wanted_is_read() -> None:
    reader = PaintedReader(is_held=True)
    made = room(clip(12.0), reader=reader)
    reader.release()
    for second in (2, 3, 4, 5):
        made.model.want_still(second)
    reader.release()
    assert [asked.start_s for asked in reader.asked[1:]] == [2, 5]


# --- leaving out -----------------------------------------------------------------------------


def test_frames_left_out_are_stored_by_their_number() -> None:
    made = room(clip(252.0, selection=WINDOW))
    made.model.toggle(49)
    made.model.toggle(50)
    assert made.materials.stored[-1] == replace(WINDOW, left_out=(7, 8))
    assert [f.second for f in made.model.frames() if f.is_left_out] == [49, 50]
    assert made.model.cost.line.startswith("58 of 60 frames · ")
    made.model.toggle(49)
    assert made.materials.stored[-1].left_out == (8,)


def test_a_range_is_left_out_and_taken_in() -> None:
    made = room(clip(60.0))
    made.model.leave_out(31, 12, True)
    assert made.materials.stored[-1].left_out == tuple(range(12, 32))
    made.model.leave_out(0, 59, False)
    assert made.materials.stored[-1].left_out == ()


def test_one_frame_has_to_stay() -> None:
    made = room(clip(4.0))
    said: list[str] = []
    made.model.problem.connect(said.append)
    made.model.leave_out(0, 3, True)
    assert said == ["At least one frame has to stay."]
    assert made.materials.stored == []
    made.model.leave_out(0, 2, True)
    made.model.toggle(3)
    assert len(said) == 2
    assert made.model.cost.frames_sent == 1


def test_left_out_seconds_stay_left_out_when_the_window_moves() -> None:
    made = room(clip(252.0, selection=replace(WINDOW, left_out=(7, 8))))
    made.model.move_window(45)
    assert made.materials.stored[-1] == Selection(start_s=45.0, end_s=105.0, left_out=(4, 5))


# --- the window ------------------------------------------------------------------------------


def test_ends_are_set_at_the_moment_that_is_lit() -> None:
    made = room(clip(252.0, selection=WINDOW))
    made.model.seek(60)
    made.model.set_start(made.model.current)
    assert made.model.window == Window(60, 102)
    made.model.seek(90)
    made.model.set_end(made.model.current + 1)
    assert made.model.window == Window(60, 91)


def test_going_to_a_moment_outside_moves_the_window_there() -> None:
    made = room(clip(252.0, selection=WINDOW))
    seeks: list[float] = []
    made.model.seek_wanted.connect(seeks.append)
    made.model.seek(200.0)
    assert made.model.window == Window(170, 230)
    assert (made.model.current, seeks) == (200, [200.0])


def test_steps_stay_inside_the_window() -> None:
    model = room(clip(252.0, selection=WINDOW)).model
    model.step(-5)
    assert model.current == 42
    model.step(500)
    assert model.current == 101


# --- sound -----------------------------------------------------------------------------------


def test_sound_goes_along_where_the_model_hears() -> None:
    made = room(clip(60.0))
    with_sound = made.model.cost.tokens
    assert made.model.sound == "on"
    made.model.set_sound(False)
    assert made.model.sound == "off"
    assert with_sound - made.model.cost.tokens == sound_tokens(60.0)


def test_a_model_that_cannot_hear_says_so_and_one_that_can_is_offered() -> None:
    made = room(clip(60.0), hears=False)
    assert made.model.sound == "deaf"
    assert made.model.cost.tokens == 60 * frame_tokens(720, 1280, 70)
    assert made.model.hearing_model is None
    made.models.listed = [
        ModelChoice("big", "31B", "4-bit", hears=False),
        ModelChoice("e4b", "E4B", "4-bit"),
    ]
    assert made.model.hearing_model == made.models.listed[1]
    made.models.current = made.models.listed[1]  # its weights say so, the processor does not
    assert made.model.hearing_model is None
    made.models.current = made.models.listed[0]
    made.model.use_hearing_model()
    assert made.models.chosen == ["e4b"]


def test_a_silent_clip_has_no_sound_to_send() -> None:
    model = room(clip(60.0, sound=False)).model
    assert model.sound == "none"
    assert model.wave is None


# --- cost ------------------------------------------------------------------------------------


def test_no_time_is_told_before_one_was_measured() -> None:
    made = room(clip(60.0, sound=False))
    assert "s first time" not in made.model.cost.line
    made.chat.media_seconds_per_token = 0.005
    assert made.model.cost.line == "60 frames · 4,320 tokens · ≈ 22 s first time, then reused"


def test_a_budget_beyond_the_context_is_refused_with_the_nearest_that_fits() -> None:
    made = room(clip(60.0, sound=False), context=12_000)
    model = made.model
    assert model.cost.refusal == ""
    model.cost.choose(280)
    at_140 = 60 * frame_tokens(720, 1280, 140)
    assert model.cost.budget == 70
    assert "60 frames at 280 take" in model.cost.refusal
    assert f"60 frames at 140 fit ({at_140:,})." in model.cost.refusal
    assert model.cost.remedy == "Use 140 per frame"
    model.cost.take_remedy()
    assert (model.cost.budget, model.cost.refusal) == (140, "")


def test_frames_are_thinned_where_even_the_coarsest_are_too_many() -> None:
    made = room(clip(60.0, sound=False), context=4_096)
    model = made.model
    assert "take" in model.cost.refusal
    words = model.cost.remedy
    model.cost.take_remedy()
    assert words == f"Use {model.cost.frames_sent} frames"
    assert model.cost.refusal == ""
    left = [frame.second for frame in model.frames() if not frame.is_left_out]
    assert left[0] == 0
    assert max(b - a for a, b in pairwise(left)) <= 2  # evenly spread


def test_what_was_said_before_takes_room_too() -> None:
    made = room(clip(60.0, sound=False), context=12_000)
    made.chat.context = ContextUse((("text", 8_000),), 12_000)
    assert made.model.cost.refusal
    made.chat.context = ContextUse((("text", 4_000), ("frames", 4_320)), 12_000)
    assert made.model.cost.refusal
    made.materials.sent = True  # then the clip is among what was said
    assert made.model.cost.refusal == ""


def test_nothing_is_refused_while_the_context_is_not_known() -> None:
    made = room(clip(60.0), context=0)
    made.model.cost.choose(280)
    assert (made.model.cost.budget, made.model.cost.refusal) == (280, "")


# --- asking ----------------------------------------------------------------------------------


def test_the_question_about_a_range() -> None:
    made = room(clip(60.0))
    made.model.ask_about(31, 12)
    assert made.composer.text == "What changed between 0:12 and 0:31?"
