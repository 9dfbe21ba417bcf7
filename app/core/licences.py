"""Whose work is in this copy of Facet, under which licences. No Qt.

The bundled program carries a list that was made when it was built, because its packages have lost
their papers; from source the list is read from the packages installed.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from app.core.bundled import ASSETS

OURSELVES = "facet-workbench"
LIST = ASSETS / "licences.json"
LONGEST_TEXT = 400_000  # characters of one paper; longer ones are told to be cut

_PAPER = re.compile(r"(licen[cs]e|copying|notice|copyright)", re.IGNORECASE)
_NAME = re.compile(r"([A-Za-z0-9._-]+)\s*(?:\[([^\]]*)\])?")
_EXTRA = re.compile(r"extra\s*==\s*['\"]([^'\"]+)")


@dataclass(frozen=True, slots=True)
class Notice:
    """One part: its name, version, licence in SPDX's words, and the papers that come with it."""

    name: str
    version: str
    licence: str
    text: str


def notices() -> tuple[Notice, ...]:
    """Every part of this copy, in order of name."""
    return _listed(LIST) if LIST.is_file() else installed()


def installed(root: str = OURSELVES) -> tuple[Notice, ...]:
    """The packages that `root` needs, and what those need, as far as they are installed."""
    found: dict[str, Distribution] = {}
    seen: set[tuple[str, str]] = set()
    waiting = [(root, "")]  # a package, and an extra of it or ""
    while waiting:
        name, extra = waiting.pop()
        if (plain(name), extra) in seen:
            continue
        seen.add((plain(name), extra))
        try:
            found[plain(name)] = package = distribution(name)
        except PackageNotFoundError:  # for another system
            continue
        for line in package.requires or []:
            needed, wanted = _NAME.match(line), _EXTRA.search(line)
            if needed is None or (wanted[1] if wanted else "") not in ("", extra):
                continue
            extras = (needed[2] or "").split(",")
            waiting += [(needed[1], each.strip()) for each in {"", *extras}]
    return tuple(_notice(name, found[name]) for name in sorted(found) if name != plain(root))


def plain(name: str) -> str:
    """A package's name as package indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def as_json(listed: tuple[Notice, ...]) -> str:
    """The list for a bundle."""
    return json.dumps([asdict(notice) for notice in listed], ensure_ascii=False, indent=1)


def _listed(path: Path) -> tuple[Notice, ...]:
    return tuple(Notice(**each) for each in json.loads(path.read_text(encoding="utf-8")))


def _notice(name: str, package: Distribution) -> Notice:
    told = package.metadata
    given = (told[key] for key in ("License-Expression", "License") if key in told)
    stated = next((each for each in given if each != "UNKNOWN"), "")
    classes = [c.rpartition(" :: ")[2] for c in told.get_all("Classifier") or [] if "License" in c]
    licence = stated.partition("\n")[0][:80] or ", ".join(classes)
    return Notice(name, package.version, licence, _papers(package))


def _papers(package: Distribution) -> str:
    texts: list[str] = []
    for file in package.files or []:
        if not _PAPER.search(file.name) or file.suffix in {".py", ".pyc", ".h", ".html"}:
            continue
        try:
            text = Path(str(file.locate())).read_text(encoding="utf-8", errors="replace").strip()
        except OSError:
            continue
        if len(text) > LONGEST_TEXT:
            text = f"{text[:LONGEST_TEXT]}\n\n(The rest is in the package.)"
        if text and text not in texts:
            texts.append(text)
    return "\n\n\n".join(texts)
