"""Which characters the bytes of a text stand for, found from the bytes alone.

UTF-8 and UTF-16 prove themselves. Older encodings do not: each is tried, and the one whose
characters look most like writing is taken, which the reader then says.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from itertools import pairwise

SAMPLE = 60_000  # bytes that the older encodings are judged by
LEAST_SCORE = 0.5
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# In order of how common they are, which decides between equals.
_SEVERAL_BYTES = {
    "shift_jis": "Shift JIS",
    "euc_jp": "EUC-JP",
    "gb18030": "GB 18030",
    "big5": "Big5",
    "euc_kr": "EUC-KR",
}
_ONE_BYTE = {
    "cp1252": "Windows-1252",
    "cp1251": "Windows-1251",
    "cp1250": "Windows-1250",
    "koi8_r": "KOI8-R",
    "cp1253": "Windows-1253",
    "cp1255": "Windows-1255",
    "cp1256": "Windows-1256",
    "mac_roman": "Mac Roman",
    "cp437": "DOS 437",
}
_KANA = re.compile("[\u3040-\u30ff]")
_HANGUL = re.compile("[\uac00-\ud7a3]")
_COMMON_HAN = frozenset(
    "的一是不了在人有我他这这这個个中大来來上国國到说說们們为為子和你地出道也时時年得就那要下以生会會自着去之过過"
    "家学學对對可她里後后小么心多天而能好都然没沒日于於起还還发發成事只作当當想看文無无开開手十用主行方又如前所本"
    "见見经經头頭面公同三已老从從动動两兩长長报報告表数數据据量月合计計总總单單价價元第章图圖书書名称稱説明"
)
_RARE = re.compile("[\ue000-\uf8ff\ufffd\u2500-\u259f\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x9f]")
# Letters of the languages that each encoding was made for, with marks that are common in prose.
_EXPECTED = {
    "cp1252": "äöüßÄÖÜéèêëàâáåãæçñóòôõøœíìîïúùûÉÀÅØÆÇÑ’‘“”„«»–—…€°£§µ·²³½®©¡¿",
    "cp1250": "ąćęłńóśźżĄĆĘŁŃÓŚŹŻáčďéěíňřšťúůýžÁČĎÉĚÍŇŘŠŤÚŮÝŽőűŐŰăâîşţ’„”–—…°§",
    "mac_roman": "äöüßÄÖÜéèêëàâáåãæçñóòôõøœíìîïúùûÉÀÅØÆÇÑ’‘“”„«»–—…°£§•®©¡¿",
    "cp437": "äöüßÄÖÜéèêëàâáåæçñóòôíìîïúùûÉÅÆÇÑ£°²½«»¡¿",
}
_FREQUENT = {
    "cp1251": "оеаинтсрвлк",
    "koi8_r": "оеаинтсрвлк",
    "cp1253": "αοιετσνηυρς",
    "cp1255": "ויהלאתרבםשמ",
    "cp1256": "اليمنوتربعه",
}
_MIXED_WORD = re.compile("[a-zA-Z][^\\W\\d_a-zA-Z]|[^\\W\\d_a-zA-Z][a-zA-Z]")
_QUOTE_IN_WORD = re.compile("[a-z][“”„«»…¡¿][a-záäöü]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text; `charset` is the encoding's name for people, empty when it is no guess."""

    text: str
    charset: str = ""


def decode(data: bytes) -> Decoded | None:
    """The text that the bytes hold, None when they are no text."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _exactly(data[len(mark) :], name)
    if b"\0" in data[:SAMPLE]:
        return _exactly(data, _wide(data[:SAMPLE]))
    try:
        return _unless_binary(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        if error.start > SAMPLE and error.end - error.start < 5:  # a few stray bytes far behind
            return Decoded(data.decode("utf-8", "replace"), "UTF-8 with damaged places")
    return _guessed(data)


def _exactly(data: bytes, name: str) -> Decoded | None:
    try:
        return _unless_binary(data.decode(name)) if name else None
    except UnicodeDecodeError:
        return None


def _unless_binary(text: str) -> Decoded | None:
    """Text has hardly any control characters; an escape may be from a terminal's colours."""
    odd = sum(map(text[:SAMPLE].count, "\0\x01\x02\x03\x04\x05\x06\x0e\x0f\x10\x11\x12\x14\x7f"))
    return None if odd > 0.002 * min(len(text), SAMPLE) else Decoded(text)


def _wide(data: bytes) -> str:
    """UTF-16 without its mark: every other byte is nearly always zero. Empty for anything else."""
    pairs = len(data) // 2
    high, low = data[1::2].count(0), data[0::2].count(0)
    if high > 0.6 * pairs and low < 0.1 * pairs:
        return "utf-16-le"
    return "utf-16-be" if low > 0.6 * pairs and high < 0.1 * pairs else ""


def _guessed(data: bytes) -> Decoded | None:
    sample = data[:SAMPLE]
    scores = {name: _score(sample, name) for name in (*_SEVERAL_BYTES, *_ONE_BYTE)}
    best = max(scores, key=lambda name: scores[name])  # the first of equals
    if scores[best] < LEAST_SCORE:
        return None
    shown = {**_SEVERAL_BYTES, **_ONE_BYTE}[best]
    return Decoded(data.decode(best, "replace"), shown)


def _score(sample: bytes, name: str) -> float:
    """0 to about 1: how much of what is not ASCII looks like writing in this encoding."""
    try:
        text = codecs.getincrementaldecoder(name)().decode(sample)
    except UnicodeDecodeError:
        return 0.0
    foreign = [c for c in text if ord(c) > 127]
    odd = len(_RARE.findall(text))
    if not foreign or odd > 0.02 * len(text) + 0.3 * len(foreign):
        return 0.0
    good = _several(text, foreign) if name in _SEVERAL_BYTES else _single(text, foreign, name)
    return good - odd / len(foreign)


def _several(text: str, foreign: list[str]) -> float:
    """Scripts of East Asia: kana, hangul, or the Chinese characters that every text is full of."""
    total = len(foreign)
    kana, hangul = len(_KANA.findall(text)), len(_HANGUL.findall(text))
    common = sum(c in _COMMON_HAN for c in foreign)
    if total < 4:
        return 0.3
    return min(1.3, 1.5 * kana / total + 1.2 * hangul / total + 2.5 * common / total)


def _single(text: str, foreign: list[str], name: str) -> float:
    """Alphabets: letters that are expected and stand where letters of a word do."""
    if name in _EXPECTED:
        good = sum(c in _EXPECTED[name] for c in foreign) / len(foreign)
    else:
        good = _other_alphabet(text, foreign, _FREQUENT[name])
    return good - 0.5 * _mixed_case(text) - 0.3 * len(_QUOTE_IN_WORD.findall(text)) / len(foreign)


def _other_alphabet(text: str, foreign: list[str], frequent: str) -> float:
    """Whole words are written in it, with its frequent letters, and without ours among them."""
    letters = [c for c in foreign if c.isalpha()]
    if len(letters) < 4:
        return 0.3
    good = sum(c.isalpha() or c in "«»„“”’–—…°№" for c in foreign) / len(foreign)
    runs = len(re.findall("[^\\W\\d_a-zA-Z]{3,}", text))
    share = sum(c.lower() in frequent for c in letters) / len(letters)
    mixed = len(_MIXED_WORD.findall(text))
    good *= 0.3 + 0.35 * min(1.0, 12 * runs / len(letters)) + 0.4 * min(1.0, share / 0.55)
    return good - min(1.0, 3 * mixed / len(letters))


def _mixed_case(text: str) -> float:
    """How often a capital follows a small letter, as happens when an encoding is mistaken."""
    wrong = len(re.findall("[^\\W\\d_A-Z]", text))
    turns = sum(
        a.islower() and b.isupper() and (ord(a) > 127 or ord(b) > 127) for a, b in pairwise(text)
    )
    return min(1.0, 6 * turns / max(1, wrong))
