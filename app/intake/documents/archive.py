"""Office files are archives of XML: read in part, never unpacked, with limits on everything."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

from app.intake.documents.pages import damaged
from app.intake.wording import quoted
from inference import MediaError

MOST_ENTRIES = 5_000  # a show of a thousand slides has about 3,000
LARGEST_ENTRY = 100_000_000  # bytes of one part when unpacked
LARGEST_ALL = 400_000_000
HIGHEST_RATIO = 200  # of a large part to its packed bytes: repeated XML reaches about 60
UNSUSPECTED = 5_000_000  # bytes of a part whose ratio does not matter
PROLOG = 65_536  # bytes of a part in which a document type may stand
DEEPEST = 300  # elements within elements
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # old formats, and new ones with a password
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

Element = ET.Element


class Archive:
    """One office file. Raises MediaError for whatever is wrong with it."""

    def __init__(self, path: Path, shown: Path) -> None:
        """`shown` is the name for sentences."""
        self._path = shown
        with path.open("rb") as file:
            if file.read(len(_OLE)) == _OLE:
                raise MediaError(
                    f"{quoted(shown)} is in an old format, or protected by a password.",
                    "Save it as .docx, .xlsx, .pptx or PDF without a password.",
                )
        try:
            self._zip = zipfile.ZipFile(path)
            entries = self._zip.infolist()
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise damaged(shown) from error
        try:
            _check(entries, shown)
        except MediaError:
            self.close()
            raise

    def __contains__(self, name: str) -> bool:
        return name in self._zip.NameToInfo

    def names(self) -> list[str]:
        """Its parts."""
        return self._zip.namelist()

    def undrawn(self) -> tuple[str, ...]:
        """The note about pictures and charts, which are not read."""
        drawn = ("/media/", "/charts/chart", "/diagrams/data")
        found = sum(any(part in name for part in drawn) for name in self.names())
        if not found:
            return ()
        what = "1 picture or chart" if found == 1 else f"{found:,} pictures and charts"
        return (f"{what} in {quoted(self._path)} not sent: save it as PDF for that.",)

    def xml(self, name: str) -> Element:
        """A part as XML without a document type: that is where entities that explode stand."""
        data = self._read(name)
        if _has_type(data):
            raise damaged(self._path, "it declares entities")
        try:
            root = ET.fromstring(data)
        except (ET.ParseError, ValueError, RecursionError) as error:
            raise damaged(self._path) from error
        if _depth(root) > DEEPEST:
            raise damaged(self._path, "it is nested too deeply")
        return root

    def check_prologs(self) -> None:
        """As `xml` for parts that somebody else reads. Raises MediaError."""
        for name in self.names():
            if name.endswith((".xml", ".rels")) and _has_type(self._read(name, PROLOG)):
                raise damaged(self._path, "it declares entities")

    def relations(self, name: str) -> dict[str, tuple[str, str]]:
        """What a part refers to within the file: id to (kind, part)."""
        folder, file = posixpath.split(name)
        place = f"{folder}/_rels/{file}.rels"
        if place not in self:
            return {}
        found: dict[str, tuple[str, str]] = {}
        for each in self.xml(place):
            if each.get("TargetMode") == "External":
                continue
            target = each.get("Target", "")
            joined = posixpath.normpath(posixpath.join(folder, target)).lstrip("/")
            kind = each.get("Type", "").rpartition("/")[2]
            found[each.get("Id", "")] = (kind, target.lstrip("/") if target[:1] == "/" else joined)
        return found

    def close(self) -> None:
        """Close the file."""
        self._zip.close()

    def _read(self, name: str, most: int = LARGEST_ENTRY + 1) -> bytes:
        try:
            info = self._zip.getinfo(name)
            if info.file_size > LARGEST_ENTRY:
                raise MediaError(
                    f"{quoted(self._path)} is too large when it is unpacked.",
                    "Attach a part of it.",
                )
            with self._zip.open(info) as part:
                data = part.read(most)
        except (KeyError, zipfile.BadZipFile, OSError, RuntimeError, EOFError, ValueError,
                NotImplementedError) as error:  # fmt: skip
            raise damaged(self._path) from error
        except Exception as error:  # zlib's own errors have no common class
            if isinstance(error, MediaError):
                raise
            raise damaged(self._path) from error
        if len(data) > LARGEST_ENTRY:
            raise damaged(self._path, "a part of it is larger than it says")
        return data


def _check(entries: list[zipfile.ZipInfo], shown: Path) -> None:
    """Before anything is unpacked. Raises MediaError."""
    whole = sum(each.file_size for each in entries)
    swollen = any(
        each.file_size > UNSUSPECTED and each.file_size > HIGHEST_RATIO * max(1, each.compress_size)
        for each in entries
    )
    if len(entries) > MOST_ENTRIES or whole > LARGEST_ALL or swollen:
        raise MediaError(
            f"{quoted(shown)} is too large when it is unpacked.", "Attach a part of it."
        )
    for each in entries:
        if each.filename[:1] in "/\\" or ".." in each.filename.replace("\\", "/").split("/"):
            raise damaged(shown, "it names files outside of itself")


def _has_type(data: bytes) -> bool:
    """Whether a document type is declared, in UTF-8 or UTF-16: there entities may stand."""
    narrow = data.replace(b"\0", b"")
    return b"<!DOCTYPE" in narrow or b"<!ENTITY" in narrow


def _depth(root: Element) -> int:
    """How deep elements lie within elements, without recursion; stops beyond the limit."""
    depth, level = 0, [root]
    while level and depth <= DEEPEST:
        level = [each for element in level for each in element]
        depth += 1
    return depth


def local(element: Element) -> str:
    """An element's name without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def value(element: Element | None, name: str) -> str:
    """An attribute by its local name, empty for none."""
    if element is None:
        return ""
    return next((v for k, v in element.attrib.items() if k.rpartition("}")[2] == name), "")


def child(element: Element | None, *names: str) -> Element | None:
    """The first child, and child of that, with these local names."""
    for name in names:
        if element is None:
            return None
        element = next((each for each in element if local(each) == name), None)
    return element


def within(element: Element, name: str) -> Iterator[Element]:
    """All elements below with a local name, in order."""
    return (each for each in element.iter() if local(each) == name)


def as_row(cells: list[str]) -> str:
    """Cells as a row of a Markdown table."""
    return "| " + " | ".join(" ".join(c.split()).replace("|", "\\|") for c in cells) + " |"


def as_table(rows: list[list[str]]) -> str:
    """Rows as a Markdown table whose first row is the head."""
    if not rows:
        return ""
    width = max(map(len, rows))
    filled = [row + [""] * (width - len(row)) for row in rows]
    lines = [as_row(filled[0]), "|" + "---|" * width, *map(as_row, filled[1:])]
    return "\n".join(lines)
