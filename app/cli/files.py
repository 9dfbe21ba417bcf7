"""The files that go along with a question, as arguments: which, and which part of them."""

from __future__ import annotations

import argparse
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

MediaKind = Literal["image", "video", "audio", "document"]
PageMode = Literal["text", "picture", "both"]

LONGEST_HOURS = 24
_CLOCK = re.compile(r"(?:(?:(\d{1,2}):)?(\d{1,4}):)?(\d{1,5}(?:\.\d{1,3})?)")


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A file to send along with the question.

    `pages` of a document are written like "1-3, 7", empty for all; `given_as` None takes for each
    page what is best for it. `start_s` and `end_s` choose a part of a clip or recording, None for
    its beginning and end.
    """

    kind: MediaKind
    path: Path
    pages: str = ""
    given_as: PageMode | None = None
    start_s: float | None = None
    end_s: float | None = None


def add_files(group: argparse._ArgumentGroup) -> None:
    """Adds the options that name files; they end up in `media`, in the order given."""
    group.set_defaults(media=[])
    _add_media(group, "image", "picture")
    _add_media(group, "video", "clip, up to 60 s")
    _add_media(group, "audio", "recording, up to 30 s")
    _add_media(group, "document", "PDF, Word, Excel, PowerPoint, CSV or text")
    group.add_argument(
        "--pages",
        action=_OfFile,
        type=_pages,
        metavar="N-M,...",
        help="pages of the document before it, like 1-3,7",
    )
    group.add_argument(
        "--pages-as",
        action=_OfFile,
        choices=("text", "picture", "both"),
        help="how the document before it is sent (text, and scans as pictures)",
    )
    for name, shown in (("--from", "begins"), ("--to", "ends")):
        group.add_argument(
            name,
            action=_OfFile,
            type=_time,
            metavar="TIME",
            help=f"where the part of the clip or recording before it {shown}, like 1:20 or 80",
        )


def _add_media(group: argparse._ArgumentGroup, kind: MediaKind, shown: str) -> None:
    group.add_argument(
        f"--{kind}",
        dest="media",
        action="append",
        type=lambda argument: MediaFile(kind, Path(argument)),
        metavar="FILE",
        help=shown,
    )


_FIELDS = {"pages": "pages", "pages_as": "given_as", "from": "start_s", "to": "end_s"}


class _OfFile(argparse.Action):
    """Says something about the file that was named before it."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option_string: str | None = None,
    ) -> None:
        del parser, option_string
        of_documents = self.dest.startswith("pages")
        kinds = ("document",) if of_documents else ("video", "audio")
        media: list[MediaFile] = list(namespace.media)
        if not media or media[-1].kind not in kinds:
            options = " or ".join(f"--{kind}" for kind in kinds)
            raise argparse.ArgumentError(self, f"it follows the {options} that it is about")
        given = replace(media[-1], **{_FIELDS[self.dest]: values})
        if given.end_s is not None and given.end_s <= (given.start_s or 0.0):
            raise argparse.ArgumentError(self, "the part ends before it begins")
        namespace.media = [*media[:-1], given]


def _pages(argument: str) -> str:
    """Refused now where it can be no choice of any document."""
    if not re.fullmatch(r"[\d\s,;:–-]*\d[\d\s,;:–-]*", argument):
        raise argparse.ArgumentTypeError(f"{argument!r} is no choice of pages like 1-3,7")
    return argument


def _time(argument: str) -> float:
    """Seconds from "80", "1:20" or "1:02:03.5"."""
    clock = _CLOCK.fullmatch(argument) if argument.isascii() else None
    seconds = -1.0
    if clock is not None:
        hours, minutes, rest = (float(part or 0) for part in clock.groups())
        seconds = hours * 3600 + minutes * 60 + rest
    if not 0 <= seconds <= LONGEST_HOURS * 3600:
        raise argparse.ArgumentTypeError(f"{argument!r} is no time like 1:20 or 80")
    return seconds
