"""The tokenizer of the tiny checkpoints, as ours and as the bare library's."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings
from tokenizers import Tokenizer as Backend

from inference.prompt.tokenizer import Tokenizer
from tests.fakes.tokenizer import VOCAB_SIZE, build_backend, write_tokenizer

# A busy machine pauses a test for longer than any deadline that would say something.
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")


@pytest.fixture(scope="session")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> Tokenizer:
    path: Path = write_tokenizer(tmp_path_factory.mktemp("tokenizer"))
    return Tokenizer.from_file(path, VOCAB_SIZE)


@pytest.fixture(scope="session")
def backend() -> Backend:
    """Encodes as the reference does: special strings become control ids."""
    return build_backend()
