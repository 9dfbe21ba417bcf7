"""Paths of the person's folders out of texts that may be sent to somebody."""

from __future__ import annotations

import re

# What stands in a home folder, on each system. The part after it stays: it helps.
_HOME = re.compile(r"(?i)(/Users/|/home/|[A-Z]:\\Users\\)[^/\\\s:\"']+|/root(?=/)")


def redacted(text: str) -> str:
    """`text` with home folders as "~"."""
    return _HOME.sub("~", text)
