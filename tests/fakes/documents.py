"""Small documents made by hand: a PDF line by line, office files as the XML they consist of."""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
P = 'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PAGE_POINTS = (595, 842)


def pdf(pages: Sequence[str], size: tuple[int, int] = PAGE_POINTS, password: str = "") -> bytes:
    """A PDF with a line of text, or a black square for "", on each page.

    With `password` it is encrypted in the oldest way there is, which every reader knows.
    """
    lock = _Lock(password) if password else None
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    objects.append("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    kids = []
    for text in pages:
        lines = text.split("\n")
        drawn = "".join(
            f"BT /F1 18 Tf 72 {720 - 24 * place} Td ({line}) Tj ET\n"
            for place, line in enumerate(lines)
        )
        content = drawn if text else "0 0 0 rg 100 100 200 200 re f"
        if lock is not None:
            content = lock.hidden(content, len(objects) + 1)
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {size[0]} {size[1]}] "
            f"/Resources << /Font << /F1 3 0 R >> >> /Contents {len(objects)} 0 R >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    more = ""
    if lock is not None:
        objects.append(lock.described)
        more = f"/Encrypt {len(objects)} 0 R /ID [<{lock.id.hex()}> <{lock.id.hex()}>] "
    made = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(made))
        made += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    start = len(made)
    made += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    made += "".join(f"{place:010d} 00000 n \n" for place in places).encode()
    made += f"trailer << /Size {len(objects) + 1} /Root 1 0 R {more}>>\n".encode()
    return bytes(made + f"startxref\n{start}\n%%EOF\n".encode())


class _Lock:
    """The standard security handler of PDF 1.1: RC4 with 40 bits (ISO 32000-1, 7.6.3)."""

    _PAD = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")
    _RIGHTS = -4
    id = bytes(range(16))

    def __init__(self, password: str) -> None:
        padded = (password.encode("latin-1") + self._PAD)[:32]
        owner = _rc4(hashlib.md5(padded).digest()[:5], padded)
        rights = struct.pack("<i", self._RIGHTS)
        self._key = hashlib.md5(padded + owner + rights + self.id).digest()[:5]
        user = _rc4(self._key, self._PAD)
        self.described = (
            f"<< /Filter /Standard /V 1 /R 2 /P {self._RIGHTS} "
            f"/O <{owner.hex()}> /U <{user.hex()}> >>"
        )

    def hidden(self, content: str, number: int) -> str:
        """The stream of object `number`, a byte for each character."""
        key = hashlib.md5(self._key + struct.pack("<IH", number, 0)[:3] + b"\0\0").digest()[:10]
        return _rc4(key, content.encode("latin-1")).decode("latin-1")


def _rc4(key: bytes, data: bytes) -> bytes:
    box = list(range(256))
    at = 0
    for place in range(256):
        at = (at + box[place] + key[place % len(key)]) % 256
        box[place], box[at] = box[at], box[place]
    made = bytearray()
    one = two = 0
    for byte in data:
        one = (one + 1) % 256
        two = (two + box[one]) % 256
        box[one], box[two] = box[two], box[one]
        made.append(byte ^ box[(box[one] + box[two]) % 256])
    return bytes(made)


def archive(parts: Mapping[str, str | bytes]) -> bytes:
    """A ZIP file of these parts."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return held.getvalue()


def docx(body: str, **more: str) -> bytes:
    """A Word file with this body; `more` are other parts by name without folder and suffix."""
    parts = {"word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>"}
    parts |= {f"word/{name}.xml": content for name, content in more.items()}
    return archive(parts)


def paragraph(text: str, style: str = "", before: str = "") -> str:
    """A paragraph of a Word file."""
    look = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{look}{before}<w:r><w:t>{text}</w:t></w:r></w:p>"


def pptx(slides: Sequence[str]) -> bytes:
    """A PowerPoint file with these texts, one for each slide, in an order of its own."""
    numbers = list(range(1, len(slides) + 1))
    listed = "".join(f'<p:sldId id="{255 + n}" r:id="rId{n}"/>' for n in numbers)
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{KIND}/slide" Target="slides/slide{99 - n}.xml"/>'
        for n in numbers
    )
    parts: dict[str, str | bytes] = {
        "ppt/presentation.xml": (
            f"<p:presentation {P} {R}><p:sldIdLst>{listed}</p:sldIdLst></p:presentation>"
        ),
        "ppt/_rels/presentation.xml.rels": f"<Relationships>{related}</Relationships>",
    }
    for n, text in zip(numbers, slides, strict=True):
        body = f"<p:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody>"
        parts[f"ppt/slides/slide{99 - n}.xml"] = f"<p:sld {P} {A}><p:sp>{body}</p:sp></p:sld>"
    return archive(parts)


def xlsx(sheets: Mapping[str, Sequence[Sequence[object]]]) -> bytes:
    """An Excel file."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def saved(folder: Path, name: str, data: bytes) -> Path:
    """The file under a name that says nothing, as Facet's own store has it."""
    path = folder / f"blob-{len(name)}-{len(data)}"
    path.write_bytes(data)
    return path
