"""Documents that cannot be read: damaged, locked, swollen, or made to hang whoever reads them."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Iterator

from app.intake.read_file import ReadFile
from inference import Image, Text
from tests.corpus.case import Case, Write, cut, flipped, written
from tests.fakes.documents import W, archive, docx, paragraph, pdf, pptx, xlsx

LONG = "A line of words that is long enough to be read as text"
DAMAGED = "is damaged or not what its name says"
SWOLLEN = "is too large when it is unpacked"
WORD = "word/document.xml"


def cases() -> Iterator[Case]:
    """All of them."""
    for ending, data in (
        ("pdf", pdf([LONG, "", LONG])),
        ("docx", docx(paragraph(LONG) * 50)),
        ("pptx", pptx(["One", "Two"])),
        ("xlsx", xlsx({"A": [["x", 1]] * 50})),
    ):
        whole = written(data)
        yield Case(f"half.{ending}", "document", cut(whole, 0.5), some_pages, "half")
        yield _bad(f"start.{ending}", cut(whole, 0.01), DAMAGED)
        yield Case(f"flipped.{ending}", "document", flipped(whole, 30), some_pages, "flipped")
        yield _bad(f"empty.{ending}", written(b""), "empty")
        yield _bad(f"noise.{ending}", written(random.Random(3).randbytes(5_000)), DAMAGED)
        yield _bad(f"zeros.{ending}", written(bytes(4_000)), DAMAGED)
        yield _bad(f"text.{ending}", written(b"plain words\n" * 40), DAMAGED)
        yield _bad(f"picture.{ending}", written(b"\x89PNG\r\n\x1a\n" + bytes(400)), DAMAGED)
    yield from _pdfs()
    yield from _archives()
    yield from _entities()


def some_pages(read: ReadFile) -> None:
    """Whatever is left, it is words and pictures."""
    assert read.parts
    assert all(isinstance(part, Text | Image) for part in read.parts)


def _bad(name: str, write: Write, refusal: str) -> Case:
    return Case(name, "document", write, refusal=refusal)


def _pdfs() -> Iterator[Case]:
    yield _bad("head-only.pdf", written(b"%PDF-1.7\n"), DAMAGED)
    loop = pdf([LONG]).replace(b"/Type /Pages /Kids [5 0 R]", b"/Type /Pages /Kids [2 0 R]")
    yield Case("loop.pdf", "document", written(loop), some_pages, "loop.pdf")
    none = pdf([LONG]).replace(b"/Count 1", b"/Count 0").replace(b"/Kids [5 0 R]", b"/Kids [     ]")
    yield Case("no-pages.pdf", "document", written(none), some_pages, "no-pages.pdf")
    yield _bad("strip.pdf", written(pdf([LONG], size=(10, 90_000))), "no usable size")
    yield _bad("locked.pdf", written(pdf([LONG], password="secret")), "is protected by a password")
    claim = pdf([LONG]).replace(b"/Count 1", b"/Count 999999999")
    yield Case("claim.pdf", "document", written(claim), some_pages, "claim.pdf")


def _archives() -> Iterator[Case]:
    yield _bad("nothing.docx", written(archive({"x.txt": "nothing"})), "it is no Word file")
    yield _bad("nothing.xlsx", written(archive({"x.txt": "nothing"})), "it is no Excel file")
    yield _bad("nothing.pptx", written(archive({"x.txt": "nothing"})), "it is no PowerPoint file")
    yield _bad("no-slides.pptx", written(pptx([])), "it has no slides")
    yield _bad("no-words.docx", written(docx(paragraph(" "))), "holds no words")
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    for name in ("old.doc", "old.xls", "old.ppt", "locked.docx", "locked.xlsx"):
        yield _bad(name, written(old), "in an old format, or protected by a password")
    body = f"<w:document {W}><w:body>{paragraph(LONG)}</w:body></w:document>"
    bomb = body.replace("</w:body>", "<w:p/>" * 12_000_000 + "</w:body>")
    yield _bad("bomb.docx", written(archive({WORD: bomb})), SWOLLEN)
    spare = {WORD: body, "word/media/zeros.bin": bytes(60_000_000)}
    yield _bad("zeros-inside.docx", written(archive(spare)), SWOLLEN)
    many: dict[str, str | bytes] = {WORD: body, **{f"word/x{n}": "" for n in range(5_001)}}
    yield _bad("many-parts.docx", written(archive(many)), SWOLLEN)
    for number, name in enumerate(("../../evil.xml", "/etc/evil.xml", "word/../../evil.xml")):
        data = archive({WORD: body, name: "x"})
        yield _bad(f"climbing-{number}.docx", written(data), "names files outside of itself")
    deep = docx("<w:sdt>" * 400 + "</w:sdt>" * 400)
    yield _bad("deep.docx", written(deep), "nested too deeply")
    very_deep = docx("<w:sdt>" * 200_000 + "</w:sdt>" * 200_000)
    yield _bad("very-deep.docx", written(very_deep), DAMAGED)


def _entities() -> Iterator[Case]:
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol"}">' for n in range(10))
    laughs = f"<!DOCTYPE a [{lol}]>"
    outside = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    for name, kind in (("laughs", laughs), ("outside", outside)):
        entity = "&l9;" if kind is laughs else "&x;"
        word = f"{kind}<w:document {W}><w:body>{paragraph(entity)}</w:body></w:document>"
        yield _bad(f"{name}.docx", written(archive({WORD: word})), "it declares entities")
        wide = word.encode("utf-16")
        yield _bad(f"{name}-wide.docx", written(archive({WORD: wide})), "it declares entities")
        show = archive({"ppt/presentation.xml": f"{kind}<p>{entity}</p>"})
        yield _bad(f"{name}.pptx", written(show), "it declares entities")
        yield _bad(f"{name}.xlsx", written(_with_type(kind)), "it declares entities")


def _with_type(kind: str) -> bytes:
    source = zipfile.ZipFile(io.BytesIO(xlsx({"A": [["x"]]})))
    parts: dict[str, str | bytes] = {name: source.read(name) for name in source.namelist()}
    sheet = source.read("xl/worksheets/sheet1.xml")
    parts["xl/worksheets/sheet1.xml"] = kind.encode() + sheet.partition(b"?>")[2]
    return archive(parts)
