"""The file itself is played once it has proven that it can be; else its frames, with a word."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from app.core.clips import Window
from app.viewmodels.materials import MaterialView
from app.viewmodels.video import VideoViewModel
from app.widgets.theme import Theme
from app.widgets.video.player import Player
from tests.fakes.clips import Chat, Composer, Materials, Models, PaintedReader, clip
from tests.fakes.film_player import FilmPlayer


class Cinema:
    """A player widget with a player behind it that the test plays."""

    def __init__(self, qtbot: QtBot, theme: Theme, *, has_player: bool = True) -> None:
        self.film = FilmPlayer()
        self.materials = Materials(clip(60.0))
        self.model = VideoViewModel(
            self.materials, Chat(), Composer(), Models(), PaintedReader()  # type: ignore[arg-type]
        )  # fmt: skip
        self.player = Player(
            self.model,
            theme,
            lambda: self.film if has_player else None,  # type: ignore[arg-type, return-value]
        )
        qtbot.addWidget(self.player)

    @property
    def grey(self) -> int:
        """The middle of what is shown."""
        image = self.player.stage.image
        return image.pixelColor(image.width() // 2, image.height() // 2).red()


@pytest.fixture
def cinema(qtbot: QtBot, theme: Theme) -> Cinema:
    return Cinema(qtbot, theme)


def test_frames_are_played_until_the_file_has_proven_itself(cinema: Cinema) -> None:
    assert cinema.film.opened == [Chat().file]
    cinema.player.toggle()
    assert cinema.player.engine is cinema.player.frames
    cinema.player.frames.advance(4.0)
    cinema.film.prove()
    assert cinema.player.engine is cinema.film
    assert cinema.film.is_playing  # goes on where the frames were
    assert cinema.film.position == pytest.approx(4.0)
    assert cinema.film.range == (0.0, 60.0)


def test_pictures_of_the_file_are_shown_while_it_runs(cinema: Cinema) -> None:
    cinema.film.prove()
    before = cinema.grey
    cinema.film.show(33)  # of a seek; the frame that the model sees stays
    assert cinema.grey == before
    cinema.player.toggle()
    cinema.film.show(33)
    assert cinema.grey == 33
    cinema.film.seek(12.6)
    assert cinema.model.current == 12
    cinema.player.toggle()
    assert cinema.grey != 33  # stopped: the frame of 0:12 again
    assert not cinema.film.is_playing


def test_a_file_that_cannot_be_played_is_no_black_nothing(cinema: Cinema) -> None:
    cinema.player.toggle()
    cinema.film.prove()
    cinema.film.fail()
    assert cinema.player.engine is cinema.player.frames
    assert cinema.player.stage.words == (
        "“hall.mp4” cannot be played here. You see one frame a second, as the model does."
    )
    assert not cinema.player.stage.image.isNull()
    cinema.player.toggle()
    cinema.player.frames.advance(3.0)
    assert cinema.model.current == 3


def test_where_nothing_can_be_played_the_frames_are(qtbot: QtBot, theme: Theme) -> None:
    cinema = Cinema(qtbot, theme, has_player=False)
    cinema.player.toggle()
    assert cinema.player.is_playing
    assert cinema.player.bar.mute.isHidden()


def test_sound_can_be_switched_off(cinema: Cinema) -> None:
    assert cinema.player.bar.mute.isHidden()
    cinema.film.prove()
    assert not cinema.player.bar.mute.isHidden()
    cinema.player.bar.mute.click()
    assert cinema.film.is_muted
    assert cinema.player.bar.mute.accessibleName() == "Sound on"


def test_shuttle_and_window_reach_the_file(cinema: Cinema) -> None:
    cinema.film.prove()
    cinema.player.shuttle(1)
    cinema.player.shuttle(1)
    assert cinema.film.rate == 2.0
    cinema.player.shuttle(-1)
    assert cinema.film.rate == -1.0
    cinema.player.shuttle(0)
    cinema.model.set_start(10)
    assert cinema.model.window == Window(10, 60)
    assert cinema.film.range == (10.0, 60.0)


def test_it_plays_from_the_frame_that_is_lit(cinema: Cinema) -> None:
    cinema.film.prove()
    cinema.film.position = 3.0
    cinema.model.set_start(20)  # what was shown before lies outside now
    cinema.player.toggle()
    assert cinema.film.position == 20.0


def test_another_clip_is_opened_and_none_closes_it(cinema: Cinema) -> None:
    cinema.film.prove()
    other = clip(20.0, id="b", sha256="6" * 64)
    cinema.materials.put(MaterialView("b", "b.mp4", "video", "ready", "", other))
    assert len(cinema.film.opened) == 2
    assert cinema.player.engine is cinema.player.frames  # until it has proven itself too
    closed = cinema.film.closed
    cinema.materials.put(None)
    assert cinema.film.closed > closed
