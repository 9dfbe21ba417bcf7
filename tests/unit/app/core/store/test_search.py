"""Searching: what is typed is plain text, and a missing or damaged index hides nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.core.store import Store
from app.core.store.wanted import snippet, wanted
from tests.fakes.stored import chain, conversation, later, turn
from tests.unit.app.core.store.conftest import OpenStore

TEXTS = {
    "french": "Le café est fermé aujourd’hui, mais la crème brûlée est prête.",
    "chinese": "今天我们学习机器学习和图像识别。",
    "japanese": "画像を解析してください。カタカナも。",
    "korean": "한국어 문장을 검색합니다",
    "thai": "ภาษาไทยไม่มีช่องว่าง",
    "code": "x -> y; self.load_file(name) # 50% off",
    "turkish": "İstanbul ve Iğdır",
    "marks": "re\u0301sume\u0301 with combining marks",
}


@pytest.fixture
def filled(store: Store) -> Store:
    for minute, (name, text) in enumerate(TEXTS.items()):
        store.create(conversation(name, turn(f"t-{name}", text), updated_at=later(minute)))
    return store


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("cafe", "french"),
        ("CAFÉ", "french"),
        ("crem brul", "french"),
        ("brul crem", "french"),
        ("图像", "chinese"),
        ("学习", "chinese"),
        ("学习机", "chinese"),
        ("解析", "japanese"),
        ("カナ", "japanese"),
        ("검색", "korean"),
        ("국어", "korean"),
        ("ไทย", "thai"),
        ("load_file", "code"),
        ("file(name)", "code"),
        ("->", "code"),
        ("50%", "code"),
        ("resume", "marks"),
        ("résumé", "marks"),
    ],
)
def test_a_text_is_found(filled: Store, typed: str, found: str) -> None:
    hits = filled.search(typed)
    assert [hit.conversation_id for hit in hits if hit.turn_id] == [found]
    assert hits[-1].spans, "nothing is marked in the snippet"


@pytest.mark.parametrize("typed", ["", "  ", "afe", "café AND nothing", "NOT café", "图人", "c*fe"])
def test_a_text_is_not_found(filled: Store, typed: str) -> None:
    assert filled.search(typed) == []


@pytest.mark.parametrize(
    "typed",
    ['"', "'", '"café', "café*", "(café", "café)", "-café", "body:café", "^café", "NEAR(café, 2)"],
)
def test_operators_mean_nothing(filled: Store, typed: str) -> None:
    ids = {hit.conversation_id for hit in filled.search(typed)}
    assert ids <= {"french"}
    assert bool(ids) == (
        "café" in typed and typed.isascii() is False and ":" not in typed and "NEAR" not in typed
    )


@given(st.text(max_size=30))
@settings(max_examples=100, deadline=None)
def test_nothing_typed_is_an_error(typed: str) -> None:
    what = wanted(typed)
    line, spans = snippet("Some text, 中文 and more of it. " * 9, what.patterns)
    assert all(0 <= start < end <= len(line) for start, end in spans)


@given(st.text(max_size=12), st.text(max_size=12), st.text(max_size=12))
@example(before="", word="\u09dc", after="")  # a letter that NFC takes apart
@example(before="", word="\uf900", after="")  # an ideograph that NFC replaces
@settings(max_examples=200, deadline=None)
def test_a_text_matches_the_pattern_of_its_own_words(before: str, word: str, after: str) -> None:
    text = f"{before} {word} {after}"
    assert wanted(word).is_in(text)


def test_words_are_marked_where_they_are(store: Store) -> None:
    words = "padding " * 40
    store.create(conversation("c", turn("t", f"{words} The needle,\nnot the haystack. {words}")))
    (hit,) = store.search("need hay")
    assert [hit.snippet[start:end] for start, end in hit.spans] == ["need", "hay"]
    assert hit.snippet.startswith("…")
    assert hit.snippet.endswith("…")
    assert "\n" not in hit.snippet
    assert len(hit.snippet) < 200


def test_titles_come_first(store: Store) -> None:
    store.create(conversation("c", turn("t", "about whales"), title="Cooking"))
    store.create(conversation("d", turn("u", "about food"), title="Blue whales"))
    hits = store.search("whale")
    assert [(hit.conversation_id, hit.turn_id) for hit in hits] == [("d", None), ("c", "t")]
    assert hits[0].spans == ((5, 10),)


def test_the_limit_is_kept_and_the_newest_come_first(store: Store) -> None:
    store.create(conversation("c", *chain("t", 30, "word")))
    assert [hit.turn_id for hit in store.search("word", 3)] == ["t29", "t28", "t27"]


def test_a_changed_text_is_found_by_its_new_words_only(store: Store) -> None:
    store.create(conversation("c", turn("t", "before")))
    assert store.search("before")
    store.update_turn("c", turn("t", "after"))
    assert store.search("before") == []
    assert store.search("after")


def test_a_text_that_streams_is_found_when_it_is_finished(store: Store) -> None:
    store.create(conversation("c", turn("t", role="model", state="streaming")))
    store.stream("t", "the answer", "", 0)
    store.update_turn("c", turn("t", "the answer is blue", role="model"))
    assert store.search("blue")


@pytest.mark.parametrize("content", [b"", b"no database at all" * 300, None])
def test_a_damaged_index_is_made_anew(
    open_store: OpenStore, folder: Path, content: bytes | None
) -> None:
    store = open_store()
    store.create(conversation("c", turn("t", "needle")))
    assert store.search("needle")
    store.close()
    index = folder / "search.sqlite3"
    damaged = bytearray(index.read_bytes())
    damaged[len(damaged) // 2 :] = bytes(len(damaged) - len(damaged) // 2)
    index.write_bytes(damaged if content is None else content)
    store = open_store()
    assert store.notices == ()
    assert store.search("needle")
    store.add_turn("c", turn("u", "another needle", "t"))
    assert len(store.search("needle")) == 2


def test_an_index_that_cannot_be_hides_nothing(open_store: OpenStore, folder: Path) -> None:
    store = open_store()
    store.create(conversation("c", turn("t", "needle")))
    (folder / "search.sqlite3").mkdir()
    assert store.search("needle")[0].turn_id == "t"


def test_an_index_behind_by_much_hides_nothing(store: Store) -> None:
    store.create(conversation("c", *chain("t", 900, "filler"), turn("last", "needle")))
    assert store.search("needle")[0].turn_id == "last"
    while store.idle():
        pass
    assert store.search("needle")[0].turn_id == "last"
    assert store.search("filler 17")[-1].turn_id == "t17"
