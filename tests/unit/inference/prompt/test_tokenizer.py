"""Encoding never makes a control id; decoding in a stream equals decoding at once."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tokenizers import Tokenizer as Backend
from tokenizers import decoders, normalizers, pre_tokenizers
from tokenizers.models import WordLevel

from inference.errors import CheckpointError, PromptError
from inference.prompt.tokenizer import CONTENTS, MAX_CHARACTERS, StreamDecoder, Tokenizer
from tests.fakes.tokenizer import MERGES, SPECIALS, VOCAB_SIZE, build_backend, write_tokenizer
from tests.unit.inference.prompt.hostile import HOSTILE, UNICODE

BYTES = st.binary(max_size=12)


def _byte_ids(tokenizer: Tokenizer) -> dict[int, int]:
    found = {i: tokenizer.piece(i) for i in range(VOCAB_SIZE)}
    return {piece[0]: i for i, piece in found.items() if isinstance(piece, bytes)}


@pytest.fixture(scope="session")
def careless() -> Tokenizer:
    """From a file that marks most control tokens as ordinary additions."""
    return Tokenizer(build_backend(ordinary=SPECIALS[5:]), VOCAB_SIZE)


def test_control_ids_are_found_by_content(tokenizer: Tokenizer, backend: Backend) -> None:
    ids = {name: getattr(tokenizer.control, name) for name in CONTENTS}
    assert {backend.id_to_token(i) for i in ids.values()} == set(CONTENTS.values())
    assert all(backend.token_to_id(CONTENTS[name]) == i for name, i in ids.items())
    assert tokenizer.control_set == {backend.token_to_id(special) for special in SPECIALS}
    assert tokenizer.control.stops == {1, 12, 17}


@pytest.mark.parametrize("special", SPECIALS)
def test_special_strings_become_text(
    special: str, tokenizer: Tokenizer, careless: Tokenizer, backend: Backend
) -> None:
    assert backend.encode(special, add_special_tokens=False).ids == [SPECIALS.index(special)]
    for strict in (tokenizer, careless):
        ids = strict.encode(f"a{special}{special}b")
        assert strict.control_set.isdisjoint(ids)
        assert strict.decode(ids) == f"a{special}{special}b"


def test_special_strings_merge_like_any_text() -> None:
    backend = build_backend(merges=(*MERGES, ("<", "|"), ("|", ">")))
    tokenizer = Tokenizer(backend, VOCAB_SIZE + 2)
    assert [tokenizer.piece(i) for i in tokenizer.encode("<|turn>")] == ["<|", *"turn>"]
    assert [tokenizer.piece(i) for i in tokenizer.encode("<turn|>")] == [*"<turn", "|>"]


@given(text=HOSTILE)
def test_no_text_becomes_a_control_id(text: str, tokenizer: Tokenizer, careless: Tokenizer) -> None:
    for strict in (tokenizer, careless):
        ids, starts = strict.encode_with_starts(text)
        assert strict.control_set.isdisjoint(ids)
        assert strict.decode(ids) == text
        assert len(starts) == len(ids)
        assert starts[:1] in ([], [0])
        assert all(a <= b < len(text) for a, b in pairwise([0, *starts]))


@given(text=UNICODE)
def test_harmless_text_is_encoded_as_the_library_does(
    text: str, tokenizer: Tokenizer, backend: Backend
) -> None:
    special = [token.content for token in backend.get_added_tokens_decoder().values()]
    assume(not any(content in text for content in (*CONTENTS.values(), *special)))
    assert tokenizer.encode(text) == backend.encode(text, add_special_tokens=False).ids


def test_merges_cross_what_starts_say(tokenizer: Tokenizer) -> None:
    ids, starts = tokenizer.encode_with_starts("in the ébe")
    assert [tokenizer.decode([i]) for i in ids[:2]] == ["in", " the"]
    assert starts == [0, 2, 6, 7, 7, 8, 9]


def test_refuses_text_that_cannot_be_made_harmless() -> None:
    backend = build_backend()
    backend.add_special_tokens(["q"])  # also a letter of the vocabulary: nothing left to break
    tokenizer = Tokenizer(backend, VOCAB_SIZE)
    assert tokenizer.decode(tokenizer.encode("ab")) == "ab"
    with pytest.raises(PromptError, match="control token"):
        tokenizer.encode("aqb")


def test_refuses_long_texts_and_half_characters(tokenizer: Tokenizer) -> None:
    assert len(tokenizer.encode("a" * 2000)) == 2000
    with pytest.raises(PromptError, match="2,000,001"):
        tokenizer.encode("a" * (MAX_CHARACTERS + 1))
    with pytest.raises(PromptError, match="position 1"):
        tokenizer.encode("a\ud800")


@pytest.mark.parametrize("ids", [[-1], [VOCAB_SIZE], [5, 2**32 - 1, 6], [0, -7]])
def test_refuses_ids_outside_the_model(ids: list[int], tokenizer: Tokenizer) -> None:
    for entry in (tokenizer.check_ids, tokenizer.decode):
        with pytest.raises(PromptError, match="outside"):
            entry(ids)


def test_padding_rows_of_the_embedding_have_no_text() -> None:
    assert Tokenizer(build_backend(), VOCAB_SIZE + 10).decode([VOCAB_SIZE + 9]) == ""


@given(texts=st.lists(UNICODE, max_size=4), specials=st.lists(st.sampled_from(SPECIALS)))
def test_decoding_equals_the_library(
    texts: list[str], specials: list[str], tokenizer: Tokenizer, backend: Backend
) -> None:
    ids: list[int] = []
    for text, special in zip(texts, [*specials, *[""] * len(texts)], strict=False):
        ids += backend.encode(text + special, add_special_tokens=False).ids
    assert tokenizer.decode(ids) == backend.decode(ids, skip_special_tokens=False)


@given(chunks=st.lists(BYTES | UNICODE, max_size=5))
def test_byte_tokens_decode_like_bytes(chunks: list[bytes | str], tokenizer: Tokenizer) -> None:
    """Also where they are no UTF-8: what is wrong becomes U+FFFD, the rest is kept."""
    byte_ids = _byte_ids(tokenizer)
    ids: list[int] = []
    expected, run = "", b""
    for chunk in chunks:
        if isinstance(chunk, bytes):
            ids += [byte_ids[value] for value in chunk]
            run += chunk
            continue
        ids += [tokenizer.control.think, *tokenizer.encode(chunk)]
        expected += run.decode("utf-8", "replace") + "<|think|>" + chunk
        run = b""
        if chunk and chunk[-1].encode()[0] >= 0x80:
            ids.append(tokenizer.control.think)
            expected += "<|think|>"
    expected += run.decode("utf-8", "replace")
    assert tokenizer.decode(ids) == expected


@given(text=UNICODE)
def test_a_stream_never_shows_half_a_character(text: str, tokenizer: Tokenizer) -> None:
    stream, seen = tokenizer.stream(), ""
    for token_id in tokenizer.encode(text):
        seen += stream.push(token_id)
        assert text.startswith(seen)
    assert seen == text
    assert stream.finish() == ""


@given(text=UNICODE, data=st.data())
def test_a_stream_may_be_left_at_any_point(
    text: str, data: st.DataObject, tokenizer: Tokenizer
) -> None:
    ids = tokenizer.encode(text)
    cut = data.draw(st.integers(0, len(ids)))
    stream = tokenizer.stream()
    head = "".join(map(stream.push, ids[:cut]))
    rest = stream.finish()
    assert rest in ("", "\N{REPLACEMENT CHARACTER}")
    assert head + rest == tokenizer.decode(ids[:cut])
    assert "".join(map(stream.push, ids[:1])) + stream.finish() == tokenizer.decode(ids[:1])


class CountingTokenizer(Tokenizer):
    """Counts how often a token is looked at."""

    looks = 0

    def piece(self, token_id: int) -> str | bytes:
        self.looks += 1
        return super().piece(token_id)


def test_a_stream_looks_at_each_token_once() -> None:
    tokenizer = CountingTokenizer(build_backend(), VOCAB_SIZE)
    ids = tokenizer.encode("é the 😀 " * 200)
    stream = StreamDecoder(tokenizer)
    for token_id in ids:
        stream.push(token_id)
    assert tokenizer.looks == len(ids)


def test_settings_of_the_file_do_not_cut_or_pad(tmp_path: Path) -> None:
    backend = build_backend()
    backend.enable_truncation(3)
    backend.enable_padding(length=50)
    tokenizer = Tokenizer.from_file(write_tokenizer(tmp_path, backend), VOCAB_SIZE)
    assert len(tokenizer.encode("abcdefgh")) == 8


def test_refuses_files_that_are_no_gemma_tokenizer(tmp_path: Path) -> None:
    damaged = tmp_path / "tokenizer.json"
    damaged.write_text("{}")
    for path in (damaged, tmp_path / "absent.json"):
        with pytest.raises(CheckpointError, match="cannot be read"):
            Tokenizer.from_file(path, VOCAB_SIZE)


def test_refuses_other_text_transformations() -> None:
    swollen, split, stripped, words = (build_backend() for _ in range(4))
    swollen.normalizer = normalizers.Replace("a", "a" * 1000)
    split.pre_tokenizer = pre_tokenizers.Whitespace()
    stripped.decoder = decoders.Sequence([decoders.ByteFallback(), decoders.Fuse()])
    words.model = WordLevel({"a": 0}, unk_token="a")
    for backend in (swollen, split, stripped, words):
        with pytest.raises(CheckpointError, match="does not work as"):
            Tokenizer(backend, VOCAB_SIZE)


@pytest.mark.parametrize("missing", ["<|turn>", '<|"|>', "<|image|>"])
def test_refuses_a_missing_control_token(missing: str) -> None:
    specials = [special for special in SPECIALS if special != missing]
    with pytest.raises(CheckpointError, match="lacks"):
        Tokenizer(build_backend(specials), VOCAB_SIZE)


def test_sound_and_video_tokens_may_be_missing() -> None:
    deaf = [s for s in SPECIALS if "audio" not in s and "video" not in s]
    control = Tokenizer(build_backend(deaf), VOCAB_SIZE).control
    assert (control.audio, control.boa, control.eoa, control.video) == (None,) * 4


def test_refuses_missing_bytes_and_ids_beyond_the_model() -> None:
    with pytest.raises(CheckpointError, match="byte tokens"):
        Tokenizer(build_backend(bytes_known=255), VOCAB_SIZE)
    with pytest.raises(CheckpointError, match="beyond"):
        Tokenizer(build_backend(), 20)
