"""Rounds to a Markdown table: medians, and the median of the per-round ratios ours/peer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from tests.bench.plan import OURS, PEERS, Task
from tests.bench.rounds import Round

DOWN, UP = "↓", "↑"  # which direction is better


@dataclass(frozen=True, slots=True)
class Metric:
    """How a value is shown. Metrics without a direction are facts, not a race."""

    label: str
    direction: str = ""


METRICS = {
    "import_s": Metric("import, s", DOWN),
    "load_s": Metric("load weights and tokenizer, s", DOWN),
    "first_token_s": Metric("first token, s", DOWN),
    "prefill_tok_s": Metric("prefill, tokens/s", UP),
    "decode_tok_s": Metric("decode, tokens/s", UP),
    "picture_s": Metric("encode, s", DOWN),
    "picture_tokens": Metric("soft tokens"),
    "picture_level": Metric("mean magnitude"),
    "sound_s": Metric("encode, s", DOWN),
    "sound_tokens": Metric("soft tokens"),
    "sound_level": Metric("mean magnitude"),
    "first_turn_ms": Metric("first turn, ms", DOWN),
    "extended_ms": Metric("exact extension, ms", DOWN),
    "rendered_ms": Metric("reply re-rendered, ms", DOWN),
    "edited_ms": Metric("last 5 tokens edited, ms", DOWN),
    "host_ms": Metric("graph building, CPU ms", DOWN),
    "peak_gb": Metric("peak memory, GB", DOWN),
}


def table(results: Sequence[tuple[Task, list[Round]]]) -> str:
    """One table of all tasks. A value from a wrong answer is marked and gets no ratio."""
    peers = " | ".join(f"{peer} | ours/{peer}, median (min–max)" for peer in PEERS)
    lines = [f"| measurement | ours | {peers} |", "|---|---|" + "---|---|" * len(PEERS)]
    for task, rounds in results:
        lines.append(f"| **{task.title}** | | {' | '.join(' | ' for _ in PEERS)} |")
        lines += [_row(name, rounds) for name in METRICS if _is_measured(name, rounds)]
    return "\n".join(lines)


def problems(task: Task, rounds: Sequence[Round]) -> list[str]:
    """Failures and disagreements, a sentence each."""
    found: list[str] = []
    for number, measured in enumerate(rounds, start=1):
        where = f"{task.title}, round {number}"
        for party, run in measured.items():
            if run.failure:
                found.append(f"{where}: {party} failed: {run.failure}")
            if run.wrong:
                names = ", ".join(METRICS[name].label for name in run.wrong)
                found.append(f"{where}: {party} answered differently with reuse: {names}")
        found += [
            f"{where}: ours and {peer} generated different tokens"
            for peer in PEERS
            if not _agree(measured, peer)
        ]
    return found


def ours_passed(rounds: Sequence[Round]) -> bool:
    """Ours ran, reuse changed none of its answers, and no peer generated other tokens."""
    return all(
        not measured[OURS].failure
        and not measured[OURS].wrong
        and all(_agree(measured, peer) for peer in PEERS)
        for measured in rounds
    )


def _is_measured(name: str, rounds: Sequence[Round]) -> bool:
    return any(name in run.values for measured in rounds for run in measured.values())


def _row(name: str, rounds: Sequence[Round]) -> str:
    metric = METRICS[name]
    cells = [f"{metric.label} {metric.direction}".strip(), _value(name, OURS, rounds)]
    for peer in PEERS:
        cells += [_value(name, peer, rounds), _ratio(name, peer, rounds)]
    return f"| {' | '.join(cells)} |"


def _value(name: str, party: str, rounds: Sequence[Round]) -> str:
    runs = [measured[party] for measured in rounds if party in measured]
    if not runs:
        return "–"
    values = [run.values[name] for run in runs if name in run.values]
    if not values:
        return "failed" if any(run.failure for run in runs) else "–"
    mark = " (wrong answer)" if any(name in run.wrong for run in runs) else ""
    return f"{_short(median(values))}{mark}"


def _ratio(name: str, peer: str, rounds: Sequence[Round]) -> str:
    both = [(m[OURS], m[peer]) for m in rounds if OURS in m and peer in m]
    pairs = [(a, b) for a, b in both if name in a.values and name in b.values]
    if not pairs or not METRICS[name].direction:
        return "–"
    if any(name in run.wrong for pair in pairs for run in pair):
        return "–"
    if not all(_agree(measured, peer) for measured in rounds):
        return "tokens differ"
    ratios = [a.values[name] / b.values[name] for a, b in pairs]
    return f"**{_short(median(ratios))}** ({_short(min(ratios))}–{_short(max(ratios))})"


def _short(value: float) -> str:
    """Three digits that mean something, never an exponent."""
    return f"{value:,.0f}" if value >= 100 else f"{value:#.3g}".rstrip(".")


def _agree(measured: Round, peer: str) -> bool:
    """True also where one of the two has nothing to compare."""
    if OURS not in measured or peer not in measured:
        return True
    ours, theirs = measured[OURS], measured[peer]
    return bool(ours.failure or theirs.failure) or ours.tokens == theirs.tokens
