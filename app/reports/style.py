"""The style sheet of the HTML report: one accent, hairlines, light and dark, and paper.

A report is a document of its own, read without Facet, so its colours stand here.
"""

from __future__ import annotations

_LIGHT = """
--win:#FFFFFF;--sunk:#F6F6F8;--user:#EFF0FB;--line:#E5E6EA;--line2:#D2D4DB;
--text:#1C1D22;--text2:#555963;--text3:#646873;--acc:#4250D0;
--warn:#875300;--warnsoft:#FCF0D9;--word:#8A2E8F;--string:#17753F;--number:#A44A00;
"""

_DARK = """
--win:#1B1C1F;--sunk:#222327;--user:#2B2E45;--line:#313338;--line2:#45474F;
--text:#ECEDF0;--text2:#B1B4BD;--text3:#959AA5;--acc:#9AA5FF;
--warn:#E6B456;--warnsoft:#392F1B;--word:#E3A6E8;--string:#62CC8F;--number:#F2A977;
"""

_RULES = """
*{box-sizing:border-box}
html{background:var(--win);color:var(--text);-webkit-text-size-adjust:100%;
font:14px/22px -apple-system,BlinkMacSystemFont,"Segoe UI",Inter,"Noto Sans",sans-serif;
color-scheme:light dark;overflow-wrap:break-word}
main{max-width:784px;margin:0 auto;padding:48px 32px}
h1,h2,h3,h4,h5,h6{font-weight:600;text-wrap:balance;break-after:avoid}
h1{font-size:26px;line-height:32px;letter-spacing:-.4px;margin:2px 0 6px;font-weight:700}
h2{font-size:17px;line-height:24px;margin:32px 0 8px}
h3{font-size:14px;line-height:20px;margin:14px 0 6px}
h4{font-size:17px;line-height:24px;margin:14px 0 6px}
h5{font-size:15px;line-height:22px;margin:14px 0 6px}
h6{font-size:14px;line-height:20px;margin:14px 0 6px}
p,ul,ol,blockquote,pre,.scroll{margin:0 0 10px}
ul,ol{padding-inline-start:20px}
li>p{margin:0 0 4px}
blockquote{border-inline-start:2px solid var(--line2);padding-inline-start:12px;color:var(--text2)}
hr{border:0;border-top:1px solid var(--line);margin:20px 0}
a{color:var(--acc)}
a:focus-visible,summary:focus-visible{outline:2px solid var(--acc);outline-offset:2px}
code,pre,.code{font:13px/19px ui-monospace,SFMono-Regular,Menlo,"DejaVu Sans Mono",monospace}
:not(pre)>code{background:var(--sunk);border-radius:4px;padding:1px 4px}
pre{background:var(--sunk);border:1px solid var(--line);border-radius:9px;padding:10px 12px;
white-space:pre-wrap;overflow-wrap:anywhere;text-align:start}
.k{color:var(--word)}.s{color:var(--string)}.m{color:var(--number)}.c{color:var(--text3)}
.eyebrow,.meta,.receipt,figcaption,footer,.box dd,.notice{color:var(--text3);font-size:12px;
line-height:17px}
.eyebrow{font-weight:600;margin:0}
h2 .meta,h3 .meta{font-weight:400}
.byline{color:var(--text2);font-size:13px;margin:0 0 12px}
.chip{display:inline-flex;align-items:center;gap:6px;background:var(--sunk);color:var(--text2);
border-radius:6px;padding:4px 10px;font-size:13px;font-weight:500;margin:0}
.chip svg{flex:none}
.box{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px 16px;
border:1px solid var(--line2);border-radius:9px;padding:12px 14px;margin:20px 0;
break-inside:avoid}
.box dt{font-size:12px;line-height:17px;font-weight:600}
.box dd{margin:0}
.turn{margin:0 0 28px}
.turn h2{margin-bottom:4px}
.user{background:var(--user);border-radius:12px;padding:10px 12px;margin:0 0 6px;
white-space:pre-wrap}
.receipt{margin:0 0 12px;padding:0;list-style:none}
.receipt.warn{color:var(--warn)}
.warning{background:var(--warnsoft);color:var(--warn);border-radius:6px;padding:4px 10px;
font-size:13px;margin:0 0 10px}
.notice{margin:6px 0 0}
.remark{display:flex;align-items:center;gap:12px;color:var(--text3);font-size:12px;margin:20px 0}
.remark::before,.remark::after{content:"";flex:1;border-top:1px solid var(--line)}
figure{margin:8px 0 12px;break-inside:avoid}
figure img{display:block;max-width:100%;max-height:60vh;height:auto;width:auto;border-radius:9px;
border:1px solid var(--line)}
figcaption{margin-top:6px;overflow-wrap:anywhere}
figcaption b{color:var(--text)}
.missing{background:var(--sunk);border:1px dashed var(--line2);border-radius:9px;padding:12px;
color:var(--text2);font-size:13px}
.scroll{overflow-x:auto;border:1px solid var(--line);border-radius:9px}
table{border-collapse:collapse;width:100%;font-size:13px;line-height:18px;
font-variant-numeric:tabular-nums}
th{background:var(--sunk);font-size:12px;color:var(--text2);font-weight:600;text-align:start}
th,td{padding:6px 12px;border-top:1px solid var(--line);vertical-align:top}
thead tr:first-child th{border-top:0}
td:first-child{font-weight:500}
.right{text-align:right;white-space:nowrap}
td.code{overflow-wrap:anywhere;min-width:180px;font-size:12px}
details{margin:0 0 10px}
summary{cursor:pointer;color:var(--text2);font-size:13px}
.thought{border-inline-start:2px solid var(--line2);padding-inline-start:12px;color:var(--text2);
font-size:13px;line-height:20px;white-space:pre-wrap;margin:6px 0 0}
.tool{border:1px solid var(--line);border-radius:9px;padding:8px 12px;margin:0 0 10px;
font-size:13px}
math{font-size:1.1em}
math[display=block]{margin:10px 0;overflow-x:auto;overflow-y:hidden}
footer{border-top:1px solid var(--line);margin-top:40px;padding-top:12px;display:flex;
justify-content:space-between;gap:16px;flex-wrap:wrap}
"""

_PAPER = """
@page{margin:18mm 16mm 20mm}
html{font-size:10pt;line-height:14pt;color-scheme:light}
main{max-width:none;padding:0}
h1{font-size:22pt;line-height:27pt}
.scroll{overflow:visible}
thead{display:table-header-group}
tr,figure,.box,.user{break-inside:avoid}
details:not([open])>*{display:none}
.answer a::after{content:" (" attr(href) ")";color:var(--text3);overflow-wrap:anywhere}
"""

STYLE = (
    f":root{{{_LIGHT}}}"
    f"@media (prefers-color-scheme:dark){{:root{{{_DARK}}}}}"
    f"{_RULES}"
    f"@media print{{:root{{{_LIGHT}}}{_PAPER}}}"
).replace("\n", "")
