"""The licences page of a bundle: from the packages installed, refusing what nobody has looked at.

python packaging/licences.py OUT.json
"""

from __future__ import annotations

import sys
import tomllib
from dataclasses import replace
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from app.core.licences import Notice, as_json, installed  # noqa: E402

QT = (
    "Facet uses Qt for Python and Qt under the GNU LGPL 3. Their source is at "
    "https://download.qt.io/official_releases/QtForPython/ and "
    "https://download.qt.io/official_releases/qt/, under the version named here. The libraries lie "
    "in the bundle as files of their own: you may replace them and sign the bundle anew."
)
TERMS = (
    "Facet's own code is under the Apache License 2.0. Some of the libraries in this bundle "
    "(FFmpeg in PyAV and OpenCV, x265 in pillow-heif) carry parts under the GNU GPL; the bundle as "
    "a whole is therefore offered under the GNU GPL, version 3. The source of every part is at the "
    "address of its package, under the version named here."
)
MISSING_PAPERS = "The package brings no paper of its own. Its licence is printed with this list."


def checked(found: tuple[Notice, ...], known: dict[str, list[str]]) -> list[str]:
    """What keeps a bundle from being built, one line for each package."""
    problems = []
    for notice in found:
        words, _ = known.get(notice.name, ["", ""])
        if not words:
            problems.append(f"{notice.name} {notice.version} ({notice.licence}): not looked at yet")
        elif words.lower() not in notice.licence.lower():
            problems.append(f"{notice.name}: says {notice.licence!r}, was {words!r}")
    return problems


def page(found: tuple[Notice, ...], known: dict[str, list[str]]) -> tuple[Notice, ...]:
    """The list as it goes into the bundle: terms first, general texts last."""
    ours = Notice("Facet", "", "GPL-3.0 as a bundle, Apache-2.0 as source", TERMS)
    parts = []
    for notice in found:
        text = notice.text or MISSING_PAPERS
        if notice.name.startswith(("pyside6", "shiboken6")):
            text = f"{QT}\n\n{text}"
        terms = known[notice.name][1]
        text = text if terms == "notice" else f"In this bundle: {terms}.\n\n{text}"
        parts.append(replace(notice, text=text))
    general = [
        Notice(path.stem, "", "text of the licence", path.read_text(encoding="utf-8"))
        for path in sorted((HERE / "licences").glob("*.txt"))
    ]
    return (ours, *parts, *general)


def main(out: Path) -> int:
    """Write the list to `out`; 1 and a word for each package that nobody has looked at."""
    known = tomllib.loads((HERE / "licences.toml").read_text(encoding="utf-8"))["packages"]
    found = installed()
    problems = checked(found, known)
    for problem in problems:
        print(f"licences: {problem}", file=sys.stderr)
    if problems:
        print("licences: add them to packaging/licences.toml after reading", file=sys.stderr)
        return 1
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(as_json(page(found, known)), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
