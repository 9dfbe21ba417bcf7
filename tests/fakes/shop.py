"""A played hub: downloads that a test moves on, a disk with copies on it, and a known Mac."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from app.viewmodels.hub_ports import FoundFacts, HubPorts
from inference import (
    CATALOGUE,
    CONTEXTS,
    CatalogueEntry,
    DownloadProgress,
    FacetError,
    Fit,
    FoundModel,
    Leftover,
    Machine,
    Need,
    catalogue_entry,
)

GB = 1_000_000_000
MAC = Machine("a Mac", "Apple M3 Pro", 24 * 2**30, 17_200_000_000, 212 * GB, 150 * GB)
SMALL_MAC = Machine("a Mac", "Apple M1", 8 * 2**30, 5_700_000_000, 31 * GB, 68 * GB)

ACTIVE = {"E2B": 0.45, "E4B": 0.6, "26B-A4B": 0.17, "31B": 0.97}  # share of the bytes per token


def paper_fit(entry: CatalogueEntry, machine: Machine, context: int = 16_384) -> Fit:
    """A verdict by a rule of thumb, which no measurement changes."""
    need = Need(entry.download_bytes, context * 60_000, GB // 2, GB // 2, 3 * GB // 2)
    share = need.total / machine.available_bytes
    state = "fits" if share <= 0.75 else "slow" if share <= 0.95 else "wont_fit"
    advice = "" if state == "fits" else "A smaller quantization or a shorter context would help."
    return Fit(state, need, machine.available_bytes, context, "", advice)  # type: ignore[arg-type]


def paper_speed(entry: CatalogueEntry, machine: Machine) -> float | None:
    """Tokens a second by the bytes that each takes."""
    read = entry.download_bytes * ACTIVE[entry.size]
    return machine.bandwidth_bytes_per_s * 0.8 / read if read else None


class PlayedDownload:
    """One download. The test sets `now`; what was asked of it is in `asked`."""

    def __init__(self, entry: CatalogueEntry) -> None:
        self._entry = entry
        self.asked: list[str] = []
        self.now = DownloadProgress("checking", 0, entry.download_bytes, files_total=4)

    @property
    def entry(self) -> CatalogueEntry:
        return self._entry

    def progress(self) -> DownloadProgress:
        return self.now

    def pause(self) -> None:
        self.asked.append("pause")
        self.now = replace(self.now, state="paused", bytes_per_s=0.0, seconds_left=None)

    def resume(self) -> None:
        self.asked.append("resume")
        self.now = replace(self.now, state="downloading", message="", action="", reason="")

    def cancel(self) -> None:
        self.asked.append("cancel")
        self.now = replace(self.now, state="cancelled")

    def at(self, done: float, bytes_per_s: float = 48e6) -> None:
        """So many gigabytes are here."""
        left = self.entry.download_bytes - done * GB
        self.now = DownloadProgress(
            "downloading", round(done * GB), self.entry.download_bytes, bytes_per_s,
            left / bytes_per_s if bytes_per_s else None, 2, 4,
        )  # fmt: skip

    def fail(self, message: str, action: str, reason: str = "") -> None:
        """It ends with a failure."""
        self.now = replace(
            self.now, state="failed", message=message, action=action, reason=reason,  # type: ignore[arg-type]
        )  # fmt: skip

    def finish(self, folder: Path) -> None:
        """Everything is here."""
        total = self.entry.download_bytes
        self.now = DownloadProgress("done", total, total, folder=folder)


class PlayedDownloads:
    """All of them. `refuses` is raised by the next start."""

    def __init__(self) -> None:
        self.started: dict[str, PlayedDownload] = {}
        self.left: tuple[Leftover, ...] = ()
        self.discarded: list[str] = []
        self.is_offline = False
        self.is_closed = False
        self.refuses: FacetError | None = None

    def start(self, entry: CatalogueEntry) -> PlayedDownload:
        if self.refuses is not None:
            raise self.refuses
        made = PlayedDownload(entry)
        self.started[entry.key] = made
        return made

    def leftovers(self) -> tuple[Leftover, ...]:
        return self.left

    def discard(self, leftover: Leftover) -> int:
        self.discarded.append(leftover.key)
        self.left = tuple(one for one in self.left if one.key != leftover.key)
        return leftover.done_bytes

    def set_offline(self, is_offline: bool) -> None:
        self.is_offline = is_offline

    def close(self) -> None:
        self.is_closed = True


@dataclass
class Shop:
    """A disk, a machine and the downloads; `ports` is what the program gets."""

    cache: Path
    machine: Machine = MAC
    found: list[FoundFacts] = field(default_factory=list)
    downloads: PlayedDownloads = field(default_factory=PlayedDownloads)
    damaged: tuple[str, ...] = ()
    removed: list[Path] = field(default_factory=list)
    searched: list[tuple[Path, ...]] = field(default_factory=list)
    remove_error: FacetError | None = None
    tokens: list[str] = field(default_factory=list)

    def put(self, key: str, *, folder: Path | None = None, problem: str = "") -> Path:
        """A copy of the catalogue lies in the cache."""
        entry = catalogue_entry(key)
        place = folder or self.cache / key
        model = FoundModel(
            place, key, entry.repo, "0" * 40, entry.download_bytes, "cache", not problem, problem
        )
        self.found.append(FoundFacts(model, entry.size, entry.label, entry.sees, entry.hears))
        return place

    def put_own(self, folder: Path, size: str, bits: str, size_bytes: int) -> None:
        """A copy that the catalogue does not have lies in a folder."""
        model = FoundModel(folder, "", "", "", size_bytes, "folder", True)
        fit = paper_fit(catalogue_entry(f"{size.lower()}-4bit"), self.machine)
        fits = tuple((tokens, fit) for tokens in CONTEXTS)
        self.found.append(FoundFacts(model, size, bits, True, size.startswith("E"), fits))

    def finish(self, key: str) -> None:
        """A download is complete and lies on the disk."""
        self.downloads.started[key].finish(self.put(key))

    def find(self, folders: Sequence[Path]) -> tuple[FoundFacts, ...]:
        self.searched.append(tuple(folders))
        return tuple(self.found)

    def remove(self, model: FoundModel) -> int:
        if self.remove_error is not None:
            raise self.remove_error
        self.removed.append(model.folder)
        self.found = [one for one in self.found if one.model.folder != model.folder]
        return model.size_bytes

    def verify(
        self, _model: FoundModel, tell: Callable[[float], None], is_stopped: Callable[[], bool]
    ) -> tuple[str, ...]:
        for share in (0.25, 0.5, 1.0):
            if is_stopped():
                return ()
            tell(share)
        return self.damaged

    def keep_token(self, token: str) -> None:
        if not token.startswith("hf_"):
            raise FacetError("This is no access token.", "Copy it again.")
        self.tokens.append(token)

    @property
    def ports(self) -> HubPorts:
        return HubPorts(
            tuple(entry for entry in CATALOGUE if not entry.is_drafter),
            self.downloads,
            lambda: self.machine,
            self.find,
            paper_fit,
            paper_speed,
            self.remove,
            self.verify,
            self.cache,
            self.keep_token,
            CONTEXTS,
        )


def leftover(key: str, done: float) -> Leftover:
    """A download of an earlier run, with so many gigabytes here."""
    entry = catalogue_entry(key)
    return Leftover(entry.repo, "main", "0" * 40, key, round(done * GB), entry.download_bytes, 0.2)
