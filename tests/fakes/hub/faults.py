"""What can be wrong with an answer of the fake hub. Each fault is used up after some requests."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Place = Literal["api", "resolve", "cdn"]
Kind = Literal[
    "drop",  # the connection ends after `after` bytes
    "flip",  # one bit is wrong
    "short",  # a shorter file, with a length that agrees
    "long",  # more bytes than the file has, without a length
    "portal",  # a page of HTML
    "status",  # `status`, with `headers`
    "stall",  # nothing more after `after` bytes
    "mute",  # not even a head
    "whole",  # the range is ignored
    "shifted",  # another range than the one asked for
    "other_total",  # the range of a file of another size
    "packed",  # says that it is compressed
    "loop",  # redirects to itself
    "elsewhere",  # redirects to `target`
    "garbage",  # bytes that are no HTTP
    "trickle",  # one byte, then the end
    "text",  # `body` in place of what the API says
]


@dataclass
class Fault:
    """Happens in the next `times` requests to `place` whose path contains `only`."""

    kind: Kind
    place: Place = "cdn"
    times: int = 1
    only: str = ""
    after: int = 0
    status: int = 500
    headers: dict[str, str] = field(default_factory=dict)
    target: str = ""
    body: bytes = b""
    has_happened: bool = False
