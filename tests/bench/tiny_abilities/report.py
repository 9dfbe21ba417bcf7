"""Outcomes to a Markdown table and to JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from tests.bench.tiny_abilities.playing import Outcome


def table(outcomes: Sequence[Outcome]) -> str:
    """One line a kind of task, in the order of first appearance, groups together."""
    lines = ["| task | asked | exactly right | share | units right |", "|---|---|---|---|---|"]
    for group in dict.fromkeys(_group(outcome.kind) for outcome in outcomes):
        inside = [outcome for outcome in outcomes if _group(outcome.kind) == group]
        kinds = sorted({outcome.kind for outcome in inside})
        lines += [_line(kind, [o for o in inside if o.kind == kind]) for kind in kinds]
        lines.append(_line(f"**{group}**", inside))
    return "\n".join(lines)


def as_json(outcomes: Sequence[Outcome]) -> str:
    """Every turn with its question, the wanted and the written answer."""
    return json.dumps([asdict(outcome) for outcome in outcomes], indent=1, ensure_ascii=False)


def mistakes(outcomes: Sequence[Outcome], most: int) -> str:
    """The first `most` wrong turns of each kind, for a person to read."""
    lines: list[str] = []
    for kind in dict.fromkeys(outcome.kind for outcome in outcomes):
        wrong = [o for o in outcomes if o.kind == kind and not o.score.exact]
        for outcome in wrong[:most]:
            lines.append(f"{kind}: {outcome.question!r}")
            lines.append(f"  wanted {outcome.wanted!r}")
            lines.append(f"  got    {outcome.got!r}")
    return "\n".join(lines)


def _line(name: str, outcomes: Sequence[Outcome]) -> str:
    exact = sum(outcome.score.exact for outcome in outcomes)
    right = sum(outcome.score.right for outcome in outcomes)
    total = sum(outcome.score.total for outcome in outcomes)
    units = "" if total == len(outcomes) else f"{right} of {total} ({right / total:.1%})"
    return f"| {name} | {len(outcomes)} | {exact} | {exact / len(outcomes):.0%} | {units} |"


def _group(kind: str) -> str:
    return kind.partition(".")[0]
