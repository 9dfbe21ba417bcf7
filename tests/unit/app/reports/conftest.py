"""Files of a store in the test's own folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.conversations import FakeBlobs


@pytest.fixture
def blobs(tmp_path: Path) -> FakeBlobs:
    folder = tmp_path / "blobs"
    folder.mkdir()
    return FakeBlobs(folder)
