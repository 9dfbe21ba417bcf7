"""Two hundred answers that a model could be made to write to harm or stall whoever shows them."""

from __future__ import annotations

from collections.abc import Iterator

TARGETS = (
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "file:///etc/passwd",
    "FILE:///C:/Windows/win.ini", "data:text/html,<script>alert(1)</script>",
    "data:image/png;base64,iVBORw0KGgo=", "vbscript:x", "smb://host/share", "calculator:",
    "vscode://file/etc/passwd", "mailto:a@b.c\u202e", "ftp://host/x", "//host/x", "\\\\host\\share",
    "http://a\u202eb.example", "qrc:/x", "about:blank", "blob:x", "x-apple.systempreferences:",
)  # fmt: skip
TAGS = (
    "<script>fetch('http://127.0.0.1:9/')</script>", "<img src=x onerror=alert(1)>",
    "<img src='http://127.0.0.1:9/pixel.png'>", "<iframe src='file:///etc/passwd'></iframe>",
    "<svg onload=alert(1)>", "<meta http-equiv=refresh content='0;url=http://127.0.0.1:9/'>",
    "<link rel=stylesheet href='http://127.0.0.1:9/x.css'>", "<base href='http://127.0.0.1:9/'>",
    "<style>@import 'http://127.0.0.1:9/x.css'</style>", "<object data='file:///etc/passwd'>",
    "<form action='http://127.0.0.1:9/'><input autofocus></form>", "<!--", "<![CDATA[", "<?php",
    "<table><tr><td background='http://127.0.0.1:9/x.png'>x</table>",
    "<a href='javascript:x'>x</a>",
    "<video src='http://127.0.0.1:9/v.mp4' autoplay>", "<embed src='file:///etc/passwd'>",
    "&lt;script&gt;alert(1)&lt;/script&gt;", "<div style='background:url(http://127.0.0.1:9/)'>",
)  # fmt: skip
TEX = (
    r"\href{javascript:x}{y}", r"\includegraphics{/etc/passwd}", r"\input{/etc/passwd}",
    r"\text{<image href='file:///etc/passwd'/>}", "{" * 200 + "x" + "}" * 200, "x" * 5_000,
    r"\def\a{\a\a}\a", r"\frac" * 60, r"\left(" * 60, "\u202eabc",
)  # fmt: skip


def _with_targets() -> Iterator[str]:
    for target in TARGETS:
        yield f"See [the page]({target}) or <{target}>."
        yield f"![picture]({target})"
        yield f"[ref][1]\n\n[1]: {target}"


def _with_tags() -> Iterator[str]:
    for tag in TAGS:
        yield f"Before {tag} after"
        yield f"{tag}\n\nA paragraph below."
        yield f"| head |\n|---|\n| {tag} |"


def _with_tex() -> Iterator[str]:
    for tex in TEX:
        yield f"So ${tex}$ holds"
        yield f"$$\n{tex}\n$$"


def _nested() -> Iterator[str]:
    yield ">" * 20_000 + " x"
    yield "> " * 300 + "x\n" + "> y\n" * 3_000
    yield "".join(f"{'  ' * min(level, 400)}- x\n" for level in range(2_000))
    yield "".join(f"{'   ' * min(level, 300)}1. x\n" for level in range(1_500))
    yield "[" * 50_000
    yield "[a](" * 3_000 + "b"
    yield "*" * 30_000
    yield "*a " * 20_000
    yield "_a**b" * 10_000
    yield "`" * 40_000
    yield "".join("`" * (count % 90) + "a" for count in range(2_000))
    yield "~~a" * 10_000
    yield "<" * 30_000
    yield "&#x" * 10_000
    yield "$a" * 20_000
    yield "\\(" * 10_000
    yield "$$\n" * 5_001


def _large() -> Iterator[str]:
    yield "| a | b |\n|---|---|\n" + "| x | y |\n" * 5_000
    yield "|" + " a |" * 3_000 + "\n|" + "---|" * 3_000 + "\n|" + " b |" * 3_000
    yield "| a |\n|---|\n" + f"| {'x' * 300_000} |"
    yield "x" * 1_000_000
    yield "word " * 200_000
    yield "a\n" * 100_000
    yield "\n" * 300_000
    yield "# h\n" * 20_000
    yield "```\n" * 10_000
    yield "```python\n" + "x = 'a' * 3  # b\n" * 10_000
    yield "```python\n" + "'''" * 20_000
    yield "```x\n" + "y" * 400_000
    yield "- a\n" * 20_000
    yield "---\n" * 10_000
    yield "a\n---\n" * 10_000
    yield "| a |\n|---|\n\n" * 2_000
    yield "> a\n\n" * 5_000


def _with_signs() -> Iterator[str]:
    for sign in (
        "\u202e", "\u202d", "\u2066", "\u2069", "\u200f", "\u0000", "\u0007", "\u001b[31m",
        "\u2028",
        "\u2029", "\ufdd0", "\ufdd1", "\ufffc", "\ud800", "\ufeff", "\u200b", "\r", "\x85",
    ):  # fmt: skip
        yield f"gpj{sign}.exe and [a{sign}b](https://a.example/{sign})"
    yield "e\u0301" * 20_000
    yield "a" + "\u0301" * 20_000
    yield "\u0e49" * 20_000
    yield "👩‍👩‍👧‍👦" * 4_000
    yield "\u202e" * 50_000


def hostile_answers() -> list[str]:
    """All of them."""
    made = [
        *_with_targets(), *_with_tags(), *_with_tex(), *_nested(), *_large(), *_with_signs()
    ]  # fmt: skip
    while len(made) < 200:
        number = len(made)
        target, tag = TARGETS[number % len(TARGETS)], TAGS[number % len(TAGS)]
        made.append(f"- {tag}\n  > [x]({target})\n\n```html\n{tag}\n```\n\n`{tag}` **{tag}**")
    return made
