"""Downloads from the fake hub with a patience that tests have."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from inference.hub.cache import repo_folder
from inference.hub.cache_record import PlannedFile
from inference.hub.download import Download, Downloads
from inference.hub.transfer import Policy
from inference.hub.transfer_part import is_blob_sound
from inference.hub.transfer_stop import Stop
from tests.fakes.hub.hub import FakeHub
from tests.fakes.hub.repository import Repository, digest

WAIT_S = 20.0
HASTY = Policy(
    connect_s=1.0,
    silence_s=0.2,
    most_tries=4,
    first_wait_s=0.005,
    longest_wait_s=0.02,
    margin_share=0.0,
    margin_bytes=0,
)
PATIENT = replace(HASTY, silence_s=15.0, first_wait_s=0.5, longest_wait_s=5.0)


def downloads(hub: FakeHub, cache: Path, token: str | None = None) -> Downloads:
    """All that the program needs to fetch from `hub`."""
    return Downloads(cache, token, hub.endpoint, policy=HASTY, environment={})


def fetched(hub: FakeHub, cache: Path, repository: Repository) -> Download:
    """A download that has ended, in one way or another."""
    download = downloads(hub, cache).start(repository.entry())
    assert download.wait(WAIT_S).is_over, download.progress()
    return download


def is_published(cache: Path, repository: Repository) -> bool:
    """Whether a snapshot is there at all."""
    return (repo_folder(cache, repository.name) / "snapshots" / repository.commit).exists()


def wrong_files(cache: Path, repository: Repository) -> list[str]:
    """Files of the snapshot that are missing or have other bytes than the hub's."""
    snapshot = repo_folder(cache, repository.name) / "snapshots" / repository.commit
    return [
        path
        for path, content in repository.files.items()
        if not is_blob_sound(
            snapshot / path,
            PlannedFile(path, len(content), digest(content)),
            Stop(),
            lambda _: None,
        )
    ]
