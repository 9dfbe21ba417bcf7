"""Frozen values of the Models pane and the first run: ready words, no decisions left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.core.conversation import ErrorInfo

FitWord = Literal["fits", "slow", "wont_fit", "unknown"]
SenseName = Literal["sees", "hears", "watches"]
SenseState = Literal["untested", "passed", "failed", "absent"]
RowState = Literal[
    "absent", "queued", "checking", "downloading", "paused", "stalled", "verifying", "failed",
    "installed", "incomplete", "loading", "in_use",
]  # fmt: skip
MenuCommand = Literal[
    "reveal", "verify", "test", "benchmark", "quantize", "compare", "forget", "remove", "details",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class FitView:
    """Whether a copy fits: a word, the sum behind it, and the change that would help.

    `lines` are pairs of what and how much; `total` is their sum, `limit` what this Mac can give.
    """

    word: FitWord = "unknown"
    text: str = ""
    lines: tuple[tuple[str, str], ...] = ()
    total: str = ""
    limit: str = ""
    advice: str = ""
    note: str = ""  # "needs 22.6, can use 17.2 GB", beside the button of a copy that will not fit
    need_bytes: int = 0
    limit_bytes: int = 0


@dataclass(frozen=True, slots=True)
class SenseView:
    """One sense of a copy; `words` say it in full."""

    name: SenseName
    state: SenseState
    words: str


@dataclass(frozen=True, slots=True)
class ProgressView:
    """A download, or another long piece of work, at this moment. `share` is 0 to 1."""

    line: str  # "3.4 of 9.0 GB · 48 MB/s"
    time: str = ""  # "1 min 57 s"
    share: float = 0.0
    is_paused: bool = False
    is_warning: bool = False
    can_pause: bool = False
    can_resume: bool = False
    can_cancel: bool = True


@dataclass(frozen=True, slots=True)
class CopyView:
    """A row: one quantization of one size.

    `key` is what `ModelsViewModel.choose` takes. `menu` are the commands of the row's menu that
    can be given now. `problem` is what went wrong, with the one button that helps.
    """

    key: str
    size: str  # "E4B"
    title: str  # "4-bit"
    caption: str  # "affine, group 64 · tested 12 Sep"
    bytes_text: str
    state: RowState
    fit: FitView
    senses: tuple[SenseView, ...]
    speed: str = ""  # "41.2 tok/s", "≈ 24 tok/s", "–"
    is_speed_measured: bool = False
    licence: str = ""
    origin: str = ""  # where it lies, or where it comes from
    progress: ProgressView | None = None
    problem: ErrorInfo | None = None
    menu: tuple[MenuCommand, ...] = ()
    size_bytes: int = 0
    is_promoted: bool = True  # shown without unfolding

    @property
    def name(self) -> str:
        """How it is called outside its card."""
        return f"{self.size} {self.title}".strip()

    @property
    def is_here(self) -> bool:
        """Whether it can be used."""
        return self.state in ("installed", "loading", "in_use")


@dataclass(frozen=True, slots=True)
class SizeView:
    """A card: one size of Gemma 4 with its copies."""

    size: str
    title: str  # "Gemma 4 E4B"
    line: str  # "The everyday model · sees, hears, watches"
    copies: tuple[CopyView, ...]
    licence: str = ""


@dataclass(frozen=True, slots=True)
class MachineView:
    """The card "This Mac". Memory is what the GPU can use; shares are 0 to 1."""

    name: str
    chip: str
    memory: str
    gpu: str
    disk: str
    line: str  # "M3 Pro · 24 GB memory"
    memory_text: str = ""  # "6.1 of 17.2 GB"
    model_share: float = 0.0
    context_share: float = 0.0
    disk_text: str = ""  # "212 GB free"
    disk_share: float = 0.0


@dataclass(frozen=True, slots=True)
class PickCard:
    """One of the three cards of the first run."""

    key: str
    size: str
    line: str
    senses: tuple[SenseView, ...]
    download: str
    speed: str
    fit: FitView
    fit_text: str
    is_recommended: bool = False
    is_here: bool = False


@dataclass(frozen=True, slots=True)
class FoundView:
    """A copy on this computer that can be used where it is."""

    key: str
    title: str  # "Found on this Mac: E4B, 8-bit"
    line: str  # "9.0 GB in the Hugging Face cache, used where it is"
