"""Every file of the corpus through the real process: good ones right, a sentence for bad ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.intake.read_file import ReadFile
from app.intake.runner import Job
from app.intake.wording import quoted
from app.intake.worker import Worker
from inference import MediaError
from tests.corpus import (
    bad_clips,
    bad_documents,
    bad_pictures,
    bad_sounds,
    clips,
    documents,
    pictures,
    sounds,
)
from tests.corpus.case import Case

CASES: list[Case] = [
    *pictures.cases(),
    *bad_pictures.cases(),
    *sounds.cases(),
    *bad_sounds.cases(),
    *clips.cases(),
    *bad_clips.cases(),
    *documents.cases(),
    *bad_documents.cases(),
]
LONGEST = 300
SENTENCES = re.compile(r"[^.?!].*[.?!]", re.DOTALL)
NOT_FOR_PEOPLE = re.compile(r"Traceback|Error|Exception|0x[0-9a-f]+|errno|\bNone\b|<[a-z]", re.I)


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    worker = Worker()
    worker.warm()
    yield worker
    worker.close()


def test_the_corpus_is_large_and_its_names_are_its_own() -> None:
    names = [case.name for case in CASES]
    assert len(set(names)) == len(names) >= 250
    assert sum(case.check is None for case in CASES) >= 80


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_reading(worker: Worker, tmp_path: Path, case: Case) -> None:
    path = tmp_path / case.name
    case.write(path)
    worker.warm()
    pid = worker.pid
    read, refusal = _tried(worker, path, case)
    if read is None:
        assert case.refusal, refusal
        check_sentence(refusal, path, case.refusal)
    else:
        assert case.check is not None, f"{case.name} was read: {read.notes}"
        case.check(read)
        for note in read.notes:
            assert SENTENCES.fullmatch(note)
    assert worker.pid == pid, "the process was lost"


def _tried(worker: Worker, path: Path, case: Case) -> tuple[ReadFile | None, str]:
    try:
        return worker.call(Job("read", path, case.name, (case.kind, case.name), 30.0)), ""
    except MediaError as error:
        return None, str(error)


def check_sentence(words: str, path: Path, reason: str) -> None:
    """The file, the reason, and nothing that only a programmer understands."""
    assert quoted(path) in words
    assert reason in words
    assert SENTENCES.fullmatch(words)
    assert len(words) <= LONGEST + len(path.name)
    assert not NOT_FOR_PEOPLE.search(words.replace(quoted(path), "")), words
