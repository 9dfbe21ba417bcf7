"""Markdown for tests: strategies that make awkward texts and awkward ways of cutting them."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import strategies as st

LINES = (
    "", "", "a", "**b** c", "# h", "## h *i*", "- x", "- y", "  - z", "    k", "1. o", "2. p",
    "7) q", "* r", "+ s", "> t", "> > u", ">", "```", "```py", "~~~", "````", "``", "def f():",
    "| a | b |", "|---|--:|", "| 1 | 2 |", "| c | d |", "a | b", "-|-", "---", "===", "***", "$$",
    "$$ v $$", "\\[", "\\]", "x^2 $$", "$e$ and $5", "[l](https://a.b)", "[r]: https://a.b",
    "<b>w</b>", "![p](file:///x)", "\ttab", "- ", "-", "1.", "`co", "de`", "*em", "ph*", "&amp;",
    "  ```", "   - w", "   1. n", "- - -", "> - m", "- > n", "- ```", "  $$", "|", "|-", "\\", "#",
    "a  ", "<https://a.b>",
)  # fmt: skip

# Lines give structure, characters give everything that a list of lines forgets.
lined = st.lists(st.sampled_from(LINES), max_size=14).map("\n".join)
mixed = st.text(alphabet="ab \n\n-*+#>`|$1.)[](\\~_:\r\t", max_size=60)
texts = st.one_of(lined, lined.map(lambda text: text + "\n"), mixed)


@st.composite
def cut_texts(draw: st.DrawFn) -> list[str]:
    """A text in pieces."""
    text = draw(texts)
    cuts = sorted(draw(st.sets(st.integers(0, max(len(text), 1)), max_size=12)))
    edges = [0, *cuts, len(text)]
    return [text[a:b] for a, b in pairwise(edges)]
