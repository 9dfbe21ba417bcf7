"""Formulas as MathML, which browsers draw themselves; the source where that is not possible."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape, unescape
from xml.etree import ElementTree as ET

LONGEST = 2_000
# What the converter writes for layout. Addresses, styles and handlers are not among it.
ALLOWED = frozenset(
    (
        *("accent", "columnalign", "columnlines", "columnspacing", "depth", "display"),
        *("displaystyle", "fence", "form", "height", "largeop", "linethickness", "lspace"),
        *("mathvariant", "maxsize", "minsize", "movablelimits", "notation", "rowlines"),
        *("rowspacing", "rspace", "scriptlevel", "separator", "stretchy", "symmetric"),
        *("voffset", "width"),
    )
)
TAG = re.compile(r"m[a-z]+\Z")


@lru_cache(maxsize=512)
def mathml(tex: str, *, is_block: bool = False) -> str:
    """`tex` as a <math> element with its source as a title, or as code if it is not understood."""
    try:
        root = _converted(tex, is_block=is_block)
    except Exception:  # the converter fails on odd input with nearly every built-in type
        return f"<code>{escape(tex)}</code>"
    return ET.tostring(root, encoding="unicode", short_empty_elements=False)


def _converted(tex: str, *, is_block: bool) -> ET.Element:
    if len(tex) > LONGEST:
        raise ValueError("too long")
    from latex2mathml.converter import convert_to_element

    # Namespace prefixes are not needed inside HTML.
    root = convert_to_element(tex, display="block" if is_block else "inline")
    for element in root.iter():
        element.tag = element.tag.rsplit("}", 1)[-1]
        if not TAG.match(element.tag):
            raise ValueError(f"unexpected element {element.tag}")
        for name in [name for name in element.attrib if name not in ALLOWED]:
            del element.attrib[name]
        element.text = unescape(element.text or "")  # it writes operators as entities
    root.set("aria-label", tex.strip())
    return root
