"""Texts of every encoding; long ones and tables are cut where a line or row ends, as is said."""

from __future__ import annotations

import codecs
import csv
import io
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.intake.charset import decode
from app.intake.selection import LONGEST_TEXT
from app.intake.texts import MOST_ROWS, read_text, shortened
from inference import MediaError

GERMAN = "Größe und Änderung für München, 12 €"
RUSSIAN = "Привет, мир! Это обычный русский текст."
JAPANESE = "日本語のテキストです。よろしくお願いします"

LEGACY = [
    ("cp1252", "Windows-1252", GERMAN),
    ("cp1252", "Windows-1252", "Café à la crème, déjà vu"),
    ("cp1252", "Windows-1252", "Année;Coût\n2020;12 €"),
    ("cp1252", "Windows-1252", "100 °C"),
    ("cp1252", "Windows-1252", "“Quoted” – it’s plain"),
    ("cp1250", "Windows-1250", "Zażółć gęślą jaźń"),
    ("cp1250", "Windows-1250", "Příliš žluťoučký kůň úpěl"),
    ("cp1251", "Windows-1251", RUSSIAN),
    ("koi8_r", "KOI8-R", RUSSIAN),
    ("cp1253", "Windows-1253", "Καλημέρα κόσμε, αυτό είναι κείμενο"),
    ("cp1255", "Windows-1255", "שלום עולם זה טקסט בעברית"),
    ("cp1256", "Windows-1256", "مرحبا بالعالم هذا نص عربي"),
    ("shift_jis", "Shift JIS", JAPANESE),
    ("euc_jp", "EUC-JP", JAPANESE),
    ("gb18030", "GB 18030", "这是一个中文文件，我们在这里说明。"),
    ("big5", "Big5", "這是一個中文文件，我們在這裡說明。"),
    ("euc_kr", "EUC-KR", "안녕하세요. 이것은 한국어 문서입니다."),
    ("mac_roman", "Mac Roman", "Größe und Änderung für München"),
    ("cp437", "DOS 437", "Größe und Änderung"),
]


@pytest.mark.parametrize(("encoding", "shown", "text"), LEGACY)
def test_an_old_encoding_is_recognised_and_said(
    tmp_path: Path, encoding: str, shown: str, text: str
) -> None:
    path = tmp_path / "old.txt"
    path.write_bytes(text.encode(encoding))
    read, notes = read_text(path)
    assert read.text == text
    (note,) = notes
    assert f"“old.txt” was read as {shown}, which is a guess" in note


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_what_proves_itself_comes_back_as_it_was(text: str) -> None:
    for mark, encoding in (
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
    ):
        if not mark and text.startswith("\ufeff"):  # which is a mark then
            continue
        decoded = decode(mark + text.encode(encoding))
        assert decoded is not None
        assert (decoded.text, decoded.charset) == (text, "")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_wide_text_without_a_mark(encoding: str) -> None:
    decoded = decode(GERMAN.encode(encoding))
    assert decoded is not None
    assert decoded.text == GERMAN


@given(st.binary(max_size=2_000))
def test_any_bytes_are_a_text_or_refused(data: bytes) -> None:
    decode(data)


def test_noise_and_programs_are_no_text(tmp_path: Path) -> None:
    noise = random.Random(7)
    for place, data in enumerate(
        (noise.randbytes(4_000), b"\x7fELF\x02\x01\x01" + bytes(600), b"a\0b", b"\x01\x02\x03" * 90)
    ):
        path = tmp_path / f"{place}.txt"
        path.write_bytes(data)
        with pytest.raises(MediaError, match=f"“{place}.txt” is of a kind that Facet cannot read"):
            read_text(path)


def test_the_name_in_sentences_is_the_persons(tmp_path: Path) -> None:
    path = tmp_path / "0a1b2c"
    path.write_bytes(b"")
    with pytest.raises(MediaError, match=r"“notes\.txt” is empty"):
        read_text(path, "notes.txt")
    path.write_bytes(b" \r\n\t")
    with pytest.raises(MediaError, match=r"“notes\.txt” holds no text"):
        read_text(path, "notes.txt")


def test_line_ends_of_every_system_become_one(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"one\r\ntwo\rthree\nfour")
    assert read_text(path)[0].text == "one\ntwo\nthree\nfour"


def test_a_long_text_is_cut_at_a_line_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "long.log"
    path.write_text("".join(f"{n:09d}\n" for n in range(50_000)), encoding="utf-8")
    read, notes = read_text(path)
    assert len(read.text) == LONGEST_TEXT
    assert read.text.endswith("000029999\n")
    assert notes == ("Of “long.log” only the first 30,000 of 50,000 lines were read.",)
    path.write_text("x" * (LONGEST_TEXT + 5), encoding="utf-8")
    read, notes = read_text(path)
    assert notes == ("Of “long.log” only the first 300,000 of 300,005 characters were read.",)


def test_a_long_table_is_cut_at_a_row(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    rows = "".join(f'{n},"two\nlines"\n' for n in range(MOST_ROWS + 10))
    path.write_text(rows, encoding="utf-8")
    read, notes = read_text(path)
    kept = list(csv.reader(io.StringIO(read.text)))
    assert len(kept) == MOST_ROWS
    assert kept[-1] == [str(MOST_ROWS - 1), "two\nlines"]
    assert notes == ("Of “long.csv” only the first 5,000 of 5,010 rows were read.",)


CELLS = st.text(st.sampled_from('ab,;"\n €'), max_size=12)


@settings(deadline=None)
@given(
    st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=30),
    st.integers(1, 400),
    st.integers(1, 40),
)
def test_the_beginning_of_a_table_is_its_first_rows(
    rows: list[list[str]], longest: int, most_rows: int
) -> None:
    """Whatever stands in the cells, the part that is kept reads as the first rows of the whole."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
    text = written.getvalue()
    kept, count, total = shortened(text, is_table=True, longest=longest, most_rows=most_rows)
    assert text.startswith(kept)
    assert len(kept) <= longest
    assert count <= most_rows
    whole = list(csv.reader(io.StringIO(text)))
    assert total == len(whole)
    if count:
        assert list(csv.reader(io.StringIO(kept))) == whole[:count]
    else:
        assert kept == text[:longest]
