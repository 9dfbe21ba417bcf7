"""What the frames and the sound of a clip take of the context, and what is refused for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from PySide6.QtCore import QObject, Signal

from app.core.conversation import Attachment
from app.core.costs import frame_tokens, seconds_sent, sound_tokens
from app.core.fits import Fit, nearest_fit
from app.viewmodels.chat import ChatViewModel
from app.viewmodels.materials import MaterialsViewModel
from app.viewmodels.models import ModelsViewModel
from app.viewmodels.words import about, count

SoundState = Literal["on", "off", "deaf", "none"]
MOST_RESERVED = 2048  # tokens of the context that are kept free for the answer


@dataclass(frozen=True, slots=True)
class FrameView:
    """A frame of the strip: its second in the file, its number from 1, and its marks."""

    second: int
    number: int
    is_left_out: bool = False
    is_scene: bool = False


class ClipCost(QObject):
    """Counts what the open clip costs as it is selected; refuses what the context cannot hold."""

    changed = Signal()

    def __init__(
        self,
        clip: Callable[[], Attachment | None],
        frames: Callable[[], tuple[FrameView, ...]],
        materials: MaterialsViewModel,
        chat: ChatViewModel,
        models: ModelsViewModel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._clip, self._frames = clip, frames
        self._materials, self._chat, self._models = materials, chat, models
        self._refusal = ""
        self._remedy: Fit | None = None

    @property
    def budget(self) -> int:
        """Soft tokens of each frame."""
        clip = self._clip()
        chosen = clip.soft_tokens if clip is not None else None
        return chosen if chosen is not None else self._chat.settings.video_tokens

    @property
    def frames_sent(self) -> int:
        """How many frames are not left out."""
        return sum(not frame.is_left_out for frame in self._frames())

    @property
    def sound(self) -> SoundState:
        """Whether the sound track goes along, and why not."""
        clip = self._clip()
        if clip is None or not clip.has_sound:
            return "none"
        if not self._models.senses.hears:
            return "deaf"
        return "on" if clip.selection.with_sound else "off"

    @property
    def tokens(self) -> int:
        """What the clip takes of the context."""
        return self._cost(self.budget)

    @property
    def seconds_wanted(self) -> float | None:
        """How long reading it will take, from earlier answers about media; None: not measured."""
        per_token = self._chat.media_seconds_per_token
        return None if per_token is None else per_token * self.tokens

    @property
    def line(self) -> str:
        """Like "58 of 60 frames · 3,828 tokens · ≈ 18 s first time, then reused"."""
        whole, sent = len(self._frames()), self.frames_sent
        frames = count(whole, "frame") if sent == whole else f"{sent} of {count(whole, 'frame')}"
        line = f"{frames} · {count(self.tokens, 'token')}"
        seconds = self.seconds_wanted
        if seconds is not None:
            line += f" · ≈ {about(seconds).removeprefix('about ')} first time, then reused"
        return line

    # --- what does not fit -------------------------------------------------------------------

    @property
    def refusal(self) -> str:
        """Why a combination was refused, naming the nearest that fits; empty: nothing was."""
        return self._refusal or self._overfull(self.budget)

    @property
    def remedy(self) -> str:
        """What the button beside the refusal says; empty where nothing fits."""
        fit = self._remedy or (self._nearest(self.budget) if self._overfull(self.budget) else None)
        if fit is None:
            return ""
        if fit.frames == self.frames_sent:
            return f"Use {fit.budget} per frame"
        return f"Use {count(fit.frames, 'frame')}"

    def forget_refusal(self) -> None:
        """Something else was chosen."""
        self._refusal, self._remedy = "", None

    def take_remedy(self) -> None:
        """Use the nearest combination that fits."""
        fit, clip = self._remedy or self._nearest(self.budget), self._clip()
        self.forget_refusal()
        if fit is None or clip is None:
            return
        if fit.frames < self.frames_sent:
            start = int(clip.selection.start_s)
            sent = [f.second - start for f in self._frames() if not f.is_left_out]
            left_out = sorted({*clip.selection.left_out, *_thinned(sent, fit.frames)})
            chosen = replace(clip.selection, left_out=tuple(left_out))
            self._materials.set_selection(clip.id, chosen)
        self._materials.set_budget(clip.id, fit.budget)

    def choose(self, soft_tokens: int) -> None:
        """Choose how finely frames are seen; refused with words where the context has no room."""
        clip = self._clip()
        if clip is None:
            return
        self._refusal, self._remedy = self._overfull(soft_tokens), None
        if self._refusal:
            self._remedy = self._nearest(soft_tokens)
            self.changed.emit()
            return
        self._materials.set_budget(clip.id, soft_tokens)

    # --- counting ----------------------------------------------------------------------------

    def _cost(self, budget: int) -> int:
        clip = self._clip()
        if clip is None or not clip.height or not clip.width:
            return 0
        each = frame_tokens(clip.height, clip.width, budget)
        return self.frames_sent * each + self._sound_cost(clip)

    def _sound_cost(self, clip: Attachment) -> int:
        return sound_tokens(seconds_sent(clip)) if self.sound == "on" else 0

    def _room(self) -> int | None:
        """Tokens of the context that are free for the clip; None where that is not known."""
        size, clip = self._models.context_tokens, self._clip()
        if not size or clip is None:
            return None
        used = self._chat.context.total
        if self._materials.is_sent(clip):
            used = max(0, used - self._cost(self.budget))
        return max(0, size - used - min(MOST_RESERVED, size // 8))

    def _overfull(self, budget: int) -> str:
        room, wanted = self._room(), self._cost(budget)
        if room is None or wanted <= room:
            return ""
        fit = self._nearest(budget)
        frames = count(self.frames_sent, "frame")
        said = f"{frames} at {budget} take {wanted:,} tokens, {room:,} are free."
        if fit is None:
            return f"{said} Start a new conversation for this clip."
        return f"{said} {count(fit.frames, 'frame')} at {fit.budget} fit ({fit.tokens:,})."

    def _nearest(self, budget: int) -> Fit | None:
        clip, room = self._clip(), self._room()
        if clip is None or room is None or not clip.height or not clip.width:
            return None
        sound = self._sound_cost(clip)
        return nearest_fit(clip.height, clip.width, self.frames_sent, budget, sound, room)


def _thinned(numbers: list[int], wanted: int) -> set[int]:
    """Which of `numbers` to leave out so that `wanted` stay, evenly spread."""
    kept = {numbers[index * len(numbers) // wanted] for index in range(wanted)}
    return set(numbers) - kept
