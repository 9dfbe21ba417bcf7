"""Results are kept by copy, the newest of each sense, whatever happens to the file."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.codec import from_json, to_json
from app.core.proof.book import MOST_COPIES, ProofBook
from app.core.proof.values import SENSES, ProofResult

PASSED = ProofResult("picture", "passed", "1", "1", date="2026-11-24T20:00:00+00:00")
FAILED = ProofResult("sound", "failed", "3 1", "3", "x", 2.5, "2026-11-24T20:00:05+00:00", "MLX 1")


def test_results_are_there_after_a_restart(tmp_path: Path) -> None:
    book = ProofBook(tmp_path / "data" / "proofs.json")
    book.put("a", "E2B", FAILED)
    book.put("a", "E2B", PASSED)
    book.put("b", "E4B", replace(PASSED, state="absent", note="It cannot."))
    again = ProofBook(tmp_path / "data" / "proofs.json")
    assert list(again.results("a").values()) == [PASSED, FAILED]  # in the order of the senses
    assert again.results("b")["picture"].note == "It cannot."
    assert again.results("c") == {}
    assert again.problem == ""


def test_a_newer_result_takes_the_place_of_an_older_one(tmp_path: Path) -> None:
    book = ProofBook(tmp_path / "proofs.json")
    book.put("a", "E2B", PASSED)
    book.put("a", "E2B", replace(PASSED, state="failed", read="2"))
    assert book.results("a")["picture"].read == "2"


def test_a_test_that_could_not_be_run_takes_no_place(tmp_path: Path) -> None:
    book = ProofBook(tmp_path / "proofs.json")
    book.put("a", "E2B", PASSED)
    book.put("a", "E2B", replace(PASSED, state="error", note="It broke."))
    book.put("a", "E2B", replace(FAILED, state="error", note="It broke."))
    assert book.results("a")["picture"] == PASSED
    assert book.results("a")["sound"].state == "error"


def test_what_another_process_kept_is_not_lost(tmp_path: Path) -> None:
    window, command = ProofBook(tmp_path / "proofs.json"), ProofBook(tmp_path / "proofs.json")
    window.put("a", "E2B", PASSED)
    command.put("a", "E2B", FAILED)
    window.put("b", "E4B", PASSED)
    assert set(ProofBook(tmp_path / "proofs.json").results("a")) == {"picture", "sound"}


@pytest.mark.parametrize("text", ["", "{", "[]", '{"copies": 3}', "null", "\x00\xff"])
def test_a_damaged_file_is_set_aside(tmp_path: Path, text: str) -> None:
    path = tmp_path / "proofs.json"
    path.write_text(text)
    book = ProofBook(path)
    assert book.results("a") == {}
    book.put("a", "E2B", PASSED)
    assert ProofBook(path).results("a") == {"picture": PASSED}
    if book.problem:
        assert (tmp_path / "proofs.damaged.json").read_text() == text


def test_only_so_many_copies_are_kept_and_the_oldest_go(tmp_path: Path) -> None:
    path = tmp_path / "proofs.json"
    many = [{"digest": f"{n}", "results": [to_json(PASSED)]} for n in range(MOST_COPIES)]
    path.write_text(json.dumps({"copies": many}))
    book = ProofBook(path)
    book.put("new", "E2B", PASSED)
    kept = ProofBook(path)
    assert kept.results("new")
    assert not kept.results("0")
    assert kept.results("1")


def test_a_disk_that_takes_nothing_is_told_and_memory_has_it(tmp_path: Path) -> None:
    (tmp_path / "no").write_text("a file, no folder")
    book = ProofBook(tmp_path / "no" / "proofs.json")
    with pytest.raises(FileExistsError):
        book.put("a", "E2B", PASSED)
    assert book.results("a") == {"picture": PASSED}


def test_weights_without_a_digest_are_not_kept(tmp_path: Path) -> None:
    book = ProofBook(tmp_path / "proofs.json")
    book.put("", "E2B", PASSED)
    assert not (tmp_path / "proofs.json").exists()


@given(
    st.builds(
        ProofResult,
        st.sampled_from(SENSES),
        st.sampled_from(["passed", "failed", "absent", "error"]),
        st.text(),
        st.text(),
        st.text(),
        st.floats(0, 1e6),
        st.text(),
        st.text(),
    )
)
def test_a_result_is_the_same_after_json(result: ProofResult) -> None:
    assert from_json(ProofResult, json.loads(json.dumps(to_json(result)))) == result
