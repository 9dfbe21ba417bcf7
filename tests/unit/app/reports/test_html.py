"""The HTML report: one file, nothing alive in it, everything said."""

from __future__ import annotations

import base64
import io
import re
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from app.core.conversation import ToolRecord
from app.markdown.stream import blocks
from app.reports.formulas import mathml
from app.reports.html import render_html
from app.reports.html_blocks import html_of
from app.reports.options import Cancelled, ReportOptions
from tests.fakes.conversations import FakeBlobs, answers, asks, dashboard_talk, talk
from tests.unit.app.reports.reading import Page, report_of

# Whatever can load, open or run something, in elements and attributes.
ALIVE = {"script", "iframe", "object", "embed", "link", "base", "form", "video", "audio", "source"}
LOADS = {"src", "srcset", "href", "action", "data", "poster", "background", "style", "ping"}

HOSTILE = """\
<script>alert(1)</script> <img src=x onerror=alert(1)>
<meta http-equiv=refresh content="0;url=http://e.test">
![pixel](http://e.test/p.png) ![local](file:///etc/passwd)
[x](javascript:alert(1)) [y](data:text/html,x)

[ok](https://example.org/?a=1&b="2") <https://example.org> &lt;b&gt; &#106;avascript:

[ref]: javascript:alert(1)
[ref]

</style></head></main><svg onload=alert(1)> "quoted" 'single' `</code><b>` $</math><b>x</b>$

```"><script>
</pre><script>alert(2)</script>
```

| <b>a</b> | ![i](http://e.test) |
|---|---|
| </td></table><script>x</script> | \u202e\u2066 |
"""


def page_of(blobs: FakeBlobs, *turns: object, **options: object) -> Page:
    report = report_of(talk(*turns), blobs, ReportOptions(**options))  # type: ignore[arg-type]
    return Page(render_html(report))


def test_the_page_is_well_formed_and_complete(blobs: FakeBlobs) -> None:
    report = report_of(dashboard_talk(blobs), blobs, ReportOptions(author="M. Ferreira"))
    page = Page(render_html(report))
    assert page.named("html")[0]["lang"] == "en"
    assert page.named("title") == [{}]
    for said in (
        "Operations review, Q3 2026",
        "M. Ferreira · 24 November 2026, 14:41 UTC",
        "Read every figure on this dashboard.",
        "read at 1008 × 624 (273 soft tokens)",
        "September is the best at $181k",
        "Model changed to Gemma 4 E2B, 8-bit",
        "Stopped by the person",
        "facet ask MODEL",
        "facet.report/1",
        "nobody has checked them",
        report.figures[0].sha256,
        f"report {report.identity}",
    ):
        assert said in page.text


def test_headings_go_down_one_step_at_a_time(blobs: FakeBlobs) -> None:
    page = page_of(blobs, asks("?"), answers("# One\n\n## Two\n\ntext"))
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_pictures_lie_in_the_page_and_are_described(blobs: FakeBlobs) -> None:
    (picture,) = Page(render_html(report_of(dashboard_talk(blobs), blobs))).named("img")
    assert picture["alt"] == "Picture dashboard.png, 1,280 × 800 pixels, 55 kB"
    kind, data = picture["src"].removeprefix("data:").split(";base64,")
    assert kind == "image/png"
    with Image.open(io.BytesIO(base64.b64decode(data))) as image:
        assert image.size == (int(picture["width"]), int(picture["height"])) == (1280, 800)


def test_tables_of_answers_are_tables(blobs: FakeBlobs) -> None:
    rows = "".join("|" + "|".join(f"{r * c}" for c in range(12)) + "|\n" for r in range(200))
    wide = "|" + "|".join(f"c{c}" for c in range(12)) + "|\n" + "|--:" * 12 + "|\n" + rows
    page = page_of(blobs, asks("?"), answers(wide))
    heads = [a for a in page.named("th") if a.get("scope") == "col"]
    assert len(heads) >= 12
    timing_cells = 9
    assert len(page.named("td")) == 200 * 12 + timing_cells
    assert "2189" in page.text


def test_lists_quotations_and_code_keep_their_form() -> None:
    made = html_of(blocks("1. a\n   - b\n   - c\n2. d\n\n> q\n\n3. e\n\n```py\nif x: 1\n```\n"))
    assert made.startswith(
        '<ol><li value="1"><p>a</p><ul><li><p>b</p></li><li><p>c</p></li></ul></li>'
        '<li value="2"><p>d</p></li></ol><blockquote><p>q</p></blockquote>'
        '<ol><li value="3"><p>e</p></li></ol>'
    )
    assert '<span class="k">if</span>' in made
    Page(made.encode())


def test_formulas_are_mathml_and_their_source_is_kept() -> None:
    made = html_of(blocks("$\\frac{a}{b} + 1$"))
    assert "<mfrac>" in made
    assert "<mo>+</mo>" in made
    assert 'aria-label="\\frac{a}{b} + 1"' in made


@pytest.mark.parametrize("tex", ["\\href{javascript:alert(1)}{x}", "\\frac{", "x" * 5_000, "<b>"])
def test_a_formula_never_brings_anything_alive(tex: str) -> None:
    made = mathml(tex)
    page = Page(made.encode())
    assert not {tag for tag, _ in page.elements if not tag.startswith("m")} - {"code"}
    assert "href" not in {name for _, attributes in page.elements for name in attributes}


def assert_nothing_is_alive(page: Page) -> None:
    for tag, attributes in page.elements:
        assert tag not in ALIVE, tag
        assert not [name for name in attributes if name.startswith("on")], attributes
        for name in LOADS & attributes.keys():
            target = attributes[name]
            if tag == "img":
                assert target.startswith("data:image/"), target
            else:
                assert (tag, name) == ("a", "href"), (tag, name)
                assert re.match(r"#q\d+\Z|https?:|mailto:", target), target
    refresh = [m for m in page.named("meta") if m.get("http-equiv", "").lower() == "refresh"]
    assert not refresh


@pytest.mark.parametrize(
    "where", ["question", "answer", "thought", "title", "name", "tool", "note"]
)
def test_hostile_text_does_nothing_wherever_it_stands(blobs: FakeBlobs, where: str) -> None:
    from dataclasses import replace

    from tests.fakes.conversations import dashboard

    picture, item = dashboard(blobs)
    if where == "name":
        picture = replace(picture, name=HOSTILE, media_type=HOSTILE)
    tool = ToolRecord(HOSTILE, {HOSTILE: HOSTILE}, HOSTILE, tool_class="read", server=HOSTILE)
    conversation = talk(
        asks(HOSTILE if where == "question" else "?", picture),
        answers(
            HOSTILE if where == "answer" else "!",
            items=(item,),
            thought=HOSTILE if where == "thought" else "",
            tools=(tool,) if where == "tool" else (),
            notices=(HOSTILE,) if where == "note" else (),
            model=HOSTILE,
        ),
        title=HOSTILE if where == "title" else "t",
    )
    report = report_of(conversation, blobs, ReportOptions(thoughts=True, author=HOSTILE))
    page = Page(render_html(report))
    assert_nothing_is_alive(page)
    assert "alert(1)" in page.text, "hostile text is shown, not swallowed"


def test_the_policy_stands_before_anything_that_could_load(blobs: FakeBlobs) -> None:
    page = Page(render_html(report_of(dashboard_talk(blobs), blobs)))
    policy = next(a["content"] for a in page.named("meta") if "http-equiv" in a)
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    first = [tag for tag, _ in page.elements[:4]]
    assert first == ["html", "head", "meta", "meta"]


def test_nothing_outside_the_file_is_named_but_by_links(blobs: FakeBlobs) -> None:
    page = render_html(report_of(dashboard_talk(blobs), blobs)).decode()
    style = page[page.index("<style>") : page.index("</style>")]
    assert "url(" not in style
    assert "@import" not in style
    assert "http" not in style


def test_it_is_readable_in_the_dark_and_on_paper(blobs: FakeBlobs) -> None:
    page = render_html(report_of(talk(), blobs)).decode()
    assert "@media (prefers-color-scheme:dark)" in page
    assert "@media print" in page
    assert "table-header-group" in page


def test_thoughts_fold(blobs: FakeBlobs) -> None:
    folded = page_of(blobs, asks("?"), answers("!", thought="Secret doubt."), thoughts=True)
    assert "Secret doubt." in folded.text
    assert "may be wrong" in folded.text
    assert folded.named("details")
    assert all("open" not in attributes for attributes in folded.named("details"))
    assert (
        "Secret doubt." not in page_of(blobs, asks("?"), answers("!", thought="Secret doubt.")).text
    )


def test_many_turns_have_a_list_of_questions(blobs: FakeBlobs) -> None:
    many = [turn for n in range(150) for turn in (asks(f"Question of week {n}"), answers("Yes."))]
    page = page_of(blobs, *many)
    targets = {a["href"] for a in page.named("a")}
    assert targets == {f"#q{n}" for n in range(1, 151)}
    assert targets == {f"#{section['id']}" for section in page.named("section") if "id" in section}


def test_scripts_of_every_direction(blobs: FakeBlobs) -> None:
    said = "مرحبا 日本語 😀👩‍👩‍👧 ’quoted’"
    page = page_of(blobs, asks(said), answers(said))
    assert page.text.count(said) >= 2
    assert len([a for tag, a in page.elements if a.get("dir") == "auto"]) >= 3


def test_a_line_without_breaks(blobs: FakeBlobs) -> None:
    assert "y" * 4000 in page_of(blobs, asks("x" * 4000), answers("y" * 4000)).text


def test_no_turns(blobs: FakeBlobs) -> None:
    assert "There are no questions in this conversation." in page_of(blobs).text


def test_the_same_input_gives_the_same_bytes(blobs: FakeBlobs) -> None:
    first = render_html(report_of(dashboard_talk(blobs), blobs))
    assert render_html(report_of(dashboard_talk(blobs), blobs)) == first


def test_it_can_be_stopped(blobs: FakeBlobs) -> None:
    def stop(_share: float) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        render_html(report_of(dashboard_talk(blobs), blobs), stop)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(alphabet="a <>\"'&/=!-#*_`|~[]()$\\:.\n\t1>", max_size=120))
def test_any_answer_is_closed_in_itself(text: str) -> None:
    assert_nothing_is_alive(Page(html_of(blocks(text)).encode()))
