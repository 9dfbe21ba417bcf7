"""Blocks written as Markdown are read back as the same blocks."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.markdown.blocks import Block
from app.markdown.stream import blocks
from app.reports.joined import whole
from app.reports.markdown_blocks import fenced, markdown_of
from app.reports.markdown_runs import escaped

KEPT = (
    "plain\nlines\n\nof text",
    "# One\n\n## Two ##\n\n### *Three*",
    "- a\n- b\n  - c\n    - d\n\n- e",
    "1. a\n2. b\n   text under b\n\n   more\n3. c",
    "9. a\n10. b\n    - c\n11. d",
    "- \n- b",
    "> a\n> > b\n>\n> c\n\nd",
    "- a\n\n  ```py\n  x = 1\n\n  y = 2\n  ```\n- b",
    "```\n``` inside\n```",
    "````md\n```py\nx\n```\n````",
    "a **b** *c* ~~d~~ `e` ***f*** **g *h* i**",
    "`` a`b `` and ``` `` ``` and ` `` `",
    "[a](https://example.org/x_(y)?a=1&b=2) <https://example.org>",
    "$a^2$ and \\(b\\)\n\n$$\n\\frac{a}{b}\n$$",
    "|a|b|\n|:--|--:|\n|1|2|\n|x \\| y|`p \\| q`|",
    "a\n\n---\n\nb",
    "1\\. not a list\n\n\\- nor this\n\n\\# nor that\n\n2026. A year.",
    "a_b_c 2*3*4 <b> &amp; [x] !\\[y] http://e.org www.e.org a@b.org",
    "!\\[a](https://example.org) and ![b](https://example.org/p.png) **c!**[d](https://e.org)",
    "word " * 2_000,
    "y" * 9_000,
    "```py\n" + "x = 1\n" * 700 + "```\n\nafter",
    "+ 5 %\n\n= 3\n\n\\> quoted",
)


def flat(text: str) -> list[Block]:
    """Whole blocks without what Markdown does not say: how a bullet is drawn."""
    return [
        replace(block, marker=block.marker if block.marker[:1].isdigit() else block.marker and "-")
        for block in whole(blocks(text))
    ]


@pytest.mark.parametrize("text", KEPT)
def test_every_construct_survives(text: str) -> None:
    written = markdown_of(blocks(text), shift=0)
    assert flat(written) == flat(text), written


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(alphabet="ab *_`~|[]()<>!#+-=.1)\\&:/\n$", max_size=60))
@example("a\n---")
@example("\\")
def test_plain_text_never_becomes_a_mark(text: str) -> None:
    line = " ".join(text.split())
    made = blocks(escaped(line))
    said = "".join(run.text for block in made for run in block.runs)
    assert said == line
    assert all(block.kind == "paragraph" and not block.marker for block in made)


@settings(deadline=None)
@given(st.text(alphabet="`ab\n ", max_size=40))
def test_a_fence_is_longer_than_anything_in_it(text: str) -> None:
    (block,) = blocks(fenced(text, "py"))
    assert block.kind == "code"
    assert block.text == text
    assert not block.is_open


def test_headings_go_down_at_most_to_six() -> None:
    assert markdown_of(blocks("# a\n\n##### b")) == "#### a\n\n###### b"


def test_a_language_cannot_leave_its_line() -> None:
    assert fenced("x", "py\n```\n![](http://e.test)").startswith("```\nx")


def test_a_formula_is_harmless_where_formulas_are_unknown() -> None:
    assert markdown_of(blocks("$a<b>c$")) == "$a\\lt b\\gt c$"
    assert markdown_of(blocks("$</math><b>x</b>$")) == "$\\lt /math\\gt\\lt b\\gt x\\lt /b\\gt $"
    assert markdown_of(blocks("$![a](http://e.test)$")) == "`![a](http://e.test)`"
    assert markdown_of(blocks("$$\n</p>\n$$")) == "$$\n\\lt /p\\gt \n$$"
